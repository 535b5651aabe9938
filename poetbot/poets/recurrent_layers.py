"""What the recurrent layers of every cell have in common where they write: how they are stepped, and what they read."""

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
    """Whether many rows are stepped faster where each number of all rows lies together (Fortran's order)."""

    def work(self, memory: tuple[Floats, ...]) -> list[Any]:
        """Return the views of `memory`, and the space beside it, that the steps of one state work in."""

    def step(self, ids: Ids, work: list[Any]) -> None:
        """Read one id a row (`[rows]`), moving the memory on in place."""

    def read(self, ids: Ids, work: list[Any], skipped: int = 0, trail: Memory | None = None) -> None:
        """Read a sequence (`[steps]`, at least one) into a one-row memory, which moves on in place.

        Where the memory stands behind `skipped` ids of it already, only the others are given, and every product is as
        high as with them: in many libraries a row's product rounds by where it stands among how many. `trail` takes
        the memory after each id, `[steps, layers x units]` each.
        """


def input_rows(recipe: Recipe, tensors: Mapping[str, Floats]) -> Floats:
    """Return what each id gives the gates of the lowest layer, `[ids, gates x units]`, without any bias.

    A one-hot input picks a row of the kernel, so its product is a look-up; so is an embedding's, once the table has
    been multiplied by the kernel.
    """
    kernel = as_floats(tensors["layers.0.kernel"])
    return as_floats(tensors["embedding.table"]) @ kernel if recipe.embedding else kernel


def product_behind(skipped: int, rows: Floats, kernel: Floats) -> Floats:
    """Return `rows @ kernel`, rounded as when so many rows, which are skipped, stood before them."""
    if not skipped:
        return rows @ kernel
    all_rows = np.zeros((skipped + len(rows), rows.shape[1]), np.float32)
    all_rows[skipped:] = rows
    return (all_rows @ kernel)[skipped:]


def as_floats(tensor: npt.ArrayLike) -> Floats:
    """Return `tensor` in float32."""
    return np.asarray(tensor, dtype=np.float32)
