"""How fast this machine trains, so that minutes can be told in poems: measured once for each kind of network, and kept.

The rates lie in the machine's data folder, in `rates.json`. They are a convenience: a file that is missing or damaged
is made anew, and what cannot be measured is not known.
"""

import contextlib
import json
import math
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES
from poetbot.runs.queue import running_job
from poetbot.runs.worker import worker_environment
from poetbot.storage import LOCK_TIMEOUT, ROOT, Home, Locked, hold_lock, json_bytes, write_atomically

MEASURE = (sys.executable, "-m", "poetbot.training.throughput", "--while-open")
_PATIENCE = 120.0  # seconds a measurement may take; TensorFlow alone takes five to load
_MOST_BYTES = 100_000
_LEAST_SYMBOLS = 128


@dataclass(frozen=True)
class SpeedKey:
    """What the speed depends on, as far as it is known before training chooses a recipe: what is fine-tuned (`parent`,
    with its folder), or a named `recipe`, or the `minutes` for which training finds one that fits; and how many
    `symbols` there are.
    """

    symbols: int
    minutes: float
    parent: Recipe | None = None
    folder: Path | None = None
    recipe: str | None = None

    @property
    def name(self) -> str:
        """The name under which the rate is kept. Vocabulary and minutes count by the power of two that holds them."""
        size = max(_LEAST_SYMBOLS, 1 << max(0, self.symbols - 1).bit_length())
        if self.parent:
            p = self.parent
            return f"tuned {p.cell} {p.layers}x{p.units} {p.embedding} {p.precision} {p.recurrent_dropout > 0} {size}"
        if self.recipe:
            return f"recipe {self.recipe} {size}"
        return f"usual {math.ceil(math.log2(max(self.minutes, 1)))} {size}"

    @property
    def measurable(self) -> bool:
        """Whether letters drawn by chance tell it: the speed of a recipe of words depends on the words."""
        recipe = self.parent or (RECIPES.get(self.recipe) if self.recipe else None)
        return recipe is None or recipe.framing == "many-to-many"

    @property
    def arguments(self) -> list[str]:
        """The arguments of `poetbot.training.throughput`."""
        given = {
            "--symbols": self.symbols,
            "--minutes": self.minutes,
            "--from": self.folder,
            "--recipe": self.recipe,
        }
        return [f"{option}={value}" for option, value in given.items() if value is not None]


def known_rate(home: Home, kind: SpeedKey) -> float | None:
    """Return how many characters a second this machine trains, None while nobody knows."""
    return _read(home).get(kind.name)


def store_rate(home: Home, kind: SpeedKey, rate: object) -> None:
    """Keep what was measured; a disk that will not have it is no harm."""
    found = _rates({kind.name: rate})
    if not found:
        return
    with contextlib.suppress(OSError, Locked, PoetBotError):
        machine = home.machine
        machine.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with hold_lock(machine.root / ".rates", LOCK_TIMEOUT):
            write_atomically(machine.root / "rates.json", json_bytes({**_read(home), **found}, indent=1))


class SpeedMeasurer:
    """Measures what nobody knows yet, each kind once, in a process that gives way to others; never two at a time."""

    def __init__(self, command: Sequence[str] = MEASURE) -> None:
        self._command = tuple(command)
        self._asked: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()

    def under_way(self, home: Home, kind: SpeedKey) -> bool:
        """Return whether a rate that is not known will be soon; its measuring is begun where it can be.

        It is not where a poet is being trained, which would make it wrong.
        """
        if not kind.measurable or known_rate(home, kind) is not None:
            return False
        with self._lock:
            if kind.name not in self._asked:
                if any(thread.is_alive() for thread in self._asked.values()):
                    return True  # after the one that is being measured
                if running_job(home):
                    return False
                thread = threading.Thread(target=self._measure, args=(home, kind), daemon=True)
                self._asked[kind.name] = thread
                thread.start()
            return self._asked[kind.name].is_alive()

    def _measure(self, home: Home, kind: SpeedKey) -> None:
        with (
            contextlib.suppress(OSError, subprocess.SubprocessError, ValueError, RecursionError),
            _open_as_long_as_we_live() as lifeline,
        ):
            done = subprocess.run(
                [*self._command, *kind.arguments],
                cwd=ROOT,
                env=worker_environment(home.machine),
                stdin=lifeline,
                capture_output=True,
                timeout=_PATIENCE,
            )
            found = json.loads(done.stdout)
            if isinstance(found, dict):
                store_rate(home, kind, found.get("characters_per_second"))


@contextlib.contextmanager
def _open_as_long_as_we_live() -> Iterator[int]:
    """Give the end of a pipe to read from. Its other end closes when this process ends, however it does."""
    ours, theirs = os.pipe()
    try:
        yield ours
    finally:
        os.close(theirs)
        os.close(ours)


def _rates(data: dict[str, Any]) -> dict[str, float]:
    """Return those of `data` that can be rates, in characters a second."""
    return {
        name: round(float(rate), 1)
        for name, rate in data.items()
        if type(rate) in (int, float) and 0 < rate < 1e9
    }


def _read(home: Home) -> dict[str, float]:
    path = home.machine.root / "rates.json"
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return _rates(data) if isinstance(data, dict) else {}
