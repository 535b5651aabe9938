"""Texts of Aozora Bunko to what a reader sees: without readings, typists' notes, legend and colophon.

https://www.aozora.gr.jp/annotation/ describes the marks.
"""

import re

_LEGEND = "【テキスト中に現れる記号について】"
_NOTE = "［＃"
_RULE = re.compile(r"-{20,}\s*+")
_READING = re.compile(r"《[^《》\n]{1,40}》")
_NOTES = re.compile(r"※?［＃[^［］\n]{0,200}］")
_COLOPHON = "底本："
_HEAD = 60
"""Lines in which the legend stands."""


def without_annotations(text: str) -> str:
    """Return a text with LF and the same lines, where it is one of Aozora Bunko as a reader sees it; else as it is."""
    if _NOTE not in text and _LEGEND not in text:
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
