"""The LSTM layer that trains: Keras' LSTM, with the sequence's large products taken out of the loop.

Same kernels, gates and order of gates (i, f, c, o) as `keras.layers.LSTM`, so weights move freely between them and
the NumPy network. Three things are its own:

- The input's product is one matrix product for the whole window, and so is the recurrent kernel's gradient: the
  backward pass is written out (Graves 2013, "Generating sequences with recurrent neural networks", section 2) and
  the loop holds only what depends on the step before. On a CPU that is what makes it fast.
- The state is carried from window to window, and set to zero at each step where `keep` is 0: a poem may begin
  anywhere in a window.
- Recurrent dropout is one mask for a whole window on the recurrent input (Gal and Ghahramani 2016, "A
  theoretically grounded application of dropout in recurrent neural networks"), which costs one product a step.
  Weight drop is one mask for a whole window on the recurrent kernel (Merity et al. 2017), which costs nothing a step.
"""

from typing import Any

import keras
from keras import ops

from poetbot.training.scan import scan

Tensor = Any
"""A tensor of the backend in use (TensorFlow, or JAX where KERAS_BACKEND says so)."""


@keras.saving.register_keras_serializable("poetbot")
class CarriedLSTM(keras.layers.Layer):
    """An LSTM over time-major windows that carries its state from one call to the next.

    inputs: ids `[time, rows]` (int32, taken as one-hot, when `one_hot` > 0) or `[time, rows, features]`;
    keep: `[time, rows, 1]` float32, 0 where the state is set to zero before that step, else 1.
    Returns `[time, rows, units]`.

    `bfloat16` rounds the factors of the products in the loop and around it (sums stay float32); weights, states
    and everything else are float32 in any case.
    """

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
        """Make kernels (Glorot uniform, orthogonal), bias (forget gate 1) and the carried state (zeros)."""
        features = self.one_hot or int(input_shape[-1] or 0)
        seeds = [self.seed * 2 + 1, self.seed * 2 + 2]
        self.kernel = self.add_weight(
            name="kernel",
            shape=(features, 4 * self.units),
            initializer=keras.initializers.GlorotUniform(seed=seeds[0]),
        )
        self.recurrent_kernel = self.add_weight(
            name="recurrent_kernel",
            shape=(self.units, 4 * self.units),
            initializer=keras.initializers.Orthogonal(seed=seeds[1]),
        )
        self.bias = self.add_weight(name="bias", shape=(4 * self.units,), initializer=_forget_gate_one)
        self.h, self.c = (
            self.add_weight(name=name, shape=(self.rows, self.units), initializer="zeros", trainable=False)
            for name in ("h", "c")
        )

    def call(self, inputs: Tensor, keep: Tensor, training: bool = False) -> Tensor:
        """Run one window and leave the state where the next window takes it up."""
        if self.one_hot:
            z = ops.take(self.kernel, inputs, axis=0) + self.bias
        else:
            time, rows, features = inputs.shape
            flat = _product(ops.reshape(inputs, (-1, features)), self.kernel, self.bfloat16)
            z = ops.reshape(flat, (time, rows, 4 * self.units)) + self.bias
        mask = None
        if training and self.recurrent_dropout > 0:
            mask = keras.random.dropout(
                ops.ones((self.rows, self.units)), self.recurrent_dropout, seed=self.seed_generator
            )
        kernel = ops.copy(self.recurrent_kernel)
        if training and self.weight_drop > 0:
            kernel = keras.random.dropout(kernel, self.weight_drop, seed=self.seed_generator)
        hs, h, c = _sequence(
            z,
            keep,
            kernel,
            ops.copy(self.h),
            ops.copy(self.c),
            mask,
            self.bfloat16,
        )
        self.h.assign(h)
        self.c.assign(c)
        return hs


def _forget_gate_one(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
    units = shape[0] // 4
    return ops.concatenate(
        [ops.zeros(units, dtype), ops.ones(units, dtype), ops.zeros(2 * units, dtype)], axis=0
    )


def _product(a: Tensor, b: Tensor, bfloat16: bool) -> Tensor:
    if not bfloat16:
        return ops.matmul(a, b)
    return ops.cast(ops.matmul(ops.cast(a, "bfloat16"), ops.cast(b, "bfloat16")), "float32")


def _sequence(
    z: Tensor, keep: Tensor, kernel: Tensor, h0: Tensor, c0: Tensor, mask: Tensor | None, bfloat16: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Return all outputs `[time, rows, units]` and the last h and c `[rows, units]`, with a gradient written out.

    z: `[time, rows, 4 units]`, what input and bias give the gates. Gradients flow to z and kernel only; the carried
    state is where back-propagation through time is truncated.
    """
    units = kernel.shape[0]

    def recurrent_input(h: Tensor) -> Tensor:
        return h if mask is None else h * mask

    @ops.custom_gradient
    def run(z: Tensor, kernel: Tensor) -> tuple[Any, Any]:
        rounded = ops.cast(kernel, "bfloat16") if bfloat16 else kernel

        def step(carry: Any, x: Any) -> tuple[Any, Any]:
            h, c = carry
            z_t, keep_t = x
            h, c = h * keep_t, c * keep_t
            z_t = z_t + _product(recurrent_input(h), rounded, bfloat16)
            i_f = ops.sigmoid(z_t[:, : 2 * units])
            g = ops.tanh(z_t[:, 2 * units : 3 * units])
            o = ops.sigmoid(z_t[:, 3 * units :])
            c = i_f[:, units:] * c + i_f[:, :units] * g
            h = o * ops.tanh(c)
            return (h, c), (h, c, ops.concatenate([i_f, g, o], axis=1))

        (h, c), (hs, cs, gates) = scan(step, (h0, c0), (z, keep), outputs=3)

        def gradient(*_: Any, upstream: Any = None) -> tuple[Tensor, Tensor]:
            d_hs = (upstream if upstream is not None else _)[0]
            cs_before = ops.concatenate([c0[None], cs[:-1]], axis=0)
            transposed = ops.transpose(rounded)

            def step_back(carry: Any, x: Any) -> tuple[Any, Any]:
                d_h, d_c = carry
                d_out, gates_t, c_t, c_before, keep_t = x
                i, f, g, o = (gates_t[:, k * units : (k + 1) * units] for k in range(4))
                tanh_c = ops.tanh(c_t)
                d_h = d_h + d_out
                d_c = d_c + d_h * o * (1 - tanh_c * tanh_c)
                d_z = ops.concatenate(
                    [
                        d_c * g * i * (1 - i),
                        d_c * (c_before * keep_t) * f * (1 - f),
                        d_c * i * (1 - g * g),
                        d_h * tanh_c * o * (1 - o),
                    ],
                    axis=1,
                )
                d_h = recurrent_input(_product(d_z, transposed, bfloat16)) * keep_t
                return (d_h, d_c * f * keep_t), (d_z,)

            nothing = ops.zeros_like(h0)
            _, (d_z,) = scan(
                step_back, (nothing, nothing), (d_hs, gates, cs, cs_before, keep), outputs=1, reverse=True
            )
            hs_before = recurrent_input(ops.concatenate([h0[None], hs[:-1]], axis=0) * keep)
            d_kernel = _product(
                ops.transpose(ops.reshape(hs_before, (-1, units))),
                ops.reshape(d_z, (-1, 4 * units)),
                bfloat16,
            )
            return d_z, d_kernel

        return (hs, ops.stop_gradient(h), ops.stop_gradient(c)), gradient

    return run(z, kernel)
