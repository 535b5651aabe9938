"""One window of an LSTM, forwards and backwards (Hochreiter and Schmidhuber 1997; forget gate of Gers et al. 2000).

The gates are in Keras' order (i, f, c, o). The backward pass is that of Graves 2013, "Generating sequences with
recurrent neural networks", section 2. The elementwise part of a step is one compiled operation, see `scan.fused`.
"""

from typing import Any

from keras import ops

from poetbot.training.matmul import Tensor
from poetbot.training.scan import cotangents, fused, scan


def lstm_sequence(
    z: Tensor,
    keep: Tensor,
    kernel: Tensor,
    bias: Tensor,
    state: tuple[Tensor, Tensor],
    mask: Tensor,
    *,
    bfloat16: bool,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return all outputs `[time, rows, units]` and the last h and c `[rows, units]`.

    z: `[time, rows, 4 units]`, the gate sums of the input, in float32 or bfloat16; keep: `[time, rows, 1]`;
    kernel: `[units, 4 units]`; bias: `[4 units]`; state: h and c, `[rows, units]` each, like mask. The mask applies to the
    recurrent input. Gradients flow to z, kernel and bias and are truncated at the start of the window.
    """
    h0, c0 = state
    units, dtype = kernel.shape[0], "bfloat16" if bfloat16 else "float32"
    keep_next = ops.concatenate([keep[1:], ops.ones_like(keep[:1])], axis=0)

    @ops.custom_gradient
    def run(z: Tensor, kernel: Tensor, bias: Tensor) -> tuple[Any, Any]:
        rounded = ops.cast(kernel, dtype)
        first = ops.cast(h0 * keep[0] * mask, dtype)

        def step(carry: Any, x: Any) -> tuple[Any, Any]:
            _, h_in, c = carry
            z_t, keep_t, keep_next_t = x
            h, h_in, c, gates = _forward(z_t, ops.matmul(h_in, rounded), bias, c, keep_t, keep_next_t, mask)
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
                d_z, d_c = _backward(d_h_in, d_c, x, mask)
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
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return h, the next recurrent input (in the dtype of `recurrent`), c, and the concatenated gates i, f, g, o."""
    units, dtype = c.shape[1], recurrent.dtype
    z = ops.cast(z, "float32") + ops.cast(recurrent, "float32") + bias
    i_f = ops.sigmoid(z[:, : 2 * units])
    g = ops.tanh(z[:, 2 * units : 3 * units])
    o = ops.sigmoid(z[:, 3 * units :])
    c = i_f[:, units:] * (c * keep) + i_f[:, :units] * g
    h = o * ops.tanh(c)
    return h, ops.cast(h * keep_next * mask, dtype), c, ops.concatenate([i_f, g, o], axis=1)


@fused
def _backward(
    d_h_in: Tensor,
    d_c: Tensor,
    step: tuple[Tensor, ...],
    mask: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return the gradients of the gates' sums (in the dtype of `d_h_in`) and of the previous c.

    `step` holds the step's output gradient, gates, c, previous c, and the two `keep` factors.
    """
    d_out, gates, c, c_before, keep, keep_next = step
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
    return ops.cast(d_z, d_h_in.dtype), d_c * f * keep
