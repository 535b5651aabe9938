"""The network that writes: recurrent layers in NumPy, one step at a time, with a persistent state.

It implements every recipe with many-to-many framing: any number of LSTM, GRU or simple RNN layers, reading one-hot ids
or an embedding. The layers are in `lstm.py`, `gru.py` and `rnn.py`; this module has the state and the output layer.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from poetbot.poets.gru import GRULayers
from poetbot.poets.lstm import LSTMLayers
from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Floats, Ids, Layers, Memory, as_floats
from poetbot.poets.rnn import RNNLayers

__all__ = ["Floats", "Ids", "Network", "State", "tensor_shapes"]

_GATES = {"lstm": 4, "gru": 3, "rnn": 1}


class State:
    """The network's state: the layers' memory, `[rows, layers x units]` each, and the next id's `logits` `[rows, ids]`."""

    def __init__(self, memory: tuple[Floats, ...], logits: Floats, layers: Layers, units: int) -> None:
        if layers.columns and len(logits) > 1:
            memory = tuple(np.asfortranarray(m) for m in memory)
        self.memory, self.logits = memory, logits
        self._layers, self._units = layers, units
        self.work = layers.work(memory)
        self.top = memory[0][:, -units:]
        """The last layer's h, `[rows, units]`: a view that changes with the state."""

    def copy(self) -> "State":
        """Return an independent copy of this state."""
        return self.take(slice(None))

    def repeated(self, rows: int) -> "State":
        """Return this one-row state, repeated for `rows` rows."""
        return self._of(tuple(m.repeat(rows, 0) for m in self.memory), self.logits.repeat(rows, 0))

    def take(self, rows: slice | list[int]) -> "State":
        """Return an independent copy of these rows."""
        return self._of(tuple(m[rows].copy() for m in self.memory), self.logits[rows].copy())

    def put(self, row: int, state: "State") -> None:
        """Replace one row with that of a one-row state."""
        for mine, its in zip(self.memory, state.memory, strict=True):
            mine[row] = its[0]
        self.logits[row] = state.logits[0]

    def joined(self, states: Sequence["State"]) -> "State":
        """Return the rows of several states as one, one after the other. It has no logits yet."""
        columns = zip(*(state.memory for state in states), strict=True)
        return self._of(tuple(map(np.concatenate, columns)), self.logits)

    def split_into(self, states: Sequence["State"]) -> None:
        """Give the rows of a joined state back to the states that were joined."""
        first = 0
        for state in states:
            rows = slice(first, first + len(state.logits))
            for mine, its in zip(self.memory, state.memory, strict=True):
                its[:] = mine[rows]
            state.logits = self.logits[rows]
            first = rows.stop

    def _of(self, memory: tuple[Floats, ...], logits: Floats) -> "State":
        return State(memory, logits, self._layers, self._units)


def tensor_shapes(recipe: Recipe, characters: int) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor that a poet of this recipe and vocabulary size has."""
    shapes: dict[str, tuple[int, ...]] = {}
    if recipe.embedding:
        shapes["embedding.table"] = (characters, recipe.embedding)
    gates = _GATES[recipe.cell] * recipe.units
    for k in range(recipe.layers):
        shapes[f"layers.{k}.kernel"] = (recipe.units if k else recipe.embedding or characters, gates)
        shapes[f"layers.{k}.recurrent_kernel"] = (recipe.units, gates)
        shapes[f"layers.{k}.bias"] = (2, gates) if recipe.cell == "gru" else (gates,)
    if not recipe.tied:
        shapes["dense.kernel"] = (recipe.units, characters)
    shapes["dense.bias"] = (characters,)
    return shapes


class Network:
    """The network of one poet in float32, as it was trained."""

    exact = False

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.recipe = recipe
        self.units = recipe.units
        self._layers: Layers
        if recipe.cell == "lstm":
            self._layers = LSTMLayers(recipe, tensors)
        elif recipe.cell == "gru":
            self._layers = GRULayers(recipe, tensors)
        else:
            self._layers = RNNLayers(recipe, tensors)
        kernel = tensors["embedding.table"].T if recipe.tied else tensors["dense.kernel"]
        self._dense = np.ascontiguousarray(kernel, dtype=np.float32)
        self._dense_bias = as_floats(tensors["dense.bias"])

    @property
    def size(self) -> int:
        """The number of characters the network writes."""
        return len(self._dense_bias)

    def zero_state(self, rows: int = 1) -> State:
        """Return the state before anything is read. Its logits are the bias."""
        shape = (rows, self.recipe.layers * self.units)
        memory = tuple(np.zeros(shape, np.float32) for _ in range(self._layers.memories))
        return State(memory, np.tile(self._dense_bias, (rows, 1)), self._layers, self.units)

    def step(self, ids: Ids, state: State) -> None:
        """Read one id per row (`[rows]`), updating `state` in place. `state.logits` are then those of the next character."""
        self._layers.step(ids, state.work)
        # In row order whatever the memory's order is, so that a row's logits are rounded the same for any number of rows.
        state.logits = np.ascontiguousarray(state.top) @ self._dense
        state.logits += self._dense_bias

    def read(self, ids: Ids, state: State, skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence `[steps]` into a one-row state. Logits are computed for the last step only.

        For `skipped` and `trail` see `Layers.read`.
        """
        if len(ids):
            self._layers.read(ids, state.work, skipped, trail)
            state.logits = state.top @ self._dense + self._dense_bias
