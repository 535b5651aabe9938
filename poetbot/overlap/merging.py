"""Two orders of suffixes made one, so that a poet's index may hold its own poems alone and point to its parent's.

A fine-tuned poet has read its parent's poems too, and they are most of its index. Where both lie side by side, as the
poets that come with PoetBot do, its folder holds the index of its own poems, the parent's name and digest, and `places`:
for each of its own suffixes, in order, how many of the parent's come before it. Nothing has to be sorted or searched to
join them: word ids are ranks of ascending keys, so a larger vocabulary changes no order, and the streams stand one
after the other, own poems first, so no end changes its order either.
"""

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.suffix_array import Order

Keys = NDArray[np.uint64]


def places_of(suffixes: Order, size: int) -> Order:
    """Return how many of the other suffixes come before each of the first `size` positions' (size,), in their order."""
    own = np.flatnonzero(suffixes < size)
    return (own - np.arange(len(own))).astype(np.uint32)


def may_be_places(places: Order, size: int, poems: int, others: Order, other_poems: int) -> bool:
    """Say whether `places` may be those of `size` suffixes of so many poems among the `others`.

    Ends come before words, and one's own before the others'.
    """
    ends, words = places[:poems], places[poems:]
    return (
        len(places) == size
        and not ends.any()
        and bool((words[1:] >= words[:-1]).all())
        and (not len(words) or (int(words[0]) >= other_poems and int(words[-1]) <= len(others)))
    )


def joined_order(suffixes: Order, places: Order, others: Order) -> Order:
    """Return the suffixes (n + m,) of a stream of n positions followed by the one of m that `others` is of."""
    joined = np.empty(len(suffixes) + len(others), np.uint32)
    taken = np.zeros(len(joined), np.bool_)
    slots = places.astype(np.int64) + np.arange(len(places))
    taken[slots] = True
    joined[slots] = suffixes
    joined[~taken] = others + np.uint32(len(suffixes))
    return joined


def joined_words(parts: list[tuple[Keys, Order]], poems: int) -> tuple[Keys, Order]:
    """Return vocabulary and buckets of several together, with so many poems in all; each part is both of one."""
    vocabulary = distinct(np.concatenate([keys for keys, _ in parts]))
    often = np.zeros(len(vocabulary), np.int64)
    for keys, buckets in parts:
        ends = buckets.astype(np.int64)
        often[vocabulary.searchsorted(keys)] += ends[1:] - ends[:-1]
    return vocabulary, (poems + np.append(0, np.cumsum(often))).astype(np.uint32)


def distinct(keys: Keys) -> Keys:
    """Return every key once, ascending; np.unique is many times slower on hashes."""
    ordered = np.sort(keys)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
