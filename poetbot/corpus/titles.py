"""Find the title and the number above a poem, and skip what is neither."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from poetbot.corpus.title_pages import is_front_matter, is_imprint, title_and_author
from poetbot.documents.block import BYLINED, HEADING, MARKED_HEADING, NUMBER, SHORT_TEXT, TITLED, Block

_LONGEST = 120
"""Maximum number of characters of a title; anything longer is a note."""

_FOOTNOTE_MARK = re.compile(r"\s?(?:\[\w{1,3}\]|\^\w{1,2}|\{\w{1,3}\})\s?\Z")
_LONGEST_MARK = 7  # characters
_ORNAMENT = " \t_*=#}{|~"
_NO_TITLE = re.compile(r"by\b|[-–—(\[]|from the\b.*\bby\b", re.IGNORECASE)
_QUOTES = frozenset("\"'“‘«„‹")
# Only below a title: "To Autumn" is a title if there is no other.
_DEDICATION = re.compile(
    r"(?:to|à|a|al|alla|an|für|for|dedicated to|inscribed to|in memory of|in memoriam)\b[ .:]", re.I
)
_NUMBER = re.compile(r"\b(?:(\d{1,4})|([ivxlc]+))\b", re.IGNORECASE)
_ROMAN = re.compile(r"(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Paragraph(NamedTuple):
    """A paragraph between two runs of verse."""

    text: str
    reason: str
    gap: int
    """Blank lines above it."""
    line: int
    """Its first line, from 1."""


def paragraphs_of(blocks: Sequence[Block], text: str, offsets: Sequence[int], above: int) -> list[Paragraph]:
    """Return the paragraphs of the `blocks` that are neither verse nor prose.

    `offsets` says where each line (from index 0, and one more) starts in `text`; `above` is the last line (from 1) before the blocks.
    """
    found: list[Paragraph] = []
    for block in blocks:
        if block.label == "other" and block.start_line == block.end_line:
            first = block.start_line
            alone = text[offsets[first - 1] : offsets[first] - 1].strip()
            found.append(Paragraph(alone, block.reason, first - above - 1, first))
        elif block.label == "other":
            first = last = above
            joined: list[str] = []
            content = text[offsets[block.start_line - 1] : offsets[block.end_line] - 1]
            for number, line in enumerate(content.split("\n"), start=block.start_line):
                if not (line := line.strip()):
                    continue
                if number > last + 1 or not joined or block.reason == TITLED:
                    if joined:
                        found.append(Paragraph(" ".join(joined), block.reason, first - above - 1, first))
                        above = last
                    joined, first = [], number
                joined.append(line)
                last = number
            found.append(Paragraph(" ".join(joined), block.reason, first - above - 1, first))
        above = block.end_line
    return found


def title_of(paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the title above a poem: the last heading that is marked as one or in capitals, or has space above it.

    Titles are below the names of parts and above mottoes and notes, which are rarely in capitals.
    """
    paragraphs = _without_mottoes(_below_imprint(paragraphs))
    if paragraphs and paragraphs[-1].reason == BYLINED:
        return clean_title(title_and_author(paragraphs[-1].text)[0])
    if titled := [p for p in paragraphs if p.reason == TITLED and _may_be_title(p)]:
        return clean_title(titled[0].text)
    for reason in (MARKED_HEADING, HEADING):
        if headings := [p for p in paragraphs if p.reason == reason and _may_be_title(p)]:
            return clean_title(headings[-1].text)
    others = [p for p in paragraphs if p.reason == SHORT_TEXT and _may_be_title(p)]
    if not others:
        return None
    with_room = [p for p in others if p.gap >= 2]
    return clean_title((with_room[-1] if with_room else others[0]).text)


def author_of(paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the author named with the title right above a poem."""
    named = bool(paragraphs) and paragraphs[-1].reason == BYLINED
    return title_and_author(paragraphs[-1].text)[1] if named else None


def _below_imprint(paragraphs: Sequence[Paragraph]) -> Sequence[Paragraph]:
    """Leave out a title page, which ends in the publisher's name or a year; if no title follows, leave out only these."""
    if not paragraphs or not is_front_matter(paragraphs[0].line):
        return paragraphs
    of_book = [is_front_matter(p.line) and len(p.text) <= _LONGEST and is_imprint(p.text) for p in paragraphs]
    if True not in of_book:
        return paragraphs
    below = paragraphs[len(of_book) - of_book[::-1].index(True) :]
    if any(p.reason != NUMBER and _may_be_title(p) for p in below):
        return below
    return [paragraph for paragraph, left_out in zip(paragraphs, of_book, strict=True) if not left_out]


def _without_mottoes(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Leave out what is between a title and its poem: dedications, mottoes and their authors."""
    kept: list[Paragraph] = []
    quoted = False
    for paragraph in paragraphs:
        text = paragraph.text.strip(_ORNAMENT)
        below = bool(kept) and paragraph.gap <= 1
        if below and (text[:1] in _QUOTES or (quoted and paragraph.gap == 0)):
            quoted = True
        elif (
            below
            and paragraph.reason not in (HEADING, MARKED_HEADING)
            and len(text) <= _LONGEST
            and _DEDICATION.match(text)
        ):
            quoted = False
        else:
            kept.append(paragraph)
            quoted = False
    return kept


def clean_title(text: str) -> str | None:
    """Return a title on one line without ornaments, footnote marks and a final full stop; None if nothing is left."""
    title = _without_marks(" ".join(text.split())).strip(_ORNAMENT)
    if title.endswith(".") and not title.endswith(".."):
        title = title[:-1]
    if title.startswith("《") and title.find("》") == len(title) - 1:
        title = title[1:-1]
    return title.strip(_ORNAMENT) or None


def _without_marks(title: str) -> str:
    """Remove footnote marks at the end one at a time, because an expression for several would start at each of them."""
    end = len(title)
    while mark := _FOOTNOTE_MARK.search(title, max(0, end - _LONGEST_MARK), end):
        end = mark.start()
    return title[:end]


def number_of(paragraph: Paragraph) -> int | None:
    """Return the value of a numeral, None if it isn't one or is a year."""
    if paragraph.reason != NUMBER:
        return None
    return _value_of(paragraph.text)


@lru_cache(maxsize=2048)
def _value_of(numeral: str) -> int | None:
    match = _NUMBER.search(numeral.replace("_", " "))
    if not match:
        return None
    value = int(match[1]) if match[1] else _roman(match[2].lower())
    return value if value and value < 1000 else None


def _may_be_title(paragraph: Paragraph) -> bool:
    return len(paragraph.text) <= _LONGEST and not _NO_TITLE.match(paragraph.text.strip(_ORNAMENT))


def _roman(numeral: str) -> int | None:
    if not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
