"""Locks that a process holds as long as it lives: the system gives them up for it, in whatever way it ends."""

from pathlib import Path

from filelock import FileLock, Timeout

PATIENCE = 2.0
"""Seconds to try for a lock that ought to be free: whoever looks whether it is held holds it for a moment."""


def lock(path: Path, timeout: float = 0.0) -> FileLock:
    """Return the lock of a file; where the file system knows no locks, to take it raises NotImplementedError."""
    return FileLock(path, timeout=timeout, thread_local=False, fallback_to_soft=False)


def held(path: Path) -> bool:
    """Return whether some process holds the lock of a file."""
    if not path.exists():
        return False
    asked = lock(path)
    try:
        asked.acquire()
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False  # gone between, or on a disk where nobody can hold one
    asked.release()
    return False
