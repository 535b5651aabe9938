"""Markdown to the text that a reader sees, with its marks of verse, headings and code.

CommonMark as poems need it: a line end of the source is the end of a line, and an indent is kept, though a browser shows
neither. So blocks are read here, line by line; what stands within lines is `markdown_inline`'s work.
"""

import re

from markdown_it.common.utils import normalizeReference

from poetbot.documents.author_marks import LINES_MARKED, MarkedText, looks_like_code, with_sections
from poetbot.documents.block import MARKED_HEADING
from poetbot.documents.front_matter import read_front_matter, unfenced_front_matter
from poetbot.documents.html.elements import is_heading
from poetbot.documents.html.to_text import text_of_html
from poetbot.documents.markdown.inline import References, plain
from poetbot.documents.markdown.lines import Page
from poetbot.documents.markdown.paragraphs import is_line_block, never_verse, without_bullets
from poetbot.documents.markdown.spans import VERSE_NAMES, Span, Spans

_HEAD = 20_000
"""Front matter must end within this number of characters."""
_QUOTE = re.compile(r" {0,3}>[ ]?")
# No longer ones, because each unclosed length is searched for to the end of the text.
_FENCE = re.compile(r"[ \t]{0,12}(`{3,20}+(?!`)|~{3,20}+(?!~)|:{3,20}+(?!:))([^`\n]*)")
_HEADING = re.compile(r" {0,3}#{1,6}(?=[ \t]|$)")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]{0,9}\1){2,}[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:={2,}|-{2,})[ \t]*")
_ATTRIBUTES = re.compile(r"\s{0,12}\{[:.#][^{}]{0,500}\}\s*")
_CALLOUT = re.compile(rf"\[(![\w-]{{1,40}}|{VERSE_NAMES})[^\]]{{0,100}}\][+-]?[ \t]*(.*)", re.IGNORECASE)
_ELEMENT = re.compile(r"[ ]{0,3}<(h[1-6]|p|div)((?:[ ][^<>]*+)?)>(.*)</\1>[ \t]*", re.IGNORECASE)
_NOTE = re.compile(r" {0,3}\[\^[^\[\]\s]{1,100}\]:")
_REFERENCE = re.compile(
    r"^ {0,3}\[([^\[\]\n^][^\[\]\n]{0,200})\]:[ \t]{0,9}(<[^<>\n]+>|[^\s<]\S*+)[^\n]*$", re.M
)
_LEADS = re.compile(r"[/#@]|\.\w")
_UNSEEN = re.compile(
    r":{3,}.*|\*\[[^\[\]]{1,100}\]:.*|\[\[?_?TOC_?\]?\]|\w[\w -]{0,40}:: .*|export (?:const|default) .*|import .* from ['\"].*",
    re.IGNORECASE,
)
_PAGE_BREAK = re.compile(r"\\(?:newpage|pagebreak|clearpage)\s*")
_TAG = re.compile(r"#[A-Za-z][\w/-]{0,100}")
_BOLD = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,80})(?<=[^\s,;:])\1[ \t\\]*")
_VERSE = re.compile(rf"(?:^|[\s.!{{:=\"'])(?:{VERSE_NAMES})(?=[\s}}\"',]|$)", re.IGNORECASE)
_PLAIN = re.compile(r"(?:text|txt|plain|plaintext|none|no-?highlight)?", re.IGNORECASE)
"""What may follow the fence of a block that isn't code."""


def has_settings(text: str) -> bool:
    """Return whether a text begins with front matter, like posts of static sites; then it is Markdown."""
    fenced = text.startswith(("---\n", "+++\n"))
    return fenced and read_front_matter(text[:_HEAD].split("\n"), known_keys_only=True).lines > 0


def read_markdown(text: str) -> MarkedText:
    """Return the text of Markdown with LF line ends, its marks, and title and author from its front matter.

    Any text will do, nothing is raised, and the time is linear.
    """
    return _Reading(text).marked()


class _Reading:
    """Reads a text in one pass, line by line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = Spans(text)
        self.page = Page()
        self.paragraph: list[str] = []
        self.quoted = False  # the line above is in a quotation
        self.note = ""  # "lines" in a footnote, "below" if an indented line would continue it
        self.verse_next = False  # attributes above say that the next paragraph is verse
        self.unclosed: dict[str, int] = {}  # by its character, the shortest fence that isn't closed below
        self.references: References = {
            normalizeReference(found[1]): {"href": found[2], "title": ""}
            for found in _REFERENCE.finditer(text)
            if _LEADS.search(found[2])
        }

    def marked(self) -> MarkedText:
        """Return the text and its marks."""
        head = read_front_matter(self.text[:_HEAD].split("\n"))
        at = self.below(0, head.lines)
        while at < len(self.text):
            at = self.line(at)
        self.flush()
        lines = self.page.lines
        title, author = (" ".join(plain([value])) if value else None for value in head[1:])
        marks = with_sections(self.page.marks, lines, self.page.own_titles)
        return MarkedText("\n".join(lines), marks, title or None, author or None, self.page.authors)

    def end_of_line(self, at: int) -> int:
        """Return the end of the line with this place."""
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def below(self, at: int, count: int) -> int:
        """Return the start of the line that is `count` lines below the one at `at`."""
        for _ in range(count):
            at = min(self.end_of_line(at) + 1, len(self.text))
        return at

    def line(self, at: int) -> int:
        """Read the line that begins at `at`, and return where to continue."""
        begin, end = at, self.end_of_line(at)
        line, quoted = _unquoted(self.text[at:end])
        if (fence := _FENCE.fullmatch(line)) and (after := self.fence(fence, end, quoted)):
            return after
        if quoted and not self.quoted and (callout := _CALLOUT.match(line)):
            return self.callout(callout, end + 1)
        kept: list[str] = []
        below_verse = False
        while span := self.spans.first(at, end):
            kept.append(self.text[begin : span.start])
            begin = at = span.end
            if at > end:
                end = self.end_of_line(at)
            if span.is_verse:
                self.source_line("".join(kept), vanishing=True)
                self.flush()
                self.verse(span)
                # The rest of its last line is a separate line.
                kept, below_verse = [], True
        if below_verse and not (kept or self.text[begin:end].strip()):
            return end + 1
        first_heading = not self.page.marks
        self.source_line("".join((*kept, self.text[begin:end])), vanishing=bool(kept))
        if first_heading and self.page.marks and self.page.marks[0].reason == MARKED_HEADING:
            return self.settings_below(end + 1)
        return end + 1

    def settings_below(self, at: int) -> int:
        """Return where to continue below the first heading, after the properties that Notion writes there."""
        lines = self.text[at : at + _HEAD].split("\n")
        room = next((number for number, line in enumerate(lines) if line.strip()), 0)
        settings = unfenced_front_matter(lines[room:]).lines
        return self.below(at, room + settings) if settings else at

    def fence(self, fence: re.Match[str], end: int, quoted: bool) -> int:
        """Read a fenced block whose first line ends at `end`; return where to continue, 0 if it isn't closed."""
        sign, size, info = fence[1][0], len(fence[1]), fence[2].strip()
        div, depth = sign == ":", 1
        if (div and not _VERSE.search(info)) or size >= self.unclosed.get(sign, size + 1):
            return 0
        content: list[str] = []
        at = end + 1
        while at < len(self.text):
            after = self.end_of_line(at)
            line = self.text[at:after]
            line = _unquoted(line)[0] if quoted else line
            mark = line.strip()
            bare = not mark.strip(sign)
            if div and mark.startswith(":::"):
                depth += -1 if bare else 1  # nested, as around stanzas
            if depth == 0 or (bare and not div and len(mark) >= size):
                self.flush()
                self.fenced(content, info, div)
                return after + 1
            content.append(line if not (div and mark.startswith(":::")) else "")
            at = after + 1
        self.unclosed[sign] = size
        return 0

    def fenced(self, content: list[str], info: str, div: bool) -> None:
        """Add the text between fences; `info` is what follows the first one."""
        if _VERSE.search(info):
            self.set_verse(content) if div else self.page.verse(content)
        elif _PLAIN.fullmatch(info):
            self.page.as_it_stands(content)
        else:
            self.page.no_verse(content)

    def verse(self, span: Span) -> None:
        """Add the content of a shortcode or an element."""
        content = self.text[span.inner : span.inner_end]
        if not span.is_html:
            self.page.heading(" ".join(plain([span.title or ""])), own=True)
            self.set_verse(content.split("\n"), span.author)
            return
        element = self.text[span.start : span.inner] + content
        lines = text_of_html(element + "</pre>").split("\n")
        if "wp-block-verse" in element[: span.inner - span.start] and not looks_like_code(lines):
            self.page.verse(lines)
        else:
            self.page.as_it_stands(lines)

    def callout(self, callout: re.Match[str], at: int) -> int:
        """Read a callout (`> [!verse]`) from its second line on; return where to continue."""
        self.flush()
        is_verse = _VERSE.search(callout[1]) is not None
        self.page.heading(" ".join(plain([callout[2]])), own=is_verse)
        if not is_verse:
            self.quoted = True
            return at
        content: list[str] = []
        while at < len(self.text):
            line, quoted = _unquoted(self.text[at : self.end_of_line(at)])
            if not quoted:
                break
            content.append(line)
            at = self.end_of_line(at) + 1
        self.set_verse(content)
        return at

    def set_verse(self, lines: list[str], author: str | None = None) -> None:
        """Add verse, which can contain headings."""
        begin = 0
        for number, line in enumerate([*lines, "# "]):
            if _HEADING.match(line):
                self.page.verse(self.inlined(lines[begin:number]), author=author)
                self.page.heading(self.heading(line), own=True)
                begin = number + 1

    def heading(self, line: str) -> str:
        """Return the text of a heading that begins with `#`."""
        text = line.strip().lstrip("#").strip()
        bare = text.rstrip("#")
        text = bare.rstrip() if bare[-1:] in ("", " ", "\t") else text
        return " ".join(plain([text], self.references))

    def inlined(self, lines: list[str]) -> list[str]:
        """Return lines of verse as a reader sees them."""
        found: list[str] = []
        stanza: list[str] = []
        for line in [*lines, ""]:
            if line.strip():
                stanza.append(line)
                continue
            found += plain(stanza, self.references)
            found.append("")
            stanza = []
        return found

    def source_line(self, line: str, vanishing: bool = False) -> None:
        """Read a line of the source that is not between fences; with `vanishing`, a part of it is hidden."""
        line, quoted = _unquoted(line)
        if quoted and not self.quoted:
            self.flush()
        self.quoted = quoted
        if self.note and self.in_note(line):
            self.page.vanish()
        elif not line.strip():
            self.flush()
            if vanishing:
                self.page.vanish()
            else:
                self.page.blank()
        elif not self.block(line):
            self.paragraph.append(line)

    def in_note(self, line: str) -> bool:
        """Return whether a line belongs to the footnote above."""
        if not line.strip():
            self.note = "below"
            return False
        if line.startswith(("    ", "\t")) or (self.note == "lines" and line[0] not in "#["):
            self.note = "lines"
            return True
        self.note = ""
        return False

    def block(self, line: str) -> bool:
        """Read a line that isn't part of a paragraph; return False if it is."""
        if _UNDERLINE.fullmatch(line) and len(self.paragraph) == 1:
            above = self.paragraph.pop()
            self.page.heading(" ".join(plain([above.strip()], self.references)))
        elif _RULE.fullmatch(line) or _PAGE_BREAK.fullmatch(line):
            self.flush()
            self.page.rule(line if line.strip()[0] in "-*_" else "---")
        elif _HEADING.match(line):
            self.flush()
            self.page.heading(self.heading(line))
        elif (element := _ELEMENT.fullmatch(line)) and is_heading(element[1].lower(), element[2]):
            self.flush()
            self.page.heading(" ".join(plain([element[3]], self.references)))
        elif line[0] == "#" and not self.paragraph and line[1:2].isupper():  # a heading without its space
            self.page.heading(" ".join(plain([line.strip("# \t")], self.references)))
        elif line[0] == "#" and all(map(_TAG.fullmatch, line.split())):
            self.flush()
            self.page.vanish()
        elif _ATTRIBUTES.fullmatch(line):
            below = bool(self.paragraph)
            self.flush()
            if _VERSE.search(line):
                self.verse_next = not (below and self.page.mark_above(LINES_MARKED))
            self.page.vanish()
        elif _NOTE.match(line):
            self.flush()
            self.page.vanish()
            self.note = "lines"
        elif self.unseen(line):
            self.flush()
            self.page.vanish()
        else:
            return False
        return True

    def unseen(self, line: str) -> bool:
        """Return whether a line defines a link, an abbreviation or the like."""
        reference = _REFERENCE.fullmatch(line)
        return bool((reference and _LEADS.search(reference[2])) or _UNSEEN.fullmatch(line.strip()))

    def flush(self) -> None:
        """Add the open paragraph."""
        lines, self.paragraph = self.paragraph, []
        if not lines:
            return
        # A bold line above others, or alone, is a heading; several are a stanza in bold.
        if (bold := _BOLD.fullmatch(lines[0])) and not any(map(_BOLD.fullmatch, lines[1:2])):
            self.page.heading(" ".join(plain([bold[2]], self.references)))
            del lines[0]
        if not lines:
            return
        verse_next, self.verse_next = self.verse_next, False
        if never_verse(lines):
            self.page.no_verse(lines)
        elif is_line_block(lines):
            self.page.verse(self.inlined([line[2:] for line in lines]), LINES_MARKED)
        else:
            seen = plain(without_bullets(lines), self.references)
            if verse_next:
                self.page.verse(seen, LINES_MARKED)
            elif any(seen):
                self.page.add(seen)
            else:
                self.page.vanish()


def _unquoted(line: str) -> tuple[str, bool]:
    """Return a line without the `>` of quotations, and whether there was one."""
    at = 0
    while quote := _QUOTE.match(line, at):
        at = quote.end()
    return line[at:], at > 0
