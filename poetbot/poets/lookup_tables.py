"""Functions that give the same bits on every machine: tanh, sigmoid and powers of two, looked up in tables.

NumPy's own tanh and exp are rounded differently by different instruction sets. A table's values come from `decimal`, whose
results don't depend on the machine, and the steps to an index are single additions, products and roundings, which IEEE
754 defines to the last bit.
"""

from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.poets.recurrent_layers import Floats

STEPS = 512
"""Entries of the tables of tanh and sigmoid for each unit of their argument."""
LIMIT = 10
"""The largest argument of these tables; tanh(10) is 1 in float32."""
MIDDLE = STEPS * LIMIT
"""The index of 0 in these tables."""

_EXPONENT_STEPS = 4096  # entries of the table of powers for each power of two: off by at most 0.0085 %
_LOWEST_POWER = -1100  # below the smallest number of float64
# Arrays, because NumPy takes half a microsecond to convert a Python number.
_LOWEST = np.array(float(_LOWEST_POWER * _EXPONENT_STEPS))
_FRACTION = np.array(_EXPONENT_STEPS - 1, np.int32)
_BITS = np.array(_EXPONENT_STEPS.bit_length() - 1, np.int32)
_PER_NAT = 5909.2786  # entries for each nat: 4096 / ln 2


@lru_cache(maxsize=1)
def tanh_table() -> Floats:
    """Return tanh of -10 to 10 in steps of 1/512, `[10,241]`."""
    with localcontext(prec=40):
        step, power, above = (Decimal(2) / STEPS).exp(), Decimal(1), []
        for _ in range(MIDDLE):
            power *= step
            above.append(float((power - 1) / (power + 1)))
    return np.array([*(-value for value in reversed(above)), 0.0, *above], np.float32)


@lru_cache(maxsize=1)
def sigmoid_table() -> Floats:
    """Return the sigmoid of twice -10 to 10 in steps of 1/512, `[10,241]`: sigmoid(2x) = tanh(x)/2 + 1/2."""
    return tanh_table() / np.float32(2) + np.float32(0.5)


@lru_cache(maxsize=1)
def _powers() -> npt.NDArray[np.float64]:
    """Return 2 to the power of 0 to 1 in steps of 1/4096, without the last."""
    with localcontext(prec=40):
        step, powers = (Decimal(2).ln() / _EXPONENT_STEPS).exp(), [Decimal(1)]
        for _ in range(_EXPONENT_STEPS - 1):
            powers.append(powers[-1] * step)
    return np.array([float(power) for power in powers])


@lru_cache(maxsize=1)
def _scales() -> npt.NDArray[np.float64]:
    """Return 2 to the power of 0, and of -1100 to -1: a negative exponent is its own index, counted from the end."""
    return np.ldexp(1.0, [0, *range(_LOWEST_POWER, 0)])


def exponentials(nats: npt.NDArray[np.float64], temperature: float) -> npt.NDArray[np.float64]:
    """Return exp(nats / temperature), rounded to steps of 0.017 %. `nats` are at most 0, and are overwritten."""
    nats *= _PER_NAT / temperature
    np.rint(nats, out=nats)
    np.maximum(nats, _LOWEST, out=nats)
    steps = nats.astype(np.int32)
    found = _powers().take(steps & _FRACTION)
    # Exact, as a power of two, and much faster than ldexp.
    found *= _scales().take(steps >> _BITS, mode="wrap")
    return found
