"""The queue of training runs: one runs at a time, the others wait in their own runners, with or without the app.

No process schedules them. Every runner looks at the folders, and the one that has waited longest takes a lock.
The visitors of one app share a queue, whose lock is in the app's own data folder.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from poetbot.runs.job import Job, State, list_jobs, requested_at
from poetbot.storage import Home, Locked, hold_lock

_LOOK_EVERY = 0.5  # seconds


def all_jobs(home: Home) -> list[Job]:
    """Return the jobs in this machine's queue, those of all visitors included."""
    return [job for each in (home.machine, *home.machine.visitors()) for job in list_jobs(each)]


def waiting_jobs(home: Home) -> list[Job]:
    """Return the waiting jobs, the next one first."""
    queue = [job for job in all_jobs(home) if job.state() is State.WAITING]
    return sorted(queue, key=lambda job: (requested_at(job.read("run.json")), job.id))


def running_job(home: Home) -> Job | None:
    """Return the job in training."""
    return next((job for job in all_jobs(home) if job.state() is State.RUNNING), None)


def queue_position(home: Home, job: Job) -> int | None:
    """Return how many jobs are ahead of a waiting one, including the one in training; None if it isn't waiting."""
    queue = waiting_jobs(home)
    if job not in queue:
        return None
    return queue.index(job) + (running_job(home) is not None)


@contextmanager
def wait_for_turn(home: Home, job: Job, given_up: Callable[[], bool]) -> Iterator[bool]:
    """Wait for the turn of `job` and hold it. Yields False if waiting was given up."""
    lock = home.machine.create(home.machine.jobs) / ".turn"
    with ExitStack() as held:
        mine = False
        while not given_up():
            # The lock isn't enough: a worker may outlive its killed runner.
            if waiting_jobs(home)[:1] == [job] and running_job(home) is None:
                with suppress(Locked):
                    held.enter_context(hold_lock(lock))
                    mine = True
                    break
            time.sleep(_LOOK_EVERY)
        yield mine
