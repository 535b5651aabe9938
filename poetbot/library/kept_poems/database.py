"""The database file: its tables, how it is opened, and errors for a full disk or a damaged file.

It is SQLite with a write-ahead log, and every change is one transaction that is on disk before the call returns
(`synchronous = full`), so nothing that was saved is lost if a process is killed or the power fails.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poetbot.errors import Failure, PoetBotError

FORMAT = 3
_BUSY = 5.0  # seconds that a change waits for another one
_AGAIN = 0.01  # seconds

_TABLES = """
create table poems (
    id integer primary key,
    title text not null,
    poet text not null,
    starred integer not null default 0,
    current integer not null,
    folded text not null,
    created real not null,
    changed real not null,
    deleted real,
    touched integer not null default 1,
    settings text
);
create table versions (
    poem integer not null references poems (id) on delete cascade,
    number integer not null,
    parent integer,
    text text not null,
    written text not null,
    receipt text,
    at real not null,
    request text,
    primary key (poem, number)
) without rowid;
create unique index versions_by_request on versions (request) where request is not null;
create table lines (
    poem integer not null references poems (id) on delete cascade,
    line text not null,
    at real not null,
    primary key (poem, line)
) without rowid;
create table collections (
    id integer primary key,
    name text not null unique
);
create table members (
    collection integer not null references collections (id) on delete cascade,
    poem integer not null references poems (id) on delete cascade,
    primary key (collection, poem)
) without rowid;
"""


# What brings the tables of an older format to the next one.
_MIGRATIONS = {
    1: (
        "alter table poems add column touched integer not null default 1",
        "alter table poems add column settings text",
    ),
    2: (
        "alter table versions add column request text",
        "create unique index versions_by_request on versions (request) where request is not null",
    ),
}


@contextmanager
def open_database(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database for one operation, creating it if it doesn't exist; uncommitted changes are rolled back.

    Raises PoetBotError if the file isn't a poem database, is damaged, or is from a newer version of PoetBot; or if the disk is full
    or can't be written to.
    """
    try:
        base = sqlite3.connect(path, timeout=_BUSY, isolation_level=None)
        try:
            base.execute("pragma foreign_keys = on")
            _write_ahead(base)
            base.execute("pragma synchronous = full")
            _prepare(base, path)
            yield base
        finally:
            base.close()
    except sqlite3.OperationalError as error:
        raise Failure(
            "The poems in {path} can't be saved now ({error}). Make room on the disk or close other programs that write there, then try again.",
            path=path,
            error=error,
        ) from error
    except sqlite3.DatabaseError as error:
        raise PoetBotError(
            "The poems in {path} can't be read ({error}). Restore a copy of the file, or move it away to start over.",
            path=path,
            error=error,
        ) from error


@contextmanager
def transaction(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the database for one change, which is made completely or not at all."""
    with open_database(path) as base:
        base.execute("begin immediate")
        try:
            yield base
        except BaseException:
            base.execute("rollback")
            raise
        base.execute("commit")


def _write_ahead(base: sqlite3.Connection) -> None:
    """Switch to the write-ahead log, so that reading and writing don't block each other. SQLite waits for other locks itself,
    but not for this switch, which the first two processes may attempt at once.
    """
    until = time.monotonic() + _BUSY
    while True:
        try:
            base.execute("pragma journal_mode = wal")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_AGAIN)


def _prepare(base: sqlite3.Connection, path: Path) -> None:
    version = _version(base)
    if version == FORMAT:
        return
    if version > FORMAT:
        raise PoetBotError(
            "The poems in {path} were saved by a newer PoetBot. Open them with that version.", path=path
        )
    base.execute("begin immediate")
    try:
        version = _version(base)  # another process may have created the tables meanwhile
        statements = [] if version else _TABLES.split(";")
        for older in range(version or FORMAT, FORMAT):
            statements += _MIGRATIONS[older]
        for statement in statements:
            base.execute(statement)
        base.execute(f"pragma user_version = {FORMAT}")
    except BaseException:
        base.execute("rollback")
        raise
    base.execute("commit")


def _version(base: sqlite3.Connection) -> int:
    return int(base.execute("pragma user_version").fetchone()[0])
