"""Export saved poems as plain text, Markdown, a printable page, or JSON with receipts and stars; import text and JSON.

Nothing in a poem is treated as markup: Markdown and HTML are escaped.
"""

import html
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems.records import (
    MAX_TEXT,
    MAX_TITLE,
    ExportedPoem,
    KeptPoem,
    Version,
    check_collection_name,
    check_line,
    check_starred_line,
    clean,
    settings_row,
    version_row,
)
from poetbot.messages import Message

MAX_IMPORT = 20_000_000
MAX_IMPORTED = 10_000
FORMAT = 1
_PARTED_BY = "%"
# What Markdown reads as markup anywhere, and what it does at the beginning of a line.
_MARKDOWN = re.compile(r"[\\`*_\[\]<]|&(?=#?\w+;)|~(?=~)")
_AT_LINE_START = re.compile(
    r"(#(?=#{0,5}(?:\s|$))|>|[-+](?=\s|$)|[-=](?=[-=\s]*$)|~(?=~~)|(?<=\d)[.)](?=\s|$))"
)
_NUMBER = re.compile(r"\d{1,9}(?=[.)](?:\s|$))")

_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 12pt/1.6 Georgia, "Noto Serif", serif; max-width: 38em; margin: 3em auto; padding: 0 1em; }}
article {{ break-inside: avoid-page; margin-bottom: 4em; }}
h2 {{ font-size: 1.1em; font-weight: normal; font-style: italic; }}
pre {{ font: inherit; white-space: pre-wrap; }}
footer, details {{ font-size: 0.75em; color: #555; }}
details pre {{ overflow-wrap: anywhere; }}
@media print {{ details {{ display: none; }} body {{ margin: 0; }} article + article {{ break-before: page; }} }}
</style>
</head>
<body>
{poems}
</body>
</html>
"""


def as_text(poems: Iterable[KeptPoem]) -> str:
    """Return poems as plain text: a title and a blank line if there is one, poems separated by a line with a single %."""
    parts = [(f"{poem.title}\n\n" if poem.title else "") + poem.text.strip("\n") + "\n" for poem in poems]
    return f"{_PARTED_BY}\n".join(parts)


def as_markdown(poems: Iterable[KeptPoem], *, with_receipt: bool = False) -> str:
    """Return poems as Markdown (CommonMark 0.31): titles as headings, line ends and indentation as they are.

    `with_receipt`: each receipt follows its poem as a block of JSON.
    """
    return "\n---\n\n".join(_markdown(poem, with_receipt) for poem in poems)


def as_page(
    poems: Iterable[KeptPoem], *, title: str = "", language: str = "en", with_receipt: bool = False
) -> str:
    """Return poems as one printable HTML page: no script, no external files, each poem on a new page.

    Without a title the page is called like its poem, or "Poems" if it has several. `with_receipt`: each receipt can be
    opened below its poem, on the screen only.
    """
    poems = list(poems)
    title = title or (poems[0].name if len(poems) == 1 else "Poems")
    articles = "\n".join(_article(poem, with_receipt) for poem in poems)
    return _PAGE.format(title=html.escape(title), language=html.escape(language), poems=articles)


def as_json(poems: Iterable[KeptPoem]) -> str:
    """Return poems as JSON with everything that is saved except their history."""
    rows: list[ExportedPoem] = [
        {
            "title": poem.title,
            "poet": poem.poet,
            "text": poem.text,
            "written": [list(span) for span in poem.version.written],
            "receipt": poem.version.receipt,
            "starred": poem.starred,
            "lines": list(poem.lines),
            "collections": list(poem.collections),
            "settings": poem.settings,
        }
        for poem in poems
    ]
    return json.dumps({"poetbot_poems": FORMAT, "poems": rows}, ensure_ascii=False, indent=1) + "\n"


def poems_of_file(text: str, name: str = "") -> list[ExportedPoem]:
    """Return the poems of an imported file: our JSON, or plain text. Raises PoetBotError, with its name, for anything else."""
    if not isinstance(text, str):
        return poems_of_text(text)
    if "\0" in text or text.count("\ufffd") * 50 > len(text):  # what a browser reads of a picture
        raise PoetBotError(
            "{name} isn't a file of poems. Choose a text file, or JSON that PoetBot has exported.",
            name=name or "?",
        )
    text = text.removeprefix("\ufeff")  # some editors write this at the start of a file
    return poems_of_json(text) if text.lstrip().startswith("{") else poems_of_text(text)


def poems_of_text(text: str) -> list[ExportedPoem]:
    """Return the poems of a plain text, separated by lines with a single %, as `Poems.add` takes them.

    A first line followed by a blank line stays in the text, because it may be a title or a line of verse. Raises PoetBotError if
    there are no poems, or too much text.
    """
    _fits(text)
    parts = re.split(rf"^{_PARTED_BY}[ \t]*$", clean(text), flags=re.MULTILINE)
    return _not_empty([{"text": part.strip("\n")} for part in parts if part.strip()])


def poems_of_json(text: str) -> list[ExportedPoem]:
    """Return the poems from the output of `as_json`. Raises PoetBotError for anything else."""
    _fits(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PoetBotError(
            "This isn't a JSON file of saved poems. Choose the file as it was exported."
        ) from error
    rows = data.get("poems") if isinstance(data, dict) and data.get("poetbot_poems") == FORMAT else None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("text"), str) for row in rows
    ):
        raise PoetBotError("This isn't a JSON file of saved poems. Choose the file as it was exported.")
    return _not_empty(
        [
            {
                "text": row["text"],
                "title": _text(row.get("title")),
                "poet": _text(row.get("poet")),
                "written": row.get("written") or (),
                "receipt": row.get("receipt"),
                "starred": row.get("starred") is True,
                "lines": _texts(row.get("lines")),
                "collections": _texts(row.get("collections")),
                "settings": row.get("settings"),
            }
            for row in rows
        ]
    )


def poem_of_row(row: ExportedPoem) -> KeptPoem:
    """Return a poem of `poems_of_json` as if it were saved, for one that is saved elsewhere. Raises PoetBotError if it is invalid."""
    text, written, receipt = version_row(row["text"], row.get("written", ()), row.get("receipt"))
    version = Version(
        1,
        text,
        tuple((int(start), int(end)) for start, end in json.loads(written)),
        None if receipt is None else json.loads(receipt),
        0.0,
    )
    return KeptPoem(
        1,
        check_line(Message("title of the poem"), row.get("title", ""), MAX_TITLE),
        check_line(Message("name of the poet"), row.get("poet", ""), MAX_TITLE),
        bool(row.get("starred")),
        version,
        can_undo=False,
        can_redo=False,
        lines=tuple(check_starred_line(line) for line in row.get("lines", ())),
        collections=tuple(check_collection_name(name) for name in row.get("collections", ())),
        created=0.0,
        changed=0.0,
        deleted=False,
        settings=None if (settings := settings_row(row.get("settings"))) is None else json.loads(settings),
    )


def _fits(text: Any) -> None:
    if not isinstance(text, str) or len(text) > MAX_IMPORT:
        raise PoetBotError(
            "You can import at most {most:,} characters at once. Import the poems in parts.", most=MAX_IMPORT
        )


def _not_empty(poems: list[ExportedPoem]) -> list[ExportedPoem]:
    if not poems:
        raise PoetBotError("There are no poems in this file.")
    if len(poems) > MAX_IMPORTED:
        raise PoetBotError(
            "You can import at most {most:,} poems at once. Import them in parts.", most=MAX_IMPORTED
        )
    if any(len(poem["text"]) > MAX_TEXT for poem in poems):
        raise PoetBotError("A saved poem can have at most {most:,} characters.", most=MAX_TEXT)
    return poems


def _text(value: Any) -> str:
    return value[:MAX_TITLE] if isinstance(value, str) else ""


def _texts(value: Any) -> Sequence[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _markdown(poem: KeptPoem, with_receipt: bool) -> str:
    heading = f"## {_escaped(poem.title)}\n\n" if poem.title else ""
    stanzas = re.split(r"\n[ \t]*(?:\n[ \t]*)+", poem.text.strip("\n"))
    lines = ["\\\n".join(_indented(line) for line in stanza.split("\n")) for stanza in stanzas]
    receipt = f"\n```json\n{_receipt(poem)}\n```\n" if with_receipt and poem.version.receipt else ""
    return heading + "\n\n".join(lines) + "\n" + receipt


def _indented(line: str) -> str:
    bare = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(bare)) + _escaped(bare.rstrip())


def _escaped(text: str) -> str:
    """Return a line with a backslash before what Markdown would read as markup, and before nothing else."""
    number = _NUMBER.match(text)
    at = number.end() if number else 0
    start = "\\" if _AT_LINE_START.match(text, at) else ""
    return text[:at] + start + _MARKDOWN.sub(r"\\\g<0>", text[at:])


def _receipt(poem: KeptPoem) -> str:
    return json.dumps(poem.version.receipt, ensure_ascii=False)


def _article(poem: KeptPoem, with_receipt: bool) -> str:
    title = f"<h2>{html.escape(poem.title)}</h2>\n" if poem.title else ""
    receipt = ""
    if with_receipt and poem.version.receipt:
        data = html.escape(_receipt(poem))
        receipt = f"<details><summary>Receipt, from which PoetBot can write this poem again</summary><pre>{data}</pre></details>\n"
    poet = "<footer>Written with PoetBot</footer>\n" if poem.poet else ""
    return f"<article>\n{title}<pre>{html.escape(poem.text.strip(chr(10)))}</pre>\n{poet}{receipt}</article>"
