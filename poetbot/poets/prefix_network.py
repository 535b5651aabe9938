"""The network of word poets with prefix framing: each word is predicted by reading the whole line again.

It has an embedding, LSTM layers (the first may be bidirectional), an optional relu layer and a softmax, as in
`keras.layers`. There is no mask: in training, lines are padded in front to a fixed length and the padding is read like
words, so it is read here too. The backward direction starts from the latest word, so the line must be read again for
every word. Two things are cached: the products of the words with the input kernels, and the state of the forward
direction after k paddings.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from poetbot.poets.lstm import Gates, arranged, run
from poetbot.poets.network import Floats, Ids
from poetbot.poets.recipe import Recipe
from poetbot.poets.recurrent_layers import Memory
from poetbot.poets.word_vocabulary import FIRST_WORD, LINE_END, PADDING, UNKNOWN


class PrefixState:
    """The line of each row so far, as ids with the separator before it, and the `logits` of the next word."""

    def __init__(self, lines: list[list[int]], logits: Floats) -> None:
        self.lines, self.logits = lines, logits

    def copy(self) -> "PrefixState":
        """Return an independent copy of this state."""
        return self.take(slice(None))

    def repeated(self, rows: int) -> "PrefixState":
        """Return this one-row state, repeated for `rows` rows."""
        return PrefixState([list(self.lines[0]) for _ in range(rows)], self.logits.repeat(rows, 0))

    def take(self, rows: slice | list[int]) -> "PrefixState":
        """Return an independent copy of these rows."""
        lines = self.lines[rows] if isinstance(rows, slice) else [self.lines[row] for row in rows]
        return PrefixState([list(line) for line in lines], self.logits[rows].copy())

    def put(self, row: int, state: "PrefixState") -> None:
        """Replace one row with that of a one-row state."""
        self.lines[row], self.logits[row] = list(state.lines[0]), state.logits[0]


def tensor_shapes(recipe: Recipe, words: int) -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every tensor of a poet of this recipe and vocabulary size."""
    shapes: dict[str, tuple[int, ...]] = {"embedding.table": (words, recipe.embedding)}
    width = recipe.embedding
    for k, units in enumerate(layer_units(recipe)):
        for name in layer_names(recipe, k):
            shapes[f"{name}.kernel"] = (width, 4 * units)
            shapes[f"{name}.recurrent_kernel"] = (units, 4 * units)
            shapes[f"{name}.bias"] = (4 * units,)
        width = units * len(layer_names(recipe, k))
    if hidden := recipe.dense_units(words):
        shapes["hidden.kernel"], shapes["hidden.bias"] = (width, hidden), (hidden,)
        width = hidden
    shapes["dense.kernel"], shapes["dense.bias"] = (width, words), (words,)
    return shapes


def layer_units(recipe: Recipe) -> list[int]:
    """Return the units of each recurrent layer."""
    return [recipe.units] * (recipe.layers - 1) + [recipe.last_units or recipe.units]


def layer_names(recipe: Recipe, k: int) -> list[str]:
    """Return the tensor name prefixes of layer k: one, or two if it is bidirectional."""
    if k == 0 and recipe.bidirectional:
        return ["layers.0.forward", "layers.0.backward"]
    return [f"layers.{k}"]


class _LSTM:
    """One direction of a layer, with the equations of `keras.layers.LSTM` (poetbot/poets/lstm.py)."""

    def __init__(self, tensors: Mapping[str, Floats], name: str) -> None:
        self.kernel = arranged(tensors[f"{name}.kernel"])
        self.recurrent = arranged(tensors[f"{name}.recurrent_kernel"])
        self.bias = arranged(tensors[f"{name}.bias"])
        self.units = len(self.recurrent)

    def outputs(self, sums: Floats, h: Floats, c: Floats) -> tuple[Floats, Floats]:
        """Run from h and c `[rows, units]` over the gate sums of the inputs, `[time, rows, 4 units]`.

        Return all h `[time, rows, units]` and the last c.
        """
        c = c.copy()
        gates = Gates.of(np.empty(sums.shape[1:], np.float32))
        return run(sums, self.recurrent, h, c, gates), c


class _Paddings(NamedTuple):
    """The state of the forward direction after 0 … window paddings: h and c `[window + 1, units]`."""

    h: Floats
    c: Floats


class PrefixNetwork:
    """The network of one word poet. The ids of padding and unknown have logits of minus infinity and are never written."""

    exact = False

    def __init__(self, recipe: Recipe, tensors: Mapping[str, Floats]) -> None:
        self.recipe, self.window = recipe, recipe.window
        self._first, *rest = (
            [_LSTM(tensors, name) for name in layer_names(recipe, k)] for k in range(recipe.layers)
        )
        self._rest = [layer[0] for layer in rest]
        self._table = np.asarray(tensors["embedding.table"], np.float32)
        self._kernel = np.concatenate([half.kernel for half in self._first], axis=1)
        self._bias = np.concatenate([half.bias for half in self._first])
        # A word's row is computed when it is first read. Until then its memory is not touched.
        self._products = np.empty((len(self._table), len(self._bias)), np.float32)
        self._computed = np.zeros(len(self._table), np.bool_)
        self._hidden = "hidden.kernel" in tensors
        if self._hidden:
            self._hidden_kernel = np.asarray(tensors["hidden.kernel"], np.float32)
            self._hidden_bias = np.asarray(tensors["hidden.bias"], np.float32)
        self._dense = np.asarray(tensors["dense.kernel"], np.float32)
        self._dense_bias = np.asarray(tensors["dense.bias"], np.float32)
        self._paddings = self._after_paddings()

    @property
    def size(self) -> int:
        """The number of ids, including those that are never written."""
        return len(self._dense_bias)

    def zero_state(self, rows: int = 1) -> PrefixState:
        """Return the state before anything is read. Its logits are the bias."""
        logits = np.tile(self._dense_bias, (rows, 1))
        logits[:, [PADDING, UNKNOWN]] = -np.inf
        return PrefixState([[] for _ in range(rows)], logits)

    def step(self, ids: Ids, state: PrefixState) -> None:
        """Read one id per row (`[rows]`), updating `state` in place. `state.logits` are then those of the next word."""
        for line, number in zip(state.lines, ids.tolist(), strict=True):
            self._add(line, number)
        state.logits = self._logits_of(state.lines)

    def read(self, ids: Ids, state: PrefixState, skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence `[steps]` into a one-row state. Logits are computed for the last step only.

        There is no memory, so `skipped` and `trail` have no effect.
        """
        for number in ids.tolist():
            self._add(state.lines[0], number)
        if len(ids):
            state.logits = self._logits_of(state.lines)

    def _add(self, line: list[int], number: int) -> None:
        if LINE_END <= number < FIRST_WORD:
            line.clear()
        line.append(number)
        del line[: -self.window]

    def _logits_of(self, lines: list[list[int]]) -> Floats:
        padded = np.full((len(lines), self.window), PADDING, np.int32)
        for row, line in enumerate(lines):
            if line:
                padded[row, -len(line) :] = line
        return self.logits(padded, self.window - max(map(len, lines)))

    def logits(self, padded: Ids, paddings: int = 0) -> Floats:
        """Return the next word's logits `[rows, ids]` after `padded` `[rows, window]`.

        At least the first `paddings` ids of every row must be padding. The forward direction skips them.
        """
        rows = len(padded)
        z = self._inputs(padded.T)
        forward = self._first[0]
        h = np.empty((self.window, rows, forward.units), np.float32)
        h[:paddings] = self._paddings.h[1 : paddings + 1, None]
        h[paddings:] = forward.outputs(
            z[paddings:, :, : 4 * forward.units],
            np.tile(self._paddings.h[paddings], (rows, 1)),
            np.tile(self._paddings.c[paddings], (rows, 1)),
        )[0]
        if len(self._first) == 2:
            backward, zeros = self._first[1], np.zeros((rows, self._first[1].units), np.float32)
            back = backward.outputs(z[::-1, :, 4 * forward.units :], zeros, zeros)[0]
            h = np.concatenate([h, back[::-1]], axis=2)
        for layer in self._rest:
            zeros = np.zeros((rows, layer.units), np.float32)
            z = (h.reshape(-1, h.shape[2]) @ layer.kernel).reshape(self.window, rows, -1) + layer.bias
            h = layer.outputs(z, zeros, zeros)[0]
        last = h[-1]
        if self._hidden:
            last = np.maximum(last @ self._hidden_kernel + self._hidden_bias, 0)
        logits: Floats = last @ self._dense + self._dense_bias
        logits[:, [PADDING, UNKNOWN]] = -np.inf
        return logits

    def _inputs(self, ids: Ids) -> Floats:
        """Return the embeddings' products with the input kernels, `[*ids.shape, gates]`."""
        new = np.unique(ids[~self._computed[ids]])
        if len(new):
            self._products[new] = self._table[new] @ self._kernel + self._bias
            self._computed[new] = True
        return self._products[ids]

    def _after_paddings(self) -> _Paddings:
        forward = self._first[0]
        z = self._inputs(np.zeros(1, np.int32))[None, :, : 4 * forward.units]
        h = np.zeros((self.window + 1, forward.units), np.float32)
        c = np.zeros_like(h)
        for k in range(self.window):
            hs, last = forward.outputs(z, h[k : k + 1], c[k : k + 1])
            h[k + 1], c[k + 1] = hs[0, 0], last[0]
        return _Paddings(h, c)
