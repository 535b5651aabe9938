"""Locks that a process holds as long as it lives: the system gives them up for it, in whatever way it ends."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from poetbot.errors import PoetBotError

PATIENCE = 2.0
"""Seconds to try for a lock that ought to be free: whoever looks whether it is held holds it for a moment."""
_GLANCE = 0.02
"""Seconds after which a lock counts as held: two that look at once hold it for less, and must not meet each other."""
_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}


class Held(Exception):
    """Another process holds the lock. No OSError, as filelock's own is: nothing is wrong with the disk."""


@contextmanager
def holding(path: Path, timeout: float = 0.0) -> Iterator[None]:
    """Hold the lock of a file. Raises Held where another process does, OSError, and PoetBotError where the disk
    knows no locks: a mere file instead would outlive a killed process.
    """
    lock = _lock(path, timeout)
    try:
        lock.acquire()
    except Timeout:
        raise Held from None
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
            raise
        raise PoetBotError(
            "The disk with PoetBot's folder can't lock files. Set POETBOT_HOME to a folder on a local disk."
        ) from None
    try:
        yield
    finally:
        lock.release()


def held(path: Path) -> bool:
    """Return whether some process holds the lock of a file."""
    if not path.exists():
        return False
    lock = _lock(path, _GLANCE)
    try:
        lock.acquire(poll_interval=_GLANCE / 4)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False  # gone between, or on a disk where nobody can hold one
    lock.release()
    return False


def _lock(path: Path, timeout: float) -> FileLock:
    return FileLock(path, timeout=timeout, thread_local=False, fallback_to_soft=False)
