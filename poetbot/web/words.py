"""Every word of the interface, in one place. A second language is a second `Words` (chinese/).

Who adds a word adds it in every language: what is missing there is shown in English, and tests/web/test_words.py names it.
"""

from dataclasses import dataclass, fields

from poetbot.locale import Locale, locale
from poetbot.web.locale import IN_ENGLISH, Tongue
from poetbot.web.tabs.overlap.words import ENGLISH_OVERLAP, OverlapWords


@dataclass(frozen=True)
class Words:
    """The words on the page. Parts in braces are filled in where they are used."""

    tongue: Tongue

    # The page
    write_tab: str

    # What a person may set
    poet: str
    no_poets: str
    lines: str
    stop: str
    more: str
    rng: str

    # The poem
    untitled: str

    # What it shares with what the poet has read
    in_poems: str
    in_one_poem: str
    shared_words: str
    number_of_words: str
    read_in: str
    more_places: str
    unknown_author: str
    unknown_title: str
    from_parent: str

    # The tab for any text
    overlap: OverlapWords

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
    write_tab="Write",
    poet="Poet",
    no_poets="There is no poet here yet: `python -m poetbot train CORPUS --out weights/NAME` makes one.",
    lines="{n} lines",
    stop="Stop",
    more="More",
    rng="Number of the poem (rng)",
    untitled="(no words)",
    in_poems="{n} poems",
    in_one_poem="1 poem",
    shared_words="Shared words",
    number_of_words="Words",
    read_in="Read in",
    more_places="and {n} more",
    unknown_author="author unknown",
    unknown_title="untitled",
    from_parent="read by the poet it learned from",
    overlap=ENGLISH_OVERLAP,
)
