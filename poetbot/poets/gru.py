"""Stacked GRU layers in NumPy, one step at a time.

The equations are those of `keras.layers.GRU` with `reset_after=True` (Cho et al. 2014, in the form of cuDNN: the reset
gate acts on the recurrent product, which therefore has its own bias). The kernels of the two sigmoid gates are halved,
so that sigmoid(x) = tanh(x/2)/2 + 1/2 can be computed with tanh. Halving is exact in floating point.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Floats, Ids, Memory, as_floats, input_rows, product_behind


class Work(NamedTuple):
    """Views for one layer's step: into h, and into the gate buffers that all layers share."""

    below: Floats  # h of the layer below; in the lowest layer its own, which is not read
    h: Floats
    a: Floats  # input product of the gates z, r and n
    b: Floats  # recurrent product of the gates


class GRULayers:
    """The GRU layers of one network; their memory is h."""

    memories = 1
    columns = False

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.units = recipe.units
        self._kernels: list[
            tuple[Floats, Floats]
        ] = []  # of each layer but the lowest: kernel, bias of the input
        self._recurrent: list[
            tuple[Floats, Floats]
        ] = []  # of each layer: kernel, bias of the recurrent product
        for k in range(recipe.layers):
            input_bias, recurrent_bias = _halved(tensors[f"layers.{k}.bias"], self.units)
            if k == 0:
                self._rows: Floats = _halved(input_rows(recipe, tensors), self.units) + input_bias
            else:
                self._kernels.append((_halved(tensors[f"layers.{k}.kernel"], self.units), input_bias))
            self._recurrent.append(
                (_halved(tensors[f"layers.{k}.recurrent_kernel"], self.units), recurrent_bias)
            )

    def work(self, memory: tuple[Floats, ...]) -> list[Work]:
        """Return one `Work` per layer."""
        (h,) = memory
        rows, width = h.shape
        a, b = (np.empty((rows, 3 * self.units), dtype=np.float32) for _ in range(2))
        return [
            Work(h[:, max(at - self.units, 0) : max(at, self.units)], h[:, at : at + self.units], a, b)
            for at in range(0, width, self.units)
        ]

    def step(self, ids: Ids, work: list[Work]) -> None:
        """Read one id per row."""
        for k, (recurrent, (below, h, a, b)) in enumerate(zip(self._recurrent, work, strict=True)):
            if k:
                kernel, bias = self._kernels[k - 1]
                np.matmul(below, kernel, out=a)
                a += bias
            else:
                a = self._rows[ids]
            self._move(recurrent, a, b, h, h)

    def read(self, ids: Ids, work: list[Work], skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence layer by layer, so that its inputs are one product and a layer's kernel stays in the cache."""
        given = self._rows[ids]
        for k, (recurrent, (_, last, _, b)) in enumerate(zip(self._recurrent, work, strict=True)):
            hs = np.empty((len(ids), self.units), dtype=np.float32)
            h = last
            for t in range(len(ids)):
                before, h = h, hs[t : t + 1]
                self._move(recurrent, given[t : t + 1], b, before, h)
            last[:] = h
            if trail is not None:
                trail[0][:, k * self.units : (k + 1) * self.units] = hs
            if k < len(self._kernels):
                kernel, bias = self._kernels[k]
                given = product_behind(skipped, hs, kernel)
                given += bias

    def _move(
        self, recurrent: tuple[Floats, Floats], a: Floats, b: Floats, before: Floats, h: Floats
    ) -> None:
        """Write the h that follows `before` into `h`, which may be the same array. `a` and `b` are overwritten."""
        units = self.units
        kernel, bias = recurrent
        np.matmul(before, kernel, out=b)
        b += bias
        gates, n = a[:, : 2 * units], b[:, 2 * units :]
        gates += b[:, : 2 * units]
        np.tanh(gates, out=gates)
        gates += 1
        gates *= 0.5
        n *= gates[:, units:]
        n += a[:, 2 * units :]
        np.tanh(n, out=n)
        # z h + (1 - z) n, with one product fewer.
        np.subtract(before, n, out=h)
        h *= gates[:, :units]
        h += n


def _halved(tensor: Floats, units: int) -> Floats:
    """Return the tensor with the sigmoid gates z and r, which come first, halved."""
    halved = as_floats(tensor).copy()
    halved[..., : 2 * units] /= 2
    return halved
