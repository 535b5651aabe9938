"""The LSTM layer that trains: Keras' LSTM, with the sequence's large products taken out of the loop.

Same kernels, gates and order of gates (i, f, c, o) as `keras.layers.LSTM`, so weights move freely between them and
the NumPy network. Three things are its own:

- The input's product is one matrix product for the whole window, and so is the recurrent kernel's gradient: the
  backward pass is written out (Graves 2013, "Generating sequences with recurrent neural networks", section 2) and
  the loop holds only what depends on the step before. On a CPU that is what makes it fast.
- The state is carried from window to window, and set to zero at each step where `keep` is 0: a poem may begin
  anywhere in a window.
- Recurrent dropout is one mask for a whole window on the recurrent input (Gal and Ghahramani 2016, "A
  theoretically grounded application of dropout in recurrent neural networks"). Weight drop is one mask for a whole
  window on the recurrent kernel (Merity, Keskar and Socher 2018, "Regularizing and optimizing LSTM language
  models", section 2), which costs nothing within the loop.
- What a step does element by element is one compiled operation, see `scan.fused`.
"""

from typing import Any

import keras
from keras import ops

from poetbot.training.scan import cotangents, fused, scan

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
        dtype = "bfloat16" if self.bfloat16 else "float32"
        if self.one_hot:
            z = ops.take(self.kernel, inputs, axis=0)
        else:
            time, rows, features = inputs.shape
            flat = _product(ops.reshape(inputs, (-1, features)), self.kernel, dtype)
            z = ops.reshape(flat, (time, rows, 4 * self.units))
        mask = ops.ones((self.rows, self.units))
        if training and self.recurrent_dropout > 0:
            mask = keras.random.dropout(mask, self.recurrent_dropout, seed=self.seed_generator)
        kernel = ops.copy(self.recurrent_kernel)
        if training and self.weight_drop > 0:
            kernel = keras.random.dropout(kernel, self.weight_drop, seed=self.seed_generator)
        hs, h, c = _sequence(
            z, keep, kernel, ops.copy(self.bias), ops.copy(self.h), ops.copy(self.c), mask, dtype
        )
        self.h.assign(h)
        self.c.assign(c)
        return hs


def _forget_gate_one(shape: tuple[int, ...], dtype: Any = None) -> Tensor:
    units = shape[0] // 4
    return ops.concatenate(
        [ops.zeros(units, dtype), ops.ones(units, dtype), ops.zeros(2 * units, dtype)], axis=0
    )


def _product(a: Tensor, b: Tensor, dtype: str) -> Tensor:
    return ops.matmul(ops.cast(a, dtype), ops.cast(b, dtype))


def _sequence(
    z: Tensor, keep: Tensor, kernel: Tensor, bias: Tensor, h0: Tensor, c0: Tensor, mask: Tensor, dtype: str
) -> tuple[Tensor, Tensor, Tensor]:
    """Return all outputs `[time, rows, units]` and the last h and c `[rows, units]`, with a gradient written out.

    z: `[time, rows, 4 units]`, what the input gives the gates; mask: `[rows, units]`, on the recurrent input.
    Gradients flow to z, kernel and bias; the carried state is where back-propagation through time is truncated.
    """
    units = kernel.shape[0]
    keep_next = ops.concatenate([keep[1:], ops.ones_like(keep[:1])], axis=0)

    @ops.custom_gradient
    def run(z: Tensor, kernel: Tensor, bias: Tensor) -> tuple[Any, Any]:
        rounded = ops.cast(kernel, dtype)
        first = ops.cast(h0 * keep[0] * mask, dtype)

        def step(carry: Any, x: Any) -> tuple[Any, Any]:
            _, h_in, c = carry
            z_t, keep_t, keep_next_t = x
            h, h_in, c, gates = _forward(
                z_t, ops.matmul(h_in, rounded), bias, c, keep_t, keep_next_t, mask, h_in
            )
            return (h, h_in, c), (h, h_in, c, gates)

        (h, _, c), (hs, hs_in, cs, gates) = scan(
            step,
            (h0, first, c0),
            (z, keep, keep_next),
            outputs=("float32", dtype, "float32", "float32"),
        )

        def gradient(*_: Any, upstream: Any = None) -> tuple[Tensor, Tensor, Tensor]:
            d_hs = cotangents(_, upstream)[0]
            cs_before = ops.concatenate([c0[None], cs[:-1]], axis=0)
            transposed = ops.transpose(rounded)

            def step_back(carry: Any, x: Any) -> tuple[Any, Any]:
                d_h_in, d_c = carry
                d_z, d_c = _backward(d_h_in, d_c, *x, mask, d_h_in)
                return (ops.matmul(d_z, transposed), d_c), (d_z,)

            _, (d_z,) = scan(
                step_back,
                (ops.zeros_like(first), ops.zeros_like(c0)),
                (d_hs, gates, cs, cs_before, keep, keep_next),
                outputs=(dtype,),
                reverse=True,
            )
            hs_before = ops.reshape(ops.concatenate([first[None], hs_in[:-1]], axis=0), (-1, units))
            flat = ops.reshape(d_z, (-1, 4 * units))
            d_kernel = ops.cast(ops.matmul(ops.transpose(hs_before), flat), "float32")
            d_bias = ops.sum(ops.cast(flat, "float32"), axis=0)
            return ops.cast(d_z, z.dtype), d_kernel, d_bias

        return (hs, ops.stop_gradient(h), ops.stop_gradient(c)), gradient

    return run(z, kernel, bias)


@fused
def _forward(
    z: Tensor,
    recurrent: Tensor,
    bias: Tensor,
    c: Tensor,
    keep: Tensor,
    keep_next: Tensor,
    mask: Tensor,
    like: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return h, the next step's recurrent input (in the dtype of `like`), c, and the gates i, f, g, o side by side."""
    units = c.shape[1]
    z = ops.cast(z, "float32") + ops.cast(recurrent, "float32") + bias
    i_f = ops.sigmoid(z[:, : 2 * units])
    g = ops.tanh(z[:, 2 * units : 3 * units])
    o = ops.sigmoid(z[:, 3 * units :])
    c = i_f[:, units:] * (c * keep) + i_f[:, :units] * g
    h = o * ops.tanh(c)
    return h, ops.cast(h * keep_next * mask, like.dtype), c, ops.concatenate([i_f, g, o], axis=1)


@fused
def _backward(
    d_h_in: Tensor,
    d_c: Tensor,
    d_out: Tensor,
    gates: Tensor,
    c: Tensor,
    c_before: Tensor,
    keep: Tensor,
    keep_next: Tensor,
    mask: Tensor,
    like: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return the gradients of the gates' sums (in the dtype of `like`) and of the c before."""
    units = c.shape[1]
    i, f, g, o = (gates[:, k * units : (k + 1) * units] for k in range(4))
    tanh_c = ops.tanh(c)
    d_h = d_out + ops.cast(d_h_in, "float32") * keep_next * mask
    d_c = d_c + d_h * o * (1 - tanh_c * tanh_c)
    d_z = ops.concatenate(
        [
            d_c * g * i * (1 - i),
            d_c * (c_before * keep) * f * (1 - f),
            d_c * i * (1 - g * g),
            d_h * tanh_c * o * (1 - o),
        ],
        axis=1,
    )
    return ops.cast(d_z, like.dtype), d_c * f * keep
