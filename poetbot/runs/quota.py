"""What one visitor of an app that is served to others may train. At home nothing of this applies."""

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
    """Make the folder of a new training inside this: one asks at a time, so that two at once do not pass for one.

    `minutes` is how long it is to last, `size` the bytes of its poems. Raises PoetBotError, a sentence, where it is more
    than the visitor may have; what is not a visitor's home is let through.
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
    """Go on with a training inside this; the same, for one whose minutes were counted when it was begun."""
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
    """Return when the visitor asked for trainings, and how many minutes they were to last."""
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
