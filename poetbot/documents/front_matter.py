"""Front matter of static sites and notebooks: its length, and the title and author in it.

YAML between `---`, TOML between `+++`, JSON in braces, lines `Title: …` up to an empty one (MultiMarkdown, Pelican, Notion), and
Pandoc's `% Title`. It is read line by line instead of with a parser for each language, because people type it by hand: a title with
a colon, which YAML rejects, is still a title.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from poetbot.documents.gutenberg_header import author_of

_LONGEST = 200
"""Maximum number of lines."""
_ENDS = {"---": ("---", "..."), "+++": ("+++",), "{": ("}",)}
_KEY = re.compile(
    r"[\"']?([A-Za-z][\w-]{0,30}(?: [A-Za-z]{1,20}){0,2})[\"']?[ \t]{0,9}(?::(?=[ \t]|$)|=)(.*)"
)
_GOES_ON = (" ", "\t", "-", "#", "[", "]", "}")
_TITLES = ("title",)
_AUTHORS = ("author", "authors", "poet", "writer", "by")
_KNOWN_KEYS = frozenset(
    """
    title author authors poet subtitle date lastmod created updated modified published publish draft tags tag keywords
    category categories layout slug permalink url id uid uuid aliases alias description summary excerpt image type
    status lang language cssclass cssclasses weight series collection source comments toc
    """.split()  # noqa: SIM905
) | {"created time", "last edited", "last edited time", "created at", "updated at", "base header level"}
_ITEM = re.compile(r"\s{0,40}(?:-\s{1,9})?(?:[\"']?name[\"']?\s{0,9}[:=])?(.*)", re.IGNORECASE)
_KEY_INSIDE = re.compile(r"\s{0,40}(?:-\s{1,9})?[\"']?\w{1,30}[\"']?\s{0,9}[:=]")
_TABLE = re.compile(r"\[(\w{1,30})\]\s*")
_LONGEST_NAME = 200


class FrontMatter(NamedTuple):
    """The number of lines of the front matter, 0 if there is none, and its title and author."""

    lines: int = 0
    title: str | None = None
    author: str | None = None


def read_front_matter(lines: Sequence[str], known_keys_only: bool = False) -> FrontMatter:
    """Return the front matter of a text; `known_keys_only` requires a common key."""
    lines = lines[: _LONGEST + 1]
    first = lines[0].rstrip() if lines else ""
    if first in _ENDS:
        ends = (number for number, line in enumerate(lines[1:], 1) if line.rstrip() in _ENDS[first])
        end = next(ends, 0)
        return _read(lines[1:end], end + 1, known_keys_only) if end else FrontMatter()
    if first.startswith("% "):
        return _pandoc(lines)
    return unfenced_front_matter(lines)


def unfenced_front_matter(lines: Sequence[str]) -> FrontMatter:
    """Return front matter without delimiters: lines `Title: …` up to an empty one; the first must have a common key."""
    lines = lines[:_LONGEST]
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    key = _KEY.match(lines[0]) if lines else None
    if key is None or key[1].lower() not in _KNOWN_KEYS or "=" in key[0][: key.start(2)]:
        return FrontMatter()
    return _read(lines[:end], end, True)


def _read(lines: Sequence[str], length: int, known_keys_only: bool) -> FrontMatter:
    keys: dict[str, tuple[str, int]] = {}
    table = ""
    for number, line in enumerate(lines):
        if found := _TABLE.fullmatch(line):
            table = found[1].lower()
        elif found := _KEY.match(line if length and not line.startswith("  ") else line.lstrip()):
            indented = line[:1] in (" ", "\t")
            name = found[1].lower()
            if table in _AUTHORS and name == "name":
                keys.setdefault(table, (found[2], number))
            elif not indented or lines[0].lstrip()[:1] in ('"', "'"):
                keys.setdefault(name, (found[2], number))
        elif line.strip() and not line.startswith(_GOES_ON):
            return FrontMatter()
    if (known_keys_only and not _KNOWN_KEYS & keys.keys()) or (not keys and any(map(str.strip, lines))):
        return FrontMatter()

    def value_of(names: Sequence[str]) -> str | None:
        values = (", ".join(_values(*keys[name], lines)) for name in names if name in keys)
        return next((value for value in values if value and len(value) <= _LONGEST_NAME), None)

    return FrontMatter(length, value_of(_TITLES), author_of(value_of(_AUTHORS) or ""))


def _values(value: str, number: int, lines: Sequence[str]) -> Iterator[str]:
    """Yield the values of a key: one, those of a list in brackets, or those in the indented lines below."""
    value = value.strip().rstrip(",").strip()
    if value[:1] == "[" and value[-1:] == "]" and value[:2] != "[[":
        yield from filter(None, (_bare(part) for part in value[1:-1].split(",")))
    elif value and value not in ("|", ">", "|-", ">-", "[", "{"):
        yield _bare(value)
    else:
        for line in lines[number + 1 : number + 12]:
            if not line.startswith((" ", "\t", "-")):
                return
            item = _ITEM.fullmatch(line.rstrip().rstrip(","))
            if item and (item.start(1) and not _KEY_INSIDE.match(item[1])) and (text := _bare(item[1])):
                yield text


def _bare(value: str) -> str:
    """Return a value without its quotes; an unquoted one ends at a comment."""
    value = value.strip()
    quote = value[:1]
    if quote in ('"', "'") and (end := value.rfind(quote)) > 0:
        return value[1:end].replace(f"\\{quote}", quote).replace("''", "'").strip()
    return value.partition(" #")[0].strip()


def _pandoc(lines: Sequence[str]) -> FrontMatter:
    """Return Pandoc's title block: a line each for title, author and date."""
    value_of: list[str] = []
    for line in lines[:3]:
        if not line.startswith("%"):
            break
        value_of.append(line[1:].strip())
    if len(value_of) < 2 and (len(lines) > 1 and lines[1].strip()):
        return FrontMatter()
    title, author = [*value_of, ""][:2]
    return FrontMatter(len(value_of), title or None, author or None)
