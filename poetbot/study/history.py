"""The training history of a poet by epoch, read from its history.jsonl, and as a table."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.finite import is_finite

_MAX_BYTES = 16_000_000
_MAX_EPOCHS = 100_000


@dataclass(frozen=True)
class Epoch:
    """One epoch of training. Losses are in nats per unit (character or word), None if not measured."""

    epoch: int
    step: int | None
    minutes: float | None
    training_nats: float | None
    validation_nats: float | None
    training_accuracy: float | None
    validation_accuracy: float | None
    learning_rate: float | None
    sample: str


@dataclass(frozen=True)
class History:
    """The epochs of one poet, in order."""

    name: str
    epochs: tuple[Epoch, ...]


FIGURES = tuple(
    field.name for field in fields(Epoch) if field.name not in ("epoch", "step", "minutes", "sample")
)
"""The figures that can be drawn as a curve."""


def read_history(folder: Path, name: str | None = None) -> History:
    """Read the history of a poet. Raises PoetBotError if it is missing or damaged."""
    return read_epochs(folder / "history.jsonl", name or folder.name)


def read_epochs(path: Path, name: str) -> History:
    """Read a file of epochs, one per line. Raises PoetBotError if it is missing or damaged."""
    damaged = PoetBotError(
        "The training history of {name} is damaged. Get the poet again from its source.", name=name
    )
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise damaged
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except FileNotFoundError as error:
        raise PoetBotError(
            "{name} has no training history, so there are no curves to draw.", name=name
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise damaged from error
    if not rows:
        raise PoetBotError("{name} hasn't finished an epoch yet. Come back when it has.", name=name)
    if len(rows) > _MAX_EPOCHS or not all(isinstance(row, dict) for row in rows):
        raise damaged
    epochs = [_epoch(row, damaged) for row in rows]
    if any(one.epoch >= other.epoch for one, other in pairwise(epochs)):
        raise damaged
    return History(name, tuple(epochs))


def _epoch(row: dict[str, Any], damaged: PoetBotError) -> Epoch:
    number = row.get("epoch")
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise damaged
    figures: dict[str, Any] = {}
    for name in ("step", "minutes", *FIGURES):
        value = row.get(name)
        if value is not None and not is_finite(value):
            raise damaged
        figures[name] = value
    sample = row.get("sample")
    return Epoch(epoch=number, sample=sample if isinstance(sample, str) else "", **figures)


def as_csv(histories: Sequence[History]) -> str:
    """Return all epochs of all poets as CSV (RFC 4180), one row per epoch."""
    page = io.StringIO()
    writer = csv.writer(page)
    names = [field.name for field in fields(Epoch)]
    writer.writerow(["poet", *names])
    for history in histories:
        for epoch in history.epochs:
            writer.writerow([_cell(history.name), *(_cell(getattr(epoch, name)) for name in names)])
    return page.getvalue()


def _cell(value: Any) -> Any:
    """Escape a text that a spreadsheet would read as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
