"""What an edition adds to a poem and its writer never wrote: numbers in the margin, marks of italics."""

import re

_NUMBERED = re.compile(r"(?m)^(.*\S)(?: {2,}|\t+)[_\[(]?\d{0,3}[05][\])]?$")
_ITALICS = re.compile(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")


def without_margin_numbers(text: str) -> str:
    """Return verse without its editor's count of lines: multiples of five, set apart at the ends of lines."""
    return _NUMBERED.sub(r"\1", text)


def without_italics(text: str) -> str:
    """Return verse without the `_` in which Project Gutenberg's plain texts wrap what was printed in italics."""
    return _ITALICS.sub("", text)
