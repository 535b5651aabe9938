"""Saved poems as a file for the browser to download: its contents and name."""

import base64
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems.export_import import (
    as_json,
    as_markdown,
    as_page,
    as_text,
    poem_of_row,
    poems_of_json,
)
from poetbot.library.kept_poems.poem_picture import draw_poem
from poetbot.library.kept_poems.records import KeptPoem

_FORMATS: dict[str, tuple[Callable[..., str], str, str]] = {
    "text": (as_text, "txt", "text/plain"),
    "markdown": (as_markdown, "md", "text/markdown"),
    "page": (as_page, "html", "text/html"),
    "json": (as_json, "json", "application/json"),
}
_RECEIPT_IS_OPTIONAL = ("markdown", "page")


def export_file(
    poems: Sequence[KeptPoem], kind: Any, dark: bool = False, with_receipt: bool = False
) -> dict[str, str]:
    """Return a file of poems in one of these formats or, for one poem, a picture as base 64 ("card").

    JSON always has the receipts, text never has them, and the others have them if `with_receipt`. The keys are file or base64,
    name, and media. Raises PoetBotError if there is no such format.
    """
    if kind == "card" and len(poems) == 1:
        return _card(poems[0], dark, with_receipt)
    if not isinstance(kind, str) or kind not in _FORMATS:
        raise PoetBotError(
            "There is no such export format. Choose one of {names}.", names=", ".join(_FORMATS)
        )
    exporter, ending, media = _FORMATS[kind]
    if kind in _RECEIPT_IS_OPTIONAL:
        exporter = partial(exporter, with_receipt=with_receipt)
    stem = _stem(poems[0].name) if len(poems) == 1 else "poems"
    return {"file": exporter(poems), "name": f"{stem}.{ending}", "media": media}


def export_rows(rows: Any, kind: Any, dark: bool = False, with_receipt: bool = False) -> dict[str, str]:
    """Return a file of poems that aren't saved here, from the output of `as_json`. Raises PoetBotError for anything else."""
    return export_file([poem_of_row(row) for row in poems_of_json(rows)], kind, dark, with_receipt)


def _card(poem: KeptPoem, dark: bool, with_receipt: bool) -> dict[str, str]:
    receipt = poem.version.receipt if with_receipt else None
    drawn = draw_poem(poem.text, title=poem.title, poet=poem.poet, receipt=receipt, dark=dark)
    picture = base64.b64encode(drawn).decode("ascii")
    return {"base64": picture, "name": f"{_stem(poem.name)}.png", "media": "image/png"}


def _stem(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("'", "")).strip("-")[:48].strip("-") or "poem"
