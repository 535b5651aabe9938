"""Texts in which every line is a poem behind its title, as collections for programs have them: `title:clause，clause。`."""

import re

from poetbot.corpus.poem import Poem, without_marker
from poetbot.corpus.titles import clean_title

_TITLE_AND_POEM = re.compile(
    r"\s*([^:：，。！？；]{1,200}?)\s*[:：]\s*((?:[^\s，。！？；、:：]{1,15}[，。！？；、]){2,})\s*"
)
_NEARLY_ALL = 0.95
_FEWEST = 3
_HEAD = 4000


def poems_by_line(text: str, source: str | None) -> list[Poem]:
    """Return the poems of a text in which nearly every line is a title, a colon and a Chinese poem; else none."""
    found: list[tuple[int, re.Match[str]]] = []
    # The first lines tell most texts apart, so that a book is not searched to its end.
    for part in (text[:_HEAD], text):
        rows = part.removesuffix("\n").split("\n")
        found = [
            (n, match) for n, row in enumerate(rows, start=1) if (match := _TITLE_AND_POEM.fullmatch(row))
        ]
        if len(found) < max(_FEWEST, _NEARLY_ALL * sum(map(bool, rows)) - (part != text)):
            return []
    return [
        Poem(without_marker(m[2])[0], title=clean_title(m[1]), source=source, start_line=n, end_line=n)
        for n, m in found
    ]
