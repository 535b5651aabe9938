"""The lines of a page, and the marks of verse, headings and code in them."""

from poetbot.documents.author_marks import (
    SET_AS_VERSE,
    heading_mark,
    looks_like_code,
    no_verse_mark,
    verse_mark,
)
from poetbot.documents.block import Block


class Page:
    """Grows line by line; `marks` are blocks by the numbers, from 1, of `lines`."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.marks: list[Block] = []
        self.authors: dict[int, str] = {}  # of single poems, by the first line of their marks
        self.own_titles: set[int] = set()  # lines with the title of only the verse below
        self._vanished = False
        self._apart = False

    def add(self, lines: list[str]) -> None:
        """Add lines of text."""
        for line in lines:
            if self._apart and self.lines and self.lines[-1]:
                self.lines.append("")
            self._apart = self._vanished = False
            self.lines.append(line)

    def blank(self) -> None:
        """Add an empty line, but not after a hidden line, or the gap would be larger than what a reader sees."""
        if not self._vanished:
            self.lines.append("")
        self._vanished = self._apart = False

    def vanish(self) -> None:
        """Record a line with nothing visible."""
        self._vanished = not self.lines or not self.lines[-1]

    def apart(self) -> None:
        """Make sure that an empty line comes before what follows."""
        self._apart = True

    def heading(self, text: str, own: bool = False) -> None:
        """Add a heading; with `own` it belongs only to the verse below."""
        if text:
            self.apart()
            self.add([text])
            self.marks.append(heading_mark(len(self.lines)))
            if own:
                self.own_titles.add(len(self.lines))
            self.apart()

    def rule(self, text: str) -> None:
        """Add a rule."""
        self.apart()
        self.add([text.strip()])
        self.apart()

    def verse(self, lines: list[str], reason: str = SET_AS_VERSE, author: str | None = None) -> None:
        """Add marked verse; it continues verse that is directly before it."""
        lines = _compact(lines)
        if not lines:
            return
        last = self.marks[-1] if self.marks else None
        if last and not author and last.reason == reason and not any(self.lines[last.end_line :]):
            del self.lines[last.end_line :], self.marks[-1]
            self.lines.append("")
            self.lines += lines
            self.marks.append(verse_mark(last.start_line, len(self.lines), reason))
        else:
            self.apart()
            self.add(lines)
            self.marks.append(verse_mark(len(self.lines) - len(lines) + 1, len(self.lines), reason))
        if author:
            self.authors[self.marks[-1].start_line] = author
        self.apart()

    def mark_above(self, reason: str) -> bool:
        """Mark the lines right above as verse; return False if there are none, or they are marked already."""
        last = len(self.lines)
        first = last
        while first and self.lines[first - 1]:
            first -= 1
        if first == last or (self.marks and self.marks[-1].end_line > first):
            return False
        self.verse([self.lines.pop() for _ in range(last - first)][::-1], reason)
        return True

    def no_verse(self, lines: list[str]) -> None:
        """Add text that is never verse, such as code."""
        lines = _compact(lines)
        if lines:
            self.apart()
            self.add(lines)
            self.marks.append(no_verse_mark(len(self.lines) - len(lines) + 1, len(self.lines)))
            self.apart()

    def as_it_stands(self, lines: list[str]) -> None:
        """Add preformatted text: verse, or code if it looks like code or is a single line."""
        if looks_like_code(lines) or sum(map(bool, map(str.strip, lines))) < 2:
            self.no_verse(lines)
        else:
            self.verse(lines)


def _compact(lines: list[str]) -> list[str]:
    """Return lines without empty ones at the start and end, and at most one empty line in a row."""
    lines = [line.rstrip() for line in lines]
    kept = [line for line, above in zip(lines, ["", *lines], strict=False) if line or above]
    while kept and not kept[-1]:
        kept.pop()
    return kept
