"""The LSTM network in integers: the same poem from the same receipt on every machine, alone or among others.

The rounding of a float32 product depends on the library, on the processor, and on the number of rows. So weights are
rounded to 8-bit integers with a scale for each column, and h to 8 bits, both held in float32. Every sum of their products
stays below 2^24, so float32 holds it exactly, in any order of addition. What follows is a single addition or
product for each number, which IEEE 754 defines to the last bit, and a look-up (`lookup_tables.py`). Rounding to 8 bits
costs too little to measure (docs/figures.md) and needs no training (compare Jacob et al. 2018, "Quantization
and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR, arXiv:1712.05877).
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from poetbot.poets.lookup_tables import MIDDLE, STEPS, sigmoid_table, tanh_table
from poetbot.poets.lstm import arranged
from poetbot.poets.network import State
from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Floats, Ids, Memory, as_floats

_LARGEST = 127  # of a weight
_EXACT = 2**24 - 1  # the largest sum of integers that float32 holds whatever the order
# Arrays, because NumPy takes half a microsecond to convert a Python number. The half lets the conversion to integers
# round to the nearest.
_PER_UNIT, _ROUNDING_MIDDLE = np.array(STEPS, np.float32), np.array(MIDDLE + 0.5, np.float32)


class _Product(NamedTuple):
    """Integer weights `[inputs, outputs]`, and the value of 1 in each column."""

    weights: Floats
    scales: Floats


class _Work(NamedTuple):
    """Views for one layer's step: h of the layer below and its own (contiguous), its own h, and its c."""

    inputs: Floats
    h: Floats
    c: Floats


def rounded(kernel: Floats, largest: int) -> _Product:
    """Return a kernel `[inputs, outputs]` in integers up to `largest`."""
    most = np.abs(kernel).max(axis=0)
    scales = np.where(most > 0, most, np.float32(1)).astype(np.float32) / np.float32(largest)
    return _Product(np.ascontiguousarray(np.rint(kernel / scales)), scales)


class _Layers:
    """The LSTM layers. Their memory is h, in integers, and c."""

    memories = 2
    columns = False

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats], largest: int) -> None:
        units = self._units = recipe.units
        self._h_scaled = tanh_table() * np.float32(largest)
        self._products: list[_Product] = []
        self._biases: list[Floats] = []
        for k in range(recipe.layers):
            recurrent, bias = (
                arranged(tensors[f"layers.{k}.{part}"]) for part in ("recurrent_kernel", "bias")
            )
            if k == 0:
                kernel = recurrent
                self._rows = _input_rows(recipe, tensors)
            else:
                kernel = np.concatenate([arranged(tensors[f"layers.{k}.kernel"]), recurrent])
            weights, scales = rounded(kernel, _LARGEST)
            self._products.append(_Product(weights, scales / np.float32(largest) * _PER_UNIT))
            self._biases.append(bias * _PER_UNIT + _ROUNDING_MIDDLE)
        self._rows *= _PER_UNIT
        self._rows += self._biases[0]
        assert all(len(each.scales) == 4 * units for each in self._products)

    def work(self, memory: tuple[Floats, ...]) -> list[_Work]:
        """Return one `_Work` per layer."""
        h, c = memory
        units = self._units
        return [
            _Work(h[:, max(at - units, 0) : at + units], h[:, at : at + units], c[:, at : at + units])
            for at in range(0, h.shape[1], units)
        ]

    def step(self, ids: Ids, work: list[_Work]) -> None:
        """Read one id per row."""
        for k, (product, (inputs, h, c)) in enumerate(zip(self._products, work, strict=True)):
            sums = inputs.dot(product.weights)  # for one row faster than @
            sums *= product.scales
            sums += self._biases[k] if k else self._rows.take(ids, axis=0)
            self._move(sums, h, c)

    def read(self, ids: Ids, work: list[_Work], skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence layer by layer, so that its inputs are one product. `skipped` changes nothing here."""
        units = self._units
        below = np.empty((0, 0), np.float32)
        for k, (product, (_, h, c)) in enumerate(zip(self._products, work, strict=True)):
            from_below = below @ product.weights[:units] if k else None
            hs = np.empty((len(ids), units), np.float32)
            recurrent = product.weights[-units:]
            for t, number in enumerate(ids):
                sums = h @ recurrent
                if from_below is not None:
                    sums += from_below[t]
                sums *= product.scales
                sums += self._biases[k] if k else self._rows[number]
                self._move(sums, h, c)
                hs[t] = h[0]
                if trail is not None:
                    trail[1][t, k * units : (k + 1) * units] = c[0]
            if trail is not None:
                trail[0][:, k * units : (k + 1) * units] = hs
            below = hs

    def _move(self, sums: Floats, h: Floats, c: Floats) -> None:
        """Update c and h `[rows, units]` with the gates' sums `[rows, 4 units]`, which are scaled to indices."""
        units = self._units
        places = sums.astype(np.int32)
        gates = sigmoid_table().take(places[:, : 3 * units], mode="clip")
        new = tanh_table().take(places[:, 3 * units :], mode="clip")
        c *= gates[:, units : 2 * units]
        new *= gates[:, :units]
        c += new
        index = np.multiply(c, _PER_UNIT, out=new)
        index += _ROUNDING_MIDDLE
        shown = self._h_scaled.take(index.astype(np.int32), mode="clip")
        shown *= gates[:, 2 * units :]
        np.rint(shown, out=h)


def _input_rows(recipe: Recipe, tensors: Mapping[str, Floats]) -> Floats:
    """Return the product of each id with the lowest layer's kernel, `[ids, 4 units]`, the same on every machine."""
    kernel = arranged(tensors["layers.0.kernel"])
    if not recipe.embedding:
        return kernel.copy()
    weights, scales = rounded(kernel, _LARGEST)
    table, row_scales = rounded(
        as_floats(tensors["embedding.table"]).T, _EXACT // (_LARGEST * recipe.embedding)
    )
    found: Floats = table.T @ weights
    found *= scales
    found *= row_scales[:, None]
    return found


class IntegerNetwork:
    """The network of one poet in integers. `exact`: its results depend on nothing but the weights and what it reads."""

    exact = True

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.recipe = recipe
        inputs = (2 if recipe.layers > 1 else 1) * recipe.units
        largest = min(_LARGEST, _EXACT // (_LARGEST * inputs))
        self._layers = _Layers(recipe, tensors, largest)
        kernel = as_floats(tensors["embedding.table"].T if recipe.tied else tensors["dense.kernel"])
        weights, scales = rounded(kernel, _LARGEST)
        self._dense = _Product(weights, scales / np.float32(largest))
        self._dense_bias = as_floats(tensors["dense.bias"])

    @property
    def size(self) -> int:
        """The number of ids the network writes."""
        return len(self._dense_bias)

    def zero_state(self, rows: int = 1) -> State:
        """Return the state before anything is read. Its logits are the bias."""
        shape = (rows, self.recipe.layers * self.recipe.units)
        memory = (np.zeros(shape, np.float32), np.zeros(shape, np.float32))
        return State(memory, np.tile(self._dense_bias, (rows, 1)), self._layers, self.recipe.units)

    def step(self, ids: Ids, state: State) -> None:
        """Read one id per row (`[rows]`), updating `state` in place."""
        self._layers.step(ids, state.work)
        self._set_logits(state)

    def read(self, ids: Ids, state: State, skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence `[steps]` into a one-row state. Logits are computed for the last step only."""
        if len(ids):
            self._layers.read(ids, state.work, skipped, trail)
            self._set_logits(state)

    def _set_logits(self, state: State) -> None:
        state.logits = state.top.dot(self._dense.weights)
        state.logits *= self._dense.scales
        state.logits += self._dense_bias
