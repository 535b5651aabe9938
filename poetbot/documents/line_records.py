"""Records that are single lines of verse, as in large collections: recognise them and join them into poems.

Such a table has one line per record, with the number of its poem or book (`poem_id`, `gid`), the number of the line in its poem, or
both. Lines of one poem are joined. In a book of verse, nothing marks the ends of poems: if blank lines were kept, the filter finds the
poems; else the book is cut at sentence ends.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from poetbot.documents.records import (
    TEXT_NAMES,
    FieldChoice,
    Fields,
    displayable,
    field_key,
    fields_of,
    label_text,
    marker_notice,
    one_line,
    text_of,
)
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import Poem, without_marker

LINE_NAMES = ("s", "line", "line text", "text line", "verse line", "句", "行", "诗句", "詩句")
NUMBER_NAMES = (
    "line",
    "line number",
    "line no",
    "line num",
    "line nr",
    "line index",
    "line id",
    "linenumber",
    "lineno",
    "linenum",
    "行号",
    "行號",
)
POEM_NAMES = (
    "poem id",
    "poem",
    "poem no",
    "poem number",
    "poem index",
    "poemid",
    "song id",
    "id",
    "诗号",
    "詩號",
)
BOOK_IDS = ("gid", "gutenberg id", "book id", "bookid", "work id")
BOOK_NAMES = ("book", "work", "volume", "collection", "file", "source")
STANZA_NAMES = ("stanza", "stanza id", "stanza no", "stanza number", "strophe", "verse", "节")

LONGEST_LINE = 120
"""Maximum characters of a line of verse; a few longer records in a hundred are accepted."""

LONGEST_RUN = 40
"""Maximum number of lines of a book without blank lines that stay together."""

_RUN = (16, 32)  # the fewest and most lines of a run that is cut off
_SHARE = 0.95  # of the records that are lines
_STEPS = 0.5  # of the pairs of neighbours that count on, or share a poem
_FEWEST = 3
_END = re.compile(r"""[.!?…。！？][\])}"'’”»」』]{0,3}\s*\Z""")
_PAUSE = re.compile(r"""[,;:—–、，；：][\])}"'’”»」』]{0,3}\s*\Z""")

Record = Mapping[str, Any]
Line = tuple[int | None, str | int | None, str, int]
"""A line's number, its stanza, its text and its place in the file."""


@dataclass(frozen=True)
class LineFields:
    """The fields of records that are lines of verse.

    `group` identifies the poem or book of a line. `ordered` says that it is certainly the poem, so that the lines are sorted by number;
    else a number that isn't higher than the last begins the next poem.
    """

    text: str
    title: str | None
    author: str | None
    number: str | None
    group: str | None
    stanza: str | None
    is_book: bool
    ordered: bool


def detect_line_fields(records: Sequence[Record], wanted: FieldChoice) -> LineFields | None:
    """Return the fields of records that are lines of verse, judging by the first of them; None for anything else.

    Texts are lines if poems or books have numbers and several records each, if lines have consecutive numbers, or if the field is called a
    line.
    """
    if len(records) < _FEWEST:
        return None
    keys = {field_key(name): name for record in reversed(records) for name in reversed(list(record))}

    def named(names: Sequence[str], good: Callable[[list[Any]], bool], *without: str | None) -> str | None:
        there = (keys[key] for key in names if key in keys and keys[key] not in without)
        return next((name for name in there if good([record.get(name) for record in records])), None)

    if named(TEXT_NAMES, _hold_poems):
        return None
    text = named((field_key(wanted.text),) if wanted.text else (*LINE_NAMES, *TEXT_NAMES), _hold_lines)
    if text is None:
        return None
    poem = named(POEM_NAMES, _repeat, text)
    number = named(NUMBER_NAMES, _are_numbers if poem else _count_on, text, poem)
    called_line = field_key(text) in LINE_NAMES
    book = named((*BOOK_IDS, *(BOOK_NAMES if called_line or number else ())), _repeat, text)
    if not (number or poem or book or called_line):
        return None
    try:
        fields = fields_of(keys.values(), FieldChoice(text, wanted.title, wanted.author), "")
    except PoetBotError:
        return None  # a chosen field is missing, which is reported when the records are read
    title, author = (None if name == text else name for name in (fields.title, fields.author))
    by_title = title if title and named((field_key(title),), _repeat) else None
    stanza = named(STANZA_NAMES, _repeat, text, number, poem, book)
    if title is None and wanted.title != "" and poem and field_key(poem) == "poem":
        title = poem
    group = poem or by_title or book
    return LineFields(text, title, author, number, group, stanza, not (poem or by_title), bool(poem))


@dataclass
class _Group:
    """The lines of one poem or book."""

    lines: list[Line] = field(default_factory=list)
    title: str | None = None
    author: str | None = None


@dataclass
class LineJoiner:
    """Collects records, like `poem_of`, and joins their lines into poems."""

    fields: LineFields
    _groups: list[_Group] = field(default_factory=list)
    _by_value: dict[str | int | None, _Group] = field(default_factory=dict)
    _starts_over: bool = False

    def take(
        self,
        record: Record,
        fields: Fields,
        where: Message,
        notices: list[Message],
        lines: tuple[int, int],
        source: str,
    ) -> None:
        """Add a record; raises PoetBotError if its line isn't text."""
        own = self.fields
        text = text_of(record.get(own.text), own.text, where) or ""
        number = _number(record.get(own.number)) if own.number else None
        group = self._group_of(_value(record, own.group), number)
        group.title = group.title or _label(record, own.title, where)
        group.author = group.author or _label(record, own.author, where)
        group.lines.append((number, _value(record, own.stanza), text.strip("\n").rstrip(), lines[0]))

    def _group_of(self, value: str | int | None, number: int | None) -> _Group:
        group = self._by_value.get(value)
        last = group.lines[-1][0] if group else None
        over = not self.fields.ordered and number is not None and last is not None and number <= last
        if group is None or over:
            self._starts_over |= over
            group = self._by_value[value] = _Group()
            self._groups.append(group)
        return group

    def poems(self, name: str, notices: list[Message]) -> tuple[tuple[Poem, ...], frozenset[int]]:
        """Return the poems, and the positions of those that are complete; in the others, the filter finds the poems."""
        are_books = self.fields.is_book and not self._starts_over
        poems: list[Poem] = []
        whole: set[int] = set()
        dropped = 0
        for group in self._groups:
            rows = _with_stanzas(_in_order(group.lines) if self.fields.ordered else group.lines)
            looked_into = are_books and any(not text for text, _ in rows)
            for run in cut_into_runs(rows) if are_books and not looked_into else [rows]:
                text, marks = without_marker("\n".join(text for text, _ in run).strip("\n"))
                dropped += marks
                if not text.strip():
                    continue
                if not looked_into:
                    whole.add(len(poems))
                places = [place for _, place in run]
                poems.append(Poem(text, group.title, group.author, name, min(places), max(places)))
        if dropped:
            notices.append(marker_notice(name, dropped))
        by = self.fields.group or self.fields.number
        notices.append(
            Message(
                "{name}: each record is one line of verse, so lines were joined by {field}.",
                name=name,
                field=displayable(by),
            )
            if by
            else Message("{name}: each record is one line of verse, so lines were joined.", name=name)
        )
        return tuple(poems), frozenset(whole)


def cut_into_runs(rows: Sequence[tuple[str, int]]) -> list[Sequence[tuple[str, int]]]:
    """Return lines in sections of about a page, each ending with a sentence if possible."""
    runs = []
    start, (fewest, most) = 0, _RUN
    while len(rows) - start > LONGEST_RUN:
        ends = range(start + most, start + fewest - 1, -1)
        end = next((at for at in ends if _END.search(rows[at - 1][0][-8:])), None)
        end = end or next((at for at in ends if _PAUSE.search(rows[at - 1][0][-8:])), start + most)
        runs.append(rows[start:end])
        start = end
    return [*runs, rows[start:]]


def _in_order(lines: list[Line]) -> list[Line]:
    """Return the lines of a poem sorted by number, if each has a unique one."""
    numbers = {number for number, *_ in lines if number is not None}
    return sorted(lines, key=lambda line: line[0] or 0) if len(numbers) == len(lines) else lines


def _with_stanzas(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """Return texts and positions of lines, with a blank line where the stanza changes."""
    rows: list[tuple[str, int]] = []
    before: str | int | None = None
    for _, stanza, text, place in lines:
        if rows and stanza != before and text and rows[-1][0]:
            rows.append(("", place))
        rows.append((text, place))
        before = stanza
    return rows


def _hold_poems(values: list[Any]) -> bool:
    """Whether any value is a text of several lines."""
    return any(
        "\n" in value.strip() if isinstance(value, str) else isinstance(value, list) for value in values
    )


def _hold_lines(values: list[Any]) -> bool:
    texts = [value for value in values if isinstance(value, str)]
    blank = sum(1 for value in values if value is None)
    short = sum(1 for text in texts if len(text) <= LONGEST_LINE)
    return short + blank >= _SHARE * len(values) and any(t.strip() and _number(t) is None for t in texts)


def _are_numbers(values: list[Any]) -> bool:
    return sum(1 for value in values if _number(value) is not None) >= _SHARE * len(values)


def _count_on(values: list[Any]) -> bool:
    numbers = [_number(value) for value in values]
    steps = sum(1 for one, other in pairwise(numbers) if one is not None and other == one + 1)
    return steps >= _STEPS * (len(values) - 1)


def _repeat(values: list[Any]) -> bool:
    return sum(1 for one, other in pairwise(values) if one == other not in (None, "")) >= _STEPS * (
        len(values) - 1
    )


def _number(value: Any) -> int | None:
    if isinstance(value, str):
        value = value.strip()
        return int(value) if value.isascii() and value.isdecimal() and len(value) <= 12 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _value(record: Record, name: str | None) -> str | int | None:
    """Return the key of a poem, a book or a stanza, None if it isn't a name or number."""
    value = record.get(name) if name else None
    return value if isinstance(value, int) else (value.strip() or None) if isinstance(value, str) else None


def _label(record: Record, name: str | None, where: Message) -> str | None:
    return one_line(text_of(label_text(record.get(name)), name, where)) if name else None
