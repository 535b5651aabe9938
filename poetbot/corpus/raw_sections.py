"""Cut raw text without a filter: into sections (chapters, paragraphs, functions, tunes) or into lines.

Each piece is independent, so its indentation, markup and blank lines stay as they are, as source code or music in ABC notation
needs.
"""

import unicodedata
from collections.abc import Iterator

from poetbot.poem import Poem, without_marker

_LARGEST_SHARE = 1 / 4
"""If a section would be larger than this share of the text, wide gaps separate it too coarsely."""


def cut_into_sections(text: str, source: str | None = None) -> list[Poem]:
    """Return the sections of a text with LF line ends, separated by two or more blank lines in a row.

    This divides books into chapters and code into functions. If a section would be more than a quarter of the text, every blank line
    separates: paragraphs, or tunes. A poem marker in the text is dropped.
    """
    lines = [line if line.strip() else "" for line in _unmarked(text).split("\n")]
    sections = list(_parted(lines, gap=2))
    if any(end - start > _LARGEST_SHARE * len(lines) for start, end in sections):
        sections = list(_parted(lines, gap=1))
    return [
        Poem("\n".join(lines[start:end]), source=source, start_line=start + 1, end_line=end)
        for start, end in sections
    ]


def cut_into_lines(text: str, source: str | None = None) -> list[Poem]:
    """Return every non-blank line, without trailing white space: names, titles, aphorisms."""
    return [
        Poem(line.rstrip(), source=source, start_line=number, end_line=number)
        for number, line in enumerate(_unmarked(text).split("\n"), start=1)
        if line.strip()
    ]


def _unmarked(text: str) -> str:
    """Return the text in NFC without poem markers, with the same number of lines."""
    text = unicodedata.normalize("NFC", text)
    return "\n".join(without_marker(line)[0] for line in text.split("\n"))


def _parted(lines: list[str], gap: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of what is between runs of at least `gap` empty lines, as positions in `lines`."""
    start, end = None, 0
    for place, line in enumerate(lines):
        if not line:
            continue
        if start is not None and place - end >= gap:
            yield start, end
            start = None
        start, end = place if start is None else start, place + 1
    if start is not None:
        yield start, end
