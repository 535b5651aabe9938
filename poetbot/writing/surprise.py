"""The surprise of text under the poet's own distribution, without any rules, in nats."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.sampling import CACHED_NUMBERS
from poetbot.poets.word_vocabulary import UNKNOWN, Words
from poetbot.writing.token_healing import ids_behind
from poetbot.writing.writer import min_rows

_COLD = 1e-30  # the largest gets everything, and dividing by less may overflow
Nats = npt.NDArray[np.float64]


def surprise_of(
    logits: npt.NDArray[np.float32], ids: Sequence[int] | npt.NDArray[np.int32], temperature: float
) -> tuple[Nats, Nats]:
    """Return the surprise of one id in each row of logits `[rows, ids]`, and the expected surprise of a drawn id.

    Both are `[rows]`, in nats.
    """
    nats, expected = np.empty(len(ids)), np.empty(len(ids))
    count = max(1, CACHED_NUMBERS // logits.shape[1])
    for first in range(0, len(ids), count):
        rows = slice(first, first + count)
        shifted = logits[rows] - logits[rows].max(axis=1, keepdims=True)
        shares = np.exp(shifted)
        total = np.log(shares.sum(axis=1, dtype=np.float64))
        nats[rows] = total - shifted[np.arange(len(shifted)), ids[rows]]
        expected[rows] = total
        if temperature == 0:
            continue
        if temperature != 1:
            with np.errstate(over="ignore"):
                np.exp(np.divide(shifted, max(temperature, _COLD), out=shares), out=shares)
        # An id with probability 0 is infinitely surprising, and adds nothing.
        np.maximum(shifted, np.finfo(np.float32).min, out=shifted)
        expected[rows] -= np.einsum("ij,ij->i", shares, shifted) / shares.sum(axis=1)
    return nats, expected


def following_surprise(poet: Poet, states: Sequence[WritingState], text: str) -> Nats:
    """Return the surprise of a text after each state, in nats per character `[states]`."""
    nats, _ = read_surprise(poet, states, [text] * len(states), 1.0)
    return nats / max(1, len(text))


def read_surprise(
    poet: Poet, states: Sequence[WritingState], texts: Sequence[str], temperature: float, before: str = ""
) -> tuple[Nats, Nats]:
    """Return the surprise of each text after its state, and the expected surprise at this temperature.

    Both are `[texts]`, in nats. Unknown characters are skipped. `before` is the text the states were primed with, if it
    ends inside a line.
    """
    nats, expected = np.zeros(len(texts)), np.zeros(len(texts))
    known = UNKNOWN + 1 if isinstance(poet.vocabulary, Words) else 0
    read = [ids[ids >= known] for ids in (ids_behind(poet, before, text) for text in texts)]
    if not len(read):
        return nats, expected
    state = states[0].repeated(max(min_rows(poet.network), len(read)))
    for row, one in enumerate(states):
        state.put(row, one)
    step = np.zeros(len(state.logits), np.int32)
    for at in range(max(map(len, read))):
        going = [row for row, ids in enumerate(read) if at < len(ids)]
        step[going] = [read[row][at] for row in going]
        surprise, likely = surprise_of(state.logits[going], step[going], temperature)
        nats[going] += surprise
        expected[going] += likely
        poet.network.step(step, state)
    return nats, expected
