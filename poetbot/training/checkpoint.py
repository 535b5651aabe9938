"""Checkpoints that lose nothing: written beside, made durable, renamed into place, verified when read.

A checkpoint is a folder `checkpoints/00001234` (the number of steps done) with `variables.safetensors` (every
variable of model and optimiser, in their order), `best.safetensors` (the best weights so far) and `state.json`
(position, history and the hashes of both). LATEST names the newest; the two newest are kept.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

_KEPT = 2


@dataclass(frozen=True)
class Checkpoint:
    """Everything that a run needs to go on. `variables` are in the order of `network.variables_of`."""

    step: int
    state: Mapping[str, Any]
    variables: list[np.ndarray]
    best: Mapping[str, np.ndarray]


def write(job: Path, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` into `job`; a crash at any moment leaves the one before in force."""
    root = job / "checkpoints"
    folder = root / f"{checkpoint.step:08d}"
    temporary = root / f".{folder.name}"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    files = {
        "variables.safetensors": save(
            {f"{k:04d}": np.asarray(v, order="C") for k, v in enumerate(checkpoint.variables)}
        ),
        "best.safetensors": save({name: np.asarray(v, order="C") for name, v in checkpoint.best.items()}),
    }
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    files["state.json"] = json.dumps({**checkpoint.state, "step": checkpoint.step, "hashes": hashes}).encode()
    for name, data in files.items():
        _write_durably(temporary / name, data)
    _sync_folder(temporary)
    if folder.exists():
        shutil.rmtree(folder)
    temporary.rename(folder)
    _sync_folder(root)
    _write_durably(root / ".LATEST", folder.name.encode())
    (root / ".LATEST").replace(root / "LATEST")
    _sync_folder(root)
    for old in sorted(root.glob("[0-9]*"))[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def newest(job: Path) -> tuple[Checkpoint | None, list[str]]:
    """Return the newest checkpoint that is whole, or None, and a sentence for each one that had to be passed over."""
    root = job / "checkpoints"
    notices: list[str] = []
    folders = sorted(root.glob("[0-9]*"), reverse=True)
    for folder in folders:
        try:
            return _read(folder), notices
        except (OSError, ValueError, KeyError, SafetensorError):
            notices.append(f"The checkpoint {folder.name} is damaged and was passed over.")
    return None, notices


def _read(folder: Path) -> Checkpoint:
    state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
    data = {}
    for name, expected in state["hashes"].items():
        data[name] = (folder / name).read_bytes()
        if hashlib.sha256(data[name]).hexdigest() != expected:
            raise ValueError(name)
    variables = load(data["variables.safetensors"])
    return Checkpoint(
        int(state["step"]),
        state,
        [variables[name] for name in sorted(variables)],
        load(data["best.safetensors"]),
    )


def _write_durably(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
