"""An overlap report to keep: as JSON, and as one web page that needs nothing else and runs nothing."""

import json
import re
from html import escape
from pathlib import Path
from typing import Any

from poetbot import __version__
from poetbot.web.serving.session import Checked
from poetbot.web.tabs.overlap import report_view, tables
from poetbot.web.tabs.overlap.report_view import SHOWN
from poetbot.web.theme import COLOURS, MONO, SANS
from poetbot.web.words import Words

MOST = 10 * SHOWN  # characters of the text on the page
STYLE = Path(__file__).parent / "report.css"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="PoetBot {version}">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main class="ov kept">
<h1>{title}</h1>
{body}
<footer>{footer}</footer>
</main>
</body>
</html>
"""


def as_json(checked: Checked) -> str:
    """Return the report as `python -m poetbot check --json` gives it, and what its poems share with one another."""
    among: dict[str, Any] = {"repetition": checked.among} if checked.among else {}
    return json.dumps({**checked.report, **among}, ensure_ascii=False, indent=1) + "\n"


def as_page(checked: Checked, words: Words) -> str:
    """Return the report as one HTML page: no script, nothing from elsewhere, in light and dark."""
    notes = "".join(
        f'<li id="note-{k}">{note}<p><a href="#at-{k}" aria-label="{escape(words.overlap.text_label)}">↑</a></p></li>'
        for k, note in enumerate(report_view.notes(checked, words, MOST), start=1)
    )
    sources = f'<section><h2>{escape(words.overlap.sources)}</h2><ol class="notes">{notes}</ol></section>'
    body = (
        report_view.sentence_html(checked, words)
        + report_view.legend_html(checked, words)
        + f'<div class="text">{report_view.text_html(checked, words, MOST, links=True)}</div>'
        + (sources if notes else "")
        + tables_html(checked, words)
    )
    return _PAGE.format(
        version=__version__,
        title=escape(title(checked, words)),
        style=_style(),
        body=body,
        footer=escape(words.overlap.made_with),
    )


def tables_html(checked: Checked, words: Words) -> str:
    """Return all that stands below the text."""
    return (
        tables.figures_html(checked, words)
        + tables.curve_html(checked, words)
        + tables.runs_html(checked, words)
        + tables.among_html(checked, poems_of(checked.text), words)
    )


def poems_of(text: str) -> list[str]:
    """Return the poems of a text, parted by lines with a single `%`; pieces without text are left out."""
    return [poem for poem in re.split(r"^%[^\S\n]*(?:\n|\Z)", text, flags=re.MULTILINE) if poem.strip()]


def title(checked: Checked, words: Words) -> str:
    """Return what the report is of."""
    if checked.name:
        return words.overlap.report_of.format(name=checked.name, poet=checked.poet)
    return words.overlap.report_title.format(poet=checked.poet)


def file_name(checked: Checked, ending: str) -> str:
    """Return a name for the file in plain letters."""
    stem = checked.name.rsplit(".", 1)[0] if checked.name else report_view.one_line(checked.text[:60])
    plain = re.sub(r"[^a-z0-9]+", "-", stem.casefold().replace("'", "")).strip("-")[:48].strip("-")
    return f"{plain or 'text'}-overlap.{ending}"


def _style() -> str:
    def variables(which: int) -> str:
        return " ".join(f"--pb-{name}: {pair[which]};" for name, pair in COLOURS.items())

    fonts = f"--font: {', '.join(map(_quoted, SANS))}; --font-mono: {', '.join(map(_quoted, MONO))};"
    return (
        f":root {{ {variables(0)} {fonts} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {variables(1)} }} }}\n" + STYLE.read_text("utf-8")
    )


def _quoted(font: str) -> str:
    return f'"{font}"' if " " in font else font
