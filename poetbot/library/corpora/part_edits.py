"""A user's edits of parts: title, author and text.

An edit belongs to a part of a file, however the file is read: it applies if a part starts at the same place with the same
words, and is kept unused if there is no such part.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, NamedTuple

from poetbot.documents.line_endings import with_line_feeds
from poetbot.documents.records import one_line
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import MARK, Poem, without_marker

LONGEST_TEXT = 1_000_000
"""Maximum number of characters of an edited part, as in a saved poem."""
LONGEST_NAME = 200
"""Maximum number of characters of a title or an author."""
MOST_EDITED = 5_000_000
"""Maximum number of characters of all edits of a corpus, as much as can be pasted. They are read at every click."""
_OF_AN_EDIT = 100  # characters that an edit needs besides its text

_KEY = re.compile(r"(\d{1,9})-(\d{1,9})-(\d{1,9})-([0-9a-f]{16})")
NO_SUCH_PART = Message("This part no longer exists. Reload the page.")


class PartKey(NamedTuple):
    """Identifies a part, however its file is read: number of the file, position, line, and a digest of its words.

    `start` counts lines of the file or its records, as the page shows it; `line` counts in the text or the record.
    """

    file: int
    start: int
    line: int
    digest: int

    def __str__(self) -> str:
        return f"{self.file}-{self.start}-{self.line}-{self.digest:016x}"

    @staticmethod
    def of(text: Any) -> "PartKey":
        """Parse the output of `str`. Raises PoetBotError for anything else."""
        found = _KEY.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise PoetBotError.of(NO_SUCH_PART)
        return PartKey(int(found[1]), int(found[2]), int(found[3]), int(found[4], 16))


def digest(words: bytes) -> int:
    """Return the digest of a part's words, 64 bits."""
    return int.from_bytes(hashlib.blake2b(words, digest_size=8).digest(), "little")


@dataclass(frozen=True)
class Edit:
    """An edit. None leaves a value as it was found; "" removes the title or author."""

    title: str | None = None
    author: str | None = None
    text: str | None = None

    @property
    def size(self) -> int:
        """The approximate number of characters needed to save it."""
        return sum(len(each or "") for each in (self.title, self.author, self.text)) + _OF_AN_EDIT


Edits = Mapping[PartKey, Edit]


def edit(title: Any = None, author: Any = None, text: Any = None) -> Edit:
    """Return an edit with typed text, normalised: NFC, line ends as LF, titles and authors on one line.

    Raises PoetBotError if the text is empty or something is too long.
    """
    return Edit(_name(title, "title"), _name(author, "author"), None if text is None else _text(text))


def check_total_size(edits: Edits) -> None:
    """Raise PoetBotError if a corpus has too many edits to save."""
    if sum(edit.size for edit in edits.values()) > MOST_EDITED:
        raise PoetBotError(
            "The edits of one corpus can have at most {most:,} characters in all. Edit the files themselves and add them again.",
            most=MOST_EDITED,
        )


def _clean(value: Any) -> str:
    value = str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    return unicodedata.normalize("NFC", with_line_feeds(value))


def _name(value: Any, what: str) -> str | None:
    if value is None:
        return None
    name = one_line(_clean(value)) or ""
    if len(name) > LONGEST_NAME:
        if what == "title":
            raise PoetBotError("The title can have at most {most} characters. Shorten it.", most=LONGEST_NAME)
        raise PoetBotError("The author can have at most {most} characters. Shorten it.", most=LONGEST_NAME)
    return "".join(c for c in name if c.isprintable())


def _text(value: Any) -> str:
    if len(str(value)) > LONGEST_TEXT:
        raise PoetBotError(
            "The text can have at most {most:,} characters. Shorten it, or edit the file itself.",
            most=LONGEST_TEXT,
        )
    text = "\n".join(line.rstrip() for line in _clean(value).split("\n")).strip("\n")
    if not text.strip():
        raise PoetBotError("The text is empty. Write something, or leave this part out.")
    if without_marker(text)[1]:
        raise PoetBotError("No line can end in {mark}, which separates poems. Remove it.", mark=MARK)
    return text


def filled_lines(text: str) -> int:
    """Return the number of non-blank lines."""
    return sum(bool(line.strip()) for line in text.split("\n"))


def apply_edits(poem: Poem, edits: Sequence[Edit | None], parts: Sequence[str]) -> list[tuple[int, Poem]]:
    """Return the poems that a poem becomes after the edits of its `parts`, which are given as in the file.

    A part with an edited title or author starts a new poem. Each poem comes with the position of its first part.
    """
    found = part_slices(poem.text, [filled_lines(part) for part in parts])
    lines = poem.text.split("\n")
    texts = ["\n".join(lines[first:end]) for first, end in found] if found else list(map(dedent, parts))
    ends = [end for _, end in found] if found else [0] * len(parts)
    gaps = [first - end + 1 for (first, _), end in zip(found[1:], ends, strict=False)] if found else []
    edited: list[tuple[int, Poem, list[str]]] = []
    for place, (edit, text) in enumerate(zip(edits, texts, strict=True)):
        edit = edit or Edit()
        text = text if edit.text is None else edit.text
        if place == 0 or edit.title or edit.author:
            title = edit.title if edit.title is not None else None if place else poem.title
            author = edit.author if edit.author is not None else poem.author
            edited.append((place, replace(poem, title=title or None, author=author or None), [text]))
        else:
            edited[-1][2].extend(("\n" * (gaps[place - 1] if gaps else 2), text))
    return [(place, replace(poem, text="".join(texts))) for place, poem, texts in edited]


def part_slices(text: str, filled: Sequence[int]) -> list[tuple[int, int]] | None:
    """Return the range of lines of each part in a poem, from and to (exclusive), by their non-blank lines.

    None if that is unknown, because lines were dropped when the poem was put together; a poem of one part is all that part.
    """
    lines = text.split("\n")
    if len(filled) == 1:
        return [(0, len(lines))]
    places = [place for place, line in enumerate(lines) if line.strip()]
    if sum(filled) != len(places) or not all(filled):
        return None
    ends = accumulate(filled)
    return [(places[end - size], places[end - 1] + 1) for end, size in zip(ends, filled, strict=True)]


def dedent(part: str) -> str:
    """Return the lines of a part without their common indent and trailing spaces."""
    lines = part.split("\n")
    indent = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
    return "\n".join(line[indent:].rstrip() for line in lines).strip("\n")
