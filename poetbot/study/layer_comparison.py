"""The comparison of networks with one, two and three layers, with and without dropout.

`python -m benchmarks.layers` trains each of them on the same corpus for the same time. It stores their histories, one
line per epoch, in the folder `layers` next to this file, and the settings in `layers.json`. The networks are not
stored.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.study.history import History, read_epochs

FOLDER = Path(__file__).parent / "layers"
CARD = "layers.json"
MOST = 12
"""Maximum number of networks in a comparison."""
_MAX_BYTES = 100_000


@dataclass(frozen=True)
class Network:
    """One of the compared networks: its layers, its dropout and its training history."""

    layers: int
    dropout: float
    history: History


@dataclass(frozen=True)
class Layers:
    """Networks trained on the same `characters` for the same `minutes`, with `units` per layer."""

    corpus: str
    characters: int
    minutes: float
    units: int
    networks: tuple[Network, ...]


def read_layer_comparison(folder: Path = FOLDER) -> Layers | None:
    """Read the comparison, or return None if there is none. Raises PoetBotError if it is damaged."""
    path = folder / CARD
    damaged = PoetBotError(
        "The layer comparison in {folder} is damaged. Recreate it with `python -m benchmarks.layers`.",
        folder=folder.name,
    )
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise damaged
        card = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise damaged from error
    try:
        networks = tuple(_network(each, folder) for each in card["networks"][:MOST])
        return Layers(
            str(card["corpus"])[:100],
            int(card["characters"]),
            float(card["minutes"]),
            int(card["units"]),
            networks,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise damaged from error


def _network(each: dict[str, Any], folder: Path) -> Network:
    layers, dropout = int(each["layers"]), float(each["dropout"])
    name = name_of(layers, dropout)
    return Network(layers, dropout, read_epochs(folder / file_of(layers, dropout), name))


def name_of(layers: int, dropout: float) -> str:
    """Return the name of a network of the comparison."""
    name = "1 layer" if layers == 1 else f"{layers} layers"
    return f"{name}, dropout {dropout:g}" if dropout else name


def file_of(layers: int, dropout: float) -> str:
    """Return the file name of a network's history."""
    return f"{layers}-dropout-{dropout:g}.jsonl" if dropout else f"{layers}.jsonl"
