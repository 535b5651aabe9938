"""Writes the list of endpoints in docs/app.md from the endpoints themselves: `python docs/endpoints.py`."""

import inspect
import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "app.md"
BEGIN, END = "<!-- Made by `python docs/endpoints.py`; begin. -->\n", "<!-- end -->\n"


def section(endpoints: dict[str, Callable[..., Any]]) -> str:
    """Return a part for each endpoint: its options in order with their defaults, and its docstring."""
    parts = []
    for name, endpoint in endpoints.items():
        options = [
            each.name if each.default is each.empty else f"{each.name}={_value(each.default)}"
            for each in inspect.signature(endpoint).parameters.values()
            if each.name != "visitor"
        ]
        call = textwrap.fill(f"{name}({', '.join(options)})", 100, subsequent_indent=" " * 4)
        parts.append(f"### `/{name}`\n\n```text\n{call}\n```\n\n{inspect.getdoc(endpoint)}\n")
    return "\n".join(parts)


def _value(default: Any) -> str:
    return json.dumps(default) if isinstance(default, str) else repr(default)


def updated(page: str, endpoints: dict[str, Callable[..., Any]]) -> str:
    """Return the page with the list of these endpoints."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{section(endpoints)}\n{END}{after}"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from poetbot.web.serving.api import endpoints
    from poetbot.web.serving.poet_registry import PoetRegistry

    PAGE.write_text(updated(PAGE.read_text("utf-8"), endpoints(PoetRegistry(ROOT))), encoding="utf-8")
