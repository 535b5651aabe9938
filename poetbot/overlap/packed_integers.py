"""Integers packed into fewer than four bytes on disk: any below 2^24 into three, ascending ones mostly into one.

Both forms can be memory-mapped and are unpacked in one pass, at about a billion integers per second. Packing to
single bits would save another eighth of a byte per word but take ten times as long.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.suffix_array import Order

_LOW = 16  # bits of a number's lower part
_PLANE = 8  # bits of each part above it
_BLOCK = 1 << 15  # numbers combined at a time, so that the data stays in the processor's cache
_MORE = 255


@dataclass(frozen=True, eq=False)
class Planes:
    """A permutation of n numbers split by bytes: `low` uint16 (n,) the lower 16 bits, `high` uint8 (k, n) the others.

    k is 0, 1 or 2, depending on n.
    """

    low: NDArray[np.uint16]
    high: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.low)

    @classmethod
    def of(cls, order: Order) -> "Planes":
        """Split a permutation (n,), which holds every number below n once."""
        high = np.empty((_planes(len(order)), len(order)), np.uint8)
        for k, plane in enumerate(high):
            plane[:] = order >> np.uint32(_LOW + k * _PLANE)  # the higher bits are dropped
        return cls(order.astype(np.uint16), high)

    def unpacked(self, start: int = 0, stop: int | None = None) -> Order:
        """Return the permutation (n,), or its numbers from `start` to `stop`. All are below n, even in a damaged file."""
        stop = len(self) if stop is None else stop
        places = np.empty(stop - start, np.uint32)
        for begin in range(start, stop, _BLOCK):
            block = places[begin - start : begin - start + _BLOCK]
            there = slice(begin, begin + len(block))
            block[:] = self.low[there]
            for k, plane in enumerate(self.high):
                block |= plane[there].astype(np.uint32) << np.uint32(_LOW + k * _PLANE)
            np.minimum(block, np.uint32(len(self) - 1), out=block)
        return places

    def may_be_order(self) -> bool:
        """Return whether this is very likely a permutation: the right number of parts, each with the right sum.

        The sums are taken modulo 2^16 and 2^8, which is ten times as fast as exact sums.
        """
        size = len(self)
        return (
            self.high.shape == (_planes(size), size)
            and int(self.low.sum(dtype=np.uint16)) == _sum_of_shifted(size, 0) % (1 << _LOW)
            and all(
                int(plane.sum(dtype=np.uint8)) == _sum_of_shifted(size, _LOW + k * _PLANE) % (1 << _PLANE)
                for k, plane in enumerate(self.high)
            )
        )


@dataclass(frozen=True, eq=False)
class Steps:
    """Ascending numbers below 2^32, stored as their differences: `steps` uint8 (m,), the first from 0.

    255 means that the step continues in the next byte, so a step takes one more byte for each 255.
    """

    steps: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.steps) - int(np.count_nonzero(self.steps == _MORE))

    @classmethod
    def of(cls, numbers: Order) -> "Steps":
        """Return ascending numbers (n,) as steps."""
        more, rest = np.divmod(np.diff(numbers.astype(np.int64), prepend=0), _MORE)
        ends = np.cumsum(more + 1)
        steps = np.full(int(ends[-1]) if len(ends) else 0, _MORE, np.uint8)
        steps[ends - 1] = rest
        return cls(steps)

    def unpacked(self) -> Order:
        """Return the numbers (n,)."""
        return np.cumsum(self.steps, dtype=np.uint32)[self.steps != _MORE]

    def stay_below(self, size: int) -> bool:
        """Return whether the last step is complete and every number is below `size`."""
        return not len(self.steps) or (
            int(self.steps[-1]) != _MORE and int(self.steps.sum(dtype=np.uint64)) < size
        )


def unpacked(numbers: Order | Planes | Steps) -> Order:
    """Return the numbers (n,) as one array, however they are stored."""
    return numbers if isinstance(numbers, np.ndarray) else numbers.unpacked()


def unpacked_part(order: Order | Planes, start: int, stop: int) -> Order:
    """Return a part of a permutation, however it is stored."""
    return order[start:stop] if isinstance(order, np.ndarray) else order.unpacked(start, stop)


def _planes(size: int) -> int:
    """Return how many bytes above the lower 16 bits the numbers below `size` need."""
    return max(0, -(-(max(0, size - 1).bit_length() - _LOW) // _PLANE))


def _sum_of_shifted(size: int, shift: int) -> int:
    """Return the sum of `number >> shift` for all numbers below `size`."""
    whole, rest = divmod(size, 1 << shift)
    return (whole * (whole - 1) // 2 << shift) + whole * rest
