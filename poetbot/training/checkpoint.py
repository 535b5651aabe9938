"""Crash-safe checkpoints: written to a temporary folder, synced, renamed into place, verified when read.

A checkpoint is a folder `checkpoints/00000012`, numbered in the order of writing, with `variables.safetensors` (every
variable of model and optimizer, in order), `best.safetensors` (the best weights so far), `state.json` (position,
history and the plan) and `SHA256SUMS` of the three. The rename alone makes it valid, and no other record says
which is the newest. The two newest are kept.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from poetbot.storage import sync_folder, write_durably

_KEPT = 2
_SUMS = "SHA256SUMS"
_FILES = ("variables.safetensors", "best.safetensors", "state.json")


@dataclass(frozen=True)
class Checkpoint:
    """Everything a run needs to resume. `variables` are in the order of `network.variables_of`."""

    step: int
    state: Mapping[str, Any]
    variables: list[np.ndarray]
    best: Mapping[str, np.ndarray]


def write(job: Path, checkpoint: Checkpoint) -> None:
    """Write `checkpoint` into `job`. A crash at any moment leaves the previous one valid.

    Raises OSError if it can't be written; then nothing of it is left either.
    """
    root = job / "checkpoints"
    root.mkdir(exist_ok=True)  # not the parents: a deleted job folder stays deleted
    for unfinished in root.glob(".[0-9]*"):
        shutil.rmtree(unfinished)
    number = max((int(folder.name) for folder in _folders(root)), default=0) + 1
    temporary = root / f".{number:08d}"
    contents = {
        "variables.safetensors": save(
            {f"{k:04d}": np.asarray(v, order="C") for k, v in enumerate(checkpoint.variables)}
        ),
        "best.safetensors": save({name: np.asarray(v, order="C") for name, v in checkpoint.best.items()}),
        "state.json": json.dumps({**checkpoint.state, "step": checkpoint.step}).encode(),
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in contents.items())
    try:
        temporary.mkdir()
        for name, data in {**contents, _SUMS: sums.encode()}.items():
            write_durably(temporary / name, data)
        sync_folder(temporary)
        temporary.rename(root / f"{number:08d}")
        sync_folder(root)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    for old in _folders(root)[:-_KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def newest(job: Path) -> tuple[Checkpoint | None, list[str]]:
    """Return the newest intact checkpoint, or None, and a notice for each damaged one that was skipped."""
    notices: list[str] = []
    for folder in reversed(_folders(job / "checkpoints")):
        try:
            return _read(folder), notices
        except (OSError, ValueError, KeyError, TypeError, RecursionError, SafetensorError):
            notices.append(f"The checkpoint {folder.name} is damaged and was skipped.")
    return None, notices


def any_in(job: Path) -> bool:
    """Return whether `job` holds a checkpoint, damaged or not."""
    return bool(_folders(job / "checkpoints"))


def newest_name(job: Path) -> str:
    """Return the name of the newest checkpoint, damaged or not; "" if there is none. Later ones have greater names."""
    folders = _folders(job / "checkpoints")
    return folders[-1].name if folders else ""


def _folders(root: Path) -> list[Path]:
    return sorted(
        folder for folder in root.glob("[0-9]*") if folder.name.isdecimal() and len(folder.name) == 8
    )


def _read(folder: Path) -> Checkpoint:
    lines = (folder / _SUMS).read_text(encoding="ascii").splitlines()
    sums = {name: digest for digest, name in (line.split("  ") for line in lines)}
    data = {name: (folder / name).read_bytes() for name in _FILES}
    for name in _FILES:
        if hashlib.sha256(data[name]).hexdigest() != sums[name]:
            raise ValueError(name)
    state = json.loads(data["state.json"])
    variables = load(data["variables.safetensors"])
    return Checkpoint(
        int(state["step"]),
        state,
        [variables[name] for name in sorted(variables)],
        load(data["best.safetensors"]),
    )
