"""The suffix array of a stream of words, and its intervals.

The stream is the concatenation of the poems, each closed by an end mark of its own. An end mark equals only itself,
so no match crosses it. `suffixes[r]` is the position of the suffix of rank r; `ranks` is the inverse. The end marks
come first, in the order of the poems. All occurrences of a phrase form one interval [low, high) of `suffixes`, so
`high - low` counts them (Manber & Myers 1993).

Two adjacent phrases are joined by ranks only: of the sorted occurrences of x, those followed by y are the ones whose
rank at their end lies in the interval of y. The array is built this way (prefix doubling, Larsson & Sadakane 2007)
and searched this way, so the words themselves need not be stored.
"""

import numpy as np
from numpy.typing import NDArray

Order = NDArray[np.uint32]
Places = NDArray[np.int64]
Numbers = NDArray[np.uint64]

GUIDE_STEP = 16  # half a byte per word
_BLOCK = 1 << 15  # suffixes ranked at a time, so that the data stays in the processor's cache
_NUMBER = 64  # bits of the sorted numbers
_COUNTED = 16  # bits of numbers that NumPy sorts by counting them


def suffix_order(ids: Places, vocabulary: int, counts: Places) -> tuple[Order, Order, Order]:
    """Return `suffixes` (n,), `ranks` (n,) and `buckets` (vocabulary + 1,) of a stream of n = words + poems.

    `ids` (words,) are word ids below `vocabulary` in the order of the poems; `counts` (poems,) is the number of words
    in each poem. The occurrences of word w are the interval [buckets[w], buckets[w + 1]).
    """
    poems, size = len(counts), len(ids) + len(counts)
    ends = np.cumsum(counts) + np.arange(poems)
    is_word = np.ones(size, np.bool_)
    is_word[ends] = False
    symbols = np.empty(size + 1, np.uint64)
    symbols[ends] = np.arange(poems, dtype=np.uint64)
    symbols[:-1][is_word] = ids.astype(np.uint64) + np.uint64(poems)
    symbols[-1] = 0  # follows the last end mark; end marks are never tied, so it has no effect
    buckets = poems + np.concatenate(
        [np.zeros(1, np.int64), np.cumsum(np.bincount(ids, minlength=vocabulary))]
    )

    suffixes, ranks = np.empty(size, np.uint32), np.empty(size, np.uint32)
    slots = tied = np.arange(size)
    first, second = symbols[:-1], symbols[1:]
    bits = (vocabulary + poems).bit_length()
    depth = 2
    while len(tied):  # each round sorts what is tied over half of `depth` words by as many words after them
        tied, new = _ordered(first, second, tied, bits, size)
        suffixes[slots] = tied
        begins = np.flatnonzero(new)
        group = begins[1:] - begins[:-1]
        heads = slots[begins[:-1]]
        ranks[tied] = np.repeat(heads, group)
        several = group > 1
        still = np.flatnonzero(np.repeat(several, group))
        tied, slots = tied[still], slots[still]
        first = np.repeat(heads[several].astype(np.uint64), group[several])
        second = ranks[tied + depth].astype(np.uint64)
        bits = size.bit_length()
        depth *= 2
    return suffixes, ranks, buckets.astype(np.uint32)


def ranks_of(suffixes: Order) -> Order:
    """Return the inverse (n,) of `suffixes`, in which every number must be below n."""
    ranks = np.zeros(len(suffixes), np.uint32)
    for begin in range(0, len(suffixes), _BLOCK):
        block = suffixes[begin : begin + _BLOCK]
        ranks[block] = np.arange(begin, begin + len(block), dtype=np.uint32)
    return ranks


def _ordered(
    first: Numbers, second: Numbers, positions: Places, bits: int, size: int
) -> tuple[Places, NDArray[np.bool_]]:
    """Return positions (k,) below `size`, sorted by their pairs of numbers below 2^bits, and where a new pair begins.

    The second result is (k + 1,) and true at the end too. Sorting values is four times faster than sorting an index,
    so both numbers and the position are packed into one number if they fit (up to two million words). Small numbers are
    sorted one after the other, the second first.
    """
    pairs = first << np.uint64(bits)
    pairs |= second
    room = np.uint64(size.bit_length())
    if bits <= _COUNTED:
        order = np.argsort(second.astype(np.uint16), kind="stable")
        order = order[np.argsort(first[order].astype(np.uint16), kind="stable")]
        positions, pairs = positions[order], pairs[order]
    elif 2 * bits + int(room) <= _NUMBER:
        pairs <<= room
        pairs |= positions.astype(np.uint64)
        pairs.sort()
        positions = (pairs & ((np.uint64(1) << room) - np.uint64(1))).astype(np.int64)
        pairs >>= room
    else:
        order = np.argsort(pairs)
        positions, pairs = positions[order], pairs[order]
    new = np.ones(len(pairs) + 1, np.bool_)
    np.not_equal(pairs[1:], pairs[:-1], out=new[1:-1])
    return positions, new


def pair_guides(suffixes: Order, ranks: Order, buckets: Order) -> NDArray[np.uint64]:
    """Return for every 16th suffix its first word (1 + id, 0 for an end mark) and the rank of the rest, as one number.

    Shape (ceil(n / 16),), ascending. They reduce most of the search for a pair of words to one look-up.
    """
    every = np.arange(0, len(suffixes), GUIDE_STEP)
    word = np.searchsorted(buckets, every, "right").astype(np.uint64)
    following = ranks.take(suffixes[every].astype(np.int64) + 1, mode="clip").astype(np.uint64)
    return np.where(word > 0, (word << np.uint64(32)) | following, np.uint64(0))


def pair_bounds(
    suffixes: Order,
    ranks: Order,
    guides: NDArray[np.uint64],
    words: Places,
    low: Places,
    high: Places,
    target: Places,
) -> Places:
    """Return `lower_bounds` for single words (their ids) and their intervals, using the guides."""
    sought = ((words.astype(np.uint64) + np.uint64(1)) << np.uint64(32)) | target.astype(np.uint64)
    guide = guides.searchsorted(sought) * GUIDE_STEP
    start = np.minimum(np.maximum(guide - (GUIDE_STEP - 1), low), high)
    end = np.minimum(np.maximum(guide, low), high)
    return lower_bounds(suffixes, ranks, start, end, np.int64(1), target)


def lower_bounds(
    suffixes: Order, ranks: Order, low: Places, high: Places, depth: Places | np.int64, target: Places
) -> Places:
    """Return the first place in each [low, high] whose suffix has a rank of at least `target` after `depth` words.

    All arrays are (k,). Each range must lie in the interval of one phrase of `depth` words, where those ranks ascend.
    The binary searches run in parallel.
    """
    found = low.copy()
    wanted = target.astype(np.uint32)
    for bit in reversed(range(int((high - low).max(initial=0)).bit_length())):
        last = found + ((1 << bit) - 1)
        after = suffixes.take(last, mode="clip") + depth
        less = ranks.take(after, mode="clip") < wanted
        less &= last < high
        found += less * np.int64(1 << bit)
    return found
