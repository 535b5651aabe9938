"""The results of reading a corpus, as counts and notices."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.messages import Message


@dataclass(frozen=True)
class Counts:
    """What is included in training, and what isn't. Lines are non-blank lines."""

    poems: int = 0
    lines: int = 0
    characters: int = 0
    parts: int = 0
    repeated: int = 0  # near-duplicates of a poem that is kept
    prose: int = 0  # lines left out as prose
    contents: int = 0
    other: int = 0
    said_out: int = 0  # lines that the user left out


@dataclass(frozen=True)
class GuessedEncoding:
    """A file that doesn't say its encoding: its number, the encoding it was read in, and a sample line.

    `choices` are all possible encodings, each with that line as read in it.
    """

    file: int
    encoding: str
    line: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Summary:
    """The results. `key` is that of the state they belong to.

    `collection` says that the text looks like the user's own poems. `fields` are those of its tables, `read_fields` the first ones
    that were read for text, title and author ("" for none), `tags` those of its posts with their counts, the most frequent first.
    `encoded` are the files whose encoding was guessed or chosen.
    """

    key: str
    counts: Counts
    notices: tuple[Message, ...] = ()
    collection: bool = False
    fields: tuple[str, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    encoded: tuple[GuessedEncoding, ...] = ()
    read_fields: tuple[str, str, str] = ("", "", "")

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        return asdict(self) | {"notices": [notice.as_json() for notice in self.notices]}

    @staticmethod
    def from_json(data: Any) -> "Summary":
        """Return the summary from the output of `as_json`. Raises PoetBotError for anything else."""
        try:
            counts = Counts(**{field.name: int(data["counts"][field.name]) for field in fields(Counts)})
            tags = tuple((str(tag), int(count)) for tag, count in data["tags"])
            return Summary(
                str(data["key"]),
                counts,
                tuple(map(Message.from_json, data["notices"])),
                bool(data["collection"]),
                tuple(map(str, data["fields"])),
                tags,
                tuple(map(_encoded, data["encoded"])),
                _read_fields(data.get("read_fields", ["", "", ""])),  # older folders lack it
            )
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise PoetBotError("The result of reading this corpus is damaged. Read it again.") from error


def _read_fields(data: Any) -> tuple[str, str, str]:
    text, title, author = map(str, data)
    return text, title, author


def _encoded(data: Any) -> GuessedEncoding:
    choices = tuple((str(encoding), str(line)) for encoding, line in data["choices"])
    return GuessedEncoding(int(data["file"]), str(data["encoding"]), str(data["line"]), choices)
