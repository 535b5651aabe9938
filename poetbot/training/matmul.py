"""The matrix product of a training step, in float32 or with bfloat16 factors."""

from typing import Any

from keras import ops

Tensor = Any
"""A tensor of the backend in use (TensorFlow, or JAX where KERAS_BACKEND says so)."""


def product(a: Tensor, b: Tensor, bfloat16: bool) -> Tensor:
    """Return `a @ b` in float32; with `bfloat16` the factors are rounded to it first."""
    if not bfloat16:
        return ops.matmul(a, b)
    return ops.cast(ops.matmul(ops.cast(a, "bfloat16"), ops.cast(b, "bfloat16")), "float32")
