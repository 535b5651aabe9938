"""Files to parts, poems and counts: the work of reading a corpus, in its order."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path, PurePath
from typing import BinaryIO

import numpy as np

from poetbot.corpora.state import File, Place, State
from poetbot.corpora.summary import Counts, Summary
from poetbot.corpus.collection import leaves_something_out, looks_like_a_collection
from poetbot.corpus.kept_once import repeats
from poetbot.corpus.opened import opened
from poetbot.corpus.poem import Poem
from poetbot.corpus.reading import bounded
from poetbot.corpus.records import NoSuchField, shown
from poetbot.corpus.texts import Text, texts_of
from poetbot.corpus.verdicts import REPEATED, Reading
from poetbot.errors import PoetBotError

LABELS = ("poem", "prose", "contents", "other", "section")
_OPENED, _LOOKED, _COMPARED = 0.05, 0.6, 0.95  # shares of the work that are done by then

Row = tuple[int, int, int, int, int, int, int, bool, bool, int, int, int, int]
At = Callable[[float, str], None]


@dataclass
class Found:
    """What is found. A row is one of PARTS in record.py; `reasons` and `twins` are what its numbers count in."""

    rows: list[Row]
    reasons: list[str]
    twins: list[str]
    poems: list[Poem]
    summary: Summary


@dataclass
class _Growing:
    """What is found, as it grows. `poems` are all, `owner` has the poem of each row, among all, or None."""

    out: BinaryIO
    offset: int = 0
    rows: list[Row] = field(default_factory=list)
    owner: list[int | None] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    poems: list[Poem] = field(default_factory=list)
    sure: set[int] = field(default_factory=set)
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, file: int, number: int, text: Text) -> None:
        """Write a text down and note its parts: `number` counts the texts of the file."""
        # A record has a head (title and author) and its place in the file.
        record = text.record
        head = f"{record.title or ''}\t{record.author or ''}\n".encode() if record else b""
        place = (record.start_line or 0, record.end_line or 0) if record else None
        data = text.text.encode()
        starts = np.flatnonzero(np.frombuffer(b"\n" + data, np.uint8) == 10).tolist()  # of its lines
        ends = [*(start - 1 for start in starts[1:]), len(data)]
        filled = [0, *accumulate(bool(line.strip()) for line in text.text.split("\n"))]
        begin = self.offset + len(head)
        for part in text.judged.parts:
            reason = self.reasons.setdefault(part.reason, len(self.reasons))
            start, end = place or (part.start_line, part.end_line)
            first, last = begin + starts[part.start_line - 1], begin + ends[part.end_line - 1]
            label = LABELS.index(part.label)
            # A record's title stands above its first part alone.
            above = self.offset if part is text.judged.parts[0] else first
            where = (file, number, part.start_line, start, end)
            self.rows.append(
                (*where, label, reason, part.taken, part.said, -1, min(above, first), first, last)
            )
            self.filled.append(filled[part.end_line] - filled[part.start_line - 1])
            owner = None if part.poem is None else len(self.poems) + part.poem
            self.owner.append(owner)
            if part.said and owner is not None:
                self.sure.add(owner)
        self.poems += text.judged.poems
        self.out.write(head + data + b"\n")
        self.offset = begin + len(data) + 1


def find_in(folder: Path, state: State, out: BinaryIO, at: At) -> Found:
    """Read the files of the corpus in `folder` as its state says; their texts are written to `out`.

    `at` is told the share of the work that is done and its step: opening, looking, comparing or writing.
    A file that cannot be read is left out with a notice. Raises PoetBotError where none can be read; `NoSuchField`
    where a choice of fields would mend that.
    """
    growing = _Growing(out)
    total, done = sum(file.bytes for file in state.files) or 1, 0
    notices: list[str] = []
    own: list[bool] = []
    fields: dict[str, None] = {}
    tags: Counter[str] = Counter()
    left_out: list[str] = []
    bad: list[PoetBotError] = []
    for place, file in enumerate(state.files):

        def looking(share: float, before: int = done, size: int = file.bytes) -> None:
            at((_OPENED + (1 - _OPENED) * (before + share * size) / total) * _LOOKED, "looking")

        at(_OPENED * _LOOKED if done == 0 else (_OPENED + done / total) * _LOOKED, "opening")
        data = _bytes(folder, place, file)
        done += file.bytes
        try:
            content = opened(data, _named(file), state.wanted)
        except PoetBotError as error:
            bad.append(error)
            left_out.append(f"Left out: {error.sentence if isinstance(error, NoSuchField) else error}")
            if isinstance(error, NoSuchField):
                fields |= dict.fromkeys(error.names)
            continue
        notices += content.notices
        fields |= dict.fromkeys(content.fields)
        tags.update(dict(content.tags))
        heard: dict[int, dict[int, bool]] = {}
        for (_, number, line), taken in _of_file(state.heard(), place):
            heard.setdefault(number, {})[line] = taken
        for number, text in enumerate(texts_of(content, state.reading, heard, looking)):
            growing.add(place, number, text)
            if not text.record and leaves_something_out(text.judged.parts):
                own.append(looks_like_a_collection(text.text, text.judged.parts))
    if len(bad) == len(state.files):
        raise next((error for error in bad if isinstance(error, NoSuchField)), bad[0])
    at(_LOOKED, "comparing")
    gone = repeats(
        growing.poems,
        growing.sure,
        lambda share: at(_LOOKED + share * (_COMPARED - _LOOKED) * 0.8, "comparing"),
    )
    at(_COMPARED, "writing")
    found = _without(growing, gone, state.author)
    found.summary = replace(
        found.summary,
        key=state.key(),
        notices=bounded([*left_out, *notices]),
        collection=state.reading is Reading.FILTER and bool(own) and all(own),
        fields=tuple(fields),
        tags=tuple(tags.most_common()),
    )
    return found


def _without(growing: _Growing, gone: Mapping[int, int], author: str | None) -> Found:
    """Return what is found, without the poems that are `gone` for others that are kept; what names no author is by `author`."""
    twins: dict[int, int] = {}
    names: list[str] = []
    reason = growing.reasons.setdefault(REPEATED, len(growing.reasons)) if gone else 0
    rows: list[Row] = []
    left: Counter[str] = Counter()
    for row, owner, filled in zip(growing.rows, growing.owner, growing.filled, strict=True):
        if owner is not None and owner in gone:
            kept = gone[owner]
            if kept not in twins:
                twins[kept] = len(names)
                names.append(_name(growing.poems[kept]))
            row = (*row[:6], reason, False, row[8], twins[kept], *row[10:])
        elif not row[7]:
            left["said_out" if row[8] else LABELS[row[5]]] += filled
        rows.append(row)
    poems = [
        poem if poem.author or not author else replace(poem, author=author)
        for number, poem in enumerate(growing.poems)
        if number not in gone
    ]
    counts = Counts(
        poems=len(poems),
        lines=sum(bool(line.strip()) for poem in poems for line in poem.text.split("\n")),
        characters=sum(len(poem.text) for poem in poems),
        parts=len(rows),
        repeated=len(gone),
        **{name: left[name] for name in ("prose", "contents", "other", "said_out")},
    )
    return Found(rows, list(growing.reasons), names, poems, Summary("", counts))


def _bytes(folder: Path, place: int, file: File) -> bytes:
    try:
        return (folder / "files" / f"{place:04d}{file.ending}").read_bytes()
    except OSError as error:
        raise PoetBotError(f"{file.name} is no longer in PoetBot's folder: bring it again.") from error


def _named(file: File) -> str:
    """Return the name of a file with its ending, which a very long one may have lost."""
    return file.name if PurePath(file.name).suffix.lower() == file.ending else file.name + file.ending


def _of_file(heard: Mapping[Place, bool], file: int) -> list[tuple[Place, bool]]:
    return [(place, taken) for place, taken in heard.items() if place[0] == file] if heard else []


def _name(poem: Poem) -> str:
    return shown(poem.title or next(line for line in poem.text.split("\n") if line.strip()))
