"""The results of reading a corpus, on disk: parts, poems and text, so that a page can be shown without reading the rest.

parts.npy       a row for each part, in the order of the files (see PARTS)
reasons.json    the reasons that `reason` refers to, and the names of the poems kept instead of repeated ones
text            the texts of all files, one after the other, in UTF-8
poems.jsonl     the poems to train on
summary.json    counts and notices; written last
"""

import json
import mmap
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from poetbot.errors import PoetBotError
from poetbot.library.corpora.find_poems import At, find_in, poem_name
from poetbot.library.corpora.metadata import Metadata, Place
from poetbot.library.corpora.part_edits import LONGEST_TEXT, NO_SUCH_PART, Edit, PartKey, dedent, part_slices
from poetbot.library.corpora.summary import Summary
from poetbot.poem import Poem
from poetbot.storage import json_bytes

PARTS = np.dtype(
    [
        ("file", "<u4"),
        ("text", "<u4"),  # number of its text in the file: 0, or the number of the record
        ("line", "<u4"),  # in that text, where the part starts
        ("start", "<u4"),  # lines as shown on the page; for a record, its position in the file
        ("end", "<u4"),
        ("label", "u1"),  # a place in LABELS
        ("reason", "<u2"),
        ("taken", "?"),
        ("said", "?"),
        ("twin", "<i4"),  # the poem that is kept instead, in reasons.json; -1 if there is none
        ("head", "<u8"),  # bytes of `text`: title and author of a record, if any, then the part
        ("begin", "<u8"),
        ("finish", "<u8"),
        ("digest", "<u8"),  # of its words in the file (see part_edits.py)
        ("filled", "<u4"),  # non-blank lines, after edits
        ("poem", "<i4"),  # its poem, a line of poems.jsonl; -1 if it is in none
    ]
)
Rows = npt.NDArray[np.void]
Mapped = mmap.mmap | bytes


def write_results(folder: Path, state: Metadata, out: Path, at: At) -> None:
    """Read the files in the corpus `folder` and write the results to the new folder `out`.

    `at` is called with the progress. Raises PoetBotError if a file can't be read.
    """
    out.mkdir(mode=0o700)
    with (out / "text").open("wb") as text:
        found = find_in(folder, state, text, at)
    np.save(out / "parts.npy", np.array(found.rows, dtype=PARTS), allow_pickle=False)
    (out / "reasons.json").write_bytes(json_bytes({"reasons": found.reasons, "twins": found.twins}))
    with (out / "poems.jsonl").open("w", encoding="utf-8") as file:
        for poem in found.poems:
            file.write(json.dumps(poem.as_row(), ensure_ascii=False) + "\n")
    (out / "summary.json").write_bytes(json_bytes(found.summary.as_json()))


@dataclass(frozen=True)
class PartText:
    """The current contents of a part. `goes_on` is the name of its poem if that began in an earlier part, else ""."""

    title: str
    author: str
    text: str
    goes_on: str


@dataclass(frozen=True)
class Results:
    """Opened results, on disk until they are used; they can be used even after a newer reading has deleted the files."""

    rows: Rows
    texts: Mapped
    poem_lines: Mapped
    reasons: tuple[str, ...]
    twins: tuple[str, ...]
    summary: Summary

    @staticmethod
    def opened(folder: Path) -> "Results":
        """Open the output of `write_results`. Raises PoetBotError if it is damaged."""
        try:
            rows = np.load(folder / "parts.npy", mmap_mode="r", allow_pickle=False)
            names = json.loads((folder / "reasons.json").read_bytes())
            if rows.dtype != PARTS or rows.ndim != 1:
                raise ValueError
            return Results(
                rows,
                _mapped(folder / "text"),
                _mapped(folder / "poems.jsonl"),
                tuple(map(str, names["reasons"])),
                tuple(map(str, names["twins"])),
                Summary.from_json(json.loads((folder / "summary.json").read_bytes())),
            )
        except (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError) as error:
            raise _damaged() from error

    def place(self, number: int) -> Place:
        """Return where part `number` is in the files. Raises PoetBotError if there is no such part."""
        if type(number) is not int or not 0 <= number < len(self.rows):
            raise PoetBotError.of(NO_SUCH_PART)
        row = self.rows[number]
        return int(row["file"]), int(row["text"]), int(row["line"])

    def key(self, number: int) -> PartKey:
        """Return the key of part `number`, which identifies it in edits."""
        row = self.rows[number]
        return PartKey(int(row["file"]), int(row["start"]), int(row["line"]), int(row["digest"]))

    def number(self, key: PartKey) -> int:
        """Return the number of a part, or of the first if several are the same. Raises PoetBotError if there is none."""
        rows = self.rows
        same = (rows["digest"] == key.digest) & (rows["start"] == key.start)
        for number in np.flatnonzero(same).tolist():
            if self.key(number) == key:
                return int(number)
        raise PoetBotError.of(NO_SUCH_PART)

    def written(self, number: int, edit: Edit) -> PartText:
        """Return the contents of a part with this edit. Raises PoetBotError if it is too long to edit."""
        row = self.rows[number]
        poem, before, filled = None, 0, [0]
        if row["poem"] >= 0:
            own = np.flatnonzero(self.rows["poem"] == row["poem"]).tolist()
            before, filled = own.index(number), self.rows["filled"][own].tolist()
            poem = self.poems()[int(row["poem"])]
        head, text, more = "", edit.text, False
        if text is None:
            head, text, more = self.text(row, 4 * LONGEST_TEXT)
            text = dedent(text)
            if poem and (found := part_slices(poem.text, filled)):
                first, end = found[before]
                text = "\n".join(poem.text.split("\n")[first:end])
        if more or len(text) > LONGEST_TEXT:
            raise PoetBotError(
                "This part has more than {most:,} characters. Edit the file itself and add it again.",
                most=LONGEST_TEXT,
            )
        title, _, author = head.partition("\t")
        if poem:
            title, author = ("", "") if before else (poem.title or "", poem.author or "")
        return PartText(
            title if edit.title is None else edit.title,
            author if edit.author is None else edit.author,
            text,
            poem_name(poem) if poem and before else "",
        )

    def heading(self, number: int) -> str:
        """Return the title and author (separated by a tab) of the poem that starts with this part; else ""."""
        poem = int(self.rows[number]["poem"])
        if poem < 0 or (self.rows["poem"][:number] == poem).any():
            return ""
        found = self._poems[poem]
        return f"{found.title or ''}\t{found.author or ''}".rstrip("\t")

    @cached_property
    def _poems(self) -> "StoredPoems":
        """Cached, because this reads them once."""
        return self.poems()

    def text(self, row: Any, most: int) -> tuple[str, str, bool]:
        """Return the head of a part (title, tab, author), its text, and whether that was cut at about `most` bytes."""
        head, begin, finish = int(row["head"]), int(row["begin"]), int(row["finish"])
        data = self.texts[head : min(finish, begin + most)]
        shown = data[begin - head :].decode("utf-8", "ignore")
        more = finish > begin + most
        if more and (end := shown.rfind("\n", len(shown) // 2)) > 0:
            shown = shown[:end]  # end with a complete line
        return data[: begin - head].decode("utf-8", "replace").strip("\n"), shown, more

    def poems(self) -> "StoredPoems":
        """Return the poems to train on, in the order of the files."""
        return StoredPoems(self.poem_lines)


class StoredPoems(Sequence[Poem]):
    """Poems that stay on disk, each a line of JSON, because a large corpus would fill the app's memory.

    Raises PoetBotError if a line is damaged.
    """

    def __init__(self, lines: Mapped) -> None:
        self._lines = lines
        self._starts = np.fromiter(_line_starts(lines), np.int64)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @overload
    def __getitem__(self, place: int) -> Poem: ...
    @overload
    def __getitem__(self, place: slice) -> list[Poem]: ...
    def __getitem__(self, place: int | slice) -> Poem | list[Poem]:
        if isinstance(place, slice):
            return [self[each] for each in range(len(self))[place]]
        line = range(len(self))[place]
        return _poem(self._lines[int(self._starts[line]) : int(self._starts[line + 1])])


def _mapped(path: Path) -> Mapped:
    """Return a file's bytes; they stay when the file is deleted."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""


def _line_starts(lines: Mapped) -> Iterator[int]:
    """Yield where each line starts, and the length of all of them."""
    start = 0
    yield start
    while start < len(lines):
        start = lines.find(b"\n", start) + 1 or len(lines)
        yield start


def _damaged() -> PoetBotError:
    return PoetBotError("The result of reading this corpus is damaged. Read it again.")


def _poem(line: bytes) -> Poem:
    try:
        return Poem(**json.loads(line))
    except (ValueError, TypeError, RecursionError) as error:
        raise _damaged() from error
