"""Texts of Aozora Bunko as a reader sees them: without readings, typists' notes, legend and colophon.

https://www.aozora.gr.jp/annotation/ describes the marks; title and author are at the start, the colophon at the end.
"""

import re
from typing import NamedTuple

_LEGEND = "【テキスト中に現れる記号について】"
_NOTE = "［＃"
_RULE = re.compile(r"-{20,}\s*+")
_READING = re.compile(r"《[^《》\n]{1,40}》")
_NOTES = re.compile(r"※?［＃[^［］\n]{0,200}］")
_COLOPHON = "底本："
_HEAD = 60
"""Number of lines that may contain the legend."""
_MOST_NAMES = 6
"""Number of lines with title, subtitle, author, translator and the like."""
_LONGEST_NAME = 60
_NO_AUTHOR = ("訳", "編", "校訂", "校註", "校注")
"""Endings of the names of translators and editors."""


class Book(NamedTuple):
    """A text as its reader sees it, with title and author from its header, whose lines are empty."""

    text: str
    title: str | None = None
    author: str | None = None


def read_aozora(text: str) -> Book:
    """Return a text of Aozora Bunko with its title and author, or any other text unchanged. Line numbers stay the same."""
    bare = without_annotations(text)
    if _LEGEND not in text and "\n" + _COLOPHON not in text:
        return Book(bare)
    lines = bare.split("\n")
    names = lines[: next((number for number, line in enumerate(lines) if not line.strip()), len(lines))]
    if not 0 < len(names) <= _MOST_NAMES or max(map(len, names)) > _LONGEST_NAME:
        return Book(bare)
    title, *others = (name.strip() for name in names)
    authors = [name for name in others if not name.endswith(_NO_AUTHOR)]
    return Book("\n" * len(names) + "\n".join(lines[len(names) :]), title, authors[-1] if authors else None)


def without_annotations(text: str) -> str:
    """Return a text of Aozora Bunko without annotations, or any other text unchanged. Line numbers stay the same."""
    if _NOTE not in text and _LEGEND not in text and "\n" + _COLOPHON not in text:
        return text
    lines = text.split("\n")
    rules = [number for number, line in enumerate(lines[:_HEAD]) if _RULE.fullmatch(line)]
    if len(rules) > 1 and _LEGEND in "\n".join(lines[rules[0] : rules[1]]):
        lines[rules[0] : rules[1] + 1] = [""] * (rules[1] + 1 - rules[0])
    end = next((number for number, line in enumerate(lines) if line.startswith(_COLOPHON)), len(lines))
    lines[end:] = [""] * (len(lines) - end)
    return "\n".join(map(_plain, lines))


def _plain(line: str) -> str:
    if _NOTE in line:
        line = _NOTES.sub("", line)
    return _READING.sub("", line).replace("｜", "") if "《" in line else line
