"""From logits to the next id: temperature, top-p, greedy."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.errors import PoetBotError
from poetbot.finite import is_finite
from poetbot.poets.lookup_tables import exponentials

Floats = npt.NDArray[np.floating]
MAX_TEMPERATURE = 2.0
DEFAULT_TEMPERATURE = 0.6
"""A blind reader preferred it to 0.5, 0.7 and 0.8 (docs/quality.md)."""
_COLD = 1e-200  # dividing by less may overflow, which is correct but causes a warning
CACHED_NUMBERS = 12_000
"""Numbers to work on at a time, which stay in a core's cache."""
_BLOCK = 128  # probabilities


def validate_temperature(temperature: float) -> float:
    """Return the temperature as a float. Raises PoetBotError unless it is a number from 0 to 2."""
    value = _number(temperature)
    if value is None or not 0 <= value <= MAX_TEMPERATURE:
        raise PoetBotError("The temperature must be a number from 0 to {most:g}.", most=MAX_TEMPERATURE)
    return value


def validate_top_p(top_p: float) -> float:
    """Return top-p as a float. Raises PoetBotError unless it is above 0 and at most 1."""
    value = _number(top_p)
    if value is None or not 0 < value <= 1:
        raise PoetBotError("Top-p must be a number above 0 and at most 1.")
    return value


def _number(value: object) -> float | None:
    if isinstance(value, np.floating | np.integer):
        value = value.item()
    return float(value) if is_finite(value) else None


def probabilities(
    logits: Floats, temperature: float, top_p: float = 1.0, *, exact: bool = False
) -> npt.NDArray[np.float64]:
    """Return the distribution `[ids]` that the next id is drawn from. Ids with logits of -inf are forbidden.

    The logits are divided by the temperature before the softmax; at 0 the largest gets everything. Top-p keeps the
    smallest set of the most likely ids with at least that total probability (Holtzman et al. 2020, "The curious case of neural text degeneration").
    """
    if temperature == 0:
        chosen = np.zeros(len(logits))
        chosen[int(logits.argmax())] = 1.0
        return chosen
    shares = _unnormalized(logits, temperature, exact)
    shares /= shares.sum()
    if top_p < 1:
        order = np.argsort(-shares, kind="stable")
        before = np.cumsum(shares[order]) - shares[order]
        shares[order[before >= top_p]] = 0.0
        shares /= shares.sum()
    return shares


def _unnormalized(logits: Floats, temperature: float, exact: bool) -> npt.NDArray[np.float64]:
    """Return exp(logits / temperature), divided by that of the largest, for logits `[ids]` or `[rows, ids]`."""
    nats = np.subtract(logits, logits.max(axis=-1, keepdims=True), dtype=np.float64)
    if exact:
        return exponentials(nats, max(temperature, _COLD))
    if temperature > _COLD:
        nats /= temperature
    else:
        with np.errstate(over="ignore"):  # the largest exponent is 0; the others may be minus infinity
            nats /= temperature
    return np.exp(nats, out=nats)


def sample(
    logits: Floats, temperature: float, top_p: float, rng: np.random.Generator, *, exact: bool = False
) -> int:
    """Draw the next id. Each call takes one number from `rng`, even at temperature 0.

    `exact`: the same logits give the same id on every machine. Receipts of poems that were written otherwise need the
    exponentials of NumPy.
    """
    draw = rng.random()
    if temperature == 0:
        return int(logits.argmax())
    if top_p < 1:
        shares = probabilities(logits, temperature, top_p, exact=exact)
    else:
        # The draw divides by their sum instead, because this runs for each character.
        shares = _unnormalized(logits, temperature, exact)
    return _chosen(shares, draw)


def _chosen(shares: npt.NDArray[np.float64], draw: float) -> int:
    """Return the id that a number from 0 to 1 stands for, given probabilities `[ids]` that needn't add up to 1.

    Sums up to each id are needed in one block only. Adding up blocks takes half the time, and is rounded so little differently
    that one draw in a trillion would be another id.
    """
    if len(shares) <= _BLOCK:
        first, cumulated = 0, shares.cumsum()
        wanted = draw * cumulated[-1]
    else:
        sums = np.add.reduceat(shares, _starts(len(shares))).cumsum()
        wanted = draw * sums[-1]
        block = min(int(sums.searchsorted(wanted, side="right")), len(sums) - 1)
        first = block * _BLOCK
        cumulated = shares[first : first + _BLOCK].cumsum()
        if block:
            cumulated += sums[block - 1]
    chosen = first + int(cumulated.searchsorted(wanted, side="right"))
    # Rounding may put the draw at the end of its block. Then the last id with a probability is taken.
    return chosen if chosen < first + len(cumulated) else int(np.flatnonzero(shares[:chosen])[-1])


@lru_cache(maxsize=64)
def _starts(size: int) -> npt.NDArray[np.intp]:
    return np.arange(0, size, _BLOCK)


def sample_rows(
    logits: Floats,
    temperature: float,
    top_p: float,
    rngs: Sequence[np.random.Generator],
    *,
    exact: bool = False,
) -> list[int]:
    """Draw the next id of each row of logits `[rows, ids]` as `sample` does, each with its own generator."""
    if temperature == 0 or top_p < 1 or temperature <= _COLD:
        return [
            sample(row, temperature, top_p, rng, exact=exact) for row, rng in zip(logits, rngs, strict=True)
        ]
    chosen = []
    count = max(1, CACHED_NUMBERS // logits.shape[1])
    for first in range(0, len(rngs), count):
        rows = slice(first, first + count)
        shares = _unnormalized(logits[rows], temperature, exact)
        chosen += [_chosen(row, rng.random()) for row, rng in zip(shares, rngs[rows], strict=True)]
    return chosen
