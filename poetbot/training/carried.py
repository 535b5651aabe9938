"""GRU and simple RNN layers that train: Keras' own in what they compute, with the state carried from window to window.

Same kernels and gates as `keras.layers.GRU` (reset after the product) and `keras.layers.SimpleRNN`, so weights move
freely between them and the NumPy network. As in the LSTM layers, the product of the window's input is one matrix
product, so is the recurrent kernel's gradient, and the state is set to zero at each step where `keep` is 0. The
backward pass is written out (back-propagation through time, Werbos 1990), so that the loop holds nothing else.
"""

from typing import Any

import keras
from keras import ops

from poetbot.training.gru import gru_sequence
from poetbot.training.product import Tensor, product
from poetbot.training.rnn import rnn_sequence


class CarriedLayer(keras.layers.Layer):
    """A recurrent layer over time-major windows that carries its state from one call to the next.

    inputs: ids `[time, rows]` (int32, taken as one-hot, when `one_hot` > 0) or `[time, rows, features]`;
    keep: `[time, rows, 1]` float32, 0 where the state is set to zero before that step, else 1.
    Returns `[time, rows, units]`.

    While it trains, one mask a window falls on the recurrent input of each row (`recurrent_dropout`: Gal and Ghahramani
    2016) or on the recurrent kernel (`weight_drop`: Merity et al. 2017, "Regularizing and optimizing LSTM language
    models", section 2). `bfloat16` rounds the factors of the products; sums, weights and states stay float32.
    """

    gates: int
    """How many gates lie side by side in a kernel."""

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
        self.bias = self.add_weight(name="bias", shape=self.bias_shape(), initializer="zeros")
        self.h = self.add_weight(
            name="h", shape=(self.rows, self.units), initializer="zeros", trainable=False
        )

    def call(self, inputs: Tensor, keep: Tensor, training: bool = False) -> Tensor:
        """Run one window and leave the state where the next window takes it up."""
        if self.one_hot:
            given = ops.take(self.kernel, inputs, axis=0)
        else:
            time, rows, features = inputs.shape
            flat = product(ops.reshape(inputs, (-1, features)), self.kernel, self.bfloat16)
            given = ops.reshape(flat, (time, rows, self.gates * self.units))
        mask = ops.ones((self.rows, self.units))
        kernel = ops.copy(self.recurrent_kernel)
        if training and self.recurrent_dropout > 0:
            mask = keras.random.dropout(mask, self.recurrent_dropout, seed=self.seed_generator)
        if training and self.weight_drop > 0:
            kernel = keras.random.dropout(kernel, self.weight_drop, seed=self.seed_generator)
        hs, h = self.sequence(given, keep, kernel, ops.copy(self.h), mask)
        self.h.assign(h)
        return hs

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of the bias."""
        raise NotImplementedError

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, h: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Return all outputs `[time, rows, units]` and the last h, of what the input gives the gates (without bias)."""
        raise NotImplementedError


@keras.saving.register_keras_serializable("poetbot")
class CarriedGRU(CarriedLayer):
    """`keras.layers.GRU` with `reset_after=True`. Its bias is of shape `[2, gates]`: the input's and the recurrent one."""

    gates = 3

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of both biases."""
        return (2, 3 * self.units)

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, h: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Run the window."""
        given = given + self.bias[0]
        return gru_sequence(given, keep, kernel, self.bias[1], h, mask, bfloat16=self.bfloat16)


@keras.saving.register_keras_serializable("poetbot")
class CarriedRNN(CarriedLayer):
    """`keras.layers.SimpleRNN` with its tanh."""

    gates = 1

    def bias_shape(self) -> tuple[int, ...]:
        """Return the shape of the bias."""
        return (self.units,)

    def sequence(
        self, given: Tensor, keep: Tensor, kernel: Tensor, h: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Run the window."""
        return rnn_sequence(given + self.bias, keep, kernel, h, mask, bfloat16=self.bfloat16)
