"""The words of the Shelf tab, apart because they are many; `Words.shelf` holds them."""

from dataclasses import dataclass, fields

from poetbot.web.locale import IN_ENGLISH, Tongue


@dataclass(frozen=True)
class ShelfWords:
    """The words of the Shelf tab. Parts in braces are filled in where they are used."""

    tongue: Tongue

    shelf_tab: str
    shelf_heading: str
    take_in: str
    taking_in: str
    taken_in: str
    shelf_empty: str
    shelf_broken: str
    shelf_blank: str

    # A poet in one line
    came_with: str
    own: str
    learned_from: str
    poems_read: str
    pieces_read: str
    bits: str
    nats: str
    nats_letter: str
    curiosities: str
    curiosities_are: str

    # A poet as a whole
    network: str
    read: str
    read_figures: str
    read_pieces: str
    by: str
    and_others: str
    whose: str
    parent: str
    predicts: str
    predicts_bits: str
    predicts_nats: str
    predicts_parent: str
    trained: str
    trained_for: str
    size: str
    megabytes: str
    kilobytes: str
    curve: str
    curve_bits: str
    curve_nats: str
    curve_epochs: str
    curve_training: str
    curve_held_out: str
    samples: str
    after_epoch: str
    after_last: str
    poet_after: str
    no_samples: str
    damaged: str

    # What can be done with it
    write_with: str
    write_then: str
    rename: str
    new_name: str
    rename_now: str
    leave: str
    renamed: str
    download: str
    with_poems: str
    packing: str
    packed: str
    delete: str
    deleted: str
    undo: str
    came_back: str
    trash: str
    trash_days: str

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The Shelf tab has no words for {field.name}.")


ENGLISH_SHELF = ShelfWords(
    tongue=IN_ENGLISH,
    shelf_tab="Shelf",
    shelf_heading="Poets",
    take_in="Import a poet",
    taking_in="The poet is being looked at.",
    taken_in="{poet} is on the shelf.",
    shelf_empty="There is no poet here yet.",
    shelf_broken="Something went wrong on the shelf, and the terminal says what. Try again.",
    shelf_blank="Looking at the shelf.",
    came_with="came with PoetBot",
    own="your own",
    learned_from="learned from {parent}",
    poems_read="{poems} poems",
    pieces_read="{poems} pieces",
    bits="{bits} bits a character",
    nats="{nats} nats a word",
    nats_letter="{nats} nats a small letter",
    curiosities="Curiosities",
    curiosities_are="Older relatives, which write prose and single lines instead of poems.",
    network="Made of",
    read="Has read",
    read_figures="{poems} poems, {characters} characters",
    read_pieces="{poems} pieces, {characters} characters",
    by="by {authors}",
    and_others="{authors} and {n} others",
    whose="Whose poems",
    parent="Learned from",
    predicts="Unseen poems",
    predicts_bits="{bits} bits a character",
    predicts_nats="{nats} nats a word",
    predicts_parent="; {parent} needs {bits}",
    trained="Trained",
    trained_for="{when}, in {minutes} minutes",
    size="On the disk",
    megabytes="{n} MB",
    kilobytes="{n} KB",
    curve="How it learned: the lower, the better it foresees what comes next",
    curve_bits="bits a character",
    curve_nats="nats a word",
    curve_epochs="passes over its poems",
    curve_training="on what it reads",
    curve_held_out="on poems held out",
    samples="How it wrote",
    after_epoch="After pass {n}",
    after_last="After pass {n}, its last",
    poet_after="{poet}, after pass {n}",
    no_samples="Nothing is kept of how it wrote while it learned.",
    damaged="This poet cannot be read",
    write_with="Write with it",
    write_then="Write as it wrote then",
    rename="Rename",
    new_name="New name",
    rename_now="Call it that",
    leave="Leave it",
    renamed="It is called {poet} now.",
    download="Download",
    with_poems="with the text of its poems",
    packing="{poet} is being packed.",
    packed="{poet} is packed.",
    delete="Delete",
    deleted="{poet} is in the trash.",
    undo="Undo",
    came_back="{poet} is back.",
    trash="Trash",
    trash_days="What lies here is deleted for good after {n} days.",
)
