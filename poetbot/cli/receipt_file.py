"""The receipt in a file, for the commands that write something again from it."""

import json
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError


def receipt_in(path: Path, among: str, what: str) -> Any:
    """Return the receipt of a file, or of the first thing `among` those that a command printed with --json.

    `what` it belongs to is said where it cannot be read: PoetBotError then.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PoetBotError(
            f"The receipt {path} cannot be read: give the JSON that came with a {what}."
        ) from error
    if isinstance(data, dict) and isinstance(data.get(among), list) and data[among]:
        data = data[among][0]
    return data.get("receipt", data) if isinstance(data, dict) else data
