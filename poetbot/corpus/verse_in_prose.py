"""Find prose that looks like verse, and verse that is only quoted in prose.

Prose broken at its pauses leaves room on the line like verse, two-line remarks have no shape, and a telegram has the shape of a short
poem.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poetbot.corpus.line_features import Flags, Lines
from poetbot.corpus.segment_features import SegmentFeatures
from poetbot.corpus.segments import RUNNING, Segments

_LOW_HEADS = 0.6
_PROSE_WIDTH = 50
"""Columns. A pentameter takes about 45; longer lines begin with capitals or are prose."""
_QUOTED_LINES = 2
_TELEGRAM_LINES = 8
_TELEGRAM_WORDS = 5
_TELEGRAM_STOPS = 2 / 3


@dataclass(frozen=True)
class QuotedVerse:
    """Which pieces are in short verse between two pieces of prose; every field has the shape (P,)."""

    none: Flags
    """It isn't verse: a two-line remark, or a telegram."""
    quoted: Flags
    """It is a line or two of verse, indented further than the prose that quotes it, or a couplet."""


def ragged_prose(lines: Lines, pieces: Segments, shapes: SegmentFeatures) -> Flags:
    """Return which pieces are prose broken at its pauses: long lines that begin in lowercase, with sentence ends inside.

    A line that is indented further is the rest of a wrapped line, as in long lines of verse.
    """
    rows = pieces.end - pieces.first
    inner = np.maximum(rows - 1, 1)
    margin = np.zeros(len(lines), dtype=np.int64)
    margin[pieces.first] = np.diff(shapes.indent, prepend=0)
    small = lines.lower_start & (lines.indent <= np.cumsum(margin) + 1)
    low = _between(small, np.minimum(pieces.first + 1, pieces.end), pieces.end)
    length = _between(lines.length, pieces.first, pieces.end - 1)
    stops = _between(lines.stops, pieces.first, pieces.end)
    return (rows > 2) & (stops > 0) & (low >= _LOW_HEADS * inner) & (length >= _PROSE_WIDTH * inner)


def among_prose(
    lines: Lines, pieces: Segments, shapes: SegmentFeatures, poem: Flags, prose: Flags
) -> QuotedVerse:
    """Return which pieces labelled `poem` are isolated among those labelled `prose`."""
    # A reply between two remarks is neither prose nor a title: it ends in a full stop, or a quotation mark after one.
    answer = (pieces.make == RUNNING) & ~poem & ~prose & lines.ends_stop[pieces.end - 1]
    # Two lines that begin with capitals may be a couplet labelled as prose.
    capitals = lines.capital_start[pieces.first] & lines.capital_start[pieces.end - 1]
    couplet = (shapes.lines == 2) & capitals
    prose = prose & ~couplet
    asked = np.flatnonzero(~answer)
    none, quoted = np.zeros(len(pieces), dtype=bool), np.zeros(len(pieces), dtype=bool)
    if not poem.any() or not prose.any():
        return QuotedVerse(none, quoted)
    verse = poem[asked]
    at = np.flatnonzero(np.append(True, verse[1:] != verse[:-1]))
    at = at[verse[at]]
    last = np.flatnonzero(np.append(verse[1:] != verse[:-1], True))
    last = last[verse[last]]

    def neighbour(places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return asked[np.clip(places, 0, asked.size - 1)]

    before, after = neighbour(at - 1), neighbour(last + 1)
    above, below = at == 0, last == asked.size - 1
    first, end = asked[at], asked[last] + 1
    spoken = lines.labelled[pieces.first[first]]
    short = ~spoken & (_between(np.where(poem, shapes.lines, 0), first, end) <= _TELEGRAM_LINES)
    alone = short & (above | prose[before]) & (below | prose[after]) & ~(above & below)
    nearest = np.where(above, after, before)
    for run in np.flatnonzero(alone).tolist():
        of_run = np.flatnonzero(poem[first[run] : end[run]]) + first[run]
        rows = np.concatenate([np.arange(pieces.first[piece], pieces.end[piece]) for piece in of_run])
        if _is_telegram(lines, rows):
            none[of_run] = True
        elif rows.size <= _QUOTED_LINES:
            set_in = shapes.indent[first[run]] > shapes.indent[nearest[run]] + 1
            couplet_of_its_own = rows.size > 1 and lines.capital_start[rows[-1]]
            (quoted if set_in or couplet_of_its_own else none)[of_run] = True
    return QuotedVerse(none, quoted)


def _is_telegram(lines: Lines, rows: npt.NDArray[np.int64]) -> bool:
    """Whether nearly every line is a sentence of a few words; the last may be a name."""
    body = rows[:-1] if rows.size > 2 and not lines.ends_stop[rows[-1]] else rows
    return bool(
        body.size > 1
        and lines.words[body].mean() <= _TELEGRAM_WORDS
        and (lines.stops[body] > 0).all()
        and lines.ends_stop[body].mean() >= _TELEGRAM_STOPS
    )


def _between(
    values: npt.NDArray[np.generic], first: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    sums = np.concatenate(([0], np.cumsum(values)))
    return sums[end] - sums[first]
