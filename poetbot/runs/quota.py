"""Limits on training for visitors of an app that is served to others."""

import contextlib
import json
import time
from collections.abc import Iterator

from poetbot.errors import PoetBotError
from poetbot.runs.job import list_jobs
from poetbot.runs.queue import all_jobs
from poetbot.settings import Settings
from poetbot.storage import Home, Locked, hold_lock, json_bytes, write_atomically

_A_TRAINING = 60_000_000
"""Bytes that a training takes while it runs: the poet, its two checkpoints with the optimiser's state, some epochs."""
_A_DAY = 86_400.0  # seconds
_PATIENCE = 10.0  # seconds


@contextlib.contextmanager
def reserve_training(home: Home, minutes: float | None, size: int = 0) -> Iterator[None]:
    """Create the folder of a new training run inside this context; only one request at a time is checked.

    `minutes` is its length, `size` the bytes of its poems. Raises PoetBotError if it exceeds the visitor's limits.
    Without visitors there are none.
    """
    if not home.is_visitor:
        yield
        return
    limits = Settings.in_force()
    if minutes is None or minutes > limits.visitor_minutes:
        raise PoetBotError(
            "Training can last at most {most:,} minutes here. Choose fewer.", most=limits.visitor_minutes
        )
    with _one_at_a_time(home):
        own = list_jobs(home)
        if len(own) >= limits.visitor_jobs:
            raise PoetBotError(
                "You already have {count:,} training runs, which is the limit. Discard one first.",
                count=len(own),
            )
        _turns(home, limits)
        spent = [(when, lasted) for when, lasted in _spent(home) if 0 <= time.time() - when < _A_DAY]
        left = limits.visitor_minutes_a_day - sum(lasted for _, lasted in spent)
        if minutes > left:
            raise PoetBotError(
                "You have {minutes:,} minutes of training left for today. Choose fewer, or come back tomorrow.",
                minutes=max(0, int(left)),
            )
        home.check_quota(size + _A_TRAINING, poets=1)
        yield
        with home.disk_errors():
            write_atomically(home.root / "minutes.json", json_bytes([*spent, (time.time(), minutes)]))


@contextlib.contextmanager
def reserve_resume(home: Home) -> Iterator[None]:
    """Resume a training run inside this context; its minutes were counted when it started."""
    if not home.is_visitor:
        yield
        return
    with _one_at_a_time(home):
        _turns(home, Settings.in_force())
        yield


def _turns(home: Home, limits: Settings) -> None:
    if sum(job.state().alive for job in list_jobs(home)) >= limits.visitor_trainings:
        raise PoetBotError(
            "You can train at most {most:,} poets at the same time. Wait for one to finish, or stop it.",
            most=limits.visitor_trainings,
        )
    if sum(job.state().alive for job in all_jobs(home)) >= limits.trainings:
        raise PoetBotError("Too many poets are waiting to be trained. Try again in an hour.")


def _spent(home: Home) -> list[tuple[float, float]]:
    """Return the start times of the visitor's training runs, and their minutes."""
    try:
        data = json.loads((home.root / "minutes.json").read_bytes()[:100_000])
        return [(float(when), float(minutes)) for when, minutes in data]
    except (OSError, ValueError, TypeError, RecursionError):
        return []


@contextlib.contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    home.check_quota()
    try:
        with home.disk_errors(), hold_lock(home.create(home.root) / ".allowance", _PATIENCE):
            yield
    except Locked:
        raise PoetBotError("You are starting a training run in another window. Try again.") from None
