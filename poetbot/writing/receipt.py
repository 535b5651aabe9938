"""Validation of receipts, wherever they come from.

Receipts are stored in databases, pictures and messages to browsers. Python's JSON reader accepts numbers, lone
surrogates and nesting depths that other JSON readers reject, and a single such value would make a whole list unreadable.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet

MAX_CHARACTERS = 300_000  # of its JSON
MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1


def not_a_receipt() -> PoetBotError:
    """Return the error for data that isn't a receipt."""
    return PoetBotError("This isn't a receipt. Use the JSON that came with a poem.")


def check_poet(receipt: Mapping[str, Any], poet: Poet) -> None:
    """Raise PoetBotError unless a receipt is one of this poet's."""
    if receipt["poet_id"] != poet.id:
        raise PoetBotError(
            "This receipt is for another poet: {name} ({id}). Choose that poet to recreate the poem.",
            name=str(receipt.get("poet"))[:60],
            id=str(receipt["poet_id"])[:12],
        )


def checked_receipt(receipt: Any) -> dict[str, Any]:
    """Return a receipt as plain data. Raises PoetBotError if it isn't a mapping, or isn't portable JSON.

    Not allowed are more than 32 levels, numbers that aren't finite or exceed 64 bits, lone surrogates, keys that aren't
    text, and more than 300,000 characters in all.
    """
    if not isinstance(receipt, Mapping) or not _is_sound(receipt, MAX_DEPTH):
        raise not_a_receipt()
    told = json.dumps(receipt, allow_nan=False)
    if len(told) > MAX_CHARACTERS:
        raise not_a_receipt()
    return dict(json.loads(told))


def _is_sound(value: Any, depth: int) -> bool:
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return abs(value) <= MAX_INTEGER
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        return _is_text(value)
    if depth == 0:
        return False
    if isinstance(value, Mapping):
        return all(
            isinstance(name, str) and _is_text(name) and _is_sound(each, depth - 1)
            for name, each in value.items()
        )
    return isinstance(value, list | tuple) and all(_is_sound(each, depth - 1) for each in value)


def _is_text(value: str) -> bool:
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)
