"""A lock on a job folder: two workers never train one poet, and who wants to know sees whether one lives.

The system holds the lock for the process (flock, or LockFileEx on Windows) and gives it up when the process ends, in
whatever way: a killed worker leaves no lock behind, though the file `lock` stays.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from poetbot.errors import PoetBotError

_PATIENCE = 1.0
"""Seconds a worker tries: whoever looks whether a job is alive holds its lock for a moment."""


def _lock(job: Path, timeout: float = 0.0) -> FileLock:
    # Where the file system knows no locks, a mere file would outlive a killed worker: better to say so.
    return FileLock(job / "lock", timeout=timeout, thread_local=False, fallback_to_soft=False)


@contextmanager
def only_worker(job: Path) -> Iterator[None]:
    """Hold the lock of `job` (made where it is not there). Raises PoetBotError where another worker holds it."""
    lock = _lock(job, _PATIENCE)
    try:
        job.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise PoetBotError(
            f"{job.parent} is being trained by another process: wait until it has ended, or choose another --out."
        ) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PoetBotError(
            f"{job.parent} cannot be written to ({reason}): choose another --out, or change who may write there."
        ) from error
    except NotImplementedError:
        raise PoetBotError(
            f"The disk of {job.parent} cannot lock files: choose an --out on a disk of this machine."
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_running(job: Path) -> bool:
    """Return whether a worker holds the lock of `job`."""
    if not (job / "lock").exists():
        return False
    lock = _lock(job)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
