"""The database rows of one poem; every function runs inside the caller's transaction."""

import json
import sqlite3
from collections.abc import Iterable

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems.records import (
    MAX_TITLE,
    KeptPoem,
    Version,
    VersionRow,
    check_line,
    search_key,
)
from poetbot.messages import Message
from poetbot.writing.receipt import Receipt, checked_receipt

MAX_COLLECTIONS = 500
MAX_POEMS = 100_000
MOST_VERSIONS = 500  # of one poem
MOST_CHARACTERS = 20_000_000  # of all versions of one poem
_NEW_VERSION = "insert into versions (poem, number, parent, text, written, receipt, at)"


def insert_poem(
    base: sqlite3.Connection, now: float, row: VersionRow, title: str = "", poet: str = ""
) -> int:
    """Insert a new poem and return its number. Raises PoetBotError if it is invalid."""
    title, poet = (
        check_line(Message("title of the poem"), title, MAX_TITLE),
        check_line(Message("name of the poet"), poet, MAX_TITLE),
    )
    (count,) = base.execute("select count(*) from poems").fetchone()
    if count >= MAX_POEMS:
        raise PoetBotError(
            "You can save at most {most:,} poems. Export some, then delete them.", most=MAX_POEMS
        )
    poem = base.execute(
        "insert into poems (title, poet, current, folded, created, changed) values (?, ?, 1, ?, ?, ?)",
        (title, poet, search_key(f"{title}\n{row[0]}"), now, now),
    ).lastrowid
    base.execute(f"{_NEW_VERSION} values (?, 1, null, ?, ?, ?, ?)", (poem, *row, now))
    return int(poem or 0)


def put_version(
    base: sqlite3.Connection, now: float, poem: int, edited: int, row: VersionRow, join: bool
) -> int:
    """Insert a version, derived from the one that was edited, and return its number; with `join`, replace that one.

    The first version is never replaced, nor one from which others were derived.
    """
    if join and edited > 1 and not has_children(base, poem, edited):
        base.execute(
            "update versions set text = ?, written = ?, receipt = ?, at = ? where poem = ? and number = ?",
            (*row, now, poem, edited),
        )
        return edited
    query = "select max(number) + 1, max(case when number = ? then number end) from versions where poem = ?"
    number, parent = base.execute(query, (edited, poem)).fetchone()
    base.execute(f"{_NEW_VERSION} values (?, ?, ?, ?, ?, ?, ?)", (poem, number, parent, *row, now))
    return int(number)


def saved_by(base: sqlite3.Connection, request: str | None) -> tuple[int, int] | None:
    """Return the poem and the number of the version that a request saved; None if it saved nothing yet."""
    found = base.execute("select poem, number from versions where request = ?", (request,)).fetchone()
    return None if found is None else (int(found[0]), int(found[1]))


def remember_request(base: sqlite3.Connection, request: str | None, poem: int, number: int) -> None:
    """Let a request name the version that it saved, and no other."""
    if request:
        base.execute("update versions set request = null where request = ?", (request,))
        base.execute("update versions set request = ? where poem = ? and number = ?", (request, poem, number))


def whole_text(title: str, text: str) -> str:
    """Return a poem as it is exported as plain text, by which one that is saved already is recognised."""
    return (f"{title}\n\n" if title else "") + text.strip("\n")


def saved_texts(base: sqlite3.Connection) -> set[str]:
    """Return the whole texts of all poems that are not deleted."""
    rows = base.execute(
        "select title, text from poems join versions on poem = id and number = current where deleted is null"
    )
    return {whole_text(title, text) for title, text in rows}


def add_to_collection(base: sqlite3.Connection, poem: int, name: str) -> None:
    """Add a poem to a collection, which is created if it doesn't exist."""
    (count,) = base.execute("select count(*) from collections where name <> ?", (name,)).fetchone()
    if count >= MAX_COLLECTIONS:
        raise PoetBotError("You already have {most} collections. Use one of them.", most=MAX_COLLECTIONS)
    base.execute("insert or ignore into collections (name) values (?)", (name,))
    base.execute("insert or ignore into members select id, ? from collections where name = ?", (poem, name))


def current_of(base: sqlite3.Connection, poem: int) -> tuple[int, str]:
    """Return a poem's current version and title. Raises PoetBotError if there is no poem with this number."""
    if isinstance(poem, bool) or not isinstance(poem, int) or not 0 < poem < 2**62:
        raise PoetBotError("A saved poem must be requested by its number.")
    found = base.execute("select current, title from poems where id = ?", (poem,)).fetchone()
    if found is None:
        raise PoetBotError(
            "Poem number {number} no longer exists. Reload the list of your poems.", number=poem
        )
    return int(found[0]), str(found[1])


def has_children(base: sqlite3.Connection, poem: int, number: int) -> bool:
    """Return whether any version was derived from this one."""
    query = "select 1 from versions where poem = ? and parent = ? limit 1"
    return base.execute(query, (poem, number)).fetchone() is not None


def set_current_version(
    base: sqlite3.Connection, poem: int, number: int, title: str, text: str, now: float
) -> None:
    """Make a version the current one. A poem that was deleted meanwhile comes back: somebody works on it."""
    base.execute(
        "update poems set current = ?, folded = ?, changed = ?, touched = 1, deleted = null where id = ?",
        (number, search_key(f"{title}\n{text}"), now, poem),
    )


def update_poems(
    base: sqlite3.Connection, poems: Iterable[int], statement: str, *values: object
) -> list[int]:
    """Execute a statement, whose last value is the number of a poem, for each; return the numbers of those that it changed."""
    changed = []
    for poem in poems:
        current_of(base, poem)
        if base.execute(statement, (*values, poem)).rowcount:
            changed.append(poem)
    return changed


def delete_oldest_versions(base: sqlite3.Connection, poem: int) -> None:
    """Delete the oldest versions if there are too many, but never the current one."""
    while True:
        count, characters, oldest = base.execute(
            "select count(*), sum(length(text)), min(case when number <> poems.current then number end)"
            " from versions join poems on id = poem where poem = ?",
            (poem,),
        ).fetchone()
        if oldest is None or (count <= MOST_VERSIONS and characters <= MOST_CHARACTERS):
            return
        base.execute("update versions set parent = null where poem = ? and parent = ?", (poem, oldest))
        base.execute("delete from versions where poem = ? and number = ?", (poem, oldest))


def version_of(base: sqlite3.Connection, poem: int, number: int) -> Version:
    """Return an existing version."""
    text, written, receipt, at = base.execute(
        "select text, written, receipt, at from versions where poem = ? and number = ?", (poem, number)
    ).fetchone()
    spans = tuple((int(start), int(end)) for start, end in json.loads(written))
    return Version(number, text, spans, None if receipt is None else _receipt(receipt), at)


def _receipt(stored: str) -> Receipt | None:
    """Return a stored receipt; None if version 0.1 accepted one that can't be sent to a browser, so that the poem still opens."""
    try:
        return checked_receipt(json.loads(stored))
    except (PoetBotError, ValueError, RecursionError):
        return None


def poem_of(base: sqlite3.Connection, poem: int) -> KeptPoem:
    """Return a poem in its current version. Raises PoetBotError if there is no poem with this number."""
    current, title = current_of(base, poem)
    poet, starred, created, changed, deleted, touched, settings = base.execute(
        "select poet, starred, created, changed, deleted, touched, settings from poems where id = ?", (poem,)
    ).fetchone()
    (parent,) = base.execute(
        "select parent from versions where poem = ? and number = ?", (poem, current)
    ).fetchone()
    lines = base.execute("select line from lines where poem = ? order by at, line", (poem,)).fetchall()
    names = base.execute(
        "select name from collections join members on id = collection where poem = ? order by name", (poem,)
    ).fetchall()
    return KeptPoem(
        poem,
        title,
        poet,
        bool(starred),
        version_of(base, poem, current),
        parent is not None,
        has_children(base, poem, current),
        tuple(line for (line,) in lines),
        tuple(name for (name,) in names),
        created,
        changed,
        deleted is not None,
        bool(touched),
        None if settings is None else json.loads(settings),
    )
