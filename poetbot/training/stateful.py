"""The recurrent layers that train: Keras' own in what they compute, with the state carried from window to window.

Same kernels and gates as `keras.layers.LSTM`, `keras.layers.GRU` (reset after the product) and
`keras.layers.SimpleRNN`, so weights move freely between them and the NumPy network. What is their own:

- The sequence's large products stand outside the loop: the input's is one matrix product for the whole window, and so
  is the recurrent kernel's gradient. The backward pass is written out (back-propagation through time, Werbos 1990), so
  that the loop holds only what depends on the step before. On a CPU that is what makes them fast.
- The rows go in two halves, each with a loop of its own: two loops side by side keep two cores busier than one whose
  every product is shared out.
- The state is carried from window to window, and set to zero at each step where `keep` is 0: a poem may begin anywhere
  in a window.
- Recurrent dropout is one mask for a whole window on the recurrent input (Gal and Ghahramani 2016, "A theoretically
  grounded application of dropout in recurrent neural networks"). Weight drop is one mask for a whole window on the
  recurrent kernel (Merity, Keskar and Socher 2018, "Regularizing and optimizing LSTM language models", section 2),
  which costs nothing within the loop.
"""

from typing import Any

import keras
from keras import ops

from poetbot.training.gru import gru_sequence
from poetbot.training.lstm import lstm_sequence
from poetbot.training.matmul import Tensor
from poetbot.training.rnn import rnn_sequence

_ROWS_APART = 32


def rows_apart(rows: int) -> int:
    """Return into how many parts the rows of a window go; few rows stay together, and so do rows on JAX."""
    return 2 if keras.backend.backend() == "tensorflow" and rows % 2 == 0 and rows >= _ROWS_APART else 1


class CarriedLayer(keras.layers.Layer):
    """A recurrent layer over time-major windows that carries its state from one call to the next.

    inputs: ids `[time, rows]` (int32, taken as one-hot, when `one_hot` > 0) or `[time, rows, features]`;
    keep: `[time, rows, 1]` float32, 0 where the state is set to zero before that step, else 1.
    Returns `[time, rows, units]`.

    `bfloat16` rounds the factors of the products in the loop and around it; sums, weights and states stay float32.
    """

    gates: int
    """How many gates lie side by side in a kernel."""
    memories: tuple[str, ...] = ("h",)
    """What is carried from window to window, each `[rows, units]`."""
    bias_initializer: Any = "zeros"

    def __init__(
        self,
        units: int,
        rows: int,
        *,
        one_hot: int = 0,
        recurrent_dropout: float = 0.0,
        weight_drop: float = 0.0,
        bfloat16: bool = False,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.rows = rows
        self.one_hot = one_hot
        self.recurrent_dropout = recurrent_dropout
        self.weight_drop = weight_drop
        self.bfloat16 = bfloat16
        self.seed = seed
        self.parts = rows_apart(rows)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape: tuple[int | None, ...], **_: Any) -> None:
        """Make kernels (Glorot uniform, orthogonal), bias and the carried state (zeros)."""
        width = self.gates * self.units
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.one_hot or int(input_shape[-1] or 0), width),
            initializer=keras.initializers.GlorotUniform(seed=self.seed * 2 + 1),
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units, width),
            initializer=keras.initializers.Orthogonal(seed=self.seed * 2 + 2),
        )
        self.bias = self.add_weight(name="bias", shape=self.bias_shape(), initializer=self.bias_initializer)
        self.memory = [
            self.add_weight(name=name, shape=(self.rows, self.units), initializer="zeros", trainable=False)
            for name in self.memories
        ]

    def call(self, inputs: Tensor, keep: Tensor, training: bool = False) -> Tensor:
        """Run one window and leave the state where the next window takes it up."""
        mask = ops.ones((self.rows, self.units))
        kernel = ops.copy(self.recurrent_kernel)
        if training and self.recurrent_dropout > 0:
            mask = keras.random.dropout(mask, self.recurrent_dropout, seed=self.seed_generator)
        if training and self.weight_drop > 0:
            kernel = keras.random.dropout(kernel, self.weight_drop, seed=self.seed_generator)
        parts = self.parts
        runs = [
            self.sequence(self._given(inputs), keep, kernel, memory, mask)
            for inputs, keep, mask, *memory in zip(
                ops.split(inputs, parts, axis=1),
                ops.split(keep, parts, axis=1),
                ops.split(mask, parts),
                *(ops.split(ops.copy(each), parts) for each in self.memory),
                strict=True,
            )
        ]
        hs, *last = (ops.concatenate(each, axis=-2) for each in zip(*runs, strict=True))
        for carried, each in zip(self.memory, last, strict=True):
            carried.assign(each)
        return hs

    def _given(self, inputs: Tensor) -> Tensor:
        """Return what the inputs give the gates, without bias: one product for the whole window."""
        if self.one_hot:
            return ops.take(self.kernel, inputs, axis=0)
        time, rows, features = inputs.shape
        dtype = "bfloat16" if self.bfloat16 else "float32"
        flat = ops.cast(ops.reshape(inputs, (-1, features)), dtype)
        given = ops.matmul(flat, ops.cast(self.kernel, dtype))
        return ops.reshape(given, (time, rows, self.gates * self.units))

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of the bias."""
        return (self.gates * self.units,)

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, memory: list[Tensor], mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Return all outputs `[time, rows, units]` and the last of each memory.

        given: what the input gives the gates, without bias, in the dtype of the factors.
        """
        raise NotImplementedError


def _forget_gate_one(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
    units = shape[0] // 4
    return ops.concatenate(
        [ops.zeros(units, dtype), ops.ones(units, dtype), ops.zeros(2 * units, dtype)], axis=0
    )


@keras.saving.register_keras_serializable("poetbot")
class CarriedLSTM(CarriedLayer):
    """`keras.layers.LSTM`, the forget gate's bias 1 at first."""

    gates = 4
    memories = ("h", "c")
    bias_initializer = staticmethod(_forget_gate_one)

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, memory: list[Tensor], mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Run the window."""
        h, c = memory
        return lstm_sequence(given, keep, kernel, ops.copy(self.bias), h, c, mask, bfloat16=self.bfloat16)


@keras.saving.register_keras_serializable("poetbot")
class CarriedGRU(CarriedLayer):
    """`keras.layers.GRU` with `reset_after=True`. Its bias is of shape `[2, gates]`: the input's and the recurrent one."""

    gates = 3

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of both biases."""
        return (2, 3 * self.units)

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, memory: list[Tensor], mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Run the window."""
        (h,) = memory
        given = ops.cast(given, "float32") + self.bias[0]
        return gru_sequence(given, keep, kernel, self.bias[1], h, mask, bfloat16=self.bfloat16)


@keras.saving.register_keras_serializable("poetbot")
class CarriedRNN(CarriedLayer):
    """`keras.layers.SimpleRNN` with its tanh."""

    gates = 1

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, memory: list[Tensor], mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Run the window."""
        (h,) = memory
        given = ops.cast(given, "float32") + self.bias
        return rnn_sequence(given, keep, kernel, h, mask, bfloat16=self.bfloat16)
