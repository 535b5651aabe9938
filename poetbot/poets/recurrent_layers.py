"""The common interface of the recurrent layers of every cell, and their input."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from poetbot.poets.recipe import Recipe

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int32]
Memory = tuple[Floats, ...]


class Layers(Protocol):
    """The recurrent layers of one network. Their memory is `memories` arrays `[rows, layers x units]`, h the first."""

    memories: int
    columns: bool
    """Whether steps of many rows are faster with the memory in Fortran order."""

    def work(self, memory: tuple[Floats, ...]) -> list[Any]:
        """Return the views of `memory` and the buffers that the steps of one state use."""

    def step(self, ids: Ids, work: list[Any]) -> None:
        """Read one id per row (`[rows]`), updating the memory in place."""

    def read(self, ids: Ids, work: list[Any], skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence (`[steps]`, at least one) into a one-row memory, which is updated in place.

        If the memory already includes the first `skipped` ids, only the others are given. The products then keep the
        same number of rows, because in many libraries the rounding of a row depends on its position and on the number
        of rows. `trail` receives the memory after each id, `[steps, layers x units]` each.
        """


def input_rows(recipe: Recipe, tensors: Mapping[str, Floats]) -> Floats:
    """Return the product of each id with the lowest layer's kernel, `[ids, gates x units]`, without bias.

    A one-hot input selects a row of the kernel, so its product is a look-up. So is an embedding's, after the table has
    been multiplied by the kernel.
    """
    kernel = as_floats(tensors["layers.0.kernel"])
    return as_floats(tensors["embedding.table"]) @ kernel if recipe.embedding else kernel


def product_behind(skipped: int, rows: Floats, kernel: Floats) -> Floats:
    """Return `rows @ kernel`, rounded as if `skipped` more rows came before them."""
    if not skipped:
        return rows @ kernel
    all_rows = np.zeros((skipped + len(rows), rows.shape[1]), np.float32)
    all_rows[skipped:] = rows
    return (all_rows @ kernel)[skipped:]


def as_floats(tensor: npt.ArrayLike) -> Floats:
    """Return `tensor` in float32."""
    return np.asarray(tensor, dtype=np.float32)
