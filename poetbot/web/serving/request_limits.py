"""What a page or a program may send: plain JSON of a bounded size and depth, that names what there is.

Gradio takes more and falls over some of it: numbers that are not finite and values deep inside one another end in a
failure of the server, and a body of a few MB of brackets becomes a gigabyte of lists.
"""

import json
import math
import re
from typing import Any

from poetbot.web import gradio_compat
from poetbot.web.serving.ownership import LONGEST_NAME

MOST_VALUES = 1_000_000
DEEPEST = 100  # levels

# An end of the text ends a string too, so that nothing is looked at twice.
_STRING = re.compile(r'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]++")


def read(body: bytes) -> dict[str, Any] | None:
    """Return a message as plain data; None where it is none."""
    try:
        text = body.decode("utf-8")
        if not _is_bounded(_STRING.sub("", text)):
            return None
        data = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _is_bounded(bare: str) -> bool:
    """Say whether JSON without its strings holds no more values, and no deeper ones, than any message does."""
    if sum(bare.count(sign) for sign in ",[{") > MOST_VALUES:
        return False
    level = 0
    for sign in _NO_BRACKETS.sub("", bare):
        level += 1 if sign in "[{" else -1
        if not 0 <= level <= DEEPEST:
            return False
    return True


def _finite(number: str) -> float:
    found = float(number)
    if not math.isfinite(found):
        raise ValueError
    return found


def names_rightly(data: dict[str, Any]) -> bool:
    """Say whether the page and the request that a message names have names."""
    values = [data.get(name) for name in ("session_hash", "event_id")]
    return all(each is None or (isinstance(each, str) and len(each) <= LONGEST_NAME) for each in values)


def calls_rightly(data: dict[str, Any], app: Any, called: str | None) -> bool:
    """Say whether a message calls a function that there is, if any, with as much as that takes.

    `called` is the name of the function in the address, if one stands there.
    """
    number = data.get("fn_index")
    if number is None and called is None:
        return True
    if number is not None and type(number) is not int:
        return False
    given = data.get("data")
    counts = gradio_compat.inputs_of(app, number, called)
    return counts is not None and ("data" not in data or (isinstance(given, list) and len(given) in counts))
