"""Poems that are kept by themselves: every version with its receipt, stars, titles, collections, search, and undo.

A poem's versions are a tree. Undo goes to the parent, redo to the youngest child, and saving after an undo begins a
new branch: nothing that was saved is ever written over. Only the oldest versions of a very long history go.

Where two pages edit one poem, each says which version it edits. The one that comes later is told (`EditConflict`), and its
text is kept as a version beside the other one.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from poetbot.library.kept_poems.database import open_database, transaction
from poetbot.library.kept_poems.records import (
    MAX_NAME,
    MAX_TITLE,
    EditConflict,
    KeptPoem,
    Line,
    Version,
    check_collection_name,
    check_line,
    check_starred_line,
    search_key,
    version_row,
)
from poetbot.library.kept_poems.rows import (
    add_to_collection,
    current_of,
    delete_oldest_versions,
    has_children,
    insert_poem,
    poem_of,
    set_current_version,
    version_of,
)
from poetbot.messages import Message
from poetbot.storage import Home

MAX_FOUND = 1_000
_DELETED_FOR = 30 * 24 * 3600.0  # seconds until a deleted poem is gone for good


def poems_of(home: Home) -> "Poems":
    """Return the poems kept in a data folder, which is made where it is not there."""
    return Poems(home.create(home.root) / "poems.sqlite")


class Poems:
    """The poems in one file. Every method is a transaction of its own, so several pages may share the file."""

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
        receipt: Mapping[str, Any] | None = None,
    ) -> KeptPoem:
        """Keep a new poem, and return it. Raises PoetBotError for what is none."""
        with transaction(self.path) as base:
            number = insert_poem(base, self._clock(), text, title, poet, written, receipt)
            return poem_of(base, number)

    def bring(self, poems: Iterable[Mapping[str, Any]]) -> list[int]:
        """Keep poems that were exported before (`exports.poems_of_json`), all or none; return their new numbers."""
        with transaction(self.path) as base:
            numbers = []
            for row in poems:
                now = self._clock()
                fields = {name: row[name] for name in ("title", "poet", "written", "receipt") if name in row}
                number = insert_poem(base, now, row["text"], **fields)
                base.execute("update poems set starred = ? where id = ?", (bool(row.get("starred")), number))
                for line in row.get("lines", ()):
                    base.execute(
                        "insert or ignore into lines values (?, ?, ?)",
                        (number, check_starred_line(line), now),
                    )
                for name in row.get("collections", ()):
                    add_to_collection(base, number, check_collection_name(name))
                numbers.append(number)
            return numbers

    def save(
        self,
        poem: int,
        text: str,
        *,
        edited: int,
        written: Sequence[Sequence[int]] = (),
        receipt: Mapping[str, Any] | None = None,
        poet: str | None = None,
        join: bool = False,
    ) -> KeptPoem:
        """Keep a poem as it stands now; `edited` is the version that was changed to get here.

        `poet` is who wrote with it last, None where that has not changed. With `join` the version is replaced instead of followed, for letters that are typed one after the other.
        Raises Changed where the poem was changed elsewhere meanwhile, and PoetBotError where there is no such poem.
        """
        row = version_row(text, written, receipt)
        with transaction(self.path) as base:
            now, current, title = self._clock(), *current_of(base, poem)
            known = base.execute(
                "select 1 from versions where poem = ? and number = ?", (poem, edited)
            ).fetchone()
            clash = current != edited
            if join and not clash and edited > 1 and not has_children(base, poem, edited):
                base.execute(
                    "update versions set text = ?, written = ?, receipt = ?, at = ? where poem = ? and number = ?",
                    (*row, now, poem, edited),
                )
                number = edited
            else:
                (number,) = base.execute(
                    "select max(number) + 1 from versions where poem = ?", (poem,)
                ).fetchone()
                parent = edited if known else None
                base.execute(
                    "insert into versions values (?, ?, ?, ?, ?, ?, ?)", (poem, number, parent, *row, now)
                )
            if not clash:
                if poet is not None:
                    name = check_line(Message("name of the poet"), poet, MAX_TITLE)
                    base.execute("update poems set poet = ? where id = ?", (name, poem))
                set_current_version(base, poem, number, title, row[0], now)
                delete_oldest_versions(base, poem)
                return poem_of(base, poem)
        raise EditConflict(number)

    def undo(self, poem: int) -> KeptPoem:
        """Go back to the version before. Where there is none, nothing changes."""
        return self._move(poem, "select parent from versions where poem = ? and number = ?")

    def redo(self, poem: int) -> KeptPoem:
        """Go on to the youngest version that was made of this one. Where there is none, nothing changes."""
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
        """Return a poem, a deleted one too. Raises PoetBotError where there is none of this number."""
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
        """Give a poem a title, or none with an empty one."""
        title = check_line(Message("title of the poem"), title, MAX_TITLE)
        with transaction(self.path) as base:
            current, _ = current_of(base, poem)
            base.execute("update poems set title = ? where id = ?", (title, poem))
            set_current_version(
                base, poem, current, title, version_of(base, poem, current).text, self._clock()
            )
            return poem_of(base, poem)

    def star(self, poem: int, on: bool = True) -> KeptPoem:
        """Put a star on a poem, or take it off."""
        return self._with(poem, "update poems set starred = ? where id = ?", (bool(on), poem))

    def star_line(self, poem: int, line: str, on: bool = True) -> KeptPoem:
        """Put a star on a line, or take it off. The line keeps it wherever it stands, and even if the poem loses it."""
        line = check_starred_line(line)
        if not on:
            return self._with(poem, "delete from lines where poem = ? and line = ?", (poem, line))
        return self._with(poem, "insert or ignore into lines values (?, ?, ?)", (poem, line, self._clock()))

    def starred_lines(self) -> list[Line]:
        """Return the starred lines of all poems that are not deleted, the newest star first."""
        with open_database(self.path) as base:
            rows = base.execute(
                "select lines.line, lines.poem, lines.at from lines join poems on poems.id = lines.poem"
                " where poems.deleted is null order by lines.at desc, lines.line limit ?",
                (MAX_FOUND,),
            ).fetchall()
            return [Line(line, poem, poem_of(base, poem).name, at) for line, poem, at in rows]

    def put_into(self, poem: int, collection: str, inside: bool = True) -> KeptPoem:
        """Put a poem into a collection, which is made where it is not there, or take it out; an empty one goes."""
        name = check_collection_name(collection)
        with transaction(self.path) as base:
            current_of(base, poem)
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
        """Return the collections by name, and how many poems each has that are not deleted."""
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
        limit: int = MAX_FOUND,
    ) -> list[KeptPoem]:
        """Return the poems that hold all words of `text` in title or poem, the last changed first, at most `limit`.

        Capitals and accents as they are stored make no difference.
        """
        wanted = search_key(check_line(Message("search text"), text, MAX_NAME)).split()
        query = "select id from poems where deleted is " + ("not null" if deleted else "null")
        values: list[Any] = []
        for word in wanted:
            query += " and instr(folded, ?)"
            values.append(word)
        if starred:
            query += " and (starred or id in (select poem from lines))"
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

    def delete(self, poem: int) -> KeptPoem:
        """Delete a poem; for thirty days `restore` brings it back, with all it had."""
        with transaction(self.path) as base:
            current_of(base, poem)
            now = self._clock()
            base.execute("update poems set deleted = coalesce(deleted, ?) where id = ?", (now, poem))
            base.execute("delete from poems where deleted < ?", (now - _DELETED_FOR,))
            return poem_of(base, poem)

    def restore(self, poem: int) -> KeptPoem:
        """Bring a deleted poem back."""
        return self._with(poem, "update poems set deleted = null where id = ?", (poem,))

    def _with(self, poem: int, statement: str, values: tuple[Any, ...]) -> KeptPoem:
        with transaction(self.path) as base:
            current_of(base, poem)
            base.execute(statement, values)
            return poem_of(base, poem)
