"""Text laid out in lines as a browser lays it out: line breaks, the edges of blocks, and the cells of tables."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from poetbot.documents.author_marks import (
    SET_AS_VERSE,
    heading_mark,
    looks_like_code,
    no_verse_mark,
    verse_mark,
    with_sections,
)
from poetbot.documents.block import Block

_CELL = "\ue000"
"""Stands between two cells of a row until it is known whether the row is one line; from the private use area."""
_SPACES = re.compile(" ++")
_WIDEST_INDENT = 100
"""Spaces: elements may stand inside one another without end, and each sets its lines in."""


class Verse(NamedTuple):
    """A stretch of text that is set as verse; `title` is the heading right above it, if there is one."""

    text: str
    title: str | None


class _Line(NamedTuple):
    text: str
    verse: int  # the number of the verse block it stands in, 0 for none
    heading: bool


_EMPTY = _Line("", 0, False)


class Layout:
    """Grows line by line. There is at most one empty line in a row, and none at either end.

    A non-breaking space stands for a space that is kept; other spaces at the head of a line are not seen.
    """

    def __init__(self) -> None:
        self.indent = 0  # spaces that new lines begin with, up to _WIDEST_INDENT
        self._headings = 0  # inside one another
        self._lines: list[_Line] = []
        self._above = _EMPTY  # the last of them with text
        self._current: list[str] = []
        self._gap = 0  # line ends asked for since the last line
        self._source_ends = 0  # of the source since the last text
        self._after_edge = True
        self._row = -1  # lines above the row of a table that is open
        self._depth = 0  # of verse elements inside one another
        self._verse = 0  # the number of the verse that is open
        self._last_verse = 0  # the number of the verse right above
        self._titles: list[str | None] = [None]  # of verse, by its number

    def text(self, text: str) -> None:
        """Add text without line ends, its spaces collapsed."""
        text = text.replace(_CELL, "")
        if not self._current:
            text = text.lstrip(" ")
            if not text:
                return
            if self._after_edge and self._source_ends > 1:
                self._gap = 2
        if text:
            if self.indent and not self._current:
                self._current.append("\xa0" * min(self.indent, _WIDEST_INDENT))
            self._current.append(text)
            self._source_ends, self._after_edge = 0, False

    def line_break(self) -> None:
        """End the line, which may be empty."""
        self._flush()
        self._source_ends, self._after_edge = 0, False

    def source_line_end(self) -> None:
        """End the line as a line end of the source does: not right behind a break or beside the edge of a block."""
        if self._current:
            self._flush()
            self._source_ends = 0
        self._source_ends += 1
        if self._source_ends == 2 and not self._after_edge:
            self._gap = 2

    def edge(self, gap: int) -> None:
        """End the line at the edge of an element: `gap` 0 does not, 2 asks for an empty line."""
        if gap:
            if self._current:
                self._flush()
            self._gap = max(self._gap, gap)
            self._source_ends, self._after_edge = 0, True

    def rule(self) -> None:
        """Put a horizontal rule: an empty line, and verse below it is another poem than verse above."""
        self.edge(2)
        self._last_verse = 0

    def cell(self) -> None:
        """Begin a cell of a row; a row of cells of one line each is one line, else each cell is a stanza."""
        if self._row < 0:
            self.edge(1)
            self._row = len(self._lines)
        elif len(self._lines) > self._row:
            self.edge(2)
        elif self._current:
            self._current.append(_CELL)

    def row_ends(self) -> None:
        """End a row, if one is open."""
        if self._row >= 0 and len(self._lines) == self._row:
            self._current = [" " if part == _CELL else part for part in self._current]
        elif self._row >= 0:
            self.edge(2)
        self._row = -1

    def begins(self) -> int:
        """Return where what comes next begins, for `ends_stanza`."""
        return len(self._lines)

    def ends_stanza(self, begin: int) -> None:
        """End what began there: several lines are a stanza, with an empty line before and after it."""
        self.edge(1)
        if sum(bool(line.text) for line in self._lines[begin:]) > 1:
            self._gap = 2
            if begin and self._lines[begin].text and self._lines[begin - 1].text:
                self._lines.insert(begin, _EMPTY)

    def verse_begins(self, gap: int = 2) -> None:
        """Begin verse; what follows verse with nothing between belongs to it."""
        self.edge(gap)
        self._depth += 1
        if self._depth == 1:
            self._verse = self._last_verse or self._begin()

    def verse_ends(self, gap: int = 2) -> None:
        """End verse."""
        self.edge(gap)
        self._depth -= 1
        if self._depth == 0:
            self._last_verse, self._verse = self._verse, 0

    def heading_begins(self) -> None:
        """Begin a heading, which is no verse, also where it stands in verse."""
        self._headings += 1
        self._verse = 0

    def heading_ends(self) -> None:
        """End a heading; verse goes on below it as another poem."""
        self._headings -= 1
        if not self._headings and self._depth:
            self._verse = self._begin()

    def finished(self) -> tuple[str, tuple[Verse, ...], tuple[Block, ...]]:
        """Return the text, what of it is set as verse, and the marks of verse and headings in it."""
        self._flush()
        verse: dict[int, list[str]] = {}
        last: list[str] | None = None
        for line in self._lines:
            if line.verse:
                last = verse.setdefault(line.verse, [])
                last.append(line.text)
            elif last is not None:
                # Stanzas of one poem may stand in blocks of their own, with an empty line between that is in neither.
                last.append("")
        parts = ((number, _joined(lines)) for number, lines in verse.items())
        lines = _compact(self._lines)
        return (
            "\n".join(line.text for line in lines),
            tuple(Verse(text, self._titles[number]) for number, text in parts if text),
            _marks(lines),
        )

    def _begin(self) -> int:
        """Return the number of a new block of verse, whose title is the heading right above."""
        self._titles.append(self._above.text.strip() if self._above.heading else None)
        return len(self._titles) - 1

    def _flush(self) -> None:
        if self._gap == 2 and self._lines:
            self._lines.append(_EMPTY)
        self._gap = 0
        text, self._current = "".join(self._current), []
        for number, part in enumerate(text.split(_CELL)):
            if number:
                self._lines.append(_EMPTY)
            part = _SPACES.sub(" ", part).replace("\xa0", " ").rstrip()
            if part and not self._verse:
                self._last_verse = 0
            self._lines.append(_Line(part, self._verse, self._headings > 0))
            if part:
                self._above = self._lines[-1]


def _joined(lines: list[str]) -> str:
    kept = [line for line, above in zip(lines, ["", *lines[:-1]], strict=True) if line or above]
    return "\n".join(kept).rstrip("\n")


def _compact(lines: list[_Line]) -> list[_Line]:
    """Return the lines without empty ones at either end, and never two in a row."""
    kept = [line for line, above in zip(lines, [_EMPTY, *lines[:-1]], strict=True) if line.text or above.text]
    return kept[:-1] if kept and not kept[-1].text else kept


def _marks(lines: Sequence[_Line]) -> tuple[Block, ...]:
    """Return the marks of headings and of verse in these lines."""
    marks: list[Block] = []
    verse = 0
    for number, line in enumerate(lines, start=1):
        if not line.text:
            continue
        if line.verse and line.verse == verse:
            marks[-1] = marks[-1]._replace(end_line=number)
        elif line.verse:
            marks.append(verse_mark(number, number))
        elif line.heading:
            marks.append(heading_mark(number))
        verse = line.verse
    texts = [line.text for line in lines]
    found = [
        no_verse_mark(mark.start_line, mark.end_line)
        if mark.reason == SET_AS_VERSE and looks_like_code(texts[mark.start_line - 1 : mark.end_line])
        else mark
        for mark in marks
    ]
    return with_sections(found, texts)
