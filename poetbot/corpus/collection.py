"""Whether a text looks like a person's own collection, where leaving prose out would be an insult to prose poems."""

from collections.abc import Sequence

from poetbot.corpus.parts import Part
from poetbot.documents.block import LICENSED

MOST_CHARACTERS = 500_000
"""A collection of one's own is seldom as long as a book of collected works, which has 500 pages."""

PAGE_WORDS = 400
"""Words of prose in a row at most: a page. Few prose poems are longer, and few chapters, essays or letters are shorter."""


def leaves_something_out(parts: Sequence[Part]) -> bool:
    """Return whether the filter took something for prose or a list."""
    return any(part.label in ("prose", "contents") for part in parts)


def looks_like_a_collection(text: str, parts: Sequence[Part]) -> bool:
    """Return whether `text` looks like someone's own poems, of which the filter leaves some out as prose or lists.

    `parts` are the filter's. The rule: at most MOST_CHARACTERS, no words of Project Gutenberg's, no run of prose above
    PAGE_WORDS words before something else stands, and something that was left out as prose or a list at all.
    """
    if len(text) > MOST_CHARACTERS or not leaves_something_out(parts):
        return False
    if any(part.reason == LICENSED for part in parts):
        return False
    lines = text.split("\n")
    return all(
        part.label != "prose"
        or sum(len(line.split()) for line in lines[part.start_line - 1 : part.end_line]) <= PAGE_WORDS
        for part in parts
    )
