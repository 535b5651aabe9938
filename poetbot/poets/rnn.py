"""Stacked simple recurrent layers in NumPy, one step at a time: h = tanh(x W + h U + b), as in `keras.layers.SimpleRNN`.

(Elman 1990.) The input and recurrent kernels are one matrix and the h of adjacent layers are contiguous, so that a
layer's step is one product.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Floats, Ids, Memory, as_floats, input_rows


class Work(NamedTuple):
    """Views for one layer's step: into h, and into a product buffer that all layers share."""

    inputs: Floats  # h of the layer below and its own, contiguous; only its own in the lowest layer
    h: Floats
    z: Floats


class RNNLayers:
    """The simple recurrent layers of one network; their memory is h."""

    memories = 1
    columns = False

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.units = recipe.units
        biases = [as_floats(tensors[f"layers.{k}.bias"]) for k in range(recipe.layers)]
        self._rows: Floats = input_rows(recipe, tensors) + biases[0]
        self._next_biases = [*biases[1:], biases[0]]
        self._kernels: list[Floats] = [
            np.concatenate(
                [
                    as_floats(tensors[f"layers.{k}.{part}"])
                    for part in ("kernel", "recurrent_kernel")
                    if k or part != "kernel"
                ]
            )
            for k in range(recipe.layers)
        ]

    def work(self, memory: tuple[Floats, ...]) -> list[Work]:
        """Return one `Work` per layer."""
        (h,) = memory
        rows, width = h.shape
        units = self.units
        z = np.empty((rows, units), dtype=np.float32)
        return [
            Work(h[:, max(at - units, 0) : at + units], h[:, at : at + units], z)
            for at in range(0, width, units)
        ]

    def step(self, ids: Ids, work: list[Work]) -> None:
        """Read one id per row."""
        added = self._rows[ids]
        for kernel, bias, (inputs, h, z) in zip(self._kernels, self._next_biases, work, strict=True):
            np.matmul(inputs, kernel, out=z)
            z += added
            np.tanh(z, out=h)
            added = bias

    def read(self, ids: Ids, work: list[Work], skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence, step by step."""
        for t in range(len(ids)):
            self.step(ids[t : t + 1], work)
            if trail is not None:
                np.concatenate([each.h[0] for each in work], out=trail[0][t])
