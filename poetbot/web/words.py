"""Every word of the interface, in one place. A second language is a second `Words` (chinese/).

Who adds a word adds it in every language: what is missing there is shown in English, and tests/web/test_words.py names it.
"""

from dataclasses import dataclass, fields

from poetbot.locale import Locale, locale
from poetbot.web.locale import IN_ENGLISH, Tongue
from poetbot.web.tabs.overlap.words import ENGLISH_OVERLAP, OverlapWords
from poetbot.web.tabs.study.words import ENGLISH_STUDY, StudyWords
from poetbot.web.tabs.teach.training_words import ENGLISH_JOB, JobWords
from poetbot.web.tabs.write.desk_words import ENGLISH_DESK, DeskWords
from poetbot.web.tabs.write.kept_words import ENGLISH_KEPT, KeptWords


@dataclass(frozen=True)
class Words:
    """The words on the page. Parts in braces are filled in where they are used."""

    tongue: Tongue

    # The page
    name: str
    languages: str
    sign_in: str
    write_tab: str

    # What a person may set
    first_words: str
    first_words_hint: str
    die: str
    examples: str
    poet: str
    no_poets: str
    wildness: str
    steady: str
    wild: str
    length: str
    until_it_ends: str
    lines: str
    write: str
    write_key: str
    stop: str
    stop_key: str
    settings: str
    more: str
    top_p: str
    top_p_hint: str
    rng: str
    rng_hint: str
    fresh: str
    at_once: str
    guard: str
    guard_hint: str
    guard_under: str
    guard_none: str
    not_guarded: str

    # The poem
    poem: str
    blank_page: str
    writing: str
    finished: str
    finished_one: str
    ended_by_guard: str
    again: str
    copy: str
    copied: str
    not_copied: str
    save: str
    untitled: str
    broken: str

    # What it shares with what the poet has read
    longest_run: str
    in_poems: str
    in_one_poem: str
    longest_short: str
    nothing_shared: str
    nothing_written: str
    longer_ones: str
    so_many_of: str
    hardly_any_of: str
    some_at_all: str
    human_poems: str
    human_passages: str
    no_index: str
    share_novel: str
    shared_words: str
    number_of_words: str
    places: str
    read_in: str
    more_places: str
    unknown_author: str
    unknown_title: str
    from_parent: str
    legend: str

    # The receipt
    receipt: str
    receipt_line: str
    receipt_guard: str
    write_again_with: str
    stopped_note: str
    saved_footer: str
    saved_footer_seed: str

    # Writing line by line
    desk: DeskWords

    # Kept poems
    kept: KeptWords

    # The tab for any text
    overlap: OverlapWords

    # The tab for studying
    study: StudyWords

    # The teaching itself
    job: JobWords

    def __post_init__(self) -> None:
        for field in fields(self):
            if not getattr(self, field.name):
                raise ValueError(f"The interface has no words for {field.name}.")

    @property
    def language(self) -> Locale:
        """Return the language whose catalogue has what has moved out of here."""
        return locale(self.tongue.key)


ENGLISH = Words(
    tongue=IN_ENGLISH,
    name="PoetBot",
    languages="Language",
    sign_in="Whoever runs this page has given you a name and a password. After some wrong ones, wait a minute.",
    write_tab="Write",
    first_words="First words",
    first_words_hint="Begin a line, or leave it to the poet",
    die="Throw an opening",
    examples="Or begin with",
    poet="Poet",
    no_poets="There is no poet here yet: `python -m poetbot train CORPUS --out weights/NAME` makes one.",
    wildness="Temperature",
    steady="steady",
    wild="wild",
    length="Length",
    until_it_ends="until it ends",
    lines="{n} lines",
    write="Write",
    write_key="Ctrl + Enter",
    stop="Stop",
    stop_key="Esc",
    settings="Settings",
    more="More",
    top_p="Top-p",
    top_p_hint="Share of likely letters to choose from; 1 is all.",
    rng="Number of the poem (rng)",
    rng_hint="The same number writes the same poem.",
    fresh="A new one each time",
    at_once="Show poems at once",
    guard="Longest copied run allowed",
    guard_hint="Word for word, from what the poet has read.",
    guard_under="under {n} words",
    guard_none="any length",
    not_guarded="This poet's training has not come to its end, so nothing keeps it from copying what it has read.",
    poem="The poem",
    blank_page="The poem will stand here. Begin it yourself, if you like: Alt + Enter asks for a line.",
    writing="Writing.",
    finished="The poem is finished. It has {n} lines.",
    finished_one="The poem is finished. It has one line.",
    ended_by_guard="The poem ends here because every way on would have copied a longer run than you allow.",
    again="Again",
    copy="Copy",
    copied="Copied",
    not_copied="Your browser keeps its clipboard: mark the poem and copy it.",
    save="Save as text",
    untitled="(no words)",
    broken="Something went wrong while writing, and the terminal says what. Try again.",
    longest_run="Longest run shared with what this poet has read: {n} words, “{text}”, in {poems}",
    in_poems="{n} poems",
    in_one_poem="1 poem",
    longest_short="No four words in a row are shared with what this poet has read",
    nothing_shared="Not one word is shared with what this poet has read",
    nothing_written="Nothing was written that could be compared with what this poet has read.",
    so_many_of="{n} of {all}",
    hardly_any_of="fewer than 1 of {all}",
    longer_ones="{share} {people} of this length share a longer one",
    some_at_all="{share} {people} of this length share one",
    human_poems="human poems",
    human_passages="passages of human poems",
    no_index="What this poem shares with what the poet has read is not known: the poet's folder has no overlap index.",
    share_novel="{novel} of its {total} runs of four words ({share} %) stand nowhere in what this poet has read.",
    shared_words="Shared words",
    number_of_words="Words",
    places="Places",
    read_in="Read in",
    more_places="and {n} more",
    unknown_author="author unknown",
    unknown_title="untitled",
    from_parent="read by the poet it learned from",
    legend="In the poem, a solid underline marks a phrase too rare to be met by chance, a dotted one a phrase of common words.",
    receipt="Receipt",
    receipt_line="{poet} {id}, temperature {temperature}, top-p {top_p}{guard}, rng {rng}",
    receipt_guard=", no copied run of {n} words",
    write_again_with="The same poem from the command line:",
    stopped_note="You stopped it after {n} characters; the command goes on to its end.",
    saved_footer="Written with PoetBot by the poet {poet} ({id}), temperature {temperature}, top-p {top_p}{guard}, rng {rng}.",
    saved_footer_seed="The first {n} characters were given.",
    desk=ENGLISH_DESK,
    kept=ENGLISH_KEPT,
    overlap=ENGLISH_OVERLAP,
    study=ENGLISH_STUDY,
    job=ENGLISH_JOB,
)
