"""Paragraphs of Markdown by the signs before their lines: lists, tables, code, or lines of verse."""

import re
from collections.abc import Sequence

from poetbot.documents.author_marks import looks_like_code

_ITEM = re.compile(r"([ \t]{0,12})[-*+][ \t](.*)")
_TASK = re.compile(r"[ \t]{0,12}[-*+][ \t]\[[ xX/>-]\](?:[ \t]|$)")
_NUMBERED = re.compile(r"[ ]{0,12}\d{1,4}[.)][ \t]")
_TABLE_RULE = re.compile(r"[ \t:|-]*")
_INDENT = ("    ", "\t")
_HANGING = ("  ", "\t")
_LONGEST_VERSE = 100
"""The most characters of a line of verse with a sign before it; a longer one is a list item."""


def never_verse(lines: Sequence[str]) -> bool:
    """Return whether a paragraph is a table, a list of tasks or sentences, or indented code."""
    if "|" in lines[0] and (_is_table(lines) or all(map(_is_row, lines))):
        return True
    if all(map(_TASK.match, lines)):
        return True
    if lines[0].startswith(_INDENT) and all(line.startswith(_INDENT) for line in lines):
        return looks_like_code(lines)
    return _lists_sentences(lines)


def is_line_block(lines: Sequence[str]) -> bool:
    """Return whether every line begins with `|`, Pandoc's syntax for verse."""
    return all(line.startswith(("| ", "|\t")) or line.strip() == "|" for line in lines)


def without_bullets(lines: list[str]) -> list[str]:
    """Return the lines without their `-` if every line begins with one; otherwise it is a dash of the text."""
    items = [_ITEM.fullmatch(line) for line in lines]
    return [item[1] + item[2] for item in items if item] if len(lines) > 1 and all(items) else lines


def _is_table(lines: Sequence[str]) -> bool:
    """Return whether the second line consists of `|` and `-`."""
    rule = lines[1] if len(lines) > 1 else ""
    return "-" in rule and _TABLE_RULE.fullmatch(rule) is not None


def _is_row(line: str) -> bool:
    bare = line.strip()
    return bare.startswith("|") and bare.endswith("|") and bare.count("|") > 2


def _lists_sentences(lines: Sequence[str]) -> bool:
    """Return whether a paragraph is a list with an item of several lines, continued below its text."""
    begins = [bool(_ITEM.match(line) or _NUMBERED.match(line)) for line in lines]
    if not begins[0]:
        return (
            len(lines) > 2 and begins[1] and lines[0].rstrip().endswith(":") and _lists_sentences(lines[1:])
        )
    if all(begins):
        return any(len(line) > _LONGEST_VERSE for line in lines)
    return all(begun or line.startswith(_HANGING) for begun, line in zip(begins, lines, strict=True))
