"""The words of the desk: writing line by line, and forms; apart because they are many. `Words.desk` holds them."""

from dataclasses import dataclass, fields

from poetbot.web.locale import IN_ENGLISH, Tongue


@dataclass(frozen=True)
class DeskWords:
    """The words on and below the page. Parts in braces are filled in where they are used."""

    tongue: Tongue

    # What one may ask for, at the cursor
    bar: str
    next_lines: str
    next_key: str
    rewrite: str
    go_on: str
    finish: str
    undo: str
    redo: str

    # What comes
    list: str
    drafting: str
    going_on: str
    others: str
    close: str
    keys: str
    heard: str
    taken: str
    none_found: str
    stopped: str
    no_answer: str
    too_long: str
    shares: str
    syllables: str
    no_rhyme: str
    no_letter: str
    apart: str

    # Titles
    entitle: str
    entitling: str
    no_title: str

    # Receipts
    write_again: str
    copy_receipt: str
    open_receipt: str
    paste_receipt: str
    again_of: str
    again_now: str
    same: str
    not_same: str
    no_such_poet: str

    # Forms
    form: str
    form_is: str
    form_name: str
    form_rhyme: str
    form_rhyme_hint: str
    form_syllables: str
    form_syllables_hint: str
    form_stanzas: str
    form_stanzas_hint: str
    form_acrostic: str
    form_acrostic_hint: str
    form_refrain: str
    refrain_none: str
    refrain_first: str
    refrain_last: str
    real_words: str
    form_none: str
    in_form: str
    near_form: str
    near_lines: str
    near_syllables: str
    near_rhymes: str
    near_letters: str
    form_done: str
    free: str
    haiku: str
    couplet: str
    quatrain: str
    couplets: str
    ballad: str
    limerick: str
    sonnet: str

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The interface has no words for {field.name}.")


ENGLISH_DESK = DeskWords(
    tongue=IN_ENGLISH,
    bar="Write on with the poet",
    next_lines="Next line",
    next_key="Alt + Enter",
    rewrite="Another line",
    go_on="Four lines",
    finish="Finish",
    undo="Undo",
    redo="Redo",
    list="Lines to choose from",
    drafting="Drafting…",
    going_on="Writing on…",
    others="Others",
    close="Close",
    keys="1, 2 and 3 take a line, Esc closes.",
    heard="{n} lines to choose from. The first: {line}",
    taken="Taken: {line}",
    none_found="No line was found: ask again, with a higher temperature or without the form.",
    stopped="Stopped.",
    no_answer="No answer came: look whether PoetBot is still running, and ask again.",
    too_long="This poem is too long to be compared while you write: the Overlap tab compares it.",
    shares="{n} words as read",
    syllables="{n} of {wanted} syllables",
    no_rhyme="no rhyme",
    no_letter="another first letter",
    apart="Show which lines are mine",
    entitle="Suggest a title",
    entitling="Looking for titles…",
    no_title="No title was found: write a few more lines.",
    write_again="Write it again",
    copy_receipt="Copy the receipt",
    open_receipt="Open a receipt",
    paste_receipt="The JSON of a receipt",
    again_of="Writing part {n} of {count} again…",
    again_now="Writing it again…",
    same="Written again, and the same to the letter.",
    not_same="Written again, and not the same: it stands here, and the other is among your kept poems.",
    no_such_poet="This was written by the poet {poet} ({id}), which is not on your shelf: bring it there, and open the receipt again.",
    form="Form",
    form_is="Form: {name}",
    form_name="Form",
    form_rhyme="Rhyme",
    form_rhyme_hint="ABAB CDCD",
    form_syllables="Syllables a line",
    form_syllables_hint="8, or 5,7,5",
    form_stanzas="Lines a stanza",
    form_stanzas_hint="4,4,4",
    form_acrostic="Acrostic",
    form_acrostic_hint="first letters",
    form_refrain="Refrain",
    refrain_none="none",
    refrain_first="first line of a stanza",
    refrain_last="last line of a stanza",
    real_words="Real words only",
    in_form="The poem is in form.",
    near_form="The poem has {parts}.",
    near_lines="{n} of {all} lines",
    near_syllables="{n} of {all} lines with the right number of syllables",
    near_rhymes="{n} of {all} pairs of lines that rhyme",
    near_letters="{n} of {all} lines with the right first letter",
    form_none="Without form",
    form_done="Done",
    free="free",
    haiku="haiku",
    couplet="couplet",
    quatrain="quatrain",
    couplets="couplets",
    ballad="ballad",
    limerick="limerick",
    sonnet="sonnet",
)
