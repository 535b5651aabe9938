"""Every word of the interface, in one place. A second language is a second `Words` (chinese/).

Who adds a word adds it in every language: what is missing there is shown in English, and tests/web/test_words.py names it.
"""

from dataclasses import dataclass, fields

from poetbot.locale import Locale, locale
from poetbot.web.locale import IN_ENGLISH, Tongue


@dataclass(frozen=True)
class Words:
    """The words on the page. Parts in braces are filled in where they are used."""

    tongue: Tongue

    # The page
    write_tab: str

    # What a person may set
    poet: str
    lines: str
    stop: str
    more: str
    rng: str

    # The poem
    untitled: str

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
    lines="{n} lines",
    stop="Stop",
    more="More",
    rng="Number of the poem (rng)",
    untitled="(no words)",
)
