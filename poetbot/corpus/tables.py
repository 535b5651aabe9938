"""Tables and lists of poems, one record a poem: .csv, .json and .jsonl."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from poetbot.corpus.poem import Poem
from poetbot.corpus.records import Fields, NoSuchField, Wanted, fields_of, is_text_name, poem_of, shown
from poetbot.errors import PoetBotError

_SEPARATORS = ",;\t|"
_MOST_COLUMNS = 1000
_LOOKED_AT = 100  # records, for the names of their fields
_HEAD = 1_000_000

Record = tuple[Mapping[str, Any], str, tuple[int, int]]
"""A record, how sentences name it, and its first and last line."""


def poems_of_csv(text: str, name: str, wanted: Wanted, notices: list[str]) -> Iterator[Poem]:
    """Yield the poems of a table whose first row names the columns; a comma, semicolon, tab or bar parts them.

    Raises PoetBotError, with the line, where a row does not fit the first or quotes do not close.
    """
    header = next((line for line in text.split("\n") if line.strip()), "")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator_of(header), strict=True)
    above = 0
    columns: list[str] = []
    fields = None
    try:
        for row in rows:
            first, above = above + 1, rows.line_num
            if not any(cell.strip() for cell in row):
                continue
            where = f"Line {first:,} of {name}"
            if fields is None:
                if len(row) > _MOST_COLUMNS:
                    raise PoetBotError(f"{name} has {len(row):,} columns and {_MOST_COLUMNS:,} is the most.")
                columns = [cell.strip() for cell in row]
                fields = fields_of(columns, wanted, name)
                continue
            if len(row) > len(columns):
                raise PoetBotError(
                    f"{where} has {len(row):,} cells and the first row has {len(columns):,}: "
                    "put a text that holds the separator in double quotes."
                )
            poem = poem_of(
                dict(zip(columns, row, strict=False)), fields, where, notices, (first, above), name
            )
            if poem:
                yield poem
    except csv.Error as error:
        what = (
            f"a cell of more than {csv.field_size_limit():,} characters"
            if "limit" in str(error)
            else "quotes that do not close or stand inside a text"
        )
        raise PoetBotError(
            f'{name} has {what} at line {above + 1:,} or below: put each text in double quotes, with "" for a '
            "quote in it."
        ) from None


def poems_of_json(text: str, name: str, wanted: Wanted, notices: list[str]) -> Iterator[Poem]:
    """Yield the poems of a JSON document: a list of poems, an object with such a list in it, or titles with texts.

    Each poem is an object with fields, a text, or a list of lines. Poems count as lines: the third is at line 3.
    Raises PoetBotError where it is nothing of that kind; where it is nested too deep to be read, too.
    """
    value = _loaded(text, name)
    records = [record if isinstance(record, dict) else {"text": record} for record in _list_in(value, name)]
    fields: dict[tuple[str, ...], Fields] = {}
    for number, record in enumerate(records, start=1):
        names = tuple(record)
        where = f"Poem {number:,} of {name}"
        if names not in fields and len(fields) < _MOST_COLUMNS:
            fields[names] = fields_of(names, wanted, where)
        found = fields.get(names) or fields_of(names, wanted, where)
        if poem := poem_of(record, found, where, notices, (number, number), name):
            yield poem


def poems_of_jsonl(text: str, name: str, wanted: Wanted, notices: list[str]) -> Iterator[Poem]:
    """Yield the poems of a file with one JSON object a line: `text`, perhaps `title` and `author`.

    Raises PoetBotError, with the line, where a line is no object or has no text.
    """
    fields: Fields | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        where = f"Line {number:,} of {name}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            place = f" (column {error.colno:,})" if isinstance(error, json.JSONDecodeError) else ""
            raise PoetBotError(
                f'{where} is not valid JSON{place}: write one {{"text": "…"}} a line.'
            ) from None
        if not isinstance(record, dict):
            raise PoetBotError(f'{where} is not a JSON object: write one {{"text": "…"}} a line.')
        if fields is None:
            fields = _fields_of_lines(record, wanted)
        if record.get(fields.text) is None:
            raise PoetBotError(
                f'{where} has no "{shown(fields.text)}": every line needs one, {{"text": "…"}}.'
            )
        if poem := poem_of(record, fields, where, notices, (number, number), name):
            yield poem


def _fields_of_lines(first: Mapping[str, Any], wanted: Wanted) -> Fields:
    """Return the fields of a .jsonl by its first record; without a field named text, other usual names are tried."""
    usual = Fields(wanted.text or "text", wanted.title or "title", wanted.author or "author")
    if usual.text in first:
        return usual
    try:
        found = fields_of(first, Wanted(wanted.text), "")
    except NoSuchField:
        return usual
    return Fields(
        found.text, wanted.title or found.title or "title", wanted.author or found.author or "author"
    )


def field_names(text: str, ending: str) -> list[str]:
    """Return the names of the fields that the records of a table have, in their order; none where it cannot be read.

    `ending` is .csv, .json or .jsonl. Of a list, the first records are looked at.
    """
    try:
        if ending == ".csv":
            header = next((line for line in text.split("\n") if line.strip()), "")
            row = next(
                csv.reader(io.StringIO(text.lstrip(), newline=""), delimiter=_separator_of(header)), []
            )
            return [cell.strip() for cell in row[:_MOST_COLUMNS]]
        if ending == ".jsonl":
            heads = [line for line in text[:_HEAD].split("\n")[:_LOOKED_AT] if line.strip()]
            records = [json.loads(line) for line in heads[:-1] or heads]
        else:
            records = _list_in(_loaded(text, ""), "")[:_LOOKED_AT]
    except (ValueError, RecursionError, csv.Error):
        return []
    names = dict.fromkeys(name for record in records if isinstance(record, dict) for name in record)
    return list(names)[:_MOST_COLUMNS]


def _separator_of(header: str) -> str:
    """Return the separator that finds a column of texts in the first row, or the one that stands there most."""
    for separator in _SEPARATORS:
        if any(is_text_name(cell.strip().strip('"')) for cell in header.split(separator)):
            return separator
    return max(_SEPARATORS, key=header.count)


def _loaded(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise PoetBotError(f"{name} is nested too deep to be read: give a list of poems.") from None
    except ValueError as error:
        place = f" at line {error.lineno:,}" if isinstance(error, json.JSONDecodeError) else ""
        raise PoetBotError(
            f'{name} is not valid JSON{place}: write a list of poems, [{{"text": "…"}}].'
        ) from None


def _list_in(value: Any, name: str) -> list[Any]:
    """Return the list of poems in a document."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        if any(is_text_name(key) and value[key] and _is_text(value[key]) for key in value):
            return [value]
        if all(isinstance(text, str) for text in value.values()) and any(
            "\n" in text for text in value.values()
        ):
            return [{"title": title, "text": text} for title, text in value.items()]
        lists = [inner for inner in value.values() if isinstance(inner, list) and inner]
        if len(lists) == 1:
            return lists[0]
    raise PoetBotError(f'{name} holds no list of poems: write [{{"text": "…", "title": "…"}}].')


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value))
