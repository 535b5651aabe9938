"""An overlap report as a file: JSON, or a web page that needs no other file and runs no script."""

import json
import re
from pathlib import Path

from markupsafe import Markup

from poetbot import __version__
from poetbot.locale import Locale
from poetbot.web.serving.session import CheckedText
from poetbot.web.tabs.overlap import report_view
from poetbot.web.theme import MONO, SANS, colour_css

MAX_CHARACTERS = 10 * report_view.MAX_CHARACTERS  # of the text on the page
STYLES = (
    Path(__file__).parent / "report.css",
    Path(__file__).parents[2] / "components" / "line_chart.css",
)


def as_json(checked: CheckedText) -> str:
    """Return the report as `python -m poetbot check --json` gives it, and what its poems have in common."""
    among = {"repetition": checked.among} if checked.among else {}
    return json.dumps({**checked.report, **among}, ensure_ascii=False, indent=1) + "\n"


def as_page(checked: CheckedText, language: Locale) -> str:
    """Return the report as a web page, in light and dark."""
    fonts = f":root {{ --font: {_font_list(SANS)}; --font-mono: {_font_list(MONO)}; }}\n"
    css = fonts + "".join(style.read_text("utf-8") for style in STYLES)
    style = colour_css() + Markup(css)  # our own files
    return str(report_view.page_html(checked, language, MAX_CHARACTERS, style=style, version=__version__))


def file_name(checked: CheckedText, ending: str) -> str:
    """Return a name for the file in plain letters."""
    stem = checked.name.rsplit(".", 1)[0] if checked.name else report_view.one_line(checked.text[:60])
    plain = re.sub(r"[^a-z0-9]+", "-", stem.casefold().replace("'", "")).strip("-")[:48].strip("-")
    return f"{plain or 'text'}-overlap.{ending}"


def _font_list(fonts: tuple[str, ...]) -> str:
    return ", ".join(f'"{font}"' if " " in font else font for font in fonts)
