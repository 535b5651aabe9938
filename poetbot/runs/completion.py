"""How a job ends: what its folder says then, where its poet goes, and how it is thrown away."""

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
    """Write down how the job ended, and as which poet of the shelf."""
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
    """Take a little room on the disk, so that on a full one the job can still say how it ended."""
    write_durably(job.folder / _ROOM, bytes(16_384))


def move_to_library(job: Job) -> str | None:
    """Move the poet of a job, as good as it is, to the poets of one's own; return its name, None without a poet.

    The caller holds the job's lock. The poet takes its poems' text along, and leaves its checkpoints, which are six
    times as large as it is. Where another has taken its name, it gets a number. What is cut off at any moment is done
    by the next call.
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
    """Give a file a second name, or where the disk cannot, a copy; it is never written to again."""
    try:
        to.hardlink_to(file)
    except OSError:
        half = to.with_name(f".{to.name}.{os.getpid()}")
        shutil.copyfile(file, half)
        half.replace(to)


def keep_best_poet(job: Job) -> str:
    """Take the best poet of a job that ended before its time; return its name.

    Raises PoetBotError where the job is not over, or has no poet yet.
    """
    with _over(job):
        name = move_to_library(job)
        if name is None:
            raise PoetBotError("There is no poet yet. Resume the training, or discard it.")
        return name


def discard(job: Job) -> None:
    """Throw a job away, with the poet in the making; one that is alive is ended first, by its runner.

    A poet that was put on the shelf stays there.
    """
    if job.state().alive:
        request_end(job, "discard")
        return
    with _over(job):
        pass
    with job.home.disk_errors():
        remove(job)


def request_end(job: Job, then: str) -> None:
    """Ask the runner of a job to end it; `then` is "keep" (and go on some day), "shelve" or "discard"."""
    with job.home.disk_errors():
        write_atomically(job.folder / "stop", then.encode())
    if job.state() is State.RUNNING and not is_locked(job.lock):
        # Its runner was killed and the worker has not ended yet: the lock that it holds says that the number is its own.
        pid = job.read("worker.json").get("pid")
        if type(pid) is int and pid > 1:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)


def requested_end(job: Job) -> str | None:
    """Return what is to become of a job that was asked to end, None where it was not.

    One whose folder is gone was thrown away by hand.
    """
    try:
        return (job.folder / "stop").read_bytes()[:20].decode("ascii", "replace")
    except FileNotFoundError:
        return None if job.folder.exists() else "discard"
    except OSError:
        return None


def remove(job: Job) -> None:
    """Delete the folder of a job: out of sight at once, then from the disk."""
    gone = job.folder.with_name(f".gone-{job.id}-{os.getpid()}")
    job.folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def recover_runs(home: Home) -> None:
    """Do what runners that were killed have left: shelve finished poets, clear away what was half deleted or half made.

    An app calls it when it starts and when it lists the jobs.
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
    """Hold the lock of a job that is over. Raises PoetBotError where it is not."""
    try:
        with job.home.disk_errors(), hold_lock(job.lock, LOCK_TIMEOUT):
            # Not job.state(), which would take the lock held here for a runner's.
            if job.worker_lives():
                raise PoetBotError("This training run isn't over yet. Stop it first.")
            yield
    except Locked:
        raise PoetBotError("This training run isn't over yet. Stop it first.") from None
