"""The lock on a job folder, so that two workers never train one poet.

The system holds the lock for the process and releases it however the process ends: a killed worker leaves no lock
behind, though the file `lock` stays.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.storage import Locked, hold_lock

_PATIENCE = 1.0
"""Seconds a worker tries: a process that checks whether a job is alive holds its lock for a moment."""


@contextmanager
def only_worker(job: Path) -> Iterator[None]:
    """Hold the lock of `job`, which is created if it doesn't exist. Raises PoetBotError if another worker holds it."""
    with ExitStack() as lock:
        try:
            job.mkdir(parents=True, exist_ok=True)
            lock.enter_context(hold_lock(job / "lock", _PATIENCE))
        except Locked:
            raise PoetBotError(
                "{folder} is being trained by another process. Wait until it ends, or choose another --out.",
                folder=job.parent,
            ) from None
        except OSError as error:
            raise PoetBotError(
                "{folder} can't be written to ({reason}). Change its permissions, or choose another --out.",
                folder=job.parent,
                reason=(error.strerror or str(error)).lower(),
            ) from error
        except PoetBotError:
            raise PoetBotError(
                "The disk of {folder} can't lock files. Choose an --out on a disk of this computer.",
                folder=job.parent,
            ) from None
        yield
