"""Delete what is no longer needed: data of visitors who never came back, old trash, unused sign-ins, temporary files.

Functions take the current time, in seconds since 1970, so that tests needn't wait for days.
"""

import contextlib
import os
import secrets
import shutil
import time
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.library.poets import trash as library
from poetbot.runs.job import list_jobs
from poetbot.settings import Settings
from poetbot.storage import Home

USER, GUEST = "user-", "guest-"
"""Prefixes of the keys of visitors who sign in, and of those known by a cookie."""
_A_DAY = 86_400.0  # seconds
_SEEN_EVERY = 60.0  # seconds


def record_visit(home: Home, now: float | None = None) -> None:
    """Record a visit. A visitor without saved data gets no folder for it."""
    now = time.time() if now is None else now
    if home.is_visitor and home.root.is_dir() and now - last_visit(home) > _SEEN_EVERY:
        with contextlib.suppress(OSError):
            (home.root / "seen").touch(mode=0o600)
            os.utime(home.root / "seen", (now, now))


def last_visit(home: Home) -> float:
    """Return the time of the last visit, in seconds since 1970."""
    for path in (home.root / "seen", home.root):
        with contextlib.suppress(OSError):
            return path.stat().st_mtime
    return 0.0


def sweep_visitors(machine: Home, settings: Settings, now: float) -> int:
    """Delete the data of visitors who haven't come for the days in the settings; return how many.

    A visitor with a running or waiting training run is kept.
    """
    swept = 0
    for home in machine.visitors():
        if home.root.name.startswith("."):
            if now - last_visit(home) > 3600:  # half deleted by an app that was killed
                shutil.rmtree(home.root, ignore_errors=True)
            continue
        days = settings.user_days if home.root.name.startswith(USER) else settings.public_days
        if any(job.state().alive for job in list_jobs(home)) or now - last_visit(home) <= days * _A_DAY:
            continue
        hidden = home.root.with_name(f".gone-{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            home.root.rename(hidden)  # out of reach at once, then from the disk
            shutil.rmtree(hidden, ignore_errors=True)
            swept += 1
    return swept


def sweep_files(folder: Path, hours: float, now: float) -> int:
    """Delete files older than `hours`, and folders left empty; return the number of files.

    Links are deleted, not followed.
    """
    swept = 0
    for root, names, files in os.walk(folder, topdown=False):
        for name in [*files, *names]:
            path = Path(root, name)
            with contextlib.suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    if now - path.stat().st_mtime > hours * 3600:
                        path.rmdir()  # only if it is empty
                elif now - path.lstat().st_mtime > hours * 3600:
                    path.unlink()
                    swept += 1
    return swept


def sweep(machine: Home, temporary: Path | None, settings: Settings, now: float) -> None:
    """Clean up visitors, the trash of all of them, unused sign-ins, and the folder of Gradio's `temporary` files."""
    sweep_visitors(machine, settings, now)
    for home in (machine, *machine.visitors()):
        if home.trash.is_dir():
            with contextlib.suppress(PoetBotError):
                library.delete_expired(home, settings.trash_days)
    sweep_files(machine.signed_in, 24 * settings.public_days, now)
    if temporary:
        sweep_files(temporary, settings.temporary_hours, now)
