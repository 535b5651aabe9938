"""One training at a time: the others wait, each in its own runner, and need no app to be open.

There is no process that gives out turns. Every runner looks at the folders; the one that waited longest takes a lock.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import Timeout

from poetbot.home import Home
from poetbot.jobs import locks
from poetbot.jobs.job import Job, State, asked, jobs

_LOOK_EVERY = 0.5  # seconds


def waiting(home: Home) -> list[Job]:
    """Return the jobs that wait, the next one first."""
    queue = [job for job in jobs(home) if job.state() is State.WAITING]
    return sorted(queue, key=lambda job: (asked(job.read("run.json")), job.id))


def running(home: Home) -> Job | None:
    """Return the job that is trained now."""
    return next((job for job in jobs(home) if job.state() is State.RUNNING), None)


def place(home: Home, job: Job) -> int | None:
    """Return how many jobs come before a waiting one, with the one that is trained now; None where it waits not."""
    queue = waiting(home)
    if job not in queue:
        return None
    return queue.index(job) + (running(home) is not None)


@contextmanager
def turn(home: Home, job: Job, given_up: Callable[[], bool]) -> Iterator[bool]:
    """Wait until `job` is the one to be trained and hold the turn; yields False where it was given up before."""
    mine = locks.lock(home.jobs / ".turn")
    while not given_up():
        # The lock alone would do, were it not for a worker whose runner was killed.
        if waiting(home)[:1] == [job] and running(home) is None:
            try:
                mine.acquire()
                break
            except Timeout:
                pass
        time.sleep(_LOOK_EVERY)
    try:
        yield mine.is_locked
    finally:
        mine.release()
