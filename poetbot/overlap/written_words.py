"""Which words of a text the poet wrote. Those that a person typed, the seed and any other lines, count in no figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetbot.errors import PoetBotError
from poetbot.overlap.tokens import Words

_MOST_PARTS = 20_000  # that a page may name

Typed = Sequence[tuple[int, int]]
"""Parts of a text that a person typed, [start, end) in characters, in order."""


@dataclass(frozen=True, eq=False)
class WrittenWords:
    """Which of the n words of a text are written.

    `before` is int64 (n + 1,): how many written words there are before each word, and in all. `reach` is int64 (n,):
    from each word on, how many words are written in a row; 0 for one that was typed. `continued_at` is int64 (n,): the
    place where the poet continues from each word, which for a written word is its own; n if it doesn't, as after a word
    that was typed behind a written one of its line.
    """

    before: NDArray[np.int64]
    reach: NDArray[np.int64]
    continued_at: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many words are written."""
        return int(self.before[-1])

    @property
    def typed(self) -> int:
        """How many words are not."""
        return len(self.reach) - self.count

    def any_in(self, firsts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return for each phrase [first, end) whether one of its words is written."""
        return self.before[ends] > self.before[firsts]

    def trimmed(self, lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the lengths (n,) of the phrases from each word on, cut or dropped (0) where too little was written.

        A phrase may begin with typed words that the poet continued, but half of its words or more are written. It ends
        before the next typed word.
        """
        typed = self.continued_at - np.arange(len(lengths))
        written = np.minimum(lengths - typed, np.append(self.reach, 0)[self.continued_at])
        return np.where(written >= np.maximum(typed, 1), typed + written, 0)


def written_words(found: Words, seed_characters: int = 0, typed: Typed = ()) -> WrittenWords:
    """Return which words are written. A word with any typed character is typed.

    Raises PoetBotError if the seed or a typed part doesn't lie in the text.
    """
    size = len(found.text)
    if isinstance(seed_characters, bool) or not isinstance(seed_characters, int | np.integer):
        raise PoetBotError("The length of the seed must be an integer.")
    if not 0 <= seed_characters <= size:
        raise PoetBotError(
            "The length of the seed must be from 0 to {most:,} characters, the length of its text.", most=size
        )
    written = np.ones(len(found), np.bool_)
    for start, end in [(0, int(seed_characters)), *typed]:
        if not 0 <= start <= end <= size:
            raise PoetBotError("What was typed must lie within the text.")
        if start < end:
            written[found.ends.searchsorted(start, "right") : found.starts.searchsorted(end)] = False
    return _of(written, found.lines() if not written.all() else np.zeros(len(found), np.int64))


def typed_parts(value: Any, size: int) -> tuple[tuple[int, int], ...]:
    """Return the parts of a text of this size as a page names them; none if it can't have such parts."""
    if not isinstance(value, list | tuple) or len(value) > _MOST_PARTS:
        return ()
    try:
        parts = tuple((int(start), int(end)) for start, end in value)
    except (TypeError, ValueError, OverflowError):
        return ()
    ends = [0, *(end for _, end in parts)]
    in_order = all(before <= start < end for before, (start, end) in zip(ends, parts, strict=False))
    return parts if in_order and ends[-1] <= size else ()


def _of(written: NDArray[np.bool_], lines: NDArray[np.int64]) -> WrittenWords:
    count = len(written)
    gaps = np.append(np.flatnonzero(~written), count)
    places = np.arange(count)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(written, dtype=np.int64)])
    following = np.append(np.flatnonzero(written), count)
    within_line = ~written & (before[:-1] > before[lines.searchsorted(lines)])
    continued_at = np.where(within_line, count, following[following.searchsorted(places)])
    return WrittenWords(before, gaps[gaps.searchsorted(places)] - places, continued_at)
