"""Inline Markdown to plain text: emphasis, links, entities, HTML tags, and the syntax of note apps and site generators.

What CommonMark says is read by markdown-it-py (https://spec.commonmark.org/0.31.2/); what Obsidian, Bear, Pandoc, kramdown
and site generators add is taken out before.
"""

import re
from typing import Any

from markdown_it import MarkdownIt

from poetbot.documents.html.elements import edge_of
from poetbot.documents.html.to_text import NOTE_MARK, WIDE_SPACES

_MAYBE = re.compile(r"[\\`*_\[~=&<{%^#]|::")
_LONGEST = 20_000
"""The most characters of a line that is read as Markdown; no line of verse is longer."""
_TOGETHER = 4_000
"""Characters of lines that are read together, because emphasis can span lines."""

_BEFORE = [
    (re.compile(r"%%[^%\n]{1,2000}%%"), ""),  # a comment (Obsidian)
    (re.compile(r"\[\^[^\[\]\s]{1,100}\]"), ""),  # a footnote mark
    (re.compile(r"\^\[[^\[\]]{1,2000}\]"), ""),  # an inline footnote
    (re.compile(r"!\[\[[^\[\]\n]{0,500}\]\]"), ""),  # an embedded file
    (re.compile(r"\[\[[^\[\]|\n]{0,300}\|([^\[\]|\n]{1,300})\]\]"), r"\1"),  # a link with its own text
    (re.compile(r"\[\[#?([^\[\]|#\n]{1,300})(?:#[^\[\]|\n]{0,300})?\]\]"), r"\1"),
    (re.compile(r"(?<!=)==(?=[^\s=])([^=]{0,1000}[^\s=])==(?!=)"), r"\1"),  # highlighted
    (re.compile(r"(?<![:\w])::(?=[^\s:])([^:\n]{0,1000}[^\s:])::(?![:\w])"), r"\1"),  # highlighted (Bear)
    (re.compile(r"\[([^\[\]\n]{1,500})\]\{[^{}\n]{1,200}\}"), r"\1"),  # a span with attributes (Pandoc)
    (re.compile(r"\{\{[^{}\n]{0,500}\}\}|\{%[^{}\n]{0,500}%\}"), ""),  # a placeholder of a site generator
    (re.compile(r"\{:[^{}\n]{0,500}\}|(?<=\S)\{[.#][^{}\n]{1,200}\}|[ ]\{[.#][\w-][^{}\n]{0,200}\}$", re.M), ""),
]  # fmt: skip
_ROOM = re.compile(r"\n{3,}")
_TAG = re.compile(r"#[A-Za-z][\w/-]{0,100}|\^[\w-]{1,60}")
_HTML = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("strikethrough")

References = dict[str, Any]
"""Link reference definitions, as in markdown-it."""


def plain(lines: list[str], references: References | None = None) -> list[str]:
    """Return the lines of a paragraph as a reader sees them, with their indents; `<br>` splits a line.

    Any lines will do, and the time is linear.
    """
    if not any(map(_MAYBE.search, lines)):
        return [line.rstrip() for line in lines]
    found: list[str] = []
    together: list[str] = []
    size = 0
    for line in lines:
        if size and size + len(line) > _TOGETHER:
            found += _plain(together, references)
            together, size = [], 0
        if len(line) > _LONGEST:
            found.append(line.rstrip())
            continue
        together.append(line)
        size += len(line) + 1
    return found + (_plain(together, references) if together else [])


def _plain(lines: list[str], references: References | None) -> list[str]:
    text = "\n".join(map(_indent_kept, map(_without_tags, lines)))
    for pattern, instead in _BEFORE:
        text = pattern.sub(instead, text)
    if text.endswith("\\") and not text.endswith("\\\\"):
        text = text[:-1]
    # Lines of which nothing is left aren't stanza breaks.
    kept = [
        line
        for line, before in zip(text.split("\n"), lines, strict=False)
        if line.strip() or not before.strip()
    ]
    text = "\n".join(kept) if text.count("\n") == len(lines) - 1 else text
    token = _MARKDOWN.parseInline(text, {"references": references or {}})[0]
    seen = _seen(token.children or []).translate(WIDE_SPACES).replace("\xa0", " ")
    seen = _ROOM.sub("\n\n", seen.strip("\n"))
    return [line.rstrip() for line in seen.split("\n")] if seen.strip() else []


def _indent_kept(line: str) -> str:
    """Return the line indented by no-break spaces, because CommonMark strips ordinary ones."""
    text = line.expandtabs(4).rstrip("\t") if "\t" in line else line
    indent = len(text) - len(text.lstrip(" "))
    return "\xa0" * indent + text[indent:]


def _without_tags(line: str) -> str:
    """Return the line without tags (#poem) and block names (^a1) at its end."""
    while "#" in line or "^" in line:
        bare = line.rstrip()
        at = bare.rfind(" ")
        if at < 0 or not bare[:at].strip() or not _TAG.fullmatch(bare, at + 1):
            break
        line = bare[:at]
    return line


def _seen(tokens: list[Any]) -> str:
    """Return the visible text of the tokens of a paragraph."""
    out: list[str] = []
    skipped = ""
    broken = False  # right after a <br>, so that the line end of the source doesn't count
    behind_mark = False  # right after a footnote mark, which may be between two spaces
    for place, token in enumerate(tokens):
        if skipped:
            skipped = (
                "" if token.type == "html_inline" and token.content.lower().startswith(skipped) else skipped
            )
            continue
        if token.type in ("text", "code_inline"):
            spaced = behind_mark and "".join(out[-1:]).endswith(" ")
            out.append(token.content.lstrip(" ") if spaced else token.content)
            behind_mark = False
            broken = broken and not token.content.strip()
        elif token.type in ("softbreak", "hardbreak"):
            if not broken:
                out.append("\n")
            broken = False
        elif token.type == "html_inline" and (tag := _HTML.match(token.content)):
            name = tag[2].lower()
            if name == "br":
                out.append("\n")
                broken = True
            elif name == "sup" and not tag[1] and _is_note_mark(tokens[place + 1 : place + 6]):
                skipped, behind_mark = "</sup", True
            elif name == "hr":
                out.append("\n\n---\n\n")
            elif edge := edge_of(name):
                out.append("\n" * edge)
                broken = True
    return "".join(out)


def _is_note_mark(tokens: list[Any]) -> bool:
    """Return whether a superscript before these tokens is a footnote mark."""
    mark = ""
    for token in tokens:
        if token.type == "html_inline" and token.content.lower().startswith("</sup"):
            return NOTE_MARK.fullmatch(mark[:50]) is not None
        if token.type == "text":
            mark += token.content
    return False
