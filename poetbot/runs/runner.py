"""The process that runs one job: wait for its turn, run the worker, write the outcome.

`python -m poetbot.runs.runner JOB TOKEN [WORKER…]`. It has a session of its own, so it outlives the app that started
it. A file asks it to end, not a signal: that works from any process and on every system, and never reaches another
process that has the same id by now.
"""

import contextlib
import errno
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.runs.completion import (
    Outcome,
    move_to_library,
    remove,
    requested_end,
    reserve_disk_space,
    write_outcome,
)
from poetbot.runs.job import FULL, Job, State, requested_at
from poetbot.runs.queue import wait_for_turn
from poetbot.runs.worker import WORKER, lower_priority, run_worker
from poetbot.storage import LOCK_TIMEOUT, Locked, hold_lock, json_bytes, write_atomically

ANOTHER = 75  # BSD's EX_TEMPFAIL
"""Exit code if another runner holds the job."""


def main(arguments: list[str]) -> int:
    """Run the job of a folder; return 0, 1 if it failed, or ANOTHER if another runner holds it."""
    job, token, worker = Job(Path(arguments[0])), arguments[1], tuple(arguments[2:]) or WORKER
    terminated: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: terminated.append(number))  # the machine is shut down

    def given_up() -> bool:
        return bool(terminated) or requested_end(job) is not None

    with contextlib.ExitStack() as held:
        try:
            held.enter_context(hold_lock(job.lock, LOCK_TIMEOUT))
            end = _run(job, token, worker, given_up)
        except Locked:
            return ANOTHER
        except (PoetBotError, OSError) as error:
            end = _failed(error)
        try:
            if job.folder.exists():  # a deleted folder isn't created again
                write_outcome(job, end)
            if end.state is State.FINISHED or requested_end(job) == "shelve":
                move_to_library(job)
        except (PoetBotError, OSError) as error:
            # What is half done is settled later; where not even the end could be written, the job counts as dead.
            with contextlib.suppress(OSError):
                print(error, file=sys.stderr)
        thrown_away = requested_end(job) == "discard"
    if thrown_away:
        with contextlib.suppress(OSError):
            remove(job)
    return 1 if end.state is State.FAILED else 0


def _run(job: Job, token: str, worker: tuple[str, ...], given_up: Callable[[], bool]) -> Outcome:
    before = job.read("run.json")
    run = {"asked": time.time() if "token" in before else requested_at(before), "token": token}
    for old in ("stop", "ended.json"):
        (job.folder / old).unlink(missing_ok=True)
    reserve_disk_space(job)
    write_atomically(job.folder / "run.json", json_bytes(run))
    with wait_for_turn(job.home, job, given_up) as mine:
        if not mine:
            return Outcome(State.STOPPED)
        write_atomically(job.folder / "run.json", json_bytes({**run, "begun": time.time()}))
        lower_priority()
        return run_worker(job, worker, given_up)


def _failed(error: PoetBotError | OSError) -> Outcome:
    if isinstance(error, PoetBotError):
        return Outcome(State.FAILED, error.message)
    if error.errno == errno.ENOSPC:
        return Outcome(State.FAILED, FULL)
    reason = (error.strerror or str(error)).lower()
    return Outcome(
        State.FAILED,
        Message(
            "The training run couldn't be started ({reason}). Correct that, then resume it.", reason=reason
        ),
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
