"""The longest match at every word of a text, for all words at once (matching statistics, Chang & Lawler 1994).

For each word of the text: the length of the longest phrase from there on that occurs in the index, and the interval of
its occurrences. First for phrases of 1, 2, 4, 8 … words by doubling, then the exact lengths by halving, in
O(m log n log longest) for any text and index.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.bloom_filter import WORDS, may_contain
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.suffix_array import lower_bounds, pair_bounds

_SAMPLED = 12  # of this many phrases in a row, one is looked up first

_Number = TypeVar("_Number", bound=np.integer)
Places = NDArray[np.int64]
Known = NDArray[np.bool_]
Bounds = NDArray[np.uint32] | NDArray[np.int64]
Interval = tuple[NDArray[np.uint32], NDArray[np.uint32]]  # low and high at every word of the text


@dataclass(frozen=True, eq=False)
class Matches:
    """For each of the m words of a text: `lengths` of the longest match from there, and its interval in the index.

    All int64 (m,). `highs - lows` is the number of occurrences, meaningless if the length is 0. `levels` are the intervals
    of the phrases of 1, 2, 4, 8 … words from each word on, 0 and 0 for unread ones.
    """

    lengths: Places
    lows: Places
    highs: Places
    levels: list[Interval]


def longest_runs(index: OverlapIndex, ids: Places) -> Matches:
    """Return the longest match at every word of a text, given its word ids (m,) from `index.ids`."""
    count = len(ids)
    levels = [_single_words(index, ids)]
    while levels[-1][1].any():
        levels.append(_doubled(index, ids, levels[-1], 1 << (len(levels) - 1)))
    lengths, lows, highs = (np.zeros(count, np.int64) for _ in range(3))
    for level in reversed(range(len(levels) - 1)):
        low, high = levels[level]
        ends = np.arange(count) + lengths
        fits = ends < count
        fits[fits] = high[ends[fits]] > 0
        new = np.flatnonzero(fits & (lengths == 0))
        longer = np.flatnonzero(fits & (lengths > 0))
        there = ends[longer]
        first, past = _followed(index, lows[longer], highs[longer], lengths[longer], low[there], high[there])
        found = past > first
        longer = longer[found]
        lows[new], highs[new] = low[new], high[new]
        lows[longer], highs[longer] = first[found], past[found]
        lengths[new] = 1 << level
        lengths[longer] += 1 << level
    return Matches(lengths, lows, highs, levels)


def maximal(lengths: Places, shortest: int) -> Places:
    """Return where the maximal matches of at least `shortest` words begin, given the longest match at every word."""
    # One that doesn't end later than the previous match lies inside it.
    longer = np.diff(np.arange(len(lengths)) + lengths, prepend=-1) > 0
    return np.flatnonzero(longer & (lengths >= shortest))


def phrases(index: OverlapIndex, runs: Matches, firsts: Places, counts: Places) -> tuple[Places, Places]:
    """Return the intervals (k,) of the phrases of `counts` words from word `firsts` on, all of which were read.

    Each is put together from phrases of 8, 4, 2, 1 words, whose intervals are known.
    """
    lows, highs, done = (np.zeros(len(firsts), np.int64) for _ in range(3))
    for level in reversed(range(int(counts.max(initial=0)).bit_length())):
        low, high = runs.levels[level]
        longer = np.flatnonzero(counts & (1 << level))
        there = firsts[longer] + done[longer]
        new = done[longer] == 0
        lows[longer[new]], highs[longer[new]] = low[there[new]], high[there[new]]
        longer, there = longer[~new], there[~new]
        lows[longer], highs[longer] = _followed(
            index, lows[longer], highs[longer], done[longer], low[there], high[there]
        )
        done += counts & (1 << level)
    return lows, highs


def known_fourgrams(index: OverlapIndex, keys: NDArray[np.uint64], numbers: NDArray[np.uint64]) -> Known:
    """Return for each of the m - 3 four-word phrases whether it was read, given the keys of the words (m,).

    `numbers` are those of the phrases (`bloom_filter.run_numbers`). What passes the filter is looked up. If most phrases
    pass, the text is probably copied: then some are looked up first, and the words after each are compared with those
    that follow one of its occurrences.
    """
    known = np.zeros(len(numbers), np.bool_)
    places = np.flatnonzero(may_contain(index.sieve, numbers))
    if not len(places):
        return known
    ids = index.ids(keys)
    interval = _single_words(index, ids)
    if 2 * len(places) > len(known):
        begins, ranks = _fourgrams_at(index, ids, interval, places[places % _SAMPLED == 0])
        after = np.arange(WORDS, WORDS + _SAMPLED - 1)
        rank = index.ranks.take(index.suffixes[ranks][:, None] + after, mode="clip")
        low, high = (side.take(begins[:, None] + after, mode="clip") for side in interval)
        same = np.logical_and.accumulate((low <= rank) & (rank < high), axis=1)
        same &= begins[:, None] + after < len(ids)
        known[begins] = True
        known[(begins[:, None] + (after - (WORDS - 1)))[same]] = True
        places = places[~known[places]]
    known[_fourgrams_at(index, ids, interval, places)[0]] = True
    return known


def _fourgrams_at(
    index: OverlapIndex, ids: Places, interval: Interval, places: Places
) -> tuple[Places, Places]:
    """Return which of the four-word phrases at these places were read, and the rank of one occurrence of each.

    They are looked up as two pairs of words: first the intervals of the pairs, then whether the second follows the first.
    """
    pairs = np.zeros(len(ids), np.bool_)
    pairs[places] = pairs[places + 2] = True
    low, high = _doubled(index, ids, interval, 1, np.flatnonzero(pairs))
    places = places[(high[places] > 0) & (high[places + 2] > 0)]
    lows, highs = low[places].astype(np.int64), high[places].astype(np.int64)
    first, past = low[places + 2], high[places + 2]
    found = lower_bounds(index.suffixes, index.ranks, lows, highs, np.int64(2), first.astype(np.int64))
    follows = index.ranks.take(index.suffixes.take(found, mode="clip") + np.int64(2), mode="clip")
    read = (found < highs) & (follows < past)
    return places[read], found[read]


def _single_words(index: OverlapIndex, ids: Places) -> Interval:
    """Return the intervals of the words; 0, 0 for unread ones."""
    known = ids >= 0
    return np.where(known, index.buckets[ids], 0), np.where(known, index.buckets[ids + 1], 0)


def _doubled(
    index: OverlapIndex, ids: Places, interval: Interval, span: int, among: Places | None = None
) -> Interval:
    """Return the intervals of phrases of 2 · span words from those of span words; 0, 0 for unread ones.

    With `among`, only for the phrases that begin there.
    """
    low, high = interval
    new_low, new_high = np.zeros_like(low), np.zeros_like(high)
    if among is None:
        places = np.flatnonzero((high[:-span] > 0) & (high[span:] > 0))
    else:
        places = among[(high[among] > 0) & (high[among + span] > 0)]
    sides = low[places], high[places], low[places + span], high[places + span]
    first, past = _followed(index, *sides[:2], span, *sides[2:], words=ids[places] if span == 1 else None)
    found = past > first
    new_low[places[found]], new_high[places[found]] = first[found], past[found]
    return new_low, new_high


def _followed(
    index: OverlapIndex,
    low: Bounds,
    high: Bounds,
    depth: Places | int,
    first: Bounds,
    past: Bounds,
    words: Places | None = None,
) -> tuple[Places, Places]:
    """Return, for each interval [low, high) of phrases of `depth` words, the part followed by [first, past).

    All are (k,). For single words, their ids make it faster. Both ends are searched at once.
    """
    k = len(low)
    lows, highs = _twice(low).astype(np.int64), _twice(high).astype(np.int64)
    target = np.concatenate([first, past]).astype(np.int64)
    if words is not None:
        found = pair_bounds(index.suffixes, index.ranks, index.guides, _twice(words), lows, highs, target)
    else:
        depths = np.int64(depth) if isinstance(depth, int) else _twice(depth)
        found = lower_bounds(index.suffixes, index.ranks, lows, highs, depths, target)
    return found[:k], found[k:]


def _twice(values: NDArray[_Number]) -> NDArray[_Number]:
    """Return the values twice, (2k,); `np.tile` takes several times as long for a few hundred."""
    return np.concatenate([values, values])
