"""Texts with one poem per line after its title, as in collections for programs: `title:clause，clause。`."""

import re

from poetbot.corpus.titles import clean_title
from poetbot.poem import Poem, without_marker

_COLONS = str.maketrans("：", ":")
_MARKS = "，。！？；、"
_LONGEST_TITLE = 200
# A clause ends at the first mark, so there is only one way to read a line.
_CLAUSES = re.compile(rf"(?:[^\s{_MARKS}:]{{1,15}}[{_MARKS}]){{2,}}")
_NEARLY_ALL = 0.95
_FEWEST = 3
_HEAD = 4000


def poems_by_line(text: str, source: str | None) -> list[Poem]:
    """Return the poems of a text in which nearly every line is a title, a colon and a Chinese poem; else none."""
    found: list[Poem] = []
    # The first lines are enough for most texts, so a book isn't searched to its end.
    for part in (text[:_HEAD], text):
        rows = part.removesuffix("\n").split("\n")
        found = [poem for n, row in enumerate(rows, start=1) if (poem := _poem_in(row, source, n))]
        if len(found) < max(_FEWEST, _NEARLY_ALL * sum(map(bool, rows)) - (part != text)):
            return []
    return found


def _poem_in(row: str, source: str | None, number: int) -> Poem | None:
    """Return the poem of a line that is a title, a colon and two or more clauses, each with its mark; else None.

    The line is split at its first colon, because one expression for both halves would try every position for a space.
    """
    head, _, body = row.translate(_COLONS).partition(":")
    title, body = head.strip(), body.strip()
    if (
        not 0 < len(title) <= _LONGEST_TITLE
        or set(title) & set(_MARKS) - {"、"}
        or not _CLAUSES.fullmatch(body)
    ):
        return None
    return Poem(
        without_marker(body)[0], title=clean_title(title), source=source, start_line=number, end_line=number
    )
