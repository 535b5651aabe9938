"""Stacked LSTM layers in NumPy, one step at a time.

The equations are those of `keras.layers.LSTM` (Hochreiter and Schmidhuber 1997; forget gate of Gers et al. 2000). A
step reads all weights once, so memory bandwidth limits its speed, and only calls can be saved. The input and recurrent
kernels are one matrix, and the h of adjacent layers are contiguous, so that a layer's step is one product. The sigmoid
gates are contiguous (i, f, o, g; in Keras i, f, g, o) with their kernels halved, so that one tanh computes all four:
sigmoid(x) = tanh(x/2)/2 + 1/2. Halving is exact in floating point.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np

from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Floats, Ids, Memory, as_floats, input_rows, product_behind


class Gates(NamedTuple):
    """The sums of one layer's gates, `[rows, 4 units]`, and views of them."""

    z: Floats
    sigmoids: Floats  # i, f and o
    i: Floats
    f: Floats
    o: Floats
    g: Floats

    @classmethod
    def of(cls, z: Floats) -> "Gates":
        """Return the views of `z`, whose gates are in the order i, f, o, g."""
        units = z.shape[1] // 4
        return cls(z, z[:, : 3 * units], *(z[:, k * units : (k + 1) * units] for k in range(4)))

    def move(self, c: Floats, h: Floats) -> None:
        """Update c `[rows, units]` with these sums and write the new h. The sums are overwritten."""
        z, sigmoids, i, f, o, g = self
        np.tanh(z, out=z)
        sigmoids += 1
        sigmoids *= 0.5
        c *= f
        g *= i
        c += g
        np.tanh(c, out=h)
        h *= o


class Work(NamedTuple):
    """Views for one layer's step: into h and c, and into a gate buffer that all layers share."""

    inputs: Floats  # h of the layer below and its own, contiguous; only its own in the lowest layer
    h: Floats
    c: Floats
    gates: Gates


def arranged(tensor: Floats) -> Floats:
    """Reorder Keras' gates i, f, g, o to i, f, o, g, with the sigmoid gates halved."""
    i, f, g, o = np.split(as_floats(tensor), 4, axis=-1)
    return np.concatenate([i / 2, f / 2, o / 2, g], axis=-1)


def run(
    sums: Floats, recurrent: Floats, h: Floats, c: Floats, gates: Gates, cs: Floats | None = None
) -> Floats:
    """Run one layer from h and c `[rows, units]`, updating c in place, and return all h `[time, rows, units]`.

    sums: `[time, rows, 4 units]`, the gate sums of the inputs and the bias; recurrent: `[units, 4 units]`;
    cs: receives all c of the first row, `[time, units]`.
    """
    hs = np.empty((*sums.shape[:2], len(recurrent)), np.float32)
    for t, (added, new) in enumerate(zip(sums, hs, strict=True)):
        np.matmul(h, recurrent, out=gates.z)
        np.add(gates.z, added, out=gates.z)
        gates.move(c, new)
        h = new
        if cs is not None:
            cs[t] = c[0]
    return hs


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
                arranged(tensors[f"layers.{k}.{part}"]) for part in ("recurrent_kernel", "bias")
            )
            if k == 0:
                self._rows: Floats = arranged(input_rows(recipe, tensors)) + bias
                self._kernels.append(recurrent)
            else:
                self._kernels.append(np.concatenate([arranged(tensors[f"layers.{k}.kernel"]), recurrent]))
            biases.append(bias)
        self._next_biases = [*biases[1:], biases[0]]

    @cached_property
    def _kernels_of_many(self) -> list[Floats]:
        """The kernels for many rows, in Fortran order like their memory. OpenBLAS is faster this way for few rows."""
        return [np.asfortranarray(kernel) for kernel in self._kernels]

    def work(self, memory: tuple[Floats, ...]) -> list[Work]:
        """Return one `Work` per layer."""
        h, c = memory
        rows, width = h.shape
        units = self.units
        gates = Gates.of(np.empty((rows, 4 * units), dtype=np.float32, order="C" if rows == 1 else "F"))
        return [
            Work(h[:, max(at - units, 0) : at + units], h[:, at : at + units], c[:, at : at + units], gates)
            for at in range(0, width, units)
        ]

    def step(self, ids: Ids, work: list[Work]) -> None:
        """Read one id per row."""
        added = self._rows[ids]
        kernels = self._kernels if len(ids) == 1 else self._kernels_of_many
        for kernel, bias, (inputs, h, c, gates) in zip(kernels, self._next_biases, work, strict=True):
            z = gates.z
            np.matmul(inputs, kernel, out=z)
            z += added
            gates.move(c, h)
            added = bias

    def read(self, ids: Ids, work: list[Work], skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence layer by layer, so that its inputs are one product and a layer's kernel stays in the cache."""
        units = self.units
        sums = self._rows[ids]
        for k, (kernel, (_, last, c, gates)) in enumerate(zip(self._kernels, work, strict=True)):
            part = slice(k * units, (k + 1) * units)
            cs = None if trail is None else trail[1][:, part]
            hs = run(sums[:, None], kernel[-units:], last, c, gates, cs)[:, 0]
            last[:] = hs[-1]
            if trail is not None:
                trail[0][:, part] = hs
            if k + 1 < len(work):
                sums = product_behind(skipped, hs, self._kernels[k + 1][:units])
                sums += self._next_biases[k]
