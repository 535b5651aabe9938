"""Check from the first bytes of the files of an exported poet whether their shapes match its recipe."""

import io
import json
import math
import struct
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.library.poets import folder_contents
from poetbot.overlap.storage import types_of
from poetbot.poets.folder import WEIGHT_BYTES
from poetbot.poets.interfaces import shapes_of, vocabulary_of
from poetbot.poets.recipe import Recipe

_MOST_HEADER = 200_000
"""Maximum size of a header: eight bidirectional layers have about 50 tensors."""

FirstBytes = Callable[[str, int], bytes]


def check_shapes(first: FirstBytes, sizes: Mapping[str, int]) -> None:
    """Compare the shapes that every file declares with the recipe and with the file's size.

    `first(name, most)` returns the first bytes of a file, `sizes` has all files with their sizes in bytes. Raises PoetBotError if
    something doesn't match.
    """
    card = _object(first(folder_contents.CARD, folder_contents.MOST_JSON), folder_contents.CARD)
    recipe = Recipe.from_json(card.get("recipe"))
    known = vocabulary_of(
        recipe,
        _json(first(folder_contents.VOCABULARY, folder_contents.MOST_JSON), folder_contents.VOCABULARY),
    )
    shapes = shapes_of(recipe, len(known))
    for name, size in sizes.items():
        if name == folder_contents.WEIGHTS or folder_contents.epoch_of(name) is not None:
            _check_tensors(name, first(name, 8 + _MOST_HEADER), size, shapes)
    indexed = {name for name in sizes if name.startswith("overlap/")}
    arrays: set[str] = set()
    if folder_contents.INDEX in indexed:
        header = _object(first(folder_contents.INDEX, folder_contents.MOST_JSON), folder_contents.INDEX)
        given = header.get("sizes")
        for name, kind in types_of(header).items():
            path, shape = f"overlap/{name}.npy", given.get(name) if isinstance(given, dict) else None
            if path not in indexed:
                raise _wrong("overlap")
            _check_array(path, first(path, 1000), sizes[path], np.dtype(kind), shape)
            arrays.add(path)
    elif indexed:
        raise _wrong("overlap")
    for path in sorted(indexed - arrays):
        if path.endswith(".npy"):
            _check_array(path, first(path, 1000), sizes[path])


def _wrong(name: str) -> PoetBotError:
    return PoetBotError("In this poet, {name} doesn't match the rest. Download the poet again.", name=name)


def _json(data: bytes, name: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _wrong(name) from error


def _object(data: bytes, name: str) -> dict[str, Any]:
    found = _json(data, name)
    if not isinstance(found, dict):
        raise _wrong(name)
    return found


def _check_tensors(name: str, data: bytes, size: int, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Check the header of a safetensors file, which has name, type and shape of every tensor."""
    if len(data) < 8:
        raise _wrong(name)
    (length,) = struct.unpack("<Q", data[:8])
    if length > _MOST_HEADER:
        raise _wrong(name)
    header = _object(data[8 : 8 + length], name)
    header.pop("__metadata__", None)
    rows = {tensor: row for tensor, row in header.items() if isinstance(row, dict)}
    widths = {tensor: _width(row) for tensor, row in rows.items()}
    stored = {
        tensor: tuple(row["shape"])
        for tensor, row in rows.items()
        if widths[tensor] and isinstance(row.get("shape"), list)
    }
    if stored != dict(shapes) or size != 8 + length + sum(
        widths[tensor] * math.prod(shape) for tensor, shape in shapes.items()
    ):
        raise _wrong(name)


def _width(row: Mapping[str, Any]) -> int:
    """Return the bytes per number of a tensor, 0 for a type that weights don't have."""
    kind = row.get("dtype")
    return WEIGHT_BYTES.get(kind, 0) if isinstance(kind, str) else 0


def _check_array(
    name: str, data: bytes, size: int, kind: np.dtype[Any] | None = None, shape: Any = None
) -> None:
    """Compare the header of a .npy file with its size, and with type and shape if they are known."""
    file = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[
            version
        ]
        found, _, dtype = read(file, max_header_size=900)
    except Exception as error:  # whatever Python's own parser raises on a broken header
        raise _wrong(name) from error
    if dtype.hasobject or size != file.tell() + math.prod(found) * dtype.itemsize:
        raise _wrong(name)
    if kind is not None and (dtype != kind or list(found) != shape):
        raise _wrong(name)
