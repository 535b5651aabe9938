"""The writer's marks in a text: marked verse, headings, and code; the filter doesn't judge them.

In a section (under one heading, or between two dividers) with marked verse, only that is a poem, and the text around it isn't.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from poetbot.documents.block import DIVIDER, MARKED_HEADING, Block
from poetbot.messages import N_

# Each completes "because …".
SET_AS_VERSE = N_("it is marked as verse")
LINES_MARKED = N_("its lines are marked as lines of verse")
BESIDE_VERSE = N_("other lines here are marked as verse")
NO_VERSE = N_("it is code, a table or a list")

_OF_CODE = re.compile(
    r"[={}<>\\$@]|\w\(|\(\)|\w[_/.]\w|://|::|^\s{0,40}(?:#!|//|/\*|import |return |--\w)|[^\s|]\s{0,4}\|"
)
_RULE = re.compile(r"\s*+(?:[-*_] ?+){3,}+")
_INDENT = "    "
"""How a Markdown line begins that stays as typed."""
_MUCH = 0.3
_LONGEST = 2000


class MarkedText(NamedTuple):
    """The text of a file, its marked blocks, and the title and author at its start.

    `authors` are those of single poems, by the first line of their marks.
    """

    text: str
    marks: tuple[Block, ...] = ()
    title: str | None = None
    author: str | None = None
    authors: Mapping[int, str] = MappingProxyType({})


def verse_mark(first: int, last: int, reason: str = SET_AS_VERSE) -> Block:
    """Return a mark of verse for the lines `first` to `last`."""
    return Block(first, last, "poem", reason, 1.0)


def heading_mark(line: int) -> Block:
    """Return a mark of a heading."""
    return Block(line, line, "other", MARKED_HEADING, 0.0)


def no_verse_mark(first: int, last: int) -> Block:
    """Return a mark of something that is never verse."""
    return Block(first, last, "other", NO_VERSE, 0.0)


def looks_like_code(lines: Sequence[str]) -> bool:
    """Whether many of the lines contain symbols typical of code and not of verse."""
    filled = [line for line in lines if line.strip()]
    return sum(bool(_OF_CODE.search(line[:_LONGEST])) for line in filled) > _MUCH * len(filled)


def with_sections(
    marks: Sequence[Block], lines: Sequence[str], own: Collection[int] = frozenset()
) -> tuple[Block, ...]:
    """Return the marks of a text with these lines, and one for each run of lines next to marked verse.

    `marks` are in order. Headings and dividers begin sections, except headings in the lines `own`, which belong only to verse.
    """
    found: list[Block] = []
    section: list[Block] = []
    above = 0
    marked = {line for mark in marks for line in range(mark.start_line, mark.end_line + 1)}
    rules = [
        Block(number, number, "other", DIVIDER, 0.0)
        for number, line in enumerate(lines, start=1)
        if number not in marked and _RULE.fullmatch(line[:_LONGEST])
    ]
    for mark in [*sorted([*marks, *rules]), heading_mark(len(lines) + 1)]:
        if mark.reason not in (MARKED_HEADING, DIVIDER) or mark.start_line in own:
            section.append(mark)
            continue
        if any(each.reason == SET_AS_VERSE for each in section):
            edges = [(above, above), *((each.start_line, each.end_line) for each in section)]
            adjacent = [
                _adjacent(end + 1, begin - 1, lines)
                for (_, end), (begin, _) in pairwise([*edges, (mark.start_line, 0)])
                if begin > end + 1
            ]
            section = sorted([*section, *adjacent])
        found += section if mark.reason == DIVIDER else [*section, mark]
        section, above = [], mark.end_line
    return tuple(found[:-1])


def _adjacent(first: int, last: int, lines: Sequence[str]) -> Block:
    """Return the mark of a run of lines next to marked verse; if all are indented, they are verse too."""
    filled = [number for number in range(first, last + 1) if lines[number - 1].strip()]
    texts = [lines[number - 1] for number in filled]
    if len(texts) > 1 and all(line.startswith(_INDENT) for line in texts) and not looks_like_code(texts):
        return verse_mark(filled[0], filled[-1])
    return Block(first, last, "other", BESIDE_VERSE, 0.0)
