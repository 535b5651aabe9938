"""Markdown to the lines a reader sees, line for line, so that every line keeps its number."""

import html
import re

_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)")
_QUOTE = re.compile(r" {0,3}>[ ]?")
_BREAK = re.compile(r"(?:\\|<br */?>)$", re.IGNORECASE)
_LONGEST = 2000
"""Characters of a line that is read as Markdown at most; no verse is longer, and the time stays bounded."""
_COMMENT = re.compile(r"<!--[^\n]*?-->")
_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]\n]{0,200})\]\([^()\n]{0,500}\)")
_STRONG = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*\\])\1(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w_\\])(_{1,3})(?=[^\s_])([^_\n]*[^\s_\\])\1(?![\w_])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FRONT_MATTER = 200
"""Lines that a block of settings at the head of a file has at most."""


def plain_lines(text: str) -> str:
    """Return Markdown with LF line ends as plain text with the same number of lines.

    Headings lose their `#`, quoted verse its `>`, a forced line break its mark, words their asterisks and links their
    address; the settings (YAML) at the head of a file, code fences and comments become empty lines. What stands
    between fences stays as it is.
    """
    lines = text.split("\n")
    start = _end_of_settings(lines)
    lines[:start] = [""] * start
    fenced = False
    for number in range(start, len(lines)):
        if _FENCE.match(lines[number]):
            fenced = not fenced
            lines[number] = ""
        elif not fenced:
            lines[number] = _plain(lines[number])
    return "\n".join(lines)


def _end_of_settings(lines: list[str]) -> int:
    if lines[0].rstrip() != "---":
        return 0
    ends = (
        number for number, line in enumerate(lines[1:_FRONT_MATTER], 1) if line.rstrip() in ("---", "...")
    )
    return next(ends, -1) + 1


def _plain(line: str) -> str:
    if len(line) > _LONGEST:
        return line
    while match := _QUOTE.match(line):
        line = line[match.end() :]
    if match := _HEADING.match(line):
        line = line[match.end() :].strip()
        line = line.rstrip("#").rstrip() if line.rstrip("#")[-1:] in ("", " ", "\t") else line
    line = _BREAK.sub("", line.rstrip()).rstrip()
    if "<!--" in line:
        line = _COMMENT.sub("", line)
    if "](" in line:
        line = _IMAGE_OR_LINK.sub(r"\1", line)
    for mark, pattern in (("*", _STRONG), ("_", _EMPHASIS)):
        if mark in line:
            line = pattern.sub(r"\2", line)
    if "\\" in line:
        line = _ESCAPED.sub(r"\1", line)
    return html.unescape(line).replace("\n", " ").replace("\xa0", " ") if "&" in line else line
