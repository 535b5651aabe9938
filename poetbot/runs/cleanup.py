"""What nobody needs any more is deleted: visitors who never came back, the trash, files made for a moment.

Everything takes the time it is now, in seconds since 1970, so that a test need not wait for days.
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
"""How the keys of visitors begin: of those who sign in, and of those whom a cookie tells apart."""
_A_DAY = 86_400.0  # seconds
_SEEN_EVERY = 60.0  # seconds


def record_visit(home: Home, now: float | None = None) -> None:
    """Note that a visitor has come; a home in which nothing was put yet is not made for it."""
    now = time.time() if now is None else now
    if home.is_visitor and home.root.is_dir() and now - last_visit(home) > _SEEN_EVERY:
        with contextlib.suppress(OSError):
            (home.root / "seen").touch(mode=0o600)
            os.utime(home.root / "seen", (now, now))


def last_visit(home: Home) -> float:
    """Return when a visitor was there last, in seconds since 1970."""
    for path in (home.root / "seen", home.root):
        with contextlib.suppress(OSError):
            return path.stat().st_mtime
    return 0.0


def sweep_visitors(machine: Home, settings: Settings, now: float) -> int:
    """Delete the homes of visitors who have not come for as many days as the settings say; return how many.

    One with a training that runs or waits is left alone, whatever its age.
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
        gone = home.root.with_name(f".gone-{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            home.root.rename(gone)  # out of reach at once, then from the disk
            shutil.rmtree(gone, ignore_errors=True)
            swept += 1
    return swept


def sweep_files(folder: Path, hours: float, now: float) -> int:
    """Delete the files of a folder that are older than so many hours, and what that leaves empty; return how many files.

    A link is deleted, not followed.
    """
    swept = 0
    for root, names, files in os.walk(folder, topdown=False):
        for name in [*files, *names]:
            path = Path(root, name)
            with contextlib.suppress(OSError):
                if path.is_dir() and not path.is_symlink():
                    if now - path.stat().st_mtime > hours * 3600:
                        path.rmdir()  # only where it is empty
                elif now - path.lstat().st_mtime > hours * 3600:
                    path.unlink()
                    swept += 1
    return swept


def sweep(machine: Home, temporary: Path | None, settings: Settings, now: float) -> None:
    """Sweep everything: visitors, everybody's trash, and the folder where gradio keeps `temporary` files."""
    sweep_visitors(machine, settings, now)
    for home in (machine, *machine.visitors()):
        if home.trash.is_dir():
            with contextlib.suppress(PoetBotError):
                library.delete_expired(home, settings.trash_days)
    if temporary:
        sweep_files(temporary, settings.temporary_hours, now)
