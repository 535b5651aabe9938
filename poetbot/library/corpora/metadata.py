"""The contents of corpus.json: name, owner, files, and the user's choices and edits."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from poetbot.corpus.parts import Reading
from poetbot.documents.encoding_detection import ENCODINGS
from poetbot.documents.records import FieldChoice, displayable
from poetbot.errors import PoetBotError
from poetbot.isolated_process import SMALL
from poetbot.library.corpora.part_edits import LONGEST_NAME as LONGEST_TITLE
from poetbot.library.corpora.part_edits import LONGEST_TEXT, Edit, Edits, PartKey
from poetbot.messages import N_

FORMAT = 1
OWNERS = {
    "mine": N_("written by the person who trained this poet"),
    "permission": N_("used with the permission of their authors"),
    "public": N_("in the public domain"),
}
"""Whose poems they are, and how the poet's card says so."""

LONGEST_NAME = 80
PLAIN = frozenset(("", ".txt", ".text", ".md", ".markdown", ".csv", ".tsv", ".json", ".jsonl", ".xml"))
"""What holds no more than its size."""
_READ = re.compile(r"read-[0-9a-f]{16}")

Place = tuple[int, int, int]
"""A part: the number of its file, the number of its text in the file, and the line of the text where it starts."""


@dataclass(frozen=True)
class File:
    """An uploaded file: its displayable name, its extension, and its size."""

    name: str
    ending: str
    bytes: int


@dataclass(frozen=True)
class Metadata:
    """Everything saved about a corpus except its files. `made` is in seconds since 1970.

    `said` has the user's choices for parts, for each way of reading; `edits` their edits of parts; `encodings` the encodings they
    chose for files that don't say their own. `read` names the folder with the latest results. `licence` is that of a bundled
    corpus; poems that name no author get `author`.
    """

    name: str
    files: tuple[File, ...]
    made: float
    owner: str | None = None
    licence: str | None = None
    author: str | None = None
    reading: Reading = Reading.FILTER
    wanted: FieldChoice = field(default_factory=FieldChoice)
    said: Mapping[Reading, Mapping[Place, bool]] = field(default_factory=dict)
    edits: Edits = field(default_factory=dict)
    encodings: Mapping[int, str] = field(default_factory=dict)
    read: str | None = None

    def current_choices(self) -> Mapping[Place, bool]:
        """Return the choices for the parts as they are now read."""
        return self.said.get(self.reading, {})

    def small(self) -> bool:
        """Return whether reading is fast enough to do while the user waits for a response."""
        return sum(f.bytes for f in self.files) <= SMALL and {f.ending for f in self.files} <= PLAIN

    def key(self) -> str:
        """Return a value that changes whenever the poems may change."""
        facts = self.as_json()
        chosen = [facts[name] for name in ("files", "author", "reading", "wanted")]
        choices = sorted((*place, taken) for place, taken in self.current_choices().items())
        return hashlib.sha256(
            json.dumps([chosen, choices, facts["edits"], facts["encodings"]]).encode()
        ).hexdigest()

    def as_json(self) -> dict[str, object]:
        """Return plain data."""
        choices_of_readings = {
            reading.value: [[*place, taken] for place, taken in sorted(choices.items())]
            for reading, choices in self.said.items()
        }
        edits = [
            [*key, edit.title, edit.author, edit.text]
            for key, edit in sorted(self.edits.items(), key=lambda pair: pair[0])
        ]
        facts = asdict(replace(self, said={}, edits={}))
        facts |= {"reading": self.reading.value, "said": choices_of_readings, "edits": edits}
        return {
            "format": FORMAT,
            **facts,
            "encodings": [list(pair) for pair in sorted(self.encodings.items())],
        }

    @staticmethod
    def from_json(data: Any) -> "Metadata":
        """Return the metadata from the output of `as_json`. Raises PoetBotError for anything else."""
        try:
            if data["format"] != FORMAT:
                raise PoetBotError("This corpus was made by another version of PoetBot. Add its files again.")
            wanted = data["wanted"]
            state = Metadata(
                name=clean_name(data["name"]),
                files=tuple(
                    File(clean_name(file["name"]), _ending(file["ending"]), int(file["bytes"]))
                    for file in data["files"]
                ),
                made=float(data["made"]),
                owner=data["owner"] if data["owner"] in OWNERS else None,
                licence=displayable(data["licence"], 200) if isinstance(data["licence"], str) else None,
                author=displayable(data["author"], 200) if isinstance(data["author"], str) else None,
                reading=Reading(data["reading"]),
                wanted=replace(FieldChoice(**wanted), tags=tuple(map(str, wanted["tags"]))),
                said={Reading(name): dict(map(_choice, rows)) for name, rows in data["said"].items()},
                edits=dict(map(_edit, data.get("edits", []))),
                encodings={int(file): _encoding(name) for file, name in data.get("encodings", [])},
                read=data["read"] if _READ.fullmatch(str(data["read"])) else None,
            )
        except (TypeError, ValueError, KeyError, AttributeError, IndexError, OverflowError) as error:
            raise PoetBotError("The saved corpus is damaged. Add its files again.") from error
        if not math.isfinite(state.made):
            raise PoetBotError("The saved corpus is damaged. Add its files again.")
        return state


def clean_name(name: Any) -> str:
    """Return a displayable name on one short line; "Untitled" if nothing of it is left."""
    return displayable(str(name), LONGEST_NAME) or "Untitled"


def _ending(ending: Any) -> str:
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", str(ending)) else ""


def _encoding(name: Any) -> str:
    if name not in ENCODINGS:
        raise ValueError
    return str(name)


def _edit(row: Any) -> tuple[PartKey, Edit]:
    *key, title, author, text = row
    for value, most in ((title, LONGEST_TITLE), (author, LONGEST_TITLE), (text, LONGEST_TEXT)):
        if value is not None and (not isinstance(value, str) or len(value) > most):
            raise ValueError
        (value or "").encode("utf-8")
    return PartKey(*map(int, key)), Edit(title, author, text)


def _choice(row: Any) -> tuple[Place, bool]:
    file, text, line, taken = row
    return (int(file), int(text), int(line)), bool(taken)
