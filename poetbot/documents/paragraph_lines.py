"""Convert paragraphs of a document to lines: ends of stanzas, ends of poems, indents."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from poetbot.documents.line_endings import with_line_feeds

_ROOM = 4  # empty lines between two poems
_CONTRAST = 100
"""Twentieths of a point by which the room between stanzas is larger than that between lines."""


@dataclass(slots=True)
class Paragraph:
    r"""A paragraph in the making: its text in pieces, `\n` for a line break and `\f` for a page break.

    `before` and `after` are the room around it in twentieths of a point, indents are in spaces. `lost` says that part
    of it was left out, `goes_on` that the next one belongs to it.
    """

    pieces: list[str] = field(default_factory=list)
    heading: bool = False
    indent: int = 0
    first_indent: int = 0
    before: int = 0
    after: int = 0
    parts_before: bool = False
    parts_after: bool = False
    lost: bool = False
    goes_on: bool = False


def paragraphs_to_text(paragraphs: Sequence[Paragraph]) -> str:
    """Return the text of paragraphs, with LF, without empty lines at the end.

    A paragraph is usually a line, and an empty one a stanza break; so is spacing wider than that between adjacent lines. A paragraph with its
    own line breaks is a stanza, between empty lines; so is a heading, with one more above it. Separated poems have a large gap.
    """
    lines: list[str] = []
    seen = [paragraph for paragraph in paragraphs if _is_seen(paragraph)]
    gaps = [max(above.after, below.before) for above, below in pairwise(seen)]
    for number, paragraph in enumerate(seen):
        text = _with_line_feeds("".join(paragraph.pieces))
        if paragraph.parts_before:
            lines += [""] * _ROOM
        for page, part in enumerate(text.split("\f")):
            if page:
                lines += [""] * _ROOM
            lines += _lines(paragraph, part)
        if paragraph.parts_after:
            lines += [""] * _ROOM
        elif _ends_stanza(gaps, number):
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n" if any(lines) else ""


def _with_line_feeds(text: str) -> str:
    """Return the text with line ends as LF; form feeds stay."""
    return "\f".join(map(with_line_feeds, text.split("\f")))


def _is_seen(paragraph: Paragraph) -> bool:
    """Whether any text is left; a paragraph without any isn't a stanza break."""
    parts = paragraph.parts_before or paragraph.parts_after
    return parts or not paragraph.lost or bool("".join(paragraph.pieces).strip(" "))


def _ends_stanza(gaps: list[int], number: int) -> bool:
    if number >= len(gaps):
        return False
    neighbours = gaps[max(number - 1, 0) : number] + gaps[number + 1 : number + 2]
    return bool(neighbours) and gaps[number] - min(neighbours) >= _CONTRAST


def _lines(paragraph: Paragraph, text: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    if paragraph.indent or paragraph.first_indent:
        indents = [" " * paragraph.first_indent, *[" " * paragraph.indent] * (len(lines) - 1)]
        lines = [(indent + line).rstrip() for indent, line in zip(indents, lines, strict=True)]
    if paragraph.heading and text.strip():
        return ["", "", *lines, ""]
    return ["", *lines, ""] if len(lines) > 1 else lines
