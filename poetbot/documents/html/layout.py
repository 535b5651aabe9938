"""Lays out text in lines as a browser does: line breaks, the edges of blocks, and the cells of tables."""

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
"""Separates two cells of a row until it is known whether the row is one line; from the private use area."""
_SPACES = re.compile(" ++")
_WIDEST_INDENT = 100
"""Spaces; nested elements, each with an indent, can't exceed this."""


class Verse(NamedTuple):
    """Text marked as verse; `title` is the heading right above it, if any."""

    text: str
    title: str | None


class _Line(NamedTuple):
    text: str
    verse: int  # the number of its block of verse, 0 for none
    heading: bool


_EMPTY = _Line("", 0, False)


class Layout:
    """Grows line by line. There is at most one empty line in a row, and none at either end.

    A non-breaking space stands for a space that is kept; other spaces at the head of a line are not seen.
    """

    def __init__(self) -> None:
        self.indent = 0  # spaces at the start of new lines, up to _WIDEST_INDENT
        self._headings = 0  # nested
        self._lines: list[_Line] = []
        self._above = _EMPTY  # the last one with text
        self._current: list[str] = []
        self._gap = 0  # line ends requested since the last line
        self._source_ends = 0  # line ends of the source since the last text
        self._after_edge = True
        self._row = -1  # lines above the open row of a table
        self._depth = 0  # of nested verse elements
        self._verse = 0  # the number of the open verse
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
        """End the line as a line end of the source does: not right after a break or at the edge of a block."""
        if self._current:
            self._flush()
            self._source_ends = 0
        self._source_ends += 1
        if self._source_ends == 2 and not self._after_edge:
            self._gap = 2

    def edge(self, gap: int) -> None:
        """End the line at the edge of an element; with `gap` 0 it isn't ended, with 2 an empty line follows."""
        if gap:
            if self._current:
                self._flush()
            self._gap = max(self._gap, gap)
            self._source_ends, self._after_edge = 0, True

    def rule(self, line: str = "") -> None:
        """Add a horizontal rule: an empty line, or this one, that separates poems."""
        self.edge(2)
        if line:
            indent, self.indent = self.indent, 0
            self.text(line)
            self.edge(2)
            self.indent = indent
        self._last_verse = 0

    def cell(self) -> None:
        """Begin a cell. A row of one-line cells is one line; otherwise each cell is a stanza."""
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
        """Return the current position, for `ends_stanza`."""
        return len(self._lines)

    def ends_stanza(self, begin: int) -> None:
        """End what began at a position: several lines become a stanza, with an empty line before and after."""
        self.edge(1)
        if sum(bool(line.text) for line in self._lines[begin:]) > 1:
            self._gap = 2
            if begin and self._lines[begin].text and self._lines[begin - 1].text:
                self._lines.insert(begin, _EMPTY)

    def verse_begins(self, gap: int = 2) -> None:
        """Begin verse; it continues verse that is directly before it."""
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
        """Begin a heading, which isn't verse even inside verse."""
        self._headings += 1
        self._verse = 0

    def heading_ends(self) -> None:
        """End a heading; verse below it is another poem."""
        self._headings -= 1
        if not self._headings and self._depth:
            self._verse = self._begin()

    def finished(self) -> tuple[str, tuple[Verse, ...], tuple[Block, ...]]:
        """Return the text, its parts marked as verse, and the marks of verse and headings."""
        self._flush()
        verse: dict[int, list[str]] = {}
        last: list[str] | None = None
        for line in self._lines:
            if line.verse:
                last = verse.setdefault(line.verse, [])
                last.append(line.text)
            elif last is not None:
                # Stanzas of one poem may be separate blocks, with an empty line between them that is in neither.
                last.append("")
        parts = ((number, _joined(lines)) for number, lines in verse.items())
        lines = _compact(self._lines)
        return (
            "\n".join(line.text for line in lines),
            tuple(Verse(text, self._titles[number]) for number, text in parts if text),
            _marks(lines),
        )

    def _begin(self) -> int:
        """Return the number of a new block of verse; the heading right above is its title."""
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
    """Return the lines without empty ones at the start and end, and at most one empty line in a row."""
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
