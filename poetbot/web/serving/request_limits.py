"""What a message to the app may be: JSON of limited size and depth that calls a function there is.

Gradio accepts more and fails on some of it: infinite numbers and deep nesting raise errors in the server, and a few MB of
brackets become a gigabyte of lists.
"""

import json
import math
import re
from typing import Any

import gradio as gr

from poetbot.web import gradio_compat
from poetbot.web.serving.ownership import MAX_NAME

MAX_VALUES = 1_000_000
MAX_DEPTH = 100  # levels

# The end of the text also ends a string, so the pattern never backtracks.
_STRING = re.compile(r'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)', re.DOTALL)
_NO_BRACKETS = re.compile(r"[^\[\]{}]++")


def parse(body: bytes) -> dict[str, Any] | None:
    """Return a message as plain data, None if it is not one."""
    try:
        text = body.decode("utf-8")
        if not _is_bounded(_STRING.sub("", text)):
            return None
        data = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _is_bounded(bare: str) -> bool:
    """Return whether JSON, without its strings, keeps to the limits of size and depth."""
    if sum(bare.count(char) for char in ",[{") > MAX_VALUES:
        return False
    level = 0
    for bracket in _NO_BRACKETS.sub("", bare):
        level += 1 if bracket in "[{" else -1
        if not 0 <= level <= MAX_DEPTH:
            return False
    return True


def _finite(number: str) -> float:
    found = float(number)
    if not math.isfinite(found):
        raise ValueError
    return found


def has_valid_names(data: dict[str, Any]) -> bool:
    """Return whether a message names its page and event by texts of a permitted length, if at all."""
    values = [data.get(name) for name in ("session_hash", "event_id")]
    return all(each is None or (isinstance(each, str) and len(each) <= MAX_NAME) for each in values)


def has_valid_call(data: dict[str, Any], blocks: gr.Blocks, endpoint: str | None) -> bool:
    """Return whether a message, if it calls a function, calls one there is with as many values as it takes.

    `endpoint` is the name of the function in the address, if any.
    """
    number = data.get("fn_index")
    if number is None and endpoint is None:
        return True
    if number is not None and type(number) is not int:
        return False
    values = data.get("data")
    count = gradio_compat.input_count(blocks, number, endpoint)
    return count is not None and ("data" not in data or (isinstance(values, list) and len(values) == count))
