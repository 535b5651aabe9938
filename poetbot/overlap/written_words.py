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
    from each word on, how many words are written in a row; 0 for one that was typed. `next` is int64 (n,): for each
    word, the place of the first written one from it on; n if there is none, or if the word was typed within a line, where
    the poet hasn't continued it.
    """

    before: NDArray[np.int64]
    reach: NDArray[np.int64]
    next: NDArray[np.int64]

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
        """Return the lengths (n,) of the phrases from each word on up to a word that was typed after a written one.

        So a phrase may begin with typed words, which the poet continued. It counts, with a length above 0, if at least
        half of its words are written.
        """
        typed = self.next - np.arange(len(lengths))
        written = np.minimum(lengths - typed, np.append(self.reach, 0)[self.next])
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
    written, changed = np.ones(len(found), np.bool_), np.zeros(len(found), np.bool_)
    for start, end in [(0, int(seed_characters)), *typed]:
        if not 0 <= start <= end <= size:
            raise PoetBotError("What was typed must lie within the text.")
        if start < end:
            part = slice(found.ends.searchsorted(start, "right"), found.starts.searchsorted(end))
            written[part] = False
            changed[part] |= bool(found.text[found.text.rfind("\n", 0, start) + 1 : start].strip())
    return _of(written, changed)


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


def _of(written: NDArray[np.bool_], changed: NDArray[np.bool_]) -> WrittenWords:
    count = len(written)
    gaps = np.append(np.flatnonzero(~written), count)
    places = np.arange(count)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(written, dtype=np.int64)])
    following = np.append(np.flatnonzero(written), count)
    next_written = np.where(changed, count, following[following.searchsorted(places)])
    return WrittenWords(before, gaps[gaps.searchsorted(places)] - places, next_written)
