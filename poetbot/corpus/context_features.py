"""Features of the context of a piece, because a single line says little by itself and its neighbours say much.

They are computed from the first scores of all pieces (positive means verse), for all pieces at once.
"""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from poetbot.corpus.line_features import Flags, Lines, character_table
from poetbot.corpus.segment_features import SegmentFeatures
from poetbot.corpus.segments import CAPITALS, RUNNING, SPEAKER, Segments

_Scalar = TypeVar("_Scalar", bound=np.generic)
Floats = npt.NDArray[np.float64]

NAMES = (
    "before",  # score of the piece before, weighted down by distance
    "after",
    "alike before",  # the same if both have the same indent
    "alike after",
    "near",  # scores of the three pieces on each side
    "around",  # scores of twenty pieces on each side
    "indent says",  # scores of the pieces around that are indented like this one
    "set in",  # indented further than the prose before it
    "introduced",  # indented further than what is above it, and that ends in a colon or a dash
    "interrupts",  # indented further than what is below it, and that begins with a small letter
    "half line",  # begins at the column where the line before ends, as in a verse play
    "stanzas",  # the pieces around have the same number of lines
    "after name",  # right below a line in capitals, among many such lines: a speech
    "after title",  # right below a line in capitals, among few
    "after speaker",  # right below a name with a colon
    "dialogue",  # share of names and headings around
    "labelled",  # share of pieces around whose first word ends in a full stop
    "apart",  # much room above
    "room below",
    "alphabetical",
)

_LEADS_ON = character_table(":-–—")
_SURE = 4.0
_REACH = 20
_INDENTS = 14
_LIST_REACH = 16
_LEAST_RISE = 8


def context_features(
    lines: Lines, pieces: Segments, shapes: SegmentFeatures, scores: Floats, in_order: Flags
) -> Floats:
    """Return the context features of each piece, shape (P, len(NAMES)); rows of pieces other than RUNNING are 0.

    `scores` are the first ones; `in_order` says for each line whether it is in an alphabetical list.
    """
    result = np.zeros((len(pieces), len(NAMES)))
    running = np.flatnonzero(pieces.make == RUNNING)
    if not running.size:
        return result
    score = np.clip(scores[running], -_SURE, _SURE)
    indent = shapes.indent[running]
    weight = np.minimum(shapes.lines[running], 6).astype(float)
    first, end = pieces.first[running], pieces.end[running]
    above = pieces.gap[running]
    below = np.append(pieces.gap, 9)[running + 1]

    step = lines.indent[first] - _shift(lines.width[end - 1], 1)
    deeper = indent > _shift(indent, 1, 99) + 1
    before, after = _shift(score, 1), _shift(score, -1)
    near_before = 1 / (1 + (first - _shift(end, 1, -9)) / 4)
    near_after = 1 / (1 + (_shift(first, -1, int(end[-1]) + 9) - end) / 4)
    like_before = np.abs(indent - _shift(indent, 1, -9)) <= 1
    like_after = np.abs(indent - _shift(indent, -1, -9)) <= 1
    voiced = ((pieces.make == CAPITALS) | (pieces.make == SPEAKER)) & (shapes.words <= 4)
    named = np.concatenate(([False], voiced[:-1]))[running]
    dialogue = _share(voiced.astype(float), 8)[running]
    labelled = lines.labelled[pieces.first]
    result[running] = np.stack(
        (
            before * near_before,
            after * near_after,
            before * near_before * like_before,
            after * near_after * like_after,
            _mean_around(score, weight, 3),
            _mean_around(score, weight, _REACH),
            _indent_says(score, weight, indent),
            deeper & (before < 0),
            deeper & _shift(_LEADS_ON[lines.last[end - 1]], 1),
            (indent > _shift(indent, -1)) & _shift(lines.lower_start[first], -1),
            (lines.indent[first] > 8) & (step >= -1) & (step <= 5) & (above <= 1) & (below <= 1),
            _alike(shapes.lines[running]),
            named & (dialogue > 0.3),
            named & (dialogue <= 0.3),
            np.concatenate(([False], pieces.make[:-1] == SPEAKER))[running] & (above == 0),
            dialogue,
            _share(labelled.astype(float), 8)[running] * (0.5 + labelled[running]),
            np.minimum(above, 4) / 4,
            np.minimum(below, 4) / 4,
            in_order[first],
        ),
        axis=1,
    )
    return result


def _shift(values: npt.NDArray[_Scalar], by: int, fill: int = 0) -> npt.NDArray[_Scalar]:
    shifted = np.full_like(values, fill)
    if by > 0:
        shifted[by:] = values[:-by]
    else:
        shifted[:by] = values[-by:]
    return shifted


def _window(size: int, reach: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    places = np.arange(size)
    return np.maximum(places - reach, 0), np.minimum(places + reach + 1, size)


def _mean_around(score: Floats, weight: Floats, reach: int) -> Floats:
    """Return the weighted mean score of up to `reach` pieces on each side, without the piece itself."""
    low, high = _window(score.size, reach)
    sums = np.concatenate(([0], np.cumsum(weight * score)))
    weights = np.concatenate(([0], np.cumsum(weight)))
    return (sums[high] - sums[low] - weight * score) / (weights[high] - weights[low] - weight + 1)


def _share(flags: Floats, reach: int) -> Floats:
    low, high = _window(flags.size, reach)
    sums = np.concatenate(([0], np.cumsum(flags)))
    return (sums[high] - sums[low]) / (high - low)


def _alike(count: npt.NDArray[np.int64]) -> Floats:
    """Return the share of the two pieces on each side that have as many lines; 0 for single lines."""
    same = sum((count == _shift(count, by)).astype(float) for by in (-2, -1, 1, 2))
    return np.where(count > 1, same / 4, 0.0)


def _indent_says(score: Floats, weight: Floats, indent: npt.NDArray[np.int64]) -> Floats:
    """Return the mean score of the many pieces around with the same indent, without the piece itself.

    Books set verse at one indent and prose at another; which is which differs from book to book.
    """
    result = np.zeros(score.size)
    columns = np.minimum(indent, _INDENTS)
    low, high = _window(score.size, 50 * _REACH)
    for column in np.flatnonzero(np.bincount(columns)).tolist():
        here = columns == column
        counted = np.where(here, weight, 0)
        sums = np.concatenate(([0], np.cumsum(counted * score)))
        weights = np.concatenate(([0], np.cumsum(counted)))
        mean = (sums[high] - sums[low] - counted * score) / (weights[high] - weights[low] - counted + 6)
        result[here] = mean[here]
    return result


def alphabetical(lines: Lines) -> Flags:
    """Return whether each line is in an alphabetical list, such as an index or a glossary.

    In a list, hardly any line starts with earlier letters than the line above; in other text, every second line does.
    """
    result = np.zeros(len(lines), dtype=bool)
    visible = np.flatnonzero(~lines.blank & ~lines.digit_start)
    if visible.size <= _LEAST_RISE:
        return result
    key = lines.key[visible]
    step = np.zeros(visible.size)
    step[1:] = np.sign(key[1:] - key[:-1])
    low, high = _window(visible.size, _LIST_REACH)
    rises = np.concatenate(([0], np.cumsum(step > 0)))
    falls = np.concatenate(([0], np.cumsum(step < 0)))
    rise, fall = rises[high] - rises[low], falls[high] - falls[low]
    in_order = ((rise >= _LEAST_RISE) & (fall <= 0.2 * rise)).astype(float)
    found = (_share(in_order, _LIST_REACH) > 0.5).astype(float)
    # Lists are long, so everything between two nearby entries belongs to the list.
    spread = (_share(found, 2 * _LIST_REACH) > 0).astype(float)
    result[visible] = _share(spread, 2 * _LIST_REACH) > 0.999
    return result
