"""The values saved for a poem, checked before they reach the database."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Required, TypedDict

from poetbot.errors import PoetBotError
from poetbot.messages import N_, Message
from poetbot.writing.receipt import Receipt, checked_receipt, is_portable

MAX_TEXT = 1_000_000
MAX_TITLE = 200
MAX_LINE = 5_000
MAX_NAME = 100
_MAX_SPANS = 20_000
_MAX_SETTINGS = 300_000  # characters of their JSON; the first words alone may be 20,000

Spans = tuple[tuple[int, int], ...]
VersionRow = tuple[str, str, str | None]
"""A version's text, spans and receipt as stored."""

BLANK: VersionRow = ("", "[]", None)

Settings = dict[str, Any]
"""What a page was set to when it saved a poem: its first words, poet, form and so on. Checked when they are used."""


class EditConflict(PoetBotError):
    """The poem was changed elsewhere after the edited version. The new text is saved as version `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(
            N_(
                "This poem was changed in another window. Reopen it to see the change; your text is saved in its history."
            )
        )
        self.number = number


@dataclass(frozen=True)
class Version:
    """A version of a poem. `written` are the spans of `text` that the poet wrote, `at` is in seconds since 1970."""

    number: int
    text: str
    written: Spans
    receipt: Receipt | None
    at: float


@dataclass(frozen=True)
class KeptPoem:
    """A poem in its current version. `lines` are its starred lines, including those it no longer contains.

    `touched`: somebody has edited, named or collected it, or brought it here; otherwise it is as a poet wrote it.
    `settings` are those that it was written with, None if they weren't saved.
    """

    id: int
    title: str
    poet: str
    starred: bool
    version: Version
    can_undo: bool
    can_redo: bool
    lines: tuple[str, ...]
    collections: tuple[str, ...]
    created: float
    changed: float
    deleted: bool
    touched: bool = True
    settings: Settings | None = None

    @property
    def text(self) -> str:
        """The poem itself."""
        return self.version.text

    @property
    def name(self) -> str:
        """The title, or else the first line."""
        return self.title or next((line.strip()[:80] for line in self.text.split("\n") if line.strip()), "")


class ExportedPoem(TypedDict, total=False):
    """A poem of an exported file, or of an imported one. Values of a file are checked when the poem is saved or shown."""

    text: Required[str]
    title: str
    poet: str
    written: Sequence[Sequence[int]]
    receipt: Receipt | None
    starred: bool
    lines: Sequence[str]
    collections: Sequence[str]
    settings: Settings | None


@dataclass(frozen=True)
class Line:
    """A starred line, and the poem it comes from."""

    text: str
    poem: int
    name: str
    at: float


def search_key(text: str) -> str:
    """Return a text normalised for search: NFC, lowercase."""
    return unicodedata.normalize("NFC", text).casefold()


def check_line(what: Message, text: Any, longest: int) -> str:
    """Return a one-line text without spaces around it. Raises PoetBotError if it isn't one."""
    if not isinstance(text, str) or len(text) > longest or not text.isprintable():
        raise PoetBotError(
            "The {what} must be one line of at most {longest} characters.", what=what, longest=longest
        )
    return text.strip()


def check_starred_line(line: Any) -> str:
    """Return a line to star. Raises PoetBotError if it is invalid."""
    if not isinstance(line, str) or not line.strip() or "\n" in line.strip() or len(line) > MAX_LINE:
        raise PoetBotError("You can star one line of text with at most {most:,} characters.", most=MAX_LINE)
    return clean(line).strip()


def check_collection_name(name: Any) -> str:
    """Return the name of a collection. Raises PoetBotError if it is invalid."""
    found = check_line(Message("name of a collection"), name, MAX_NAME)
    if not found:
        raise PoetBotError("A collection needs a name.")
    return found


def version_row(text: Any, written: Sequence[Sequence[int]], receipt: Receipt | None) -> VersionRow:
    """Return a version as stored. Raises PoetBotError if it is invalid."""
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise PoetBotError("A saved poem can have at most {most:,} characters.", most=MAX_TEXT)
    text = clean(text)
    spans = json.dumps(_spans(written, len(text)))
    return text, spans, None if receipt is None else json.dumps(checked_receipt(receipt))


def settings_row(settings: Any) -> str | None:
    """Return settings as stored. Raises PoetBotError if they aren't portable JSON (see `checked_receipt`)."""
    if settings is None:
        return None
    if isinstance(settings, Mapping) and is_portable(settings):
        text = json.dumps(settings, allow_nan=False)
        if len(text) <= _MAX_SETTINGS:
            return text
    raise PoetBotError("The settings of a poem must be a JSON object of at most 300,000 characters.")


def _spans(written: Any, length: int) -> list[tuple[int, int]]:
    """Return the spans of a text of this length. Raises PoetBotError if `written` is invalid."""
    pairs: Sequence[Any] = (
        written if isinstance(written, list | tuple) and len(written) <= _MAX_SPANS else [()]
    )
    for pair in pairs:
        valid = (
            isinstance(pair, list | tuple) and len(pair) == 2 and all(type(place) is int for place in pair)
        )
        if not valid or not 0 <= pair[0] <= pair[1] <= length:
            raise PoetBotError("The spans that the poet wrote must be pairs of positions in the poem.")
    return [(start, end) for start, end in pairs]


def clean(text: str) -> str:
    """Return a text that any file can contain: line ends as LF, and no invalid characters."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
