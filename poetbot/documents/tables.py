"""Tables and lists with one poem per record: .csv, .tsv, .json and .jsonl."""

import contextlib
import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

from poetbot.documents.json_records import bare_json_line, list_of_poems, parse_json
from poetbot.documents.records import (
    FieldChoice,
    Fields,
    NoSuchField,
    displayable,
    fields_of,
    is_text_name,
    poem_of,
    strip_empty_lines,
    unescape_line_ends,
)
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import Poem

_SEPARATORS = ",;\t|"
_MOST_COLUMNS = 1000
_LOOKED_AT = 100  # records, for the names of their fields
_HEAD = 1_000_000
_LONGEST_HEADER = 20_000  # characters
_BRACKETS = ("", "[", "]", "],")
_ANY_SEPARATOR = re.compile(r"[,;\t|]")
_EXAMPLE = '{"text": "…"}'
CSV_SUFFIXES = (".csv", ".tsv", ".tab")
"""Extensions of tables with a record per row."""

JSONL_SUFFIXES = (".jsonl", ".ndjson", ".jsonlines", ".jl")
"""Extensions of files with a record per line."""

Take = Callable[[Mapping[str, Any], Fields, Message, list[Message], tuple[int, int], str], Poem | None]
"""Converts a record to a poem, like `poem_of`, or collects it to join several."""


def poems_of_csv(
    text: str, name: str, wanted: FieldChoice, notices: list[Message], take: Take = poem_of
) -> Iterator[Poem]:
    """Yield the poems of a table whose first row names the columns; the separator is a comma, semicolon, tab or bar.

    Raises PoetBotError, with the line, if a row doesn't match the first or quotes aren't closed.
    """
    text, separator = _separated(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    above = 0
    columns: list[str] = []
    fields = None
    try:
        for row in rows:
            first, above = above + 1, rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            where = Message("Line {line:,} of {name}", line=first, name=name)
            if fields is None:
                if len(row) > _MOST_COLUMNS:
                    raise PoetBotError(
                        "{name} has {count:,} columns, more than the limit of {most:,}.",
                        name=name,
                        count=len(row),
                        most=_MOST_COLUMNS,
                    )
                columns = [cell.strip() for cell in row]
                if not _names_a_text(columns, wanted) and sum(map(bool, columns)) == 1 < len(columns):
                    continue  # a title above the table
                fields = fields_of(columns, wanted, name)
                continue
            if len(row) > len(columns):
                raise PoetBotError(
                    "{where} has {cells:,} cells, but the first row has {columns:,}. Put text that contains the separator in double quotes.",
                    where=where,
                    cells=len(row),
                    columns=len(columns),
                )
            record = dict(zip(columns, row, strict=False))
            record[fields.text] = unescape_line_ends(record.get(fields.text, ""))
            poem = take(record, fields, where, notices, (first, above), name)
            if poem:
                yield strip_empty_lines(poem)
        if fields is None:
            fields_of(columns, wanted, name)  # raises if one is missing
    except csv.Error as error:
        what = (
            Message("a cell of more than {most:,} characters", most=csv.field_size_limit())
            if "limit" in str(error)
            else Message("quotes that aren't closed or stand inside a text")
        )
        raise PoetBotError(
            '{name} has {what} at line {line:,} or below. Put each text in double quotes, and write "" for a quote inside it.',
            name=name,
            what=what,
            line=above + 1,
        ) from None


def poems_of_json(
    text: str, name: str, wanted: FieldChoice, notices: list[Message], take: Take = poem_of
) -> Iterator[Poem]:
    """Yield the poems of a JSON document: a list of poems, an object with such lists, or titles with texts.

    Each poem is an object with fields, a text, or a list of lines. Poems count as lines: the third is at line 3. A record that isn't a poem
    is left out with a notice. Raises PoetBotError if none is a poem, or the document is nested too deeply.
    """
    try:
        value = parse_json(text, name)
    except PoetBotError:
        if not _holds_lines(text):
            raise
        yield from poems_of_jsonl(text, name, wanted, notices, take)
        return
    records = [
        record if isinstance(record, dict) else {"text": record} for record in list_of_poems(value, name)
    ]
    fields: dict[tuple[str, ...], Fields] = {}

    def poem(number: int, record: dict[str, Any]) -> Poem | None:
        names, where = tuple(record), Message("Poem {number:,} of {name}", number=number, name=name)
        found = fields.get(names) or fields_of(names, wanted, where)
        if len(fields) < _MOST_COLUMNS:
            fields[names] = found
        return take(record, found, where, notices, (number, number), name)

    read = _good((partial(poem, *each) for each in enumerate(records, start=1)), notices)
    yield from map(strip_empty_lines, read)


def poems_of_jsonl(
    text: str, name: str, wanted: FieldChoice, notices: list[Message], take: Take = poem_of
) -> Iterator[Poem]:
    """Yield the poems of a file with one JSON object per line: `text`, and optionally `title` and `author`.

    A line that isn't a poem is left out with a notice. Raises PoetBotError, with the line, if none is a poem. Texts stay unchanged,
    because `score` measures them as given.
    """
    chosen: list[Fields] = []

    def poem(number: int, line: str) -> Poem | None:
        where = Message("Line {line:,} of {name}", line=number, name=name)
        try:
            record = json.loads(bare_json_line(line))
        except (ValueError, RecursionError) as error:
            if isinstance(error, json.JSONDecodeError):
                raise PoetBotError(
                    "{where} isn't valid JSON (column {column:,}). Write one {example} per line.",
                    where=where,
                    column=error.colno,
                    example=_EXAMPLE,
                ) from None
            raise PoetBotError(
                "{where} isn't valid JSON. Write one {example} per line.", where=where, example=_EXAMPLE
            ) from None
        if not isinstance(record, dict):
            raise PoetBotError(
                "{where} isn't a JSON object. Write one {example} per line.", where=where, example=_EXAMPLE
            )
        if not chosen:
            chosen.append(_fields_of_lines(record, wanted))
        (fields,) = chosen
        if record.get(fields.text) is None:
            raise PoetBotError(
                '{where} has no "{field}". Every line needs one.', where=where, field=displayable(fields.text)
            )
        return take(record, fields, where, notices, (number, number), name)

    lines = ((n, line) for n, line in enumerate(_lines_of(text), start=1) if line.strip() not in _BRACKETS)
    yield from _good((partial(poem, *each) for each in lines), notices)


def _good(records: Iterable[Callable[[], Poem | None]], notices: list[Message]) -> Iterator[Poem]:
    """Yield the poems of records, with notices about invalid ones. Raises the first one's error if all are invalid."""
    bad: list[PoetBotError] = []
    good = 0
    for record in records:
        try:
            poem = record()
        except PoetBotError as error:
            bad = bad or [error]
            notices.append(Message("Left out: {error}", error=error.message))
            continue
        good += 1
        if poem:
            yield poem
    if bad and not good:
        raise bad[0]


def _lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text one at a time, because all together would double the memory."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _holds_lines(text: str) -> bool:
    """Whether a text that isn't a JSON document has an object on its first line, like JSON lines."""
    first = next((line.strip() for line in _lines_of(text[:_HEAD]) if line.strip() not in _BRACKETS), "")
    try:
        return isinstance(json.loads(bare_json_line(first)), dict)
    except (ValueError, RecursionError):
        return False


def _fields_of_lines(first: Mapping[str, Any], wanted: FieldChoice) -> Fields:
    """Return the fields of a .jsonl from its first record; without a field named text, other common names are tried."""
    default = Fields(wanted.text or "text", _or(wanted.title, "title"), _or(wanted.author, "author"))
    if default.text in first:
        return default
    try:
        found = fields_of(first, FieldChoice(wanted.text), "")
    except NoSuchField:
        return default
    return Fields(
        found.text, _or(wanted.title, found.title or "title"), _or(wanted.author, found.author or "author")
    )


def _or(wanted: str | None, default: str) -> str | None:
    """Return the chosen field, the common one if none was chosen, None if none should be used."""
    return default if wanted is None else wanted or None


def head_of(text: str, ending: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the fields in the first records of a table, in order, and these records.

    `ending` is one of ROWS, .json or one of LINES. Both are empty if the table can't be read.
    """
    records: list[Any]
    names: list[str] = []
    try:
        if ending in CSV_SUFFIXES:
            text, separator = _separated(text[:_HEAD])
            rows = csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=separator)
            row = next((row for row in rows if sum(map(bool, row)) > 1 or len(row) == 1), [])
            names = [cell.strip() for cell in row[:_MOST_COLUMNS]]
            records = [dict(zip(names, row, strict=False)) for row in _whole_rows(rows)]
        elif ending in JSONL_SUFFIXES or (document := _document(text)) is None:
            heads = [line.strip() for line in text[:_HEAD].split("\n")[:_LOOKED_AT]]
            records = [_one_record(bare_json_line(line)) for line in heads[:-1] or heads]
        else:
            records = list_of_poems(document, "")[:_LOOKED_AT]
    except (PoetBotError, ValueError, RecursionError, csv.Error):
        return [], []
    records = [record for record in records if isinstance(record, dict)]
    names = names or list(dict.fromkeys(name for record in records for name in record))
    return names[:_MOST_COLUMNS], records


def _document(text: str) -> Any:
    try:
        return parse_json(text, "")
    except PoetBotError:
        return None


def _one_record(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _whole_rows(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """Yield the first non-empty rows of a table, up to one that can't be read."""
    with contextlib.suppress(csv.Error):
        for row in islice(rows, _LOOKED_AT):
            if row:
                yield row


def _separated(text: str) -> tuple[str, str]:
    """Return a table and its separator; a first line `sep=;`, as used by Excel, becomes empty."""
    begin = len(text) - len(text.lstrip())
    end = text.find("\n", begin)
    first = text[begin:end].strip().strip('"') if end >= 0 else ""
    if first.lower().startswith("sep=") and len(first) <= 5:
        return "\n" * text.count("\n", 0, end) + text[end:], first[4:] or "\t"
    header = next((line for line in _lines_of(text) if any(map(is_text_name, _cells(line)))), "")
    return text, _separator_of(header if text.find(header, 0, _HEAD) >= 0 and header else text[begin:end])


def _cells(line: str) -> list[str]:
    return [cell.strip().strip('"') for cell in _ANY_SEPARATOR.split(line[:_LONGEST_HEADER])]


def _names_a_text(columns: list[str], wanted: FieldChoice) -> bool:
    return wanted.text in columns or any(map(is_text_name, columns))


def _separator_of(header: str) -> str:
    """Return the separator with which the first row has a text column, or the most frequent one."""
    for separator in _SEPARATORS:
        if any(is_text_name(cell.strip().strip('"')) for cell in header.split(separator)):
            return separator
    return max(_SEPARATORS, key=header.count)
