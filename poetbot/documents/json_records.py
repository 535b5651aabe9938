"""Read records from JSON, tolerating common mistakes of hand editing and exports."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from poetbot.documents.records import is_text_name
from poetbot.errors import PoetBotError

_DEEPEST = 20  # nested lists and objects
# Strings are matched as a whole, so that commas inside them are ignored.
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s*+[\]}])', re.DOTALL)


def parse_json(text: str, name: str) -> Any:
    """Return the contents of a JSON document, ignoring commas before brackets. Raises PoetBotError if it isn't JSON."""
    try:
        try:
            return json.loads(text)
        except ValueError:
            return json.loads(_TRAILING_COMMA.sub(lambda found: found[1] or "", text))
    except RecursionError:
        raise PoetBotError("{name} is nested too deeply. Use a plain list of poems.", name=name) from None
    except ValueError as error:
        example = '[{"text": "…"}]'
        if isinstance(error, json.JSONDecodeError):
            raise PoetBotError(
                "{name} isn't valid JSON at line {line:,}. Write a list of poems: {example}.",
                name=name,
                line=error.lineno,
                example=example,
            ) from None
        raise PoetBotError(
            "{name} isn't valid JSON. Write a list of poems: {example}.", name=name, example=example
        ) from None


def list_of_poems(value: Any, name: str, depth: int = 0) -> list[Any]:
    """Return the list of poems in a document, including those in lists inside its objects."""
    if depth > _DEEPEST:
        raise PoetBotError("{name} is nested too deeply. Use a plain list of poems.", name=name)
    if isinstance(value, dict) and not _is_poem(value):
        texts = list(value.values())
        if all(isinstance(text, str) for text in texts) and any("\n" in text for text in texts):
            return [{"title": title, "text": text} for title, text in value.items()]
    if isinstance(value, list):
        return list(_records(value, name))
    if isinstance(value, dict):
        found = list(_records([value], name))
        if found != [value] or _is_poem(value):
            return found
        if len(value) == 1 and isinstance(
            inner := next(iter(value.values())), dict
        ):  # {"data": {"poems": […]}}
            return list_of_poems(inner, name, depth + 1)
    raise PoetBotError(
        "{name} contains no list of poems. Write {example}.",
        name=name,
        example='[{"text": "…", "title": "…"}]',
    )


def _records(values: list[Any], name: str, depth: int = 0) -> Iterator[Any]:
    """Yield the records of a list; an object that isn't a poem yields those of the lists in it."""
    if depth > _DEEPEST:
        raise PoetBotError("{name} is nested too deeply. Use a plain list of poems.", name=name)
    for value in values:
        if isinstance(value, dict) and not _is_poem(value):
            lists = [
                inner
                for inner in value.values()
                if isinstance(inner, list)
                and any(isinstance(each, dict | list) or (depth == 0 and len(values) == 1) for each in inner)
            ]
            if lists:
                for inner in lists:
                    yield from _records(inner, name, depth + 1)
                continue
        yield value


def _is_poem(record: Mapping[str, Any]) -> bool:
    return any(is_text_name(key) and record[key] and _is_text(record[key]) for key in record)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, list) and all(each is None or _is_text(each) for each in value)
    )


def bare_json_line(line: str) -> str:
    """Return a line of JSON without a final comma, or the bracket of the list it begins or ends."""
    line = line.strip().removesuffix(",")
    if line.startswith("["):
        line = inner if (inner := line[1:].lstrip()).startswith("{") else line
    if line.endswith("]"):
        line = inner if (inner := line[:-1].rstrip()).endswith("}") else line
    return line
