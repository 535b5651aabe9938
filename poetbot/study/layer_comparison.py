"""The comparison that the study opens with: networks of one, two and three layers, each with dropout and without.

`python -m benchmarks.layers` trains them on one corpus for the same minutes each and keeps their histories in the
folder `layers` beside this file, a line an epoch, and `layers.json`, which says what was compared. The networks
themselves are not kept.
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
"""Networks of a comparison."""
_MAX_BYTES = 100_000


@dataclass(frozen=True)
class Network:
    """One of the networks compared: how many layers, which dropout, and what its training went through."""

    layers: int
    dropout: float
    history: History


@dataclass(frozen=True)
class Layers:
    """Networks that read the same `characters` for the same `minutes` each, with `units` a layer."""

    corpus: str
    characters: int
    minutes: float
    units: int
    networks: tuple[Network, ...]


def read_layer_comparison(folder: Path = FOLDER) -> Layers | None:
    """Read the comparison; None where it was not made. Raises PoetBotError where it is damaged."""
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
    """Return what a network of the comparison is called."""
    name = "1 layer" if layers == 1 else f"{layers} layers"
    return f"{name}, dropout {dropout:g}" if dropout else name


def file_of(layers: int, dropout: float) -> str:
    """Return the name of the file with a network's history."""
    return f"{layers}-dropout-{dropout:g}.jsonl" if dropout else f"{layers}.jsonl"
