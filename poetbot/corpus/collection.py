"""Decide whether a text looks like a user's own collection, where leaving out prose could drop prose poems."""

from collections.abc import Sequence

from poetbot.corpus.parts import Part
from poetbot.documents.block import LICENSED

MOST_CHARACTERS = 500_000
"""A personal collection is rarely as long as a book of collected works, which has 500 pages."""

PAGE_WORDS = 400
"""Maximum words of continuous prose: a page. Few prose poems are longer, and few chapters, essays or letters are shorter."""


def leaves_something_out(parts: Sequence[Part]) -> bool:
    """Return whether the filter labelled something as prose or a list."""
    return any(part.label in ("prose", "contents") for part in parts)


def looks_like_a_collection(text: str, parts: Sequence[Part]) -> bool:
    """Return whether `text` looks like someone's own poems, some of which the filter leaves out as prose or lists.

    `parts` are the filter's. The rule: at most MOST_CHARACTERS, no text by Project Gutenberg, no continuous prose of more than
    PAGE_WORDS words, and something was left out as prose or a list.
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
