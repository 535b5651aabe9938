"""Raw text cut without any filter: into sections (chapters, paragraphs, functions, tunes) or into lines.

Every piece stands on its own, so indentation, markup and blank lines inside it stay as they are: that is what source
code or music in ABC notation is made of.
"""

import unicodedata
from collections.abc import Iterator

from poetbot.poem import Poem, without_marker

_LARGEST_SHARE = 1 / 4
"""A section that would hold more of the text than this shows that the wide gaps part it too coarsely."""


def cut_into_sections(text: str, source: str | None = None) -> list[Poem]:
    """Return the sections of a text with LF line ends: what stands between two or more blank lines in a row.

    That parts books into chapters and code into functions. Where one section would then hold more than a quarter of
    the text, every blank line parts: paragraphs, or tunes. A poem marker in the text is dropped.
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
    """Return every line with something on it, without the white space at its end: names, titles, aphorisms."""
    return [
        Poem(line.rstrip(), source=source, start_line=number, end_line=number)
        for number, line in enumerate(_unmarked(text).split("\n"), start=1)
        if line.strip()
    ]


def _unmarked(text: str) -> str:
    """Return the text in NFC without poem markers, with as many lines as before."""
    text = unicodedata.normalize("NFC", text)
    return "\n".join(without_marker(line)[0] for line in text.split("\n"))


def _parted(lines: list[str], gap: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of what lies between runs of at least `gap` empty lines, in places of `lines`."""
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
