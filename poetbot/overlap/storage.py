"""The overlap folder: one memory-mapped .npy file per array, and index.json with the version and the sizes.

The suffix array and the ascending arrays, except for the keys of the words, are packed (`packed_integers.py`).
Formats 2 and 3, in which they were not packed, can be read too. The digest covers the unpacked arrays, so it is the
same in every format.

An index may refer to another poet's index (`merging.py`). Then index.json has the digest of that index and the name of
that poet's folder, and there is one more array, `places`. Everything is checked before it is used, so that even in a
damaged folder no number points outside an array. Nothing is unpickled.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetbot.errors import PoetBotError
from poetbot.overlap.packed_integers import Planes, Steps, unpacked
from poetbot.overlap.poem_catalog import OF, SOURCE, UNKNOWN, WHOSE
from poetbot.overlap.suffix_array import Order

FORMAT = 4
"""The version of the folder and of the keys of the words."""
_OLDER = (2, 3)
"""Formats in which no array is packed. Format 2 stored two more arrays."""

_HEADER = "index.json"
SHARDS_HEADER = "shards.json"
"""The file that names the shards of an index (`shards.py`)."""
_PLAIN = {
    "vocabulary": np.uint64,
    "buckets": np.uint32,
    "suffixes": np.uint32,
    "sieve": np.uint8,
    "lines": np.uint32,
    "names": np.uint8,
    "name_ends": np.uint32,
    "poems": np.uint32,
}
"""The arrays and their types when unpacked."""
_HIGH = "suffixes_high"
_ASCENDING = ("buckets", "lines", "name_ends")
_PACKED = {**_PLAIN, "suffixes": np.uint16, _HIGH: np.uint8, **dict.fromkeys(_ASCENDING, np.uint8)}
_RETIRED = ("ranks", "guides")
"""Arrays of format 2 that are now computed from the others."""
EVERY_ARRAY = (*_PACKED, *_RETIRED)
"""The arrays that an index of any format may have if it does not refer to another."""

_PLACES = "places"

Arrays = dict[str, Any]
"""Arrays by name; `suffixes` may be `Planes` and `lines` may be `Steps`."""


@dataclass(frozen=True, eq=False)
class Beside:
    """The parent index that an index refers to: its folder, its digest, and `places` uint32 (n,) among its suffixes."""

    folder: Path
    digest: str
    places: Order


def types_of(header: Mapping[str, Any]) -> Mapping[str, type]:
    """Return the arrays that a folder with this index.json must have, and their types."""
    return _PLAIN if header.get("format") in _OLDER else _PACKED


def beside(folder: Path, other: Path, places: Order) -> Beside:
    """Return the reference that an index in `folder` stores to the one in the folder `other`. Raises PoetBotError."""
    if _beside(folder, other.resolve().parent.name) != other.resolve():
        raise PoetBotError(
            "{folder} and {other} must belong to poets in the same folder. Move one of them.",
            folder=folder,
            other=other,
        )
    digest = _header(other).get("digest")
    if not isinstance(digest, str):
        raise PoetBotError(
            "The overlap index in {folder} has an older format. Rebuild it with `train --overlap-only`.",
            folder=other,
        )
    return Beside(other, digest, places)


def needs_parent(folder: Path) -> bool:
    """Return whether the index in a folder needs its parent's index. Raises PoetBotError if there is no index."""
    return _header(folder).get("parent") is not None


def write(folder: Path, arrays: Arrays, parent: Beside | None = None) -> None:
    """Write the arrays, which may be packed already.

    The bytes depend on the arrays only. The header is written last and completes the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _HEADER).unlink(missing_ok=True)
    files = _packed(arrays)
    if parent is not None:
        files[_PLACES] = Steps.of(parent.places).steps
    for name in (*EVERY_ARRAY, _PLACES):
        if name not in files:
            (folder / f"{name}.npy").unlink(missing_ok=True)
            continue
        new = folder / f"{name}.npy.new"
        with new.open("wb") as file:
            np.save(file, files[name], allow_pickle=False)
        new.replace(folder / f"{name}.npy")  # a reader that has mapped the old file keeps it
    sizes = {name: list(array.shape) for name, array in files.items()}
    header = {"format": FORMAT, "holds": "overlap index", "sizes": sizes, "digest": _digest(arrays, parent)}
    if parent is not None:
        header["parent"] = {"name": parent.folder.resolve().parent.name, "digest": parent.digest}
    (folder / _HEADER).write_text(json.dumps(header, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read(folder: Path) -> tuple[Arrays, Beside | None]:
    """Return the arrays of a folder, memory-mapped and checked, and the index that it refers to.

    They are packed or not, as in the folder. Raises PoetBotError.
    """
    header = _header(folder)
    if header.get("holds") != "overlap index" or not isinstance(header.get("sizes"), dict):
        raise PoetBotError(
            "{file} isn't an overlap index. Train the poet again, or choose its overlap folder.",
            file=folder / _HEADER,
        )
    if header.get("format") not in (*_OLDER, FORMAT):
        raise PoetBotError(
            "The overlap index in {folder} has format {format}, but this version reads {oldest} to {newest}. Train the poet again, or use the version that made it.",
            folder=folder,
            format=repr(header.get("format")),
            oldest=_OLDER[0],
            newest=FORMAT,
        )
    arrays: Arrays = {name: _array(folder / f"{name}.npy", kind) for name, kind in types_of(header).items()}
    for name, array in arrays.items():
        if list(array.shape) != header["sizes"].get(name):
            raise broken(folder, f"{name}.npy has another size than it was written with")
    wrong = _wrong_dimensions(arrays)
    if not wrong and _HIGH in arrays:
        arrays["suffixes"] = Planes(arrays["suffixes"], arrays.pop(_HIGH))
        arrays |= {name: Steps(arrays[name]) for name in _ASCENDING}
        wrong = _unpacked(arrays)
    wrong = wrong or _inconsistency(arrays)
    if wrong:
        raise broken(folder, wrong)
    return arrays, None if header.get("parent") is None else _parent(folder, header)


def _packed(arrays: Arrays) -> dict[str, NDArray[Any]]:
    """Return the arrays in the form in which the files store them."""
    suffixes = arrays["suffixes"]
    planes = suffixes if isinstance(suffixes, Planes) else Planes.of(suffixes)
    ascending = {name: arrays[name] for name in _ASCENDING}
    steps = {
        name: (some if isinstance(some, Steps) else Steps.of(some)).steps for name, some in ascending.items()
    }
    return {**arrays, "suffixes": planes.low, _HIGH: planes.high, **steps}


def _unpacked(arrays: Arrays) -> str | None:
    """Unpack the small arrays that the checks need, or return what is wrong with them."""
    for name, most in (("buckets", len(arrays["suffixes"])), ("name_ends", len(arrays["names"]))):
        if not arrays[name].stay_below(most + 1):
            return f"{name}.npy goes too far"
        arrays[name] = arrays[name].unpacked()
    return None


def _parent(folder: Path, header: dict[str, Any]) -> Beside:
    """Return the index that this one refers to, if it is the one that it was built with."""
    recorded = header["parent"]
    if not isinstance(recorded, dict) or not isinstance(recorded.get("name"), str):
        raise broken(folder, f"{_HEADER} does not say which poet was its parent")
    other = _beside(folder, recorded["name"])
    if other is None:
        raise broken(folder, f"{_HEADER} names a parent that no poet can be")
    parent = recorded["name"][:100]
    try:
        digest = _header(other).get("digest")
    except PoetBotError as error:
        raise PoetBotError(
            "The overlap index in {folder} needs that of {parent}, which isn't in {place}. Put it back, or get the whole poet again.",
            folder=folder,
            parent=parent,
            place=other.parent,
        ) from error
    if digest is None or digest != recorded.get("digest"):
        raise PoetBotError(
            "The overlap index in {folder} needs that of {parent}, which has changed. Put the earlier one back, or get the whole poet again.",
            folder=folder,
            parent=parent,
        )
    packed = types_of(header) is _PACKED
    places = _array(folder / f"{_PLACES}.npy", np.uint8 if packed else np.uint32)
    if places.ndim != 1:
        raise broken(folder, f"{_PLACES}.npy has another size than it was written with")
    return Beside(other, digest, Steps(places).unpacked() if packed else places)


def _beside(folder: Path, name: str) -> Path | None:
    """Return the overlap folder of the poet `name` in the same folder as this poet, or None for an invalid name."""
    if name in ("", ".", "..", folder.parent.name) or Path(name).name != name or "\0" in name or "\\" in name:
        return None
    folder = folder.resolve()
    return folder.parents[1] / name / folder.name


def _digest(arrays: Arrays, parent: Beside | None) -> str:
    """Return the SHA-256 (hex) of the names, shapes and contents of all unpacked arrays, and of the parent's digest."""
    digest = hashlib.sha256(parent.digest.encode() if parent else b"")
    for name, kind in _PLAIN.items():
        array = unpacked(arrays[name])
        digest.update(f"{name} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array, np.dtype(kind).newbyteorder("<")).data)
    return digest.hexdigest()


def broken(folder: Path, why: str) -> PoetBotError:
    """Return the error for a damaged index."""
    return PoetBotError(
        "The overlap index in {folder} is damaged ({why}). Get the poet again from its source, or train it again.",
        folder=folder,
        why=why,
    )


def _header(folder: Path) -> dict[str, Any]:
    try:
        header = json.loads((folder / _HEADER).read_bytes())
    except OSError as error:
        if (folder / SHARDS_HEADER).exists():
            raise PoetBotError(
                "{folder} holds a sharded index, which only `check` can use. Rebuild the poet's index with `train --overlap-only`.",
                folder=folder,
            ) from error
        raise PoetBotError(
            "There is no overlap index in {folder}: {file} can't be read.", folder=folder, file=_HEADER
        ) from error
    except (ValueError, RecursionError) as error:
        raise broken(folder, f"{_HEADER} is not JSON") from error
    return header if isinstance(header, dict) else {}


def _array(path: Path, kind: type) -> NDArray[Any]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # for a damaged header NumPy passes on whatever Python's parser raises
        raise broken(path.parent, f"{path.name} is missing or cut short") from error
    if not isinstance(array, np.ndarray) or array.dtype != np.dtype(kind):
        raise broken(path.parent, f"{path.name} does not hold {np.dtype(kind).name} numbers")
    return np.asarray(array)


def _wrong_dimensions(arrays: Arrays) -> str | None:
    right = all(array.ndim == (2 if name in ("poems", _HIGH) else 1) for name, array in arrays.items())
    return None if right and arrays["poems"].shape[1] == 5 else "an array has the wrong number of dimensions"


def _inconsistency(arrays: Arrays) -> str | None:
    """Return how the arrays are inconsistent, or None."""
    suffixes, buckets = arrays["suffixes"], arrays["buckets"]
    vocabulary, lines, poems = arrays["vocabulary"], arrays["lines"], arrays["poems"]
    names, name_ends = arrays["names"], arrays["name_ends"]
    size, count = len(suffixes), len(poems)
    if len(buckets) != len(vocabulary) + 1 or count > size or not len(arrays["sieve"]):
        return "the arrays do not fit each other"
    if buckets[0] != count or buckets[-1] != size or not _ascending(buckets) or not _ascending(vocabulary):
        return "the words are out of order"
    if not _may_be_order(suffixes):
        return "the positions are not each there once"
    ends = suffixes.unpacked(stop=count) if isinstance(suffixes, Planes) else suffixes[:count]
    if not _ascending(ends) or (size and (not count or ends[-1] != size - 1)):
        return "the poems are out of order"
    if len(lines) < count or not _are_places(lines, size):
        return "the lines are out of order"
    if (name_ends[1:] < name_ends[:-1]).any() or (name_ends[-1] if len(name_ends) else 0) != len(names):
        return "the names are out of order"
    numbers = poems[:, : SOURCE + 1]
    if ((numbers >= len(name_ends)) & (numbers != UNKNOWN)).any() or (poems[:, WHOSE] >= len(OF)).any():
        return "a poem has no name"
    return None


def _ascending(values: NDArray[Any]) -> bool:
    return bool((values[1:] > values[:-1]).all())


def _may_be_order(suffixes: Order | Planes) -> bool:
    """Return whether this is very likely a permutation of the numbers below n. No number is n or more, for certain."""
    if isinstance(suffixes, Planes):
        return suffixes.may_be_order()
    size = len(suffixes)
    # Each must occur once. Their sum modulo 2^32 is quick and reveals nearly every error.
    return not size or bool(
        suffixes.max() < size and int(suffixes.sum(dtype=np.uint32)) == size * (size - 1) // 2 % (1 << 32)
    )


def _are_places(lines: Order | Steps, size: int) -> bool:
    """Return whether the numbers never descend and are all below `size`."""
    if isinstance(lines, Steps):
        return lines.stay_below(size)
    return not len(lines) or bool(lines[-1] < size and not (lines[1:] < lines[:-1]).any())
