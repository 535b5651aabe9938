"""Recognise lists: tables of contents, indexes, glossaries. Their short lines look like verse."""

import re

import numpy as np

from poetbot.corpus.line_features import Flags, Lines, character_table, line_texts
from poetbot.corpus.segment_features import NAMES, SegmentFeatures
from poetbot.corpus.segments import CAPITALS, ENTRY, LICENCE, RUNNING, Segments

_HEADING = re.compile(
    r"[\W_]*(?:(?:table of )?contents|index\b.*|table des mati[eè]res|[ií]ndice|inhalt|оглавление|содержание|目[录錄次])"
    r"[\W_]*",
    re.IGNORECASE,
)
_HEADING_INITIALS = character_table("CcTtIiÍíОоСс目_*")
_HEADING_WORDS = 6
_TITLE_CASE, _PAGE_ROOM, _HEADS = (NAMES.index(n) for n in ("title case", "room in page", "capital heads"))
_STANZA = 4
_SMALL_HEADS = -0.3
"""Below this share of capitals, most lines begin in lowercase, which entries never do."""
_LIST_TITLE_CASE = 0.5
_STRAY = 12
"""Number of pieces, such as headings of parts, that may be between two entries."""
_NEW_PART = 3
"""Blank lines that separate a table of contents from what follows it."""


def find_lists(text: str, lines: Lines, pieces: Segments, shapes: SegmentFeatures) -> Flags:
    """Return which pieces are the heading or entries of a table of contents or an index."""
    listed = pieces.make == ENTRY
    # The second line of a long entry.
    small = (pieces.make == RUNNING) & (shapes.lines <= 2) & (pieces.gap <= 1)
    listed[1:-1] |= small[1:-1] & listed[:-2] & listed[2:]
    # Many short lines with nearly every word capitalised: titles, one below the other.
    titles = (pieces.make == RUNNING) & (shapes.lines >= 5) & (shapes.words <= 7 * shapes.lines)
    listed |= titles & (shapes.values[:, _TITLE_CASE] >= _LIST_TITLE_CASE)

    first = pieces.first
    maybe = _HEADING_INITIALS[lines.first[first]] & (lines.words[first] <= _HEADING_WORDS)
    for piece in np.flatnonzero(maybe & ((pieces.make == CAPITALS) | (pieces.make == RUNNING))).tolist():
        if not listed[piece] and _HEADING.fullmatch(
            line_texts(text, lines, int(first[piece]), int(first[piece]) + 1)[0].strip()
        ):
            listed[piece : _last_entry(pieces, shapes, piece) + 1] = True
    return listed


def _last_entry(pieces: Segments, shapes: SegmentFeatures, heading: int) -> int:
    """Return the last piece of the list below a heading."""
    last = heading
    for piece in range(heading + 1, len(pieces)):
        make = pieces.make[piece]
        if (
            piece - last > _STRAY
            or make == LICENCE
            or (make != ENTRY and last > heading and pieces.gap[piece] >= _NEW_PART)
        ):
            break
        if make == ENTRY or (make == CAPITALS and shapes.lines[piece] >= 3):
            last = piece
        elif make == RUNNING:
            if not _like_entries(pieces, shapes, piece, last, heading):
                break
            last = piece
    return last


def _like_entries(pieces: Segments, shapes: SegmentFeatures, piece: int, last: int, heading: int) -> bool:
    filled = shapes.lines[piece] >= 3 and shapes.values[piece, _PAGE_ROOM] < -0.15
    small_heads = shapes.lines[piece] >= _STANZA and shapes.values[piece, _HEADS] < _SMALL_HEADS
    if filled or small_heads:
        return False
    if last == heading:
        return True
    single = shapes.lines[piece] == 1
    if (
        single
        and piece + 1 < len(pieces)
        and pieces.make[piece + 1] == RUNNING
        and shapes.lines[piece + 1] > 2
    ):
        # A single line above several is more likely the title of the first poem.
        return bool(pieces.gap[piece] == 0)
    return bool(
        shapes.values[piece, _TITLE_CASE] >= 0.3
        or shapes.words[piece] <= 3 * shapes.lines[piece]
        or (shapes.indent[piece] == shapes.indent[last] > 0 and pieces.gap[piece] <= 1)
    )
