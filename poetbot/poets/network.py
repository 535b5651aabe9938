"""The network that writes: stacked LSTMs in NumPy, one step at a time, with the state kept.

The equations are those of `keras.layers.LSTM` (Hochreiter and Schmidhuber 1997; forget gate of Gers et al. 2000). A
step reads all weights once, so memory sets its pace; what can be saved are calls. Input and recurrent kernel are one
matrix, and the h of neighbouring layers lie side by side, so that a layer's step is one product. The sigmoid gates
stand together (i, f, o, g where Keras has i, f, g, o) with their kernels halved, so that one tanh serves all four:
sigmoid(x) = tanh(x/2)/2 + 1/2, and halving is exact in floating point.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from poetbot.poets.recipe import Recipe

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]


class State:
    """Where the network stands: h and c, `[rows, layers x units]`, and the next character's `logits` `[rows, ids]`."""

    def __init__(self, h: Floats, c: Floats, logits: Floats, units: int) -> None:
        self.h, self.c, self.logits, self.units = h, c, logits, units
        rows, width = h.shape
        z = np.empty((rows, 4 * units), dtype=np.float32)
        i, f, o, g = (z[:, k * units : (k + 1) * units] for k in range(4))
        self.work = [
            Work(
                h[:, max(at - units, 0) : at + units],
                h[:, at : at + units],
                c[:, at : at + units],
                z,
                z[:, : 3 * units],
                i,
                f,
                o,
                g,
            )
            for at in range(0, width, units)
        ]

    @property
    def top(self) -> Floats:
        """The last layer's h, `[rows, units]`."""
        return self.h[:, -self.units :]

    def copy(self) -> "State":
        """Return a state that shares nothing with this one."""
        return State(self.h.copy(), self.c.copy(), self.logits.copy(), self.units)

    def repeated(self, rows: int) -> "State":
        """Return this one-row state for `rows` rows."""
        return State(self.h.repeat(rows, 0), self.c.repeat(rows, 0), self.logits.repeat(rows, 0), self.units)

    def take(self, rows: slice) -> "State":
        """Return a state of these rows that shares nothing with this one."""
        return State(self.h[rows].copy(), self.c[rows].copy(), self.logits[rows].copy(), self.units)


class Work(NamedTuple):
    """Views of one layer's step: into the state, and into a space for its gates that all layers share."""

    inputs: Floats  # the layer below's h and its own, side by side; its own alone in the lowest layer
    h: Floats
    c: Floats
    z: Floats
    gates: Floats  # i, f and o
    i: Floats
    f: Floats
    o: Floats
    g: Floats


def tensor_shapes(recipe: Recipe, characters: int) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor that a poet of this recipe and vocabulary size has."""
    shapes: dict[str, tuple[int, ...]] = {}
    gates = 4 * recipe.units
    for k in range(recipe.layers):
        shapes[f"layers.{k}.kernel"] = (recipe.units if k else characters, gates)
        shapes[f"layers.{k}.recurrent_kernel"] = (recipe.units, gates)
        shapes[f"layers.{k}.bias"] = (gates,)
    shapes["dense.kernel"] = (recipe.units, characters)
    shapes["dense.bias"] = (characters,)
    return shapes


class Network:
    """The network of one poet, ready to step."""

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.recipe = recipe
        self.units = recipe.units
        self._kernels: list[Floats] = []
        biases: list[Floats] = []
        for k in range(recipe.layers):
            kernel, recurrent, bias = (
                self._arranged(tensors[f"layers.{k}.{part}"])
                for part in ("kernel", "recurrent_kernel", "bias")
            )
            if k == 0:
                # A one-hot input picks a row of the kernel: the product is a look-up, the bias goes with it.
                self._rows: Floats = kernel + bias
                self._kernels.append(recurrent)
            else:
                self._kernels.append(np.concatenate([kernel, recurrent]))
            biases.append(bias)
        self._next_biases = [*biases[1:], biases[0]]
        self._dense = np.ascontiguousarray(tensors["dense.kernel"], dtype=np.float32)
        self._dense_bias = np.asarray(tensors["dense.bias"], dtype=np.float32)

    def _arranged(self, tensor: Floats) -> Floats:
        """Bring Keras' gates i, f, g, o into the order i, f, o, g, with the sigmoid gates halved."""
        i, f, g, o = np.split(np.asarray(tensor, dtype=np.float32), 4, axis=-1)
        return np.concatenate([i / 2, f / 2, o / 2, g], axis=-1)

    @property
    def size(self) -> int:
        """The number of characters the network writes."""
        return len(self._dense_bias)

    def zero_state(self, rows: int = 1) -> State:
        """Return the state before anything was read; its logits are those of the bias alone."""
        shape = (rows, self.recipe.layers * self.units)
        logits = np.tile(self._dense_bias, (rows, 1))
        return State(np.zeros(shape, np.float32), np.zeros(shape, np.float32), logits, self.units)

    def step(self, ids: Ids, state: State) -> None:
        """Read one id a row (`[rows]`), moving `state` on in place; `state.logits` are then the next character's."""
        self._read(ids, state)
        state.logits = state.top @ self._dense
        state.logits += self._dense_bias

    def read(self, ids: Ids, state: State) -> None:
        """Read a sequence `[steps]` into a one-row state; logits are computed for the last step only."""
        for t in range(len(ids)):
            self._read(ids[t : t + 1], state)
        if len(ids):
            state.logits = state.top @ self._dense + self._dense_bias

    def _read(self, ids: Ids, state: State) -> None:
        added = self._rows[ids]
        for kernel, bias, (inputs, h, c, z, gates, i, f, o, g) in zip(
            self._kernels, self._next_biases, state.work, strict=True
        ):
            np.matmul(inputs, kernel, out=z)
            z += added
            np.tanh(z, out=z)
            gates += 1
            gates *= 0.5
            c *= f
            g *= i
            c += g
            np.tanh(c, out=h)
            h *= o
            added = bias
