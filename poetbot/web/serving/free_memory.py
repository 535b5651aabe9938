"""Gives memory that is free back to the system, where the C library is glibc; elsewhere nothing needs to be done."""

import contextlib
import ctypes
import sys

# Options of glibc's mallopt, from malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8


def limit_free_memory() -> None:
    """Let glibc keep less free memory from now on.

    By default it has eight heaps per processor for threads, and keeps freed arrays of up to 32 MB for the next ones.
    """
    for option, value in ((_ARENA_MAX, 1), (_MMAP_THRESHOLD, 4 << 20), (_TRIM_THRESHOLD, 8 << 20)):
        _call("mallopt", option, value)


def trim() -> None:
    """Give back what is free now, such as after loading a poet, within hundredths of a second."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library has no such function
            getattr(ctypes.CDLL(None), name)(*arguments)
