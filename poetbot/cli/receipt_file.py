"""Reading a receipt from a file, to recreate what it belongs to."""

import json
from pathlib import Path
from typing import Any

from poetbot.errors import PoetBotError


def receipt_in(path: Path, among: str, what: str) -> Any:
    """Return the receipt in a file, or that of the first of the items `among` in the output of --json.

    Raises PoetBotError, which names `what` the receipt should belong to, if the file can't be read.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise PoetBotError(
            "The receipt {path} can't be read. Use the JSON that came with a {what}.", path=path, what=what
        ) from error
    if isinstance(data, dict) and isinstance(data.get(among), list) and data[among]:
        data = data[among][0]
    return data.get("receipt", data) if isinstance(data, dict) else data
