"""What reaches over lines in Markdown from a sign to its end: comments and scripts, `<pre>`, and shortcodes for verse."""

import re
from bisect import bisect_left
from collections import defaultdict
from typing import NamedTuple

VERSE_NAMES = "poem|poetry|verse|lyrics"

_HIDDEN = "script|style|iframe|figure|svg|video|audio|noscript"
_TAGS = f"{_HIDDEN}|pre|poem|verse"
_BEGINS = re.compile(
    rf"(?P<sign><!--|%%(?!%)|\{{::comment\}}|\{{\{{/\*)|<(?P<tag>{_TAGS})(?=[\s>])[^<>]*+>"
    rf"|\[(?P<wordpress>{VERSE_NAMES})(?:[ ][^\[\]\n]*+)?\]|\{{\{{[<%][ ]?(?P<hugo>{VERSE_NAMES})\b[^{{}}\n]*+\}}\}}"
    rf"|\{{%-?[ ]?(?P<liquid>comment|{VERSE_NAMES})\b[^{{}}%\n]*+%\}}",
    re.IGNORECASE,
)
_ENDS = re.compile(
    rf"(?P<sign>-->|%%(?!%)|\{{:/comment\}}|\*/\}}\}})|</(?P<tag>{_TAGS})\s?>|\[/(?P<wordpress>{VERSE_NAMES})\]"
    rf"|\{{\{{[<%][ ]?/[ ]?(?P<hugo>{VERSE_NAMES})[ ]?[>%]\}}\}}|\{{%-?[ ]?end(?P<liquid>comment|{VERSE_NAMES})[ ]?-?%\}}",
    re.IGNORECASE,
)
_END_OF = {"<!--": "-->", "{::comment}": "{:/comment}", "{{/*": "*/}}"}
_OBSIDIAN_COMMENT = ("sign", "%%")
_OF_HTML = ("tag", "pre")

Kind = tuple[str, str]


class Span(NamedTuple):
    """From `start` to `end` in a text; `content` stands between `inner` and `inner_end`."""

    start: int
    end: int
    inner: int
    inner_end: int
    is_verse: bool
    is_html: bool


class Spans:
    """The spans of one text. To find them takes time that grows with the length alone, if each place is asked for once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: defaultdict[Kind, list[tuple[int, int]]] = defaultdict(list)
        for end in _ENDS.finditer(text):
            self._ends[_kind(end)].append(end.span())

    def first(self, at: int, end: int) -> Span | None:
        """Return the first span that begins between these places, which are in one line, and has an end."""
        for begin in _BEGINS.finditer(self._text, at, end):
            kind = _kind(begin)
            ends = self._ends[kind]
            place = bisect_left(ends, (begin.end(), 0))
            if place == len(ends):
                continue
            last = ends[place]
            # An Obsidian comment of several lines has its first line to itself; elsewhere it may be two percent signs.
            if kind == _OBSIDIAN_COMMENT and last[0] > end and self._text[at:end].strip() != "%%":
                continue
            verse = kind[0] in ("wordpress", "hugo", "liquid") or kind[1] in ("pre", "poem", "verse")
            verse = verse and kind[1] != "comment"
            return Span(begin.start(), last[1], begin.end(), last[0], verse, kind == _OF_HTML)
        return None


def _kind(found: re.Match[str]) -> Kind:
    group = found.lastgroup or ""
    name = found[group].lower()
    return group, _END_OF.get(name, name)
