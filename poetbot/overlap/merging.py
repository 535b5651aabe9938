"""Merging two suffix arrays, so that a poet's index can store its own poems only and refer to its parent's.

A fine-tuned poet has also read its parent's poems, and they make up most of its index. If both folders are side by
side, as they are for the bundled poets, the poet's folder holds the index of its own poems, the parent's name and
digest, and `places`: for each of its own suffixes, in order, how many of the parent's come before it. Merging needs
neither sorting nor searching. Word ids are ranks of ascending keys, so a larger vocabulary does not change the order.
The streams are concatenated, own poems first, so the order of the end marks does not change either.
"""

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.packed_integers import Planes, unpacked_part
from poetbot.overlap.suffix_array import Order

Keys = NDArray[np.uint64]

_BLOCK = 1 << 16  # suffixes joined at a time
_TURNS = 3
_FEW = 1 << 13  # keys that are sorted at once


def places_of(suffixes: Order, size: int) -> Order:
    """Return how many other suffixes come before each suffix of the first `size` positions (size,), in order."""
    own = np.flatnonzero(suffixes < size)
    return (own - np.arange(len(own))).astype(np.uint32)


def may_be_places(places: Order, size: int, poems: int, others: int, other_poems: int) -> bool:
    """Return whether `places` can belong to `size` suffixes of this many poems among as many `others`.

    End marks come before words, and the poet's own before the others.
    """
    ends, words = places[:poems], places[poems:]
    return (
        len(places) == size
        and not ends.any()
        and bool((words[1:] >= words[:-1]).all())
        and (not len(words) or (int(words[0]) >= other_poems and int(words[-1]) <= others))
    )


def joined_order(suffixes: Order, places: Order, others: Order | Planes) -> Order:
    """Return the suffixes (n + m,) of a stream of n positions followed by the stream of `others` (m)."""
    joined = np.empty(len(suffixes) + len(others), np.uint32)
    slots = places.astype(np.int64) + np.arange(len(places))
    done = 0
    # In blocks, because both would take as much memory again.
    for begin in range(0, len(joined), _BLOCK):
        block = joined[begin : begin + _BLOCK]
        low, high = np.searchsorted(slots, (begin, begin + len(block)))
        own = slots[low:high] - begin
        theirs = np.ones(len(block), np.bool_)
        theirs[own] = False
        count = len(block) - len(own)
        block[own] = suffixes[low:high]
        block[theirs] = unpacked_part(others, done, done + count) + np.uint32(len(suffixes))
        done += count
    return joined


def joined_words(parts: list[tuple[Keys, Order]], poems: int) -> tuple[Keys, Order]:
    """Return the vocabulary and buckets of several indexes together; each part is the pair of one. `poems` is the total."""
    vocabulary = distinct(np.concatenate([keys for keys, _ in parts]))
    often = np.zeros(len(vocabulary), np.int64)
    for keys, buckets in parts:
        ends = buckets.astype(np.int64)
        often[vocabulary.searchsorted(keys)] += ends[1:] - ends[:-1]
    return vocabulary, (poems + np.append(0, np.cumsum(often))).astype(np.uint32)


def distinct(keys: Keys) -> Keys:
    """Return the distinct keys in ascending order. np.unique is many times slower on hashes.

    Sorting takes longest, so most repetitions are removed first. The first bits of each key give its place in a table,
    and the key is written there. Only keys overwritten by another key remain for the next round, which uses other bits.
    """
    found, rest = [], keys
    for turn in range(_TURNS):
        if len(rest) < _FEW:
            break
        bits = min(len(rest).bit_length() - 2, 64 // _TURNS)
        places = (rest << np.uint64(turn * bits) >> np.uint64(64 - bits)).astype(np.int64)
        table = np.zeros(1 << bits, np.uint64)
        table[places] = rest
        used = np.zeros(1 << bits, np.bool_)
        used[places] = True
        found.append(table[used])
        rest = rest[table[places] != rest]
    ordered = np.concatenate([*found, rest])
    ordered.sort()
    return ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
