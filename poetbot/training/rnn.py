"""One window of a simple RNN, forwards and backwards: h = tanh(given + (h mask) U)."""

from typing import Any

from keras import ops

from poetbot.training.matmul import Tensor, product
from poetbot.training.scan import cotangents, scan


def rnn_sequence(
    given: Tensor, keep: Tensor, kernel: Tensor, h0: Tensor, mask: Tensor, *, bfloat16: bool
) -> tuple[Tensor, Tensor]:
    """Return all outputs `[time, rows, units]` and the last one `[rows, units]`.

    given: `[time, rows, units]`, input and bias; keep: `[time, rows, 1]`; kernel: `[units, units]`; h0 and mask:
    `[rows, units]`. Gradients flow to `given` and `kernel` only and are truncated at the start of the window.
    """
    units = kernel.shape[0]

    @ops.custom_gradient
    def run(given: Tensor, kernel: Tensor) -> tuple[Any, Any]:
        rounded = ops.cast(kernel, "bfloat16") if bfloat16 else kernel

        def step(carry: Any, x: Any) -> tuple[Any, Any]:
            (h,), (given_t, keep_t) = carry, x
            h = ops.tanh(given_t + product(h * keep_t * mask, rounded, bfloat16))
            return (h,), (h,)

        (h,), (hs,) = scan(step, (h0,), (given, keep), outputs=("float32",) * 1)

        def gradient(*_: Any, upstream: Any = None) -> tuple[Tensor, Tensor]:
            d_hs = cotangents(_, upstream)[0]
            transposed = ops.transpose(rounded)

            def step_back(carry: Any, x: Any) -> tuple[Any, Any]:
                (d_h,), (d_out, h_t, keep_t) = carry, x
                d_z = (d_h + d_out) * (1 - h_t * h_t)
                return (product(d_z, transposed, bfloat16) * mask * keep_t,), (d_z,)

            _, (d_given,) = scan(
                step_back, (ops.zeros_like(h0),), (d_hs, hs, keep), outputs=("float32",) * 1, reverse=True
            )
            before = ops.concatenate([h0[None], hs[:-1]], axis=0) * keep * mask
            d_kernel = product(
                ops.transpose(ops.reshape(before, (-1, units))), ops.reshape(d_given, (-1, units)), bfloat16
            )
            return d_given, d_kernel

        return (hs, ops.stop_gradient(h)), gradient

    return run(given, kernel)
