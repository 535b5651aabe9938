"""Rename, delete and restore a user's poets. Every change is one atomic rename of a folder."""

import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.library.poets import names
from poetbot.storage import Home, Locked, hold_lock, is_locked

KEPT_DAYS = 30
"""How long a deleted poet can be restored."""
_HALF_SECONDS = 3600

_DELETED = re.compile(r"(\d{1,12})-[0-9a-f]{8}")


@contextmanager
def library_lock(home: Home) -> Iterator[None]:
    """Hold the lock of the poets, so that two processes never give two poets the same name."""
    home.create(home.root)
    try:
        with home.disk_errors(), hold_lock(home.root / ".shelf", 10.0):
            yield
    except Locked:
        raise PoetBotError("Another window is changing your poets. Try again.") from None


def rename(home: Home, name: str, new_name: str) -> str:
    """Rename a poet and return its name as stored. Raises PoetBotError if that isn't possible."""
    with library_lock(home):
        folder = _poet(home, name)
        wanted = names.validate_name(new_name)
        if wanted == name:
            return name
        if names.name_key(wanted) != names.name_key(name):
            names.check_available(home, wanted)
        folder.rename(home.poets / wanted)
        names.write_name(home.poets / wanted, wanted)
        return wanted


def delete(home: Home, name: str) -> str:
    """Move a poet to the trash, and return the receipt to `restore` it with. Raises PoetBotError."""
    with library_lock(home):
        folder = _poet(home, name)
        receipt = f"{int(time.time())}-{secrets.token_hex(4)}"
        place = home.create(home.trash) / receipt
        place.mkdir(mode=0o700)
        try:
            folder.rename(place / name)
        except OSError:
            place.rmdir()
            raise
        return receipt


def restore(home: Home, receipt: str) -> str:
    """Restore a deleted poet; return its name, followed by a number if the name is in use now.

    Raises PoetBotError if it is no longer in the trash.
    """
    with library_lock(home):
        place = home.trash / receipt if isinstance(receipt, str) and _DELETED.fullmatch(receipt) else None
        found = [path for path in place.iterdir() if path.is_dir()] if place and place.is_dir() else []
        if place is None or not found:
            raise PoetBotError("That poet is no longer in the trash.")
        name = names.free_name(home, found[0].name)
        found[0].rename(home.create(home.poets) / name)
        names.write_name(home.poets / name, name)
        place.rmdir()
        return name


def list_trash(home: Home) -> list[tuple[str, str]]:
    """Return receipt and name of every poet in the trash, the last deleted first."""
    found = []
    for place in _trash(home):
        found += [(place.name, path.name) for path in place.iterdir() if path.is_dir()]
    return found[::-1]


def delete_expired(home: Home, days: float = KEPT_DAYS) -> int:
    """Permanently delete poets that have been in the trash for `days`; return how many."""
    swept = 0
    with library_lock(home):
        for place in _trash(home):
            if time.time() - int(place.name.split("-")[0]) > days * 86_400:
                shutil.rmtree(place, ignore_errors=True)
                swept += 1
        for half in home.poets.glob(".new-*"):  # left by a process that was killed while importing a poet
            with suppress(OSError):
                if time.time() - half.stat().st_mtime > _HALF_SECONDS:
                    shutil.rmtree(half, ignore_errors=True)
    return swept


def _trash(home: Home) -> list[Path]:
    if not home.trash.is_dir():
        return []
    return sorted(path for path in home.trash.iterdir() if _DELETED.fullmatch(path.name) and path.is_dir())


def _poet(home: Home, name: str) -> Path:
    """Return the folder of a poet that may be moved. A name from outside is never used as a path."""
    own = {path.name: path for path in home.poets.iterdir()} if home.poets.is_dir() else {}
    if (
        not isinstance(name, str)
        or name not in own
        or name.startswith(".")
        or not (own[name] / "poet.json").is_file()
    ):
        raise PoetBotError("You have no poet by that name. Reload the list.")
    if is_locked(own[name] / "job" / "lock"):
        raise PoetBotError("{name} is being trained. Stop the training first.", name=name)
    return own[name]
