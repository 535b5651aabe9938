"""Read the files of a corpus and find their parts and poems."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from pathlib import Path, PurePath
from typing import BinaryIO

import numpy as np

from poetbot.corpus.collection import leaves_something_out, looks_like_a_collection
from poetbot.corpus.deduplication import find_repeats
from poetbot.corpus.find_parts import Text, texts_of
from poetbot.corpus.loading import limit_notices
from poetbot.corpus.parts import REPEATED, Reading
from poetbot.documents.decoding import encoding_notice
from poetbot.documents.encoding_detection import possible_encodings
from poetbot.documents.reader import read_content
from poetbot.documents.records import NoSuchField, displayable
from poetbot.errors import PoetBotError
from poetbot.library.corpora.metadata import File, Metadata
from poetbot.library.corpora.part_edits import Edit, Edits, PartKey, apply_edits, digest, filled_lines
from poetbot.library.corpora.summary import Counts, GuessedEncoding, Summary
from poetbot.messages import Message
from poetbot.poem import Poem

LABELS = ("poem", "prose", "contents", "other", "section")
_MOST_ENCODED = 50
_OPENED, _LOOKED, _COMPARED = 0.05, 0.6, 0.95  # shares of the work done before each step

Row = tuple[int, int, int, int, int, int, int, bool, bool, int, int, int, int, int, int, int]
At = Callable[[float, str], None]


@dataclass
class FoundPoems:
    """The results. A row is one of PARTS in results.py and refers to `reasons` and `twins` by position."""

    rows: list[Row]
    reasons: list[str]
    twins: list[str]
    poems: list[Poem]
    summary: Summary


@dataclass
class _Builder:
    """The results so far. `poems` are all poems, and `owner` has the position of each row's poem in them, or None.

    `edits` are those of the corpus; poems that name no author get `author`.
    """

    out: BinaryIO
    edits: Edits = field(default_factory=dict)
    author: str | None = None
    offset: int = 0
    rows: list[Row] = field(default_factory=list)
    owner: list[int | None] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    poems: list[Poem] = field(default_factory=list)
    sure: set[int] = field(default_factory=set)
    reasons: dict[str, int] = field(default_factory=dict)

    def add(self, file: int, number: int, text: Text) -> None:
        """Write a text and add its parts; `number` is the position of the text in the file."""
        # A record has a head (title and author) and its place in the file.
        record = text.record
        head = f"{record.title or ''}\t{record.author or ''}\n".encode() if record else b""
        place = (record.start_line or 0, record.end_line or 0) if record else None
        data = text.text.encode()
        starts = np.flatnonzero(np.frombuffer(b"\n" + data, np.uint8) == 10).tolist()  # of its lines
        ends = [*(start - 1 for start in starts[1:]), len(data)]
        filled = [0, *accumulate(bool(line.strip()) for line in text.text.split("\n"))]
        begin = self.offset + len(head)
        edits: list[Edit | None] = []
        for part in text.judged.parts:
            reason = self.reasons.setdefault(part.reason, len(self.reasons))
            start, end = place or (part.start_line, part.end_line)
            first, last = begin + starts[part.start_line - 1], begin + ends[part.end_line - 1]
            label = LABELS.index(part.label)
            # Only the first part of a record includes its title.
            above = self.offset if part is text.judged.parts[0] else first
            where = (file, number, part.start_line, start, end)
            words = digest(data[starts[part.start_line - 1] : ends[part.end_line - 1]])
            edit = self.edits.get(PartKey(file, start, part.start_line, words)) if self.edits else None
            edits.append(edit)
            lines = filled[part.end_line] - filled[part.start_line - 1]
            lines = filled_lines(edit.text) if edit and edit.text is not None else lines
            judged = (label, reason, part.taken, part.by_user, -1)
            self.rows.append((*where, *judged, min(above, first), first, last, words, lines, -1))
            self.filled.append(lines)
        poems, owners = self._edited(text, edits)
        for part, position in zip(text.judged.parts, owners, strict=True):
            owner = None if position is None else len(self.poems) + position
            self.owner.append(owner)
            if part.by_user and owner is not None:
                self.sure.add(owner)
        self.poems += poems
        self.out.write(head + data + b"\n")
        self.offset = begin + len(data) + 1

    def _edited(
        self, text: Text, edits: Sequence[Edit | None]
    ) -> tuple[Sequence[Poem], Sequence[int | None]]:
        """Return the poems of a text with its edited parts, and which poem each part is in."""
        parts, poems = text.judged.parts, text.judged.poems
        if self.author:
            poems = tuple(poem if poem.author else replace(poem, author=self.author) for poem in poems)
        owner = [part.poem for part in parts]
        if not any(edits):
            return poems, owner
        lines = text.text.split("\n")
        numbers_of: list[list[int]] = [[] for _ in poems]
        for number, part in enumerate(parts):
            if part.poem is not None:
                numbers_of[part.poem].append(number)
        edited: list[Poem] = []
        for poem, numbers in zip(poems, numbers_of, strict=True):
            if not any(edits[number] for number in numbers):
                new = [(0, poem)]
            else:
                written = ("\n".join(lines[parts[n].start_line - 1 : parts[n].end_line]) for n in numbers)
                new = apply_edits(poem, [edits[number] for number in numbers], list(written))
            for (first, each), (end, _) in pairwise([*new, (len(numbers), poem)]):
                if len(new) > 1 and text.record is None:
                    start_line = parts[numbers[first]].start_line
                    each = replace(each, start_line=start_line, end_line=parts[numbers[end - 1]].end_line)
                for number in numbers[first:end]:
                    owner[number] = len(edited)
                edited.append(each)
        return edited, owner


def find_in(folder: Path, state: Metadata, out: BinaryIO, at: At) -> FoundPoems:
    """Read the files of the corpus in `folder` as its state says, and write their texts to `out`.

    `at` is called with the share of the work done and the current step: opening, looking, comparing or writing. A file that
    can't be read is left out with a notice. Raises PoetBotError if none can be read; `NoSuchField` if choosing fields would help.
    """
    builder = _Builder(out, state.edits, state.author)
    total, done = sum(file.bytes for file in state.files) or 1, 0
    notices: list[Message] = []
    collections: list[bool] = []
    fields: dict[str, None] = {}
    read_fields = ("", "", "")
    tags: Counter[str] = Counter()
    left_out: list[Message] = []
    errors: list[PoetBotError] = []
    encoded: list[GuessedEncoding] = []
    choices: dict[int, dict[int, dict[int, bool]]] = {}  # by file, text and line
    for (place, number, line), taken in state.current_choices().items():
        choices.setdefault(place, {}).setdefault(number, {})[line] = taken
    for place, file in enumerate(state.files):

        def report_progress(share: float, before: int = done, size: int = file.bytes) -> None:
            at((_OPENED + (1 - _OPENED) * (before + share * size) / total) * _LOOKED, "looking")

        at(_OPENED * _LOOKED if done == 0 else (_OPENED + done / total) * _LOOKED, "opening")
        data = _bytes(folder, place, file)
        done += file.bytes
        chosen = state.encodings.get(place)
        try:
            content = read_content(data, _named(file), state.wanted, chosen)
        except PoetBotError as error:
            errors.append(error)
            left_out.append(Message("Left out: {error}", error=error.message))
            if isinstance(error, NoSuchField):
                fields |= dict.fromkeys(error.names)
            if chosen:  # if the choice is wrong, another one can still be chosen
                encoded.append(GuessedEncoding(place, chosen, "", tuple(possible_encodings(data))))
            continue
        if content.encoding and len(encoded) < _MOST_ENCODED:  # the page shows it and offers a choice
            encoded.append(GuessedEncoding(place, *content.encoding, tuple(possible_encodings(data))))
        elif content.encoding:
            notices.append(encoding_notice(content.name, *content.encoding))
        notices += content.notices
        fields |= dict.fromkeys(content.fields)
        if not any(read_fields):
            read_fields = content.read_fields
        tags.update(dict(content.tags))
        for number, text in enumerate(texts_of(content, state.reading, choices.get(place), report_progress)):
            builder.add(place, number, text)
            if not text.record and leaves_something_out(text.judged.parts):
                collections.append(looks_like_a_collection(text.text, text.judged.parts))
    if len(errors) == len(state.files):
        raise next((error for error in errors if isinstance(error, NoSuchField)), errors[0])
    at(_LOOKED, "comparing")
    repeats = find_repeats(
        builder.poems,
        builder.sure,
        lambda share: at(_LOOKED + share * (_COMPARED - _LOOKED) * 0.8, "comparing"),
    )
    at(_COMPARED, "writing")
    found = _without_repeats(builder, repeats)
    found.summary = replace(
        found.summary,
        key=state.key(),
        notices=limit_notices([*left_out, *notices]),
        collection=state.reading is Reading.FILTER and bool(collections) and all(collections),
        fields=tuple(fields),
        tags=tuple(tags.most_common()),
        encoded=tuple(encoded),
        read_fields=read_fields,
    )
    return found


def _without_repeats(builder: _Builder, repeats: Mapping[int, int]) -> FoundPoems:
    """Return the results without the poems in `repeats`, which maps each to the one that is kept."""
    kept_poems = [number for number in range(len(builder.poems)) if number not in repeats]
    places = {number: place for place, number in enumerate(kept_poems)}
    twins: dict[int, int] = {}
    names: list[str] = []
    reason = builder.reasons.setdefault(REPEATED, len(builder.reasons)) if repeats else 0
    rows: list[Row] = []
    left: Counter[str] = Counter()
    for row, owner, filled in zip(builder.rows, builder.owner, builder.filled, strict=True):
        if owner is not None and owner in repeats:
            kept = repeats[owner]
            if kept not in twins:
                twins[kept] = len(names)
                names.append(poem_name(builder.poems[kept]))
            row = (*row[:6], reason, False, row[8], twins[kept], *row[10:])
        elif not row[7]:
            left["said_out" if row[8] else LABELS[row[5]]] += filled
        rows.append((*row[:-1], -1 if owner is None else places.get(owner, -1)))
    poems = [builder.poems[number] for number in kept_poems]
    counts = Counts(
        poems=len(poems),
        lines=sum(bool(line.strip()) for poem in poems for line in poem.text.split("\n")),
        characters=sum(len(poem.text) for poem in poems),
        parts=len(rows),
        repeated=len(repeats),
        **{name: left[name] for name in ("prose", "contents", "other", "said_out")},
    )
    return FoundPoems(rows, list(builder.reasons), names, poems, Summary("", counts))


def _bytes(folder: Path, place: int, file: File) -> bytes:
    try:
        return (folder / "files" / f"{place:04d}{file.ending}").read_bytes()
    except OSError as error:
        raise PoetBotError(
            "{name} is no longer in PoetBot's folder. Add it again.", name=file.name
        ) from error


def _named(file: File) -> str:
    """Return the name of a file with its extension, which may have been cut off if the name is very long."""
    return file.name if PurePath(file.name).suffix.lower() == file.ending else file.name + file.ending


def poem_name(poem: Poem) -> str:
    """Return the name of a poem: its title, or else its first line."""
    return displayable(poem.title or next(line for line in poem.text.split("\n") if line.strip()))
