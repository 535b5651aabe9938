"""The shape features of pieces that distinguish verse from prose, each between about -1 and 1.

The strongest follow from one idea: prose breaks where the line is full, verse where the poet wants. So the main feature is whether the
first word of the next line would have fitted on each line. The others are habits of printed verse: a capital at the start of the
line, a pause at its end, rarely an article or a preposition there.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from poetbot.corpus.line_features import Lines
from poetbot.corpus.segments import Segments

_Scalar = TypeVar("_Scalar", bound=np.generic)

_WIDE_GAP = 3
_FEW_CAPITALS = 0.05
_NEARLY_FULL = 0.7

# Prose is never wrapped this narrow, so a text of only short lines leaves room on its page, however even they are.
_NARROW = 44
_NARROWEST_PAGE = 60
Floats = npt.NDArray[np.float64]

NAMES = (
    "room left",  # the next word would have fitted within the piece's longest line
    "room in page",  # ... within the width of the text as a whole
    "broken early",  # both: room was left, and the next line begins with a capital
    "capital heads",  # lines that begin with a capital, the piece's first line apart
    "pauses",  # lines that end in punctuation, the last line apart
    "leaning ends",  # lines that end in an article, a preposition or the like
    "inner stops",  # sentences that end inside a line
    "line length",
    "long lines",  # how far beyond any page the lines run, as paragraphs on one line do
    "raggedness",  # how unequal the lines are
    "title case",  # words with a capital, heads of lines apart
    "digits",
    "numbered",  # the first line begins with a digit
    "columns",  # wide gaps before the last word
    "begins low",  # the first line begins with a small letter
    "ends open",  # the last line ends without any punctuation
    "indent",
    "lines",
)


@dataclass(frozen=True)
class SegmentFeatures:
    """The shapes of the P pieces."""

    values: Floats
    """Shape (P, len(NAMES))."""
    lines: npt.NDArray[np.int64]
    indent: npt.NDArray[np.int64]
    """The smallest indent of the piece."""
    width: npt.NDArray[np.int64]
    """Column after the longest line."""
    words: npt.NDArray[np.int64]
    characters: npt.NDArray[np.int64]
    """Chinese and other characters without case, in which words aren't separated."""
    capitals: npt.NDArray[np.bool_]
    """Whether the lines of the piece could begin with capitals, given their script and the habit of the text."""
    narrow: bool
    """Whether all lines of the text are shorter than any wrapped prose."""


def segment_features(lines: Lines, pieces: Segments) -> SegmentFeatures:
    """Return the shapes of all pieces."""
    count = len(pieces)
    if not count:
        empty = np.zeros(0, dtype=np.int64)
        return SegmentFeatures(np.zeros((0, len(NAMES))), empty, empty, empty, empty, empty, empty > 0, False)
    visible = np.flatnonzero(~lines.blank)
    n = pieces.end - pieces.first
    at = np.concatenate(([0], np.cumsum(n)[:-1]))

    def total(values: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
        return np.add.reduceat(values, at, dtype=np.int64)

    # A Chinese character takes two columns.
    width, indent = (lines.width + lines.caseless)[visible], lines.indent[visible]
    words, capital = lines.words[visible], lines.capital_start[visible]
    cased = capital | lines.lower_start[visible]
    if capital.sum() < _FEW_CAPITALS * cased.sum():
        cased = np.zeros_like(cased)  # the writer doesn't use capitals, so they mean nothing
    head = np.zeros(visible.size, dtype=bool)
    head[at] = True
    tail = _next(head)
    piece = np.repeat(np.arange(count), n)

    longest = np.maximum.reduceat(width, at)
    least_indent = np.minimum.reduceat(indent, at)
    widest = _page_width(width[(words > 3) | (lines.caseless[visible] > 3)])
    narrow = widest <= _NARROW
    page = _NARROWEST_PAGE if narrow else widest
    needed = width + 1 + _next(lines.first_word[visible])
    # The rest of a wrapped line is indented and begins in lowercase; it isn't a separate line.
    goes_on = ~head & lines.lower_start[visible] & (indent >= least_indent[piece] + 2)
    runover = goes_on & _last(goes_on | (width >= _NEARLY_FULL * page))
    begun = ~head & ~runover
    ends = ~tail & ~_next(runover)
    breaks = total(ends)
    room = ends & (needed <= longest[piece])
    page_room = ends & (needed <= page)
    own = total(begun & cased)
    early = ends & _next(cased)
    pause = (lines.ends_stop | lines.ends_clause)[visible]
    leaning = lines.ends_leaning[visible]

    all_words = total(words)
    letters = total((lines.upper + lines.lower + lines.caseless)[visible])
    length = total(width - indent)
    square = total((width - indent).astype(np.int64) ** 2)
    mean = length / n
    deviation = np.sqrt(np.maximum(square / n - mean**2, 0))
    leaves_room = (total(page_room) - 0.3 * breaks) / (breaks + 1)
    pauses = 2 * (total(pause & ends) - 0.4 * breaks) / (breaks + 1)
    heads = 2 * (total(capital & begun) - 0.5 * own) / (own + 1)
    # Without capitals, as in Chinese, other marks of a verse end take their place.
    heads = np.where((own == 0) & (breaks > 0), np.maximum(1.5 * leaves_room, pauses), heads)
    values = np.stack(
        (
            (total(room) - 0.3 * breaks) / (breaks + 1),
            leaves_room,
            2 * (total(room & _next(capital)) - 0.25 * total(early)) / (breaks + 1),
            heads,
            pauses,
            4 * (total(leaning & ends) - 0.15 * breaks) / (breaks + 2),
            np.minimum((total(lines.stops[visible]) - total(lines.ends_stop[visible])) / n, 2),
            np.clip((mean - 45) / 30, -1, 2),
            np.clip(np.log2(np.maximum(mean, 1) / 80), 0, 3),
            np.where(n > 2, np.clip(deviation / (mean + 1), 0, 1), 0.15),
            (total(lines.capital_words[visible]) - total(capital)) / np.maximum(all_words - n, 1),
            np.minimum(total(lines.digits[visible]) / (letters + 1), 1),
            lines.digit_start[visible][at].astype(float),
            total(lines.gap[visible] >= _WIDE_GAP) / n,
            (lines.lower_start[visible] & cased)[at].astype(float),
            1.0 - pause[at + n - 1],
            np.minimum(least_indent, 10) / 10,
            np.minimum(np.log2(n), 4) / 4,
        ),
        axis=1,
    )
    return SegmentFeatures(
        values,
        n,
        least_indent.astype(np.int64),
        longest.astype(np.int64),
        all_words,
        total(lines.caseless[visible]),
        own > 0,
        narrow,
    )


def _next(values: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    """Return the next element at each position, much faster than `np.roll`."""
    return np.concatenate((values[1:], values[:1]))


def _last(values: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    return np.concatenate((values[-1:], values[:-1]))


def _page_width(widths: npt.NDArray[np.int32]) -> int:
    """Return the width that lines of prose reach: nearly the longest there are."""
    widths = widths[widths <= 100]
    if not widths.size:
        return 70
    # As `np.percentile` has it: between two lines, that share of the way.
    place = 0.97 * (widths.size - 1)
    low, share = int(place), place % 1
    below, above = np.sort(widths)[[low, min(low + 1, widths.size - 1)]].tolist()
    return int(below + (above - below) * share if share < 0.5 else above - (above - below) * (1 - share))
