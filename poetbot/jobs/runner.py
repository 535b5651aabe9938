"""The process that sees to one job: waits for its turn, lets the worker work, and says how it ended.

`python -m poetbot.jobs.runner JOB TOKEN [WORKER…]`. It has a session of its own, so it outlives the app that started
it. It is asked to end by a file and not by a signal: that works from any process and on every system, and cannot meet a
stranger who has got the number of a process that is gone.
"""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout

from poetbot.errors import PoetBotError
from poetbot.jobs import locks
from poetbot.jobs.ending import Ended, asked_to_end, ended, remove, shelve
from poetbot.jobs.job import Job, State, asked
from poetbot.jobs.queue import turn
from poetbot.jobs.worker import WORKER, be_nice, work
from poetbot.poets.folder import as_json, write_atomically


def main(arguments: list[str]) -> int:
    """See to the job of a folder; return 1 where another runner does."""
    job, token, worker = Job(Path(arguments[0])), arguments[1], tuple(arguments[2:]) or WORKER
    terminated: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: terminated.append(number))  # the machine is shut down

    def given_up() -> bool:
        return bool(terminated) or asked_to_end(job) is not None

    try:
        with locks.lock(job.lock, locks.PATIENCE):
            end = _run(job, token, worker, given_up)
            ended(job, end)
            if end.state is State.FINISHED:
                shelve(job)
            thrown_away = asked_to_end(job) == "discard"
    except Timeout:
        return 1
    if thrown_away:
        remove(job)
    return 0


def _run(job: Job, token: str, worker: tuple[str, ...], given_up: Callable[[], bool]) -> Ended:
    before = job.read("run.json")
    for old in ("stop", "ended.json"):
        (job.folder / old).unlink(missing_ok=True)
    run = {"asked": time.time() if "token" in before else asked(before), "token": token}
    write_atomically(job.folder / "run.json", as_json(run))
    try:
        with turn(job.home, job, given_up) as mine:
            if not mine:
                return Ended(State.STOPPED)
            write_atomically(job.folder / "run.json", as_json({**run, "begun": time.time()}))
            be_nice()
            return work(job, worker, given_up)
    except PoetBotError as error:
        return Ended(State.FAILED, str(error))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return Ended(State.FAILED, f"The training could not be begun ({reason}): mend that, and resume it.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
