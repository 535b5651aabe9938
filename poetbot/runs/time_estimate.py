"""The training speed of this machine, for time estimates: measured once for each kind of network, and saved.

The speeds are in the machine's data folder, in `rates.json`. They are optional: a missing or damaged file is created again, and
what can't be measured stays unknown. If a cluster trains, its speeds are those of earlier runs, in `cluster_rates.json`.
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
from poetbot.runs.cluster import cluster_address
from poetbot.runs.queue import running_jobs
from poetbot.runs.worker import worker_environment
from poetbot.storage import LOCK_TIMEOUT, ROOT, Home, Locked, hold_lock, json_bytes, write_atomically

MEASURE = (sys.executable, "-m", "poetbot.training.throughput", "--while-open")
_TIMEOUT = 120.0  # maximum seconds per measurement; TensorFlow alone takes five to load
_MOST_BYTES = 100_000
_LEAST_SYMBOLS = 128


@dataclass(frozen=True)
class SpeedKey:
    """What the speed depends on, as far as it is known before training chooses a recipe: the `parent` to fine-tune, with its
    folder; or a named `recipe`; or the `minutes`, for which training chooses a recipe; and the number of `symbols`.
    """

    symbols: int
    minutes: float
    parent: Recipe | None = None
    folder: Path | None = None
    recipe: str | None = None

    @property
    def name(self) -> str:
        """The name of the saved speed. Vocabulary and minutes are rounded up to a power of two."""
        size = max(_LEAST_SYMBOLS, 1 << max(0, self.symbols - 1).bit_length())
        if self.parent:
            p = self.parent
            return f"tuned {p.cell} {p.layers}x{p.units} {p.embedding} {p.precision} {p.recurrent_dropout > 0} {size}"
        if self.recipe:
            return f"recipe {self.recipe} {size}"
        return f"usual {math.ceil(math.log2(max(self.minutes, 1)))} {size}"

    @property
    def measurable(self) -> bool:
        """Whether random letters can measure it: the speed of a recipe of words depends on the words."""
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
    """Return the characters per second in training, None if unknown."""
    return _read(home).get(kind.name)


def store_rate(home: Home, kind: SpeedKey, rate: object) -> None:
    """Save a measured speed; if it can't be written, nothing happens."""
    found = _rates({kind.name: rate})
    if not found:
        return
    with contextlib.suppress(OSError, Locked, PoetBotError):
        machine = home.machine
        machine.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with hold_lock(machine.root / ".rates", LOCK_TIMEOUT):
            write_atomically(_file(home), json_bytes({**_read(home), **found}, indent=1))


class SpeedMeasurer:
    """Measures unknown speeds, each once, in a low-priority process; never two at a time."""

    def __init__(self, command: Sequence[str] = MEASURE) -> None:
        self._command = tuple(command)
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()

    def is_measuring(self, home: Home, kind: SpeedKey) -> bool:
        """Return whether an unknown speed is being measured; start measuring if possible.

        Nothing is measured during a training run, which would distort the result, nor if a cluster trains.
        """
        if cluster_address() or not kind.measurable or known_rate(home, kind) is not None:
            return False
        with self._lock:
            if kind.name not in self._threads:
                if any(thread.is_alive() for thread in self._threads.values()):
                    return True  # after the current measurement
                if running_jobs(home):
                    return False
                thread = threading.Thread(target=self._measure, args=(home, kind), daemon=True)
                self._threads[kind.name] = thread
                thread.start()
            return self._threads[kind.name].is_alive()

    def _measure(self, home: Home, kind: SpeedKey) -> None:
        with (
            contextlib.suppress(OSError, subprocess.SubprocessError, ValueError, RecursionError),
            _pipe_open_until_exit() as lifeline,
        ):
            done = subprocess.run(
                [*self._command, *kind.arguments],
                cwd=ROOT,
                env=worker_environment(home.machine),
                stdin=lifeline,
                capture_output=True,
                timeout=_TIMEOUT,
            )
            found = json.loads(done.stdout)
            if isinstance(found, dict):
                store_rate(home, kind, found.get("characters_per_second"))


@contextlib.contextmanager
def _pipe_open_until_exit() -> Iterator[int]:
    """Yield the read end of a pipe. The other end closes when this process ends, however it does."""
    read_end, write_end = os.pipe()
    try:
        yield read_end
    finally:
        os.close(write_end)
        os.close(read_end)


def _rates(data: dict[str, Any]) -> dict[str, float]:
    """Return the entries of `data` that are valid speeds, in characters per second."""
    return {
        name: round(float(rate), 1)
        for name, rate in data.items()
        if type(rate) in (int, float) and 0 < rate < 1e9
    }


def _file(home: Home) -> Path:
    return home.machine.root / ("cluster_rates.json" if cluster_address() else "rates.json")


def _read(home: Home) -> dict[str, float]:
    path = _file(home)
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return _rates(data) if isinstance(data, dict) else {}
