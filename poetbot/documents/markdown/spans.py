"""Multi-line spans in Markdown: comments and scripts, shortcodes and elements for verse."""

import re
from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple

from poetbot.documents.html.elements import is_verse

VERSE_NAMES = "poem|poetry|verse|lyrics"

_HIDDEN = "script|style|iframe|figure|svg|video|audio|noscript"
_TAGS = f"{_HIDDEN}|pre|poem|verse"
_BLOCKS = "div|p|section|blockquote"
_BEGINS = re.compile(
    rf"(?P<sign><!--|%%(?!%)|\{{::comment\}}|\{{\{{/\*)|<(?P<tag>{_TAGS})(?=[\s>])[^<>]*+>|<(?P<block>{_BLOCKS})(?=\s)[^<>]*+>"
    rf"|\[(?P<wordpress>{VERSE_NAMES})(?:[ ][^\[\]\n]*+)?\]|\{{\{{[<%][ ]?(?P<hugo>{VERSE_NAMES})\b[^{{}}\n]*+\}}\}}"
    rf"|\{{%-?[ ]?(?P<liquid>comment|{VERSE_NAMES})\b[^{{}}%\n]*+%\}}",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"(?P<sign>-->|%%(?!%)|\{{:/comment\}}|\*/\}}\}})|</(?P<tag>{_TAGS})\s?>|\[/(?P<wordpress>{VERSE_NAMES})\]"
    rf"|\{{\{{[<%][ ]?/[ ]?(?P<hugo>{VERSE_NAMES})[ ]?[>%]\}}\}}|\{{%-?[ ]?end(?P<liquid>comment|{VERSE_NAMES})[ ]?-?%\}}",
    re.IGNORECASE,
)
_BLOCK = re.compile(rf"<(/?)({_BLOCKS})(?=[\s>])[^<>]*+>", re.IGNORECASE)
_TITLED = re.compile(
    r"\b(title|author|poet)\s?[=:]\s?(?:\"([^\"]{1,200})\"|'([^']{1,200})'|([^\s\"'>%}\]]{1,200}))"
)
_HEXO = re.compile(r"\{%-?[ ]?\w+[ ]([^,:=\"'{}%]{1,100})(?:,([^,:=\"'{}%]{1,100}))?-?%\}")
_END_OF = {"<!--": "-->", "{::comment}": "{:/comment}", "{{/*": "*/}}"}
_OBSIDIAN_COMMENT = ("sign", "%%")

Kind = tuple[str, str]


class Span(NamedTuple):
    """Characters `start` to `end` of a text; its content is `inner` to `inner_end`. `title` and `author` if it names them."""

    start: int
    end: int
    inner: int
    inner_end: int
    is_verse: bool
    is_html: bool
    title: str | None = None
    author: str | None = None


class Spans:
    """The spans of a text. Finding them takes linear time if each place is searched once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: defaultdict[Kind, list[tuple[int, int]]] = defaultdict(list)
        for end in _ENDS.finditer(text):
            self._ends[_kind(end)].append(end.span())
        self._blocks = _pairs(text)

    def first(self, at: int, end: int) -> Span | None:
        """Return the first closed span that begins between these places, which are in one line."""
        signs, last_sign, before = 0, -1, at
        for begin in _BEGINS.finditer(self._text, at, end):
            signs += self._text.count("`", before, begin.start())
            before = begin.start()
            if signs % 2 and last_sign < 0:
                last_sign = self._text.rfind("`", at, end)
            if signs % 2 and begin.end() <= last_sign:
                continue  # inline code that mentions the sign
            last = self._end(begin, at, end)
            if last is None:
                continue
            kind, name = _kind(begin)
            verse = kind in ("wordpress", "hugo", "liquid", "block") or name in ("pre", "poem", "verse")
            verse = verse and name != "comment"
            named = _named(begin[0]) if verse else (None, None)
            return Span(begin.start(), last[1], begin.end(), last[0], verse, name == "pre", *named)
        return None

    def _end(self, begin: re.Match[str], at: int, end: int) -> tuple[int, int] | None:
        """Return where a span that begins in the line from `at` to `end` is closed; None if it isn't a span."""
        kind = _kind(begin)
        if kind[0] == "block":
            return (
                self._blocks.get(begin.start()) if is_verse(kind[1], begin[0][len(kind[1]) + 1 :]) else None
            )
        ends = self._ends[kind]
        place = bisect_left(ends, (begin.end(), 0))
        if place == len(ends):
            return None
        # The first line of a multi-line Obsidian comment is only its sign; elsewhere it may be two percent signs.
        if kind == _OBSIDIAN_COMMENT and ends[place][0] > end and self._text[at:end].strip() != "%%":
            return None
        return ends[place]


def _pairs(text: str) -> dict[int, tuple[int, int]]:
    """Return the end of each element that can be nested in others of its name, by its start."""
    pairs: dict[int, tuple[int, int]] = {}
    opened: defaultdict[str, list[int]] = defaultdict(list)
    for tag in _BLOCK.finditer(text):
        begun = opened[tag[2].lower()]
        if not tag[1]:
            begun.append(tag.start())
        elif begun:
            pairs[begun.pop()] = tag.span()
    return pairs


def _named(tag: str) -> tuple[str | None, str | None]:
    """Return the title and the author that a shortcode names: `{{< poem title="…" >}}`, `{% poem Title, Author %}`."""
    if plain := _HEXO.fullmatch(tag):
        return plain[1].strip() or None, (plain[2] or "").strip() or None
    attributes = {
        found[1].lower(): next(filter(None, found.groups()[1:]), "") for found in _TITLED.finditer(tag)
    }
    return attributes.get("title"), attributes.get("author") or attributes.get("poet")


def _kind(found: re.Match[str]) -> Kind:
    group = found.lastgroup or ""
    name = found[group].lower()
    return group, _END_OF.get(name, name)
