"""One window of a GRU, forwards and backwards, with the reset gate after the recurrent product (Cho et al. 2014; cuDNN)."""

from typing import Any

from keras import ops

from poetbot.training.matmul import Tensor, product
from poetbot.training.scan import cotangents, scan


def gru_sequence(
    given: Tensor, keep: Tensor, kernel: Tensor, bias: Tensor, h0: Tensor, mask: Tensor, *, bfloat16: bool
) -> tuple[Tensor, Tensor]:
    """Return all outputs `[time, rows, units]` and the last one `[rows, units]`.

    given: `[time, rows, 3 units]`, input and its bias for the gates z, r and n; keep: `[time, rows, 1]`; kernel:
    `[units, 3 units]`; bias: `[3 units]`, the recurrent one; h0 and mask: `[rows, units]`. The mask
    applies to the h of the product only. Gradients flow to `given`, `kernel` and `bias` and are truncated at the start of the window.
    """
    units = kernel.shape[0]

    @ops.custom_gradient
    def run(given: Tensor, kernel: Tensor, bias: Tensor) -> tuple[Any, Any]:
        rounded = ops.cast(kernel, "bfloat16") if bfloat16 else kernel

        def step(carry: Any, x: Any) -> tuple[Any, Any]:
            (h,), (given_t, keep_t) = carry, x
            h = h * keep_t
            a = product(h * mask, rounded, bfloat16) + bias
            z_r = ops.sigmoid(given_t[:, : 2 * units] + a[:, : 2 * units])
            z, r, a_n = z_r[:, :units], z_r[:, units:], a[:, 2 * units :]
            n = ops.tanh(given_t[:, 2 * units :] + r * a_n)
            h = z * h + (1 - z) * n
            return (h,), (h, ops.concatenate([z_r, n, a_n], axis=1))

        (h,), (hs, parts) = scan(step, (h0,), (given, keep), outputs=("float32",) * 2)

        def gradient(*_: Any, upstream: Any = None) -> tuple[Tensor, Tensor, Tensor]:
            d_hs = cotangents(_, upstream)[0]
            before = ops.concatenate([h0[None], hs[:-1]], axis=0) * keep
            transposed = ops.transpose(rounded)

            def step_back(carry: Any, x: Any) -> tuple[Any, Any]:
                (d_h,), (d_out, parts_t, before_t, keep_t) = carry, x
                z, r, n, a_n = (parts_t[:, k * units : (k + 1) * units] for k in range(4))
                d_h = d_h + d_out
                d_n = d_h * (1 - z) * (1 - n * n)
                d_z_r = [d_h * (before_t - n) * z * (1 - z), d_n * a_n * r * (1 - r)]
                d_a = ops.concatenate([*d_z_r, d_n * r], axis=1)
                d_h = (d_h * z + product(d_a, transposed, bfloat16) * mask) * keep_t
                return (d_h,), (ops.concatenate([*d_z_r, d_n], axis=1), d_a)

            _, (d_given, d_a) = scan(
                step_back,
                (ops.zeros_like(h0),),
                (d_hs, parts, before, keep),
                outputs=("float32",) * 2,
                reverse=True,
            )
            flat = ops.reshape(d_a, (-1, 3 * units))
            d_kernel = product(ops.transpose(ops.reshape(before * mask, (-1, units))), flat, bfloat16)
            return d_given, d_kernel, ops.sum(flat, axis=0)

        return (hs, ops.stop_gradient(h)), gradient

    return run(given, kernel, bias)
