"""The end of a job: its outcome, moving its poet to the library, and discarding it."""

import contextlib
import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.library.poets import names
from poetbot.library.poets.folder_contents import POEMS
from poetbot.messages import Message
from poetbot.runs.job import Job, State, is_finished, list_jobs
from poetbot.storage import (
    LOCK_TIMEOUT,
    Home,
    Locked,
    hold_lock,
    is_locked,
    json_bytes,
    write_atomically,
    write_durably,
)

_ROOM = "room"


@dataclass(frozen=True)
class Outcome:
    """How a job ended, with the error if it failed or died."""

    state: State
    error: Message | None = None


def write_outcome(job: Job, end: Outcome, poet: str | None = None) -> None:
    """Write how the job ended, and the name of its poet in the library."""
    facts = {
        "state": end.state,
        "error": end.error.as_json() if end.error else None,
        "poet": poet,
        "when": round(time.time(), 1),
    }
    with contextlib.suppress(OSError):
        (job.folder / _ROOM).unlink(missing_ok=True)
    write_atomically(job.folder / "ended.json", json_bytes(facts))


def reserve_disk_space(job: Job) -> None:
    """Reserve a little disk space, so that the outcome can be written even to a full disk."""
    write_durably(job.folder / _ROOM, bytes(16_384))


def move_to_library(job: Job) -> str | None:
    """Move the best poet of a job to the user's poets; return its name, None if there is no poet.

    The caller holds the job's lock. The poet keeps the text of its poems, but not its checkpoints, which are six
    times its size. If its name is taken, it gets a number. If this is interrupted, the next call completes it.
    """
    poet = job.poet()
    if poet is None or poet.parent == job.home.poets:
        return poet.name if poet else None
    shelf = job.home.create(job.home.poets)
    if (job.folder / POEMS).exists() and not (poet / POEMS).exists():
        _copy(job.folder / POEMS, poet / POEMS)
    while True:
        name = names.free_name(job.home, poet.name)
        write_outcome(job, Outcome(State.FINISHED), name)
        names.write_name(poet, name)
        try:
            poet.rename(shelf / name)
            break
        except OSError:
            if not (shelf / name).exists():
                raise
    shutil.rmtree(shelf / name / "job" / "checkpoints", ignore_errors=True)
    return name


def _copy(file: Path, to: Path) -> None:
    """Link a file, or copy it if the disk has no links; it is never written again."""
    try:
        to.hardlink_to(file)
    except OSError:
        half = to.with_name(f".{to.name}.{os.getpid()}")
        shutil.copyfile(file, half)
        half.replace(to)


def keep_best_poet(job: Job) -> str:
    """Keep the best poet of a job that ended early; return its name.

    Raises PoetBotError if the job isn't over or has no poet yet.
    """
    with _over(job):
        name = move_to_library(job)
        if name is None:
            raise PoetBotError("There is no poet yet. Resume the training, or discard it.")
        return name


def discard(job: Job) -> None:
    """Discard a job and its unfinished poet; the runner of a live job ends it first.

    A poet that is already in the library stays there.
    """
    if job.state().alive:
        request_end(job, "discard")
        return
    with _over(job):
        pass
    with job.home.disk_errors():
        remove(job)


def request_end(job: Job, action: str) -> None:
    """Ask the runner to end a job. `action` is "keep" (to resume later), "shelve" (to keep its poet) or "discard"."""
    with job.home.disk_errors():
        write_atomically(job.folder / "stop", action.encode())
    if job.state() is State.RUNNING and not is_locked(job.lock):
        # Its runner was killed and the worker has not ended yet: the lock that it holds says that the number is its own.
        pid = job.read("worker.json").get("pid")
        if type(pid) is int and pid > 1:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)


def requested_end(job: Job) -> str | None:
    """Return what to do with a job that was asked to end, None if it wasn't.

    A job without a folder was deleted by hand.
    """
    try:
        return (job.folder / "stop").read_bytes()[:20].decode("ascii", "replace")
    except FileNotFoundError:
        return None if job.folder.exists() else "discard"
    except OSError:
        return None


def remove(job: Job) -> None:
    """Delete the folder of a job: hide it with one rename, then delete it."""
    hidden = job.folder.with_name(f".gone-{job.id}-{os.getpid()}")
    job.folder.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def recover_runs(home: Home) -> None:
    """Complete what killed runners left: move finished poets to the library, delete half-created folders.

    The app calls it when it starts and when it lists jobs.
    """
    for job in list_jobs(home):
        if requested_end(job) == "discard" and not job.state().alive:
            with contextlib.suppress(PoetBotError):
                discard(job)
        elif job.state() is State.FINISHED and (poet := job.poet()) and poet.parent != home.poets:
            with contextlib.suppress(PoetBotError, OSError), _over(job):
                if is_finished(poet):
                    move_to_library(job)
    with contextlib.suppress(OSError):
        for half in home.jobs.glob(".[ng]*-*"):
            if time.time() - half.stat().st_mtime > 3600:
                shutil.rmtree(half, ignore_errors=True)


@contextlib.contextmanager
def _over(job: Job) -> Iterator[None]:
    """Hold the lock of a job that is over. Raises PoetBotError if it isn't."""
    try:
        with job.home.disk_errors(), hold_lock(job.lock, LOCK_TIMEOUT):
            # Not job.state(), which would take the lock held here for a runner's.
            if job.worker_lives():
                raise PoetBotError("This training run isn't over yet. Stop it first.")
            yield
    except Locked:
        raise PoetBotError("This training run isn't over yet. Stop it first.") from None
