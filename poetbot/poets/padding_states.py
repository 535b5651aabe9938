"""The states of a network after the markers that pad a short seed, computed once and cached.

A network is primed with 300 characters. For a short seed nearly all of them are padding, the same for all seeds of one
length. So the memory after each length of padding is cached, and only the seed is read. The state is bit-identical to
that after reading everything: the matrix products keep rows of zeros for the skipped characters, because the rounding
of a row depends on its position among the others (see `product_behind`).
"""

import numpy as np

from poetbot.poem import MARKER
from poetbot.poets.interfaces import WritingNetwork
from poetbot.poets.network import State
from poetbot.poets.recurrent_layers import Floats
from poetbot.poets.vocabulary import PRIMING_CHARACTERS, Vocabulary


class PaddingStates:
    """The padding states of one poet, computed when first needed. Thread-safe.

    The padding of a character poet begins inside a marker, so there are five kinds, by the length of the seed modulo
    five. Sixty memories of each are cached: 2 MB in total for three LSTM layers of 300.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._turn = len(vocabulary.ids_of(MARKER))  # ids of a marker
        self._kept: dict[int, tuple[Floats, ...]] = {}

    def primed(self, network: WritingNetwork, seed: str) -> State:
        """Return the one-row state behind the padding and a seed of 1 to 299 characters."""
        read = self._vocabulary.ids_of(seed)
        kind, padding = len(seed) % self._turn, len(self._vocabulary.priming(seed)) - len(read)
        if not padding:  # no whole marker stands before it
            alone: State = network.zero_state()
            network.read(read, alone)
            return alone
        if kind not in self._kept:
            # Without a lock: two threads may both read it, and get the same.
            self._kept.setdefault(kind, self._read(network, kind))
        state: State = network.zero_state()
        for mine, kept in zip(state.memory, self._kept[kind], strict=True):
            mine[0] = kept[(padding - 1) // self._turn]
        network.read(read, state, skipped=padding)
        return state

    def _read(self, network: WritingNetwork, kind: int) -> tuple[Floats, ...]:
        """Read as much padding as there can be and return the memories at the ends of markers."""
        ids = self._vocabulary.ids_of(MARKER * (PRIMING_CHARACTERS // len(MARKER) + 1))
        ids = ids[kind:][: self._turn * PRIMING_CHARACTERS // len(MARKER)]
        state: State = network.zero_state()
        trail = tuple(np.empty((len(ids), memory.shape[1]), np.float32) for memory in state.memory)
        network.read(ids, state, trail=trail)
        return tuple(each[self._turn - 1 - kind :: self._turn].copy() for each in trail)
