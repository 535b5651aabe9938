"""Saved poems: every version with its receipt, stars, titles, collections, search, and undo.

A poem that a poet wrote and nobody has touched is saved like any other, and `find` can leave it out.

A poem's versions form a tree. Undo goes to the parent, redo to the newest child, and saving after an undo starts a new branch:
nothing that was saved is ever overwritten. Only the oldest versions of a very long history are deleted.

If two pages edit one poem, each says which version it edits. The later one gets an `EditConflict`, and its text is saved as a
version beside the other one.

A page that gets no answer can't know whether its poem was saved, and asks again. So its request has an id: if it has saved a
version already, that one is edited.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from poetbot.library.kept_poems.database import open_database, transaction
from poetbot.library.kept_poems.records import (
    BLANK,
    MAX_NAME,
    MAX_TITLE,
    EditConflict,
    ExportedPoem,
    KeptPoem,
    Line,
    Settings,
    Version,
    check_collection_name,
    check_line,
    check_starred_line,
    clean,
    search_key,
    settings_row,
    version_row,
)
from poetbot.library.kept_poems.rows import (
    add_to_collection,
    current_of,
    delete_oldest_versions,
    insert_poem,
    poem_of,
    put_version,
    remember_request,
    saved_by,
    saved_texts,
    set_current_version,
    update_poems,
    version_of,
    whole_text,
)
from poetbot.messages import Message
from poetbot.storage import Home
from poetbot.writing.receipt import Receipt

MAX_FOUND = 1_000
_STARRED = "(starred or id in (select poem from lines))"
_DELETED_FOR = 30 * 24 * 3600.0  # seconds until a deleted poem is removed permanently


def poems_of(home: Home) -> "Poems":
    """Return the saved poems of a data folder, which is created if it doesn't exist."""
    return Poems(home.create(home.root) / "poems.sqlite")


class Poems:
    """The poems in one file. Every method is one transaction, so several pages can share the file."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self.path = path
        self._clock = clock

    def add(
        self,
        text: str,
        *,
        title: str = "",
        poet: str = "",
        written: Sequence[Sequence[int]] = (),
        receipt: Receipt | None = None,
        touched: bool = True,
        typed: bool = False,
        request: str | None = None,
    ) -> KeptPoem:
        """Save a new poem and return it; undo leads from a `typed` one back to the empty page.

        If this request has saved it already, the poem is edited. Raises PoetBotError if it is invalid.
        """
        row = version_row(text, written, receipt)
        with transaction(self.path) as base:
            known = saved_by(base, request)
            if known is None:
                now, version = self._clock(), 1
                number = insert_poem(base, now, BLANK if typed else row, title, poet)
                if typed:
                    version = put_version(base, now, number, 1, row, join=False)
                    set_current_version(base, number, version, title, row[0], now)
                remember_request(base, request, number, version)
                base.execute("update poems set touched = ? where id = ?", (touched, number))
                return poem_of(base, number)
        number, version = known
        return self.save(
            number,
            text,
            edited=version,
            written=written,
            receipt=receipt,
            poet=poet,
            join=True,
            request=request,
        )

    def add_exported(self, poems: Iterable[ExportedPoem]) -> list[int]:
        """Save exported poems (see `poems_of_json`), all or none; return their new numbers.

        Poems that are saved already are left out. The others are listed in the order in which they come.
        """
        with transaction(self.path) as base:
            known = saved_texts(base)
            new_rows = []
            for row in poems:
                whole = whole_text(row.get("title", ""), clean(row["text"]))
                if whole not in known:
                    known.add(whole)
                    new_rows.append(row)
            now = self._clock()
            numbers = []
            for row in reversed(
                new_rows
            ):  # of poems changed at the same time, the last one added is listed first
                numbers.append(self._insert_exported(base, now, row))
            return numbers

    def _insert_exported(self, base: sqlite3.Connection, now: float, poem: ExportedPoem) -> int:
        row = version_row(poem["text"], poem.get("written", ()), poem.get("receipt"))
        number = insert_poem(base, now, row, poem.get("title", ""), poem.get("poet", ""))
        base.execute(
            "update poems set starred = ?, settings = ? where id = ?",
            (bool(poem.get("starred")), settings_row(poem.get("settings")), number),
        )
        for line in poem.get("lines", ()):
            base.execute(
                "insert or ignore into lines values (?, ?, ?)", (number, check_starred_line(line), now)
            )
        for name in poem.get("collections", ()):
            add_to_collection(base, number, check_collection_name(name))
        return number

    def save(
        self,
        poem: int,
        text: str,
        *,
        edited: int,
        written: Sequence[Sequence[int]] = (),
        receipt: Receipt | None = None,
        poet: str | None = None,
        join: bool = False,
        request: str | None = None,
    ) -> KeptPoem:
        """Save the current text of a poem; `edited` is the version that was edited.

        `poet` is the poet that wrote last, None if that hasn't changed. With `join`, the version is replaced instead of adding a
        new one, for typing. If this request has saved a version already, that is the one that was edited, and nothing is saved if the
        text is the same. Raises EditConflict if the poem was changed elsewhere meanwhile, and PoetBotError if there is no such poem.
        """
        row = version_row(text, written, receipt)
        with transaction(self.path) as base:
            if known := saved_by(base, request):
                (poem, edited), join = known, True
            now, current, title = self._clock(), *current_of(base, poem)
            if known and version_of(base, poem, edited).text == row[0]:
                number = edited
            else:
                number = put_version(base, now, poem, edited, row, join and current == edited)
                remember_request(base, request, poem, number)
                if current == edited:
                    if poet is not None:
                        name = check_line(Message("name of the poet"), poet, MAX_TITLE)
                        base.execute("update poems set poet = ? where id = ?", (name, poem))
                    set_current_version(base, poem, number, title, row[0], now)
                    delete_oldest_versions(base, poem)
            if current == edited:
                return poem_of(base, poem)
        raise EditConflict(number)

    def keep_settings(self, poem: int, settings: Settings | None) -> KeptPoem:
        """Save the settings that a poem was written with."""
        row = settings_row(settings)
        return self._update(poem, "update poems set settings = ? where id = ?", (row, poem))

    def undo(self, poem: int) -> KeptPoem:
        """Go back to the previous version. If there is none, nothing changes."""
        return self._move(poem, "select parent from versions where poem = ? and number = ?")

    def redo(self, poem: int) -> KeptPoem:
        """Go to the newest version derived from this one. If there is none, nothing changes."""
        return self._move(poem, "select max(number) from versions where poem = ? and parent = ?")

    def _move(self, poem: int, query: str) -> KeptPoem:
        with transaction(self.path) as base:
            current, title = current_of(base, poem)
            found = base.execute(query, (poem, current)).fetchone()
            if found and found[0] is not None:
                version = version_of(base, poem, found[0])
                set_current_version(base, poem, version.number, title, version.text, self._clock())
            return poem_of(base, poem)

    def get(self, poem: int) -> KeptPoem:
        """Return a poem, even a deleted one. Raises PoetBotError if there is no poem with this number."""
        with open_database(self.path) as base:
            return poem_of(base, poem)

    def history(self, poem: int) -> list[Version]:
        """Return all versions of a poem, the oldest first."""
        with open_database(self.path) as base:
            current_of(base, poem)
            numbers = base.execute(
                "select number from versions where poem = ? order by number", (poem,)
            ).fetchall()
            return [version_of(base, poem, number) for (number,) in numbers]

    def name(self, poem: int, title: str) -> KeptPoem:
        """Set the title of a poem, or remove it with an empty one."""
        title = check_line(Message("title of the poem"), title, MAX_TITLE)
        with transaction(self.path) as base:
            current, _ = current_of(base, poem)
            base.execute("update poems set title = ? where id = ?", (title, poem))
            set_current_version(
                base, poem, current, title, version_of(base, poem, current).text, self._clock()
            )
            return poem_of(base, poem)

    def star(self, poem: int, on: bool = True) -> KeptPoem:
        """Star a poem, or remove the star."""
        self.star_all([poem], on)
        return self.get(poem)

    def star_all(self, poems: Iterable[int], on: bool = True) -> list[int]:
        """Star poems, or remove their stars; return the numbers of those that were not so before."""
        with transaction(self.path) as base:
            return update_poems(
                base, poems, "update poems set starred = ? where starred <> ? and id = ?", on, on
            )

    def star_line(self, poem: int, line: str, on: bool = True) -> KeptPoem:
        """Star a line, or remove the star. A line keeps its star wherever it is moved, and even if it is removed from the poem."""
        line = check_starred_line(line)
        if not on:
            return self._update(poem, "delete from lines where poem = ? and line = ?", (poem, line))
        return self._update(poem, "insert or ignore into lines values (?, ?, ?)", (poem, line, self._clock()))

    def starred_lines(self) -> list[Line]:
        """Return the starred lines of all poems that aren't deleted, the newest star first."""
        with open_database(self.path) as base:
            rows = base.execute(
                "select lines.line, lines.poem, lines.at from lines join poems on poems.id = lines.poem"
                " where poems.deleted is null order by lines.at desc, lines.line limit ?",
                (MAX_FOUND,),
            ).fetchall()
            return [Line(line, poem, poem_of(base, poem).name, at) for line, poem, at in rows]

    def put_into(self, poem: int, collection: str, inside: bool = True) -> KeptPoem:
        """Add a poem to a collection, which is created if needed, or remove it; empty collections are deleted."""
        name = check_collection_name(collection)
        with transaction(self.path) as base:
            current_of(base, poem)
            base.execute("update poems set touched = 1 where id = ?", (poem,))
            if inside:
                add_to_collection(base, poem, name)
            else:
                base.execute(
                    "delete from members where poem = ? and collection in (select id from collections where name = ?)",
                    (poem, name),
                )
                base.execute("delete from collections where id not in (select collection from members)")
            return poem_of(base, poem)

    def collections(self) -> dict[str, int]:
        """Return the collections by name, with the number of their poems that aren't deleted."""
        with open_database(self.path) as base:
            return dict(
                base.execute(
                    "select collections.name, count(poems.id) from collections join members on collection = collections.id"
                    " left join poems on poems.id = members.poem and poems.deleted is null"
                    " group by collections.id order by collections.name"
                ).fetchall()
            )

    def find(
        self,
        text: str = "",
        *,
        starred: bool = False,
        collection: str | None = None,
        deleted: bool = False,
        untouched: bool = True,
        current: int = -1,
        limit: int = MAX_FOUND,
    ) -> list[KeptPoem]:
        """Return at most `limit` poems whose title or text contains all words of `text`, the last changed first.

        The search ignores case, and whether accents are composed. Without `untouched`, poems that are neither touched
        nor starred are left out, except the `current` one.
        """
        wanted = search_key(check_line(Message("search text"), text, MAX_NAME)).split()
        query = "select id from poems where deleted is " + ("not null" if deleted else "null")
        values: list[Any] = []
        for word in wanted:
            query += " and instr(folded, ?)"
            values.append(word)
        if starred:
            query += f" and {_STARRED}"
        if not untouched:
            query += f" and (touched or {_STARRED} or id = ?)"
            values.append(current)
        if collection is not None:
            query += (
                " and id in (select poem from members join collections on id = collection where name = ?)"
            )
            values.append(collection)
        with open_database(self.path) as base:
            rows = base.execute(
                f"{query} order by changed desc, id desc limit {min(limit, MAX_FOUND)}", values
            ).fetchall()
            return [poem_of(base, poem) for (poem,) in rows]

    def count_untouched(self) -> int:
        """Return how many poems are neither touched nor starred."""
        with open_database(self.path) as base:
            query = f"select count(*) from poems where deleted is null and not touched and not {_STARRED}"
            (count,) = base.execute(query).fetchone()
            return int(count)

    def delete(self, poem: int) -> KeptPoem:
        """Delete a poem; `restore` can undo this for thirty days."""
        self.delete_all([poem])
        return self.get(poem)

    def delete_all(self, poems: Iterable[int]) -> list[int]:
        """Delete poems; return the numbers of those that weren't deleted before."""
        with transaction(self.path) as base:
            now = self._clock()
            statement = "update poems set deleted = ? where deleted is null and id = ?"
            deleted = update_poems(base, poems, statement, now)
            base.execute("delete from poems where deleted < ?", (now - _DELETED_FOR,))
            return deleted

    def restore(self, poem: int) -> KeptPoem:
        """Restore a deleted poem."""
        self.restore_all([poem])
        return self.get(poem)

    def restore_all(self, poems: Iterable[int]) -> list[int]:
        """Restore poems; return the numbers of those that were deleted."""
        statement = "update poems set deleted = null where deleted is not null and id = ?"
        with transaction(self.path) as base:
            return update_poems(base, poems, statement)

    def _update(self, poem: int, statement: str, values: tuple[Any, ...]) -> KeptPoem:
        with transaction(self.path) as base:
            current_of(base, poem)
            base.execute(statement, values)
            return poem_of(base, poem)
