"""Stacked LSTM layers in NumPy, one step at a time.

The equations are those of `keras.layers.LSTM` (Hochreiter and Schmidhuber 1997; forget gate of Gers et al. 2000). A
step reads all weights once, so memory sets its pace; what can be saved are calls. Input and recurrent kernel are one
matrix, and the h of neighbouring layers lie side by side, so that a layer's step is one product. The sigmoid gates
stand together (i, f, o, g where Keras has i, f, g, o) with their kernels halved, so that one tanh serves all four:
sigmoid(x) = tanh(x/2)/2 + 1/2, and halving is exact in floating point.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np

from poetbot.poets.layers import Floats, Ids, as_floats, input_rows
from poetbot.poets.recipe import Recipe


class Work(NamedTuple):
    """Views of one layer's step: into h and c, and into a space for its gates that all layers share."""

    inputs: Floats  # the layer below's h and its own, side by side; its own alone in the lowest layer
    h: Floats
    c: Floats
    z: Floats
    gates: Floats  # i, f and o
    i: Floats
    f: Floats
    o: Floats
    g: Floats


class LSTMLayers:
    """The LSTM layers of one network; their memory is h and c."""

    memories = 2
    columns = True

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.units = recipe.units
        self._kernels: list[Floats] = []
        biases: list[Floats] = []
        for k in range(recipe.layers):
            recurrent, bias = (
                _arranged(tensors[f"layers.{k}.{part}"]) for part in ("recurrent_kernel", "bias")
            )
            if k == 0:
                self._rows: Floats = _arranged(input_rows(recipe, tensors)) + bias
                self._kernels.append(recurrent)
            else:
                self._kernels.append(np.concatenate([_arranged(tensors[f"layers.{k}.kernel"]), recurrent]))
            biases.append(bias)
        self._next_biases = [*biases[1:], biases[0]]

    @cached_property
    def _kernels_of_many(self) -> list[Floats]:
        """The kernels for many rows, in columns as their memory is: OpenBLAS is faster so where rows are few."""
        return [np.asfortranarray(kernel) for kernel in self._kernels]

    def work(self, memory: tuple[Floats, ...]) -> list[Work]:
        """Return one `Work` a layer."""
        h, c = memory
        rows, width = h.shape
        units = self.units
        z = np.empty((rows, 4 * units), dtype=np.float32, order="C" if rows == 1 else "F")
        i, f, o, g = (z[:, k * units : (k + 1) * units] for k in range(4))
        return [
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

    def step(self, ids: Ids, work: list[Work]) -> None:
        """Read one id a row."""
        added = self._rows[ids]
        kernels = self._kernels if len(ids) == 1 else self._kernels_of_many
        for kernel, bias, (inputs, h, c, z, gates, i, f, o, g) in zip(
            kernels, self._next_biases, work, strict=True
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

    def read(self, ids: Ids, work: list[Work]) -> None:
        """Read a sequence layer by layer: the products of its inputs are one, and a layer's kernel stays in the cache."""
        units = self.units
        added = self._rows[ids]
        for k, (kernel, (_, last, c, z, gates, i, f, o, g)) in enumerate(
            zip(self._kernels, work, strict=True), start=1
        ):
            recurrent = kernel[-units:]
            hs = np.empty((len(ids), units), dtype=np.float32)
            h = last
            for t in range(len(ids)):
                np.matmul(h, recurrent, out=z)
                z += added[t]
                np.tanh(z, out=z)
                gates += 1
                gates *= 0.5
                c *= f
                g *= i
                c += g
                h = hs[t : t + 1]
                np.tanh(c, out=h)
                h *= o
            last[:] = h
            if k < len(work):
                added = hs @ self._kernels[k][:units]
                added += self._next_biases[k - 1]


def _arranged(tensor: Floats) -> Floats:
    """Bring Keras' gates i, f, g, o into the order i, f, o, g, with the sigmoid gates halved."""
    i, f, g, o = np.split(as_floats(tensor), 4, axis=-1)
    return np.concatenate([i / 2, f / 2, o / 2, g], axis=-1)
