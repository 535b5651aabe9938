"""A training job, read from its folder alone, so that every process sees the same.

order.json    the TrainingRun; never changed
poems.jsonl   the poems it reads
run.json      when the runner started to wait, and when its turn came
ended.json    how it ended; missing until then
stop          a request to end the run, and what to do with it
lock          held by the runner while it lives
log           output of the worker
poet/NAME/    the poet in training; its job/ has the worker's checkpoints and progress.jsonl
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.finite import is_finite
from poetbot.messages import Message
from poetbot.poets.card import Card
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.order import parse_order, poet_folder
from poetbot.storage import Home, is_locked

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_MOST_BYTES = 100_000  # of order.json, run.json, ended.json
FULL = Message("The disk is full. Make room, then resume the training from its last checkpoint.")
STARTING = 60.0
"""Seconds that a runner may take to start, on a busy machine; without one, a job is dead only after that."""


class State(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"  # at the user's request; it can be resumed
    FINISHED = "finished"
    FAILED = "failed"  # with a sentence; it can be tried again
    DEAD = "dead"  # killed, or the machine was switched off; it can be resumed

    @property
    def alive(self) -> bool:
        """Whether a process sees to it."""
        return self in (State.WAITING, State.RUNNING)


@dataclass(frozen=True)
class Job:
    """A job's folder."""

    folder: Path

    @property
    def id(self) -> str:
        """The name of the folder; jobs sort by when they were made."""
        return self.folder.name

    @property
    def home(self) -> Home:
        """The data folder that contains it."""
        return Home(self.folder.parent.parent)

    @property
    def lock(self) -> Path:
        """Held by the runner."""
        return self.folder / "lock"

    def training_run(self) -> TrainingRun:
        """Return the training run. Raises PoetBotError if it can't be read."""
        return parse_order(self.read("order.json"))

    def out(self) -> Path:
        """Return the folder of the poet in training. Raises PoetBotError if the training run can't be read."""
        return poet_folder(self.folder, self.training_run().name)

    def read(self, name: str) -> Mapping[str, Any]:
        """Return a JSON object of the folder, empty if it can't be read."""
        path = self.folder / name
        try:
            if path.stat().st_size > _MOST_BYTES:
                return {}
            data = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) else {}

    def state(self) -> State:
        """Return the state of the job."""
        if end := self._ended():
            return end
        run = self.read("run.json")
        if is_locked(self.lock):
            return State.RUNNING if run.get("begun") else State.WAITING
        try:
            out = self.out()
        except PoetBotError:
            return State.FAILED
        if self.worker_lives():
            return State.RUNNING  # its runner was killed, and it is still saving: no other run may train yet
        if end := self._ended():
            return end  # while we looked
        if "token" not in run and 0 <= time.time() - requested_at(run) < STARTING:
            return State.WAITING  # its runner is being started
        return State.FINISHED if is_finished(out) else State.DEAD

    def _ended(self) -> State | None:
        state = self.read("ended.json").get("state")
        return State(state) if state in (State.STOPPED, State.FINISHED, State.FAILED, State.DEAD) else None

    def worker_lives(self) -> bool:
        """Return whether a worker is training the poet, with or without its runner."""
        try:
            return is_locked(self.out() / "job" / "lock")
        except PoetBotError:
            return False

    def error(self) -> Message | None:
        """Return why it failed or died, None if it did neither."""
        state = self.state()
        if state not in (State.FAILED, State.DEAD):
            return None
        if (error := Message.from_data(self.read("ended.json").get("error"))) is not None:
            return error
        if state is State.FAILED:
            return Message("This training run is damaged. Discard it and start a new one.")
        if self.home.is_full():
            return FULL
        return Message(
            "Training ended unexpectedly, perhaps because the machine was turned off. Resume it from its last checkpoint."
        )

    def stopping(self) -> bool:
        """Return whether it was asked to end and hasn't yet."""
        return (self.folder / "stop").exists() and self.state().alive

    def poet(self) -> Path | None:
        """Return the folder of its best poet so far, None if there is none yet."""
        name = self.read("ended.json").get("poet")
        if isinstance(name, str) and Path(name).name == name and name not in ("", ".", ".."):
            shelved = self.home.poets / name
            if (shelved / "poet.json").is_file():
                return shelved
        try:
            out = self.out()
        except PoetBotError:
            return None
        return out if (out / "poet.json").is_file() else None


def list_jobs(home: Home) -> list[Job]:
    """Return all jobs, the oldest first."""
    try:
        names = sorted(path.name for path in home.jobs.iterdir() if _ID.fullmatch(path.name))
    except OSError:
        return []
    return [Job(home.jobs / name) for name in names]


def find_job(home: Home, number: str) -> Job:
    """Return the job with this id. Raises PoetBotError if there is none; an id never becomes another path."""
    if isinstance(number, str) and _ID.fullmatch(number) and (home.jobs / number).is_dir():
        return Job(home.jobs / number)
    raise PoetBotError("That training run no longer exists. Reload the list.")


def requested_at(run: Mapping[str, Any]) -> float:
    """Return when a job was queued, in seconds since 1970; 0 if unknown."""
    value = run.get("asked")
    return float(value) if is_finite(value) else 0.0


def started_at(run: Mapping[str, Any]) -> float | None:
    """Return when a job last started to train, in seconds since 1970; None if unknown."""
    value = run.get("begun")
    return float(value) if is_finite(value) else None


def is_finished(out: Path) -> bool:
    """Return whether a poet's card says that its training is finished."""
    try:
        card = json.loads((out / "poet.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return Card(card).part("training").flag("finished")
