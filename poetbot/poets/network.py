"""The network that writes: stacked LSTMs in NumPy, one step at a time, with the state kept.

The equations and the order of gates (i, f, c, o) are those of `keras.layers.LSTM` (Hochreiter and Schmidhuber
1997; forget gate of Gers et al. 2000). Two things make it fast on a CPU: input and recurrent kernel are one matrix,
so a layer's step is one product; and the kernels of the sigmoid gates are halved beforehand, so that one tanh serves
all four gates (sigmoid(x) = tanh(x/2)/2 + 1/2; halving is exact in floating point).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.poets.recipe import Recipe

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]


@dataclass
class State:
    """Where the network stands: h and c of each layer, `[layers, rows, units]`, and the next step's logits."""

    h: Floats
    c: Floats
    logits: Floats

    def copy(self) -> "State":
        """Return a state that shares nothing with this one."""
        return State(self.h.copy(), self.c.copy(), self.logits.copy())

    def repeated(self, rows: int) -> "State":
        """Return this one-row state for `rows` rows."""
        return State(self.h.repeat(rows, 1), self.c.repeat(rows, 1), self.logits.repeat(rows, 0))

    def take(self, rows: Any) -> "State":
        """Return the rows that an index array or slice names."""
        return State(
            np.ascontiguousarray(self.h[:, rows]), np.ascontiguousarray(self.c[:, rows]), self.logits[rows]
        )


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
        halve = np.full(4 * self.units, 0.5, dtype=np.float32)
        halve[2 * self.units : 3 * self.units] = 1.0
        self._kernels: list[Floats] = []
        self._biases: list[Floats] = []
        for k in range(recipe.layers):
            kernel = tensors[f"layers.{k}.kernel"] * halve
            recurrent = tensors[f"layers.{k}.recurrent_kernel"] * halve
            bias = tensors[f"layers.{k}.bias"] * halve
            if k == 0:
                # A one-hot input picks a row of the kernel: the product is a look-up, the bias goes with it.
                self._rows: Floats = kernel + bias
                self._kernels.append(recurrent)
            else:
                self._kernels.append(np.concatenate([kernel, recurrent]))
            self._biases.append(bias)
        self._dense = np.ascontiguousarray(tensors["dense.kernel"], dtype=np.float32)
        self._dense_bias = np.asarray(tensors["dense.bias"], dtype=np.float32)

    @property
    def size(self) -> int:
        """The number of characters the network writes."""
        return len(self._dense_bias)

    def zero_state(self, rows: int = 1) -> State:
        """Return the state before anything was read; its logits are those of the bias alone."""
        shape = (self.recipe.layers, rows, self.units)
        logits = np.tile(self._dense_bias, (rows, 1))
        return State(np.zeros(shape, np.float32), np.zeros(shape, np.float32), logits)

    def step(self, ids: Ids, state: State) -> None:
        """Read one id a row (`[rows]`), moving `state` on in place; `state.logits` are then the next character's."""
        self._read(ids, state)
        state.logits = state.h[-1] @ self._dense + self._dense_bias

    def read(self, ids: Ids, state: State) -> None:
        """Read a sequence `[steps]` into a one-row state; logits are computed for the last step only."""
        for t in range(len(ids)):
            self._read(ids[t : t + 1], state)
        if len(ids):
            state.logits = state.h[-1] @ self._dense + self._dense_bias

    def _read(self, ids: Ids, state: State) -> None:
        units = self.units
        for k, kernel in enumerate(self._kernels):
            h, c = state.h[k], state.c[k]
            if k == 0:
                z = h @ kernel
                z += self._rows[ids]
            else:
                z = np.concatenate([state.h[k - 1], h], axis=1) @ kernel
                z += self._biases[k]
            np.tanh(z, out=z)
            g = z[:, 2 * units : 3 * units]
            # Twice the gate minus one stands in z: i·g = (z_i + 1)·g / 2, and so on.
            c *= z[:, units : 2 * units] + 1
            c += (z[:, :units] + 1) * g
            c *= 0.5
            np.tanh(c, out=h)
            h *= z[:, 3 * units :] + 1
            h *= 0.5
