"""The queue of training runs: one runs at a time, the others wait in their own runners, with or without the app.

On a cluster several run at a time. No process schedules them: every runner looks at the folders, and the one that has waited
longest takes a lock.
The visitors of one app share a queue, whose lock is in the app's own data folder.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from poetbot.runs.cluster import places
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


def running_jobs(home: Home) -> list[Job]:
    """Return the jobs in training: at most one, or as many as there are places on a cluster."""
    return [job for job in all_jobs(home) if job.state() is State.RUNNING]


def queue_position(home: Home, job: Job) -> int | None:
    """Return how many jobs must end before a waiting one begins; None if it isn't waiting."""
    queue = waiting_jobs(home)
    if job not in queue:
        return None
    return max(0, queue.index(job) + len(running_jobs(home)) - places() + 1)


@contextmanager
def wait_for_turn(home: Home, job: Job, given_up: Callable[[], bool]) -> Iterator[bool]:
    """Wait for the turn of `job` and hold it. Yields False if waiting was given up."""
    jobs, most = home.machine.create(home.machine.jobs), places()
    locks = [jobs / (".turn" if place == 0 else f".turn-{place}") for place in range(most)]
    with ExitStack() as held:
        mine = False
        while not mine and not given_up():
            # The locks aren't enough: a worker may outlive its killed runner.
            free = max(0, most - len(running_jobs(home)))
            if job in waiting_jobs(home)[:free]:
                mine = any(_held(lock, held) for lock in locks)
            if not mine:
                time.sleep(_LOOK_EVERY)
        yield mine


def _held(lock: Path, held: ExitStack) -> bool:
    """Try to take a lock, which `held` releases, and return whether that was possible."""
    try:
        held.enter_context(hold_lock(lock))
    except Locked:
        return False
    return True
