"""A Bloom filter of four-word phrases, which rejects seven in eight unread phrases at once.

It has one hash function and eight bits per phrase (Bloom 1970): the bit of a phrase that was read is always set, that of
another in about 12 % of cases. What passes is looked up in the suffix array, so the filter makes a check faster and
never changes its result.
"""

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.normalization import mixed

WORDS = 4
_FACTORS = mixed(np.arange(WORDS, dtype=np.uint64)) | np.uint64(
    1
)  # combine the keys of four words into one number
_HALF = np.uint64(32)
_MOST = (1 << 29) - 1  # bytes, so that the number of bits is below 2^32

Numbers = NDArray[np.uint64]


def run_numbers(keys: Numbers) -> Numbers:
    """Return a 64-bit number for each phrase of four words (m - 3,), from the keys of the words (m,)."""
    total = max(0, len(keys) - WORDS + 1)
    numbers = keys[:total] * _FACTORS[0]
    for k in range(1, WORDS):
        numbers += keys[k : total + k] * _FACTORS[k]
    return numbers


def bloom_filter_of(keys: Numbers, counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the filter (bytes,) of all four-word phrases in poems of `counts` words, given the keys of all words."""
    numbers = _inside(keys, counts)
    size = 8 * max(1, min(len(numbers), _MOST))
    bits = np.zeros(size, np.bool_)
    bits[_bit_of(numbers, size)] = True
    return np.packbits(bits, bitorder="little")


def extended(sieve: NDArray[np.uint8], keys: Numbers, counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return a filter of the same size that also contains the phrases of these poems."""
    bits = _bit_of(_inside(keys, counts), 8 * len(sieve))
    more = np.array(sieve)
    np.bitwise_or.at(more, bits >> 3, np.uint8(1) << (bits & 7).astype(np.uint8))
    return more


def _inside(keys: Numbers, counts: NDArray[np.int64]) -> Numbers:
    """Return the numbers of all four-word phrases that lie within one poem."""
    numbers = run_numbers(keys)
    inside = np.ones(len(keys), np.bool_)
    ends = np.cumsum(counts)
    for k in range(1, WORDS):
        inside[(ends - k)[counts >= k]] = False
    return numbers[inside[: len(numbers)]]


def may_contain(sieve: NDArray[np.uint8], numbers: Numbers) -> NDArray[np.bool_]:
    """Return for each phrase (k,), given its number, whether it may have been read. False is certain."""
    bits = _bit_of(numbers, 8 * len(sieve))
    return (sieve[bits >> 3] >> (bits & 7).astype(np.uint8)) & 1 > 0


def _bit_of(numbers: Numbers, size: int) -> NDArray[np.int64]:
    numbers = numbers >> _HALF
    numbers *= np.uint64(size)
    numbers >>= _HALF
    return numbers.astype(np.int64)
