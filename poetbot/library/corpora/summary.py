"""What was found in a corpus, in numbers and sentences."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.messages import Message


@dataclass(frozen=True)
class Counts:
    """What training takes, and what it does not. Lines are those with something on them."""

    poems: int = 0
    lines: int = 0
    characters: int = 0
    parts: int = 0
    repeated: int = 0  # poems that are nearly the same as one that is kept
    prose: int = 0  # lines left out as such
    contents: int = 0
    other: int = 0
    said_out: int = 0  # lines that the person left out


@dataclass(frozen=True)
class GuessedEncoding:
    """A file that does not say its encoding: its number, the encoding it was read in, a line of it in that.

    `choices` are all that it may be in, each with what it makes of that line.
    """

    file: int
    encoding: str
    line: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Summary:
    """What was found. `key` is that of the state it was found for.

    `collection` says that it looks like a person's own poems; `fields` are those of its tables, `read_fields` those of the first
    that were read for text, title and author ("" for none), `tags` those of its
    posts with how many have each, the most frequent first. `encoded` are the files whose encoding was guessed or chosen.
    """

    key: str
    counts: Counts
    notices: tuple[Message, ...] = ()
    collection: bool = False
    fields: tuple[str, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    encoded: tuple[GuessedEncoding, ...] = ()
    read_fields: tuple[str, str, str] = ("", "", "")

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self) | {"notices": [notice.as_json() for notice in self.notices]}

    @staticmethod
    def from_json(data: Any) -> "Summary":
        """Read what `as_json` gave. Raises PoetBotError where it is anything else."""
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
