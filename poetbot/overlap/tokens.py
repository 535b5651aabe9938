"""The words of a text as the overlap report counts them: normalized, with a 64-bit key and their offsets.

A word is `L[LM]*(?:'L[LM]*)*` over the normalized text (`normalization.py`). L is a letter or digit (`[^\\W_]`) and
M a combining mark. Each Chinese, Japanese or Korean character is a word by itself, with its marks. Hyphens within a
line, underscores, line breaks and everything else separate words.

This works on arrays of code points, because a regular expression alone would be too slow. A word's key is the
polynomial of its characters' pseudo-random values modulo 2^64 (Karp & Rabin 1987), mixed once more. Two different
words share a key with a probability of about 2^-60. Text that is in NFC already takes a short path; otherwise only
the characters that could change are normalized (`normalization.py`).
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from poetbot.errors import PoetBotError
from poetbot.overlap import normalization as normal
from poetbot.overlap.normalization import APOSTROPHE, CJK, KIND, LETTER, MARK, NEEDS_CARE, OTHER

_CJK_MARK = 7  # a mark inside a Chinese, Japanese or Korean word
_BLOCK = 1 << 15  # characters keyed at a time, so that the arrays stay in the processor's cache
_BASE = 0x5851F42D4C957F2D
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)


@dataclass(frozen=True, eq=False)
class Words:
    """The words of `text`. Word i is `text[starts[i]:ends[i]]`; offsets are code points of the given text.

    `starts` and `ends` are int64 (n,), ascending; `keys` is uint64 (n,), equal for equal normalized words.
    `normal` holds the normalized text and the words' offsets in it.
    """

    text: str
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    keys: NDArray[np.uint64]
    normal: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.starts)

    def lines(self) -> NDArray[np.int64]:
        """Return the number of each word's line (n,), from 0."""
        characters = np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), "<u4")
        return np.flatnonzero(characters == ord("\n")).searchsorted(self.starts)

    def strings(self) -> list[str]:
        """Return the normalized words as strings."""
        points, starts, ends = self.normal
        folded = normal.folded(normal.as_text(points))
        return [folded[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def words(text: str) -> Words:
    """Return the words of a text, in linear time for any content.

    Raises PoetBotError if `text` is not a string.
    """
    if not isinstance(text, str):
        raise PoetBotError("Words can only be found in text, not in {type}.", type=type(text).__name__)
    points = normal.code_points(text)
    kinds = normal.kinds_of(points)
    places = normal.counted(text, points, kinds)
    if places is not None:
        points, kinds = points[places], kinds[places]
    if not (kinds & NEEDS_CARE).any():
        starts, ends = _boundaries(kinds & KIND)
        whence = starts, ends - 1
    else:
        shown = text if places is None else normal.as_text(points)
        points, first, last = normal.normalised(shown, kinds)
        starts, ends = _boundaries(normal.kinds_of(points) & KIND)
        whence = first[starts], last[ends - 1] - 1
    if places is not None:
        whence = places[whence[0]], places[whence[1]]
    return Words(text, whence[0], whence[1] + 1, _keys(points, starts, ends), (points, starts, ends))


def _boundaries(kinds: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where words start and end (exclusive), given the kinds of the characters."""
    if (kinds == MARK).any():
        kinds = _marks_given_away(kinds)
    quotes = np.flatnonzero(kinds[1:-1] == APOSTROPHE) + 1
    inner = quotes[(kinds[quotes - 1] == LETTER) & (kinds[quotes + 1] == LETTER)]
    letters = np.zeros(len(kinds) + 2, np.bool_)  # padded by one at either end
    np.equal(kinds, LETTER, out=letters[1:-1])
    letters[inner + 1] = True
    if not (kinds == CJK).any():
        edges = np.flatnonzero(letters[1:] != letters[:-1])
        return edges[::2], edges[1::2]
    single = kinds == CJK
    trailing = kinds == _CJK_MARK
    goes_on = np.append(trailing[1:], False)
    starts = np.flatnonzero((letters[1:-1] & ~letters[:-2]) | single)
    ends = np.flatnonzero((letters[1:-1] & ~letters[2:]) | ((single | trailing) & ~goes_on)) + 1
    return starts, ends


def _marks_given_away(kinds: NDArray[np.integer]) -> NDArray[np.integer]:
    """Return the kinds with every mark assigned to the character before it: part of a word, or of nothing."""
    marks = kinds == MARK
    holder = np.maximum.accumulate(np.where(marks, 0, np.arange(len(kinds))))
    becomes = np.array([OTHER, LETTER, _CJK_MARK, OTHER, OTHER, OTHER], np.uint8)
    return np.where(marks, becomes[kinds[holder]], kinds)


def _keys(
    points: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return the keys (n,) of the words at these offsets of a normalized text."""
    keys = np.empty(len(starts), np.uint64)
    low = 0
    while low < len(starts):
        begin = int(starts[low])
        high = max(low + 1, int(np.searchsorted(starts, begin + _BLOCK)))
        length = int(ends[high - 1]) - begin
        powers, inverses = _block_powers() if length <= 2 * _BLOCK else _powers(length)
        sums = np.zeros(length + 1, np.uint64)
        terms = normal.values_of(points[begin : begin + length])
        np.cumsum(np.multiply(terms, powers[:length], out=terms), out=sums[1:])
        head, tail = starts[low:high] - begin, ends[low:high] - begin
        keys[low:high] = (sums[tail] - sums[head]) * inverses[head]
        low = high
    return normal.mixed(keys)


def _powers(length: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the powers 0 … length - 1 of the polynomial's base modulo 2^64, and their inverses."""
    rows = []
    for base in (_BASE, _BASE_INVERSE):
        row = np.full(length, base, np.uint64)
        row[:1] = 1
        rows.append(np.cumprod(row))
    return rows[0], rows[1]


@lru_cache(maxsize=1)
def _block_powers() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    return _powers(2 * _BLOCK)
