"""A database of the poets' cards and sizes, so that a long list opens at once.

The folders are the truth: a row is valid as long as poet.json is the same file, and a database that is damaged, missing or
can't be opened is created again, or not used.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetbot.poets.folder import poet_folders
from poetbot.storage import Home

_MOST_BYTES = 4_000_000  # of poet.json
_TABLE = """
    create table if not exists poets (
        folder text primary key, stamp text not null, bytes integer not null, card text not null
    ) without rowid
"""


@dataclass(frozen=True)
class OwnPoet:
    """A user's poet. `name` is that of its folder; `bytes` is its size on disk."""

    name: str
    folder: Path
    card: dict[str, Any]
    bytes: int


def list_poets(home: Home) -> list[OwnPoet]:
    """Return the user's poets by name; folders whose card can't be read are left out."""
    folders = {folder.name: folder for folder in poet_folders(home.poets)}
    try:
        return _through(home, folders)
    except sqlite3.OperationalError:
        return _from_folders(folders)  # another process is writing, or the disk is full; the database is fine
    except (sqlite3.Error, OSError, ValueError):
        pass
    with contextlib.suppress(OSError):
        for name in ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm"):
            (home.root / name).unlink(missing_ok=True)
    try:
        return _through(home, folders)
    except (sqlite3.Error, OSError, ValueError):
        return _from_folders(folders)


def _from_folders(folders: dict[str, Path]) -> list[OwnPoet]:
    return [row for folder in folders.values() if (row := read_own_poet(folder))]


def _through(home: Home, folders: dict[str, Path]) -> list[OwnPoet]:
    if not folders:
        return []
    with _opened(home.root / "index.sqlite") as base:
        known = {
            name: (stamp, size, card)
            for name, stamp, size, card in base.execute("select folder, stamp, bytes, card from poets")
        }
        found = []
        for name, folder in folders.items():
            stamp = _stamp(folder)
            row = known.pop(name, None)
            if row and row[0] == stamp:
                found.append(OwnPoet(name, folder, json.loads(row[2]), row[1]))
            elif changed := read_own_poet(folder):
                found.append(changed)
                values = (name, stamp, changed.bytes, json.dumps(changed.card))
                base.execute("insert or replace into poets values (?, ?, ?, ?)", values)
        base.executemany("delete from poets where folder = ?", [(name,) for name in known])
        base.commit()
    return found


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    base = sqlite3.connect(path, timeout=5.0)
    try:
        base.execute("pragma journal_mode = wal")
        base.execute("pragma synchronous = normal")
        base.execute(_TABLE)
        yield base
    finally:
        base.close()


def _stamp(folder: Path) -> str:
    """Return a value that changes whenever the card is written, because it is always replaced by a new file."""
    try:
        found = (folder / "poet.json").stat()
    except OSError:
        return ""
    return f"{found.st_mtime_ns}/{found.st_size}/{found.st_ino}"


def read_own_poet(folder: Path) -> OwnPoet | None:
    """Return the poet of a folder from its card, None if that can't be read."""
    path = folder / "poet.json"
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        card = json.loads(path.read_bytes())
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    except (OSError, ValueError, RecursionError):
        return None
    return OwnPoet(folder.name, folder, card, size) if isinstance(card, dict) else None
