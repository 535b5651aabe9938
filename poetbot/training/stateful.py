"""The recurrent layers for training: they compute what Keras' layers do, and carry the state from window to window.

They have the same kernels and gates as `keras.layers.LSTM`, `keras.layers.GRU` (with `reset_after`) and
`keras.layers.SimpleRNN`, so weights can be moved between them and the NumPy network. The differences:

- The large products are outside the loop over time: the input's is one matrix product for the whole window, and so is
  the gradient of the recurrent kernel. The backward pass is written out (back-propagation through time, Werbos 1990),
  so that the loop contains only what depends on the previous step. That is what makes them fast on a CPU.
- The rows are split into halves, each with its own loop: two loops in parallel keep two cores busier than one loop
  whose products are split.
- The state is carried from window to window, and reset to zero before each step where `keep` is 0, because a poem can
  begin anywhere in a window.
- Recurrent dropout uses one mask per window on the recurrent input (Gal and Ghahramani 2016, "A theoretically grounded
  application of dropout in recurrent neural networks"). Weight drop uses one mask per window on the recurrent kernel
  (Merity, Keskar and Socher 2018, "Regularizing and optimizing LSTM language models", section 2), which costs nothing
  inside the loop.
"""

from typing import Any

import keras
from keras import ops

from poetbot.training.gru import gru_sequence
from poetbot.training.lstm import lstm_sequence
from poetbot.training.matmul import Tensor
from poetbot.training.rnn import rnn_sequence

_MIN_ROWS_TO_SPLIT = 32


def parts_of(rows: int) -> int:
    """Return into how many parts the rows of a window are split. Few rows stay together, and so do rows on JAX."""
    return (
        2 if keras.backend.backend() == "tensorflow" and rows % 2 == 0 and rows >= _MIN_ROWS_TO_SPLIT else 1
    )


class StatefulLayer(keras.layers.Layer):
    """A recurrent layer over time-major windows that carries its state from one call to the next.

    inputs: ids `[time, rows]` (int32, treated as one-hot, if `one_hot` > 0) or `[time, rows, features]`;
    keep: `[time, rows, 1]` float32, 0 where the state is reset before that step, else 1.
    Returns `[time, rows, units]`.

    `bfloat16` rounds the factors of the products in the loop and around it; sums, weights and states stay float32.
    """

    gates: int
    """The number of gates side by side in a kernel."""
    memories: tuple[str, ...] = ("h",)
    """The states carried from window to window, each `[rows, units]`."""
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
        self.parts = parts_of(rows)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape: tuple[int | None, ...], **_: Any) -> None:
        """Create the kernels (Glorot uniform, orthogonal), the bias and the state (zeros)."""
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
        """Run one window and store the state for the next one."""
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
        """Return the inputs' contribution to the gates, without bias: one product for the whole window."""
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
        """Return all outputs `[time, rows, units]` and the last value of each state.

        given: the inputs' contribution to the gates, without bias, in the dtype of the factors.
        """
        raise NotImplementedError


def _forget_gate_one(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
    units = shape[0] // 4
    return ops.concatenate(
        [ops.zeros(units, dtype), ops.ones(units, dtype), ops.zeros(2 * units, dtype)], axis=0
    )


@keras.saving.register_keras_serializable("poetbot")
class StatefulLSTM(StatefulLayer):
    """`keras.layers.LSTM`, with the forget gate's bias starting at 1."""

    gates = 4
    memories = ("h", "c")
    bias_initializer = staticmethod(_forget_gate_one)

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, memory: list[Tensor], mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Run the window."""
        h, c = memory
        return lstm_sequence(given, keep, kernel, ops.copy(self.bias), (h, c), mask, bfloat16=self.bfloat16)


@keras.saving.register_keras_serializable("poetbot")
class StatefulGRU(StatefulLayer):
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
class StatefulRNN(StatefulLayer):
    """`keras.layers.SimpleRNN` with its tanh."""

    gates = 1

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, memory: list[Tensor], mask: Tensor
    ) -> tuple[Tensor, ...]:
        """Run the window."""
        (h,) = memory
        given = ops.cast(given, "float32") + self.bias
        return rnn_sequence(given, keep, kernel, h, mask, bfloat16=self.bfloat16)
