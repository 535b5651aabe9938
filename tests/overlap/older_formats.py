"""Overlap folders as earlier versions wrote them."""

import json
from pathlib import Path

import numpy as np

from poetbot.overlap.packed_integers import Planes, Steps

PLAIN_FROM = 2, 3
"""Formats without packing."""


def as_format(folder: Path, number: int) -> None:
    """Turn a folder into one of format 2 or 3, whose arrays are plain; format 2 has two more and no digest."""
    assert number in PLAIN_FROM
    header = json.loads((folder / "index.json").read_text())
    high = folder / "suffixes_high.npy"
    suffixes = Planes(np.load(folder / "suffixes.npy"), np.load(high)).unpacked()
    high.unlink()
    del header["sizes"]["suffixes_high"]
    plain = {"suffixes": suffixes}
    for name in ("buckets", "lines", "name_ends", "places"):
        if (folder / f"{name}.npy").exists():
            plain[name] = Steps(np.load(folder / f"{name}.npy")).unpacked()
    if number == 2:
        del header["digest"]
        plain |= {"ranks": np.argsort(suffixes).astype(np.uint32), "guides": np.zeros(1, np.uint64)}
    for name, array in plain.items():
        np.save(folder / f"{name}.npy", array)
        header["sizes"][name] = list(array.shape)
    (folder / "index.json").write_text(json.dumps(header | {"format": number}))
