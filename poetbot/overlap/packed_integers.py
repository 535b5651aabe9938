"""Places in fewer bytes than four, for the disk: any below 2^24 in three, ascending ones mostly in one.

Both forms open without being read and become plain arrays in one pass over them, at a thousand million places or so a
second. Packing to the single bit would save an eighth of a byte a word more and take ten times as long.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.suffix_array import Order

_LOW = 16  # bits of a number's lower part
_PLANE = 8  # bits of each part above it
_BLOCK = 1 << 15  # numbers put together at a time, so that what is worked with stays in the processor's cache
_MORE = 255


@dataclass(frozen=True, eq=False)
class Planes:
    """An order of n places in parts: `low` uint16 (n,) their lower 16 bits, `high` uint8 (k, n) as many bytes as follow.

    k is 0, 1 or 2, as n needs.
    """

    low: NDArray[np.uint16]
    high: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.low)

    @classmethod
    def of(cls, order: Order) -> "Planes":
        """Return an order (n,), which holds every number below n once, in parts."""
        high = np.empty((_planes(len(order)), len(order)), np.uint8)
        for k, plane in enumerate(high):
            plane[:] = order >> np.uint32(_LOW + k * _PLANE)  # what is above the byte falls away
        return cls(order.astype(np.uint16), high)

    def plain(self, count: int | None = None) -> Order:
        """Return the order (n,), or its first `count` places. None of them is above n - 1, whatever the parts hold."""
        count = len(self) if count is None else count
        places = np.empty(count, np.uint32)
        for begin in range(0, count, _BLOCK):
            block = places[begin : begin + _BLOCK]
            there = slice(begin, begin + len(block))
            block[:] = self.low[there]
            for k, plane in enumerate(self.high):
                block |= plane[there].astype(np.uint32) << np.uint32(_LOW + k * _PLANE)
            np.minimum(block, np.uint32(len(self) - 1), out=block)
        return places

    def may_be_order(self) -> bool:
        """Say whether this is most likely an order: as many parts as it needs, each with the right sum.

        The sums are taken modulo 2^16 and 2^8, which is ten times as quick as exact ones.
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
    """Ascending numbers below 2^32 as the steps between them: `steps` uint8 (m,), the first from 0.

    255 says that the step goes on in the next byte. So a step takes one byte more for each 255 of it.
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

    def plain(self) -> Order:
        """Return the numbers (n,)."""
        return np.cumsum(self.steps, dtype=np.uint32)[self.steps != _MORE]

    def stay_below(self, size: int) -> bool:
        """Say whether the last step is whole and every number below `size`."""
        return not len(self.steps) or (
            int(self.steps[-1]) != _MORE and int(self.steps.sum(dtype=np.uint64)) < size
        )


def plain(numbers: Order | Planes | Steps) -> Order:
    """Return the numbers (n,) as one array, however they are held."""
    return numbers if isinstance(numbers, np.ndarray) else numbers.plain()


def _planes(size: int) -> int:
    """Return how many bytes above the lower 16 bits the numbers below `size` need."""
    return max(0, -(-(max(0, size - 1).bit_length() - _LOW) // _PLANE))


def _sum_of_shifted(size: int, shift: int) -> int:
    """Return the sum of `number >> shift` for all numbers below `size`."""
    whole, rest = divmod(size, 1 << shift)
    return (whole * (whole - 1) // 2 << shift) + whole * rest
