"""HTML to text, with the line breaks that a reader sees.

One regular expression finds the tags. The standard library's parser takes time that grows with the square of the length
on broken markup (CVE-2025-6069) or raises. Where lines end follows `innerText` of the HTML standard
(https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute).
"""

import html
import re
from collections import Counter, defaultdict
from typing import NamedTuple

from poetbot.documents.block import Block
from poetbot.documents.html.elements import (
    CELLS,
    CLASS,
    HEADINGS,
    HIDDEN,
    RAW,
    STYLE,
    VOID,
    attribute,
    edge_of,
    edges_said,
    indent_said,
    is_apart,
    is_heading,
    is_verse,
)
from poetbot.documents.html.layout import Layout, Verse
from poetbot.documents.html.stylesheet import Compound, Says, Stylesheet, declarations

_TOKEN = re.compile(r"<!--|<[!?][^<>]*+>|<(/?)([a-zA-Z][a-zA-Z0-9]*+)(?=[\s/>])([^<>]*+)>")
_BLOCK_COMMENT = re.compile(r"\s*(/?)wp:([a-z0-9/_-]++)")
_PAGE_COMMENT = re.compile(r"\s*(?:more|nextpage)\b")
_SPACES = re.compile(r"[ \t\f\v\n]++")
# A space is about a quarter of an em wide. Zero-width characters are not text.
WIDE_SPACES = {0x2003: "\xa0" * 4, 0x2002: "\xa0" * 2, 0x200B: "", 0xFEFF: "", 0xAD: ""}

_ATTRIBUTES = 2000
"""Characters of a tag's attributes that are read."""
_LONGEST_MARK = 200
"""The most characters of a superscript, with its tags, that can be a footnote mark."""
NOTE_MARK = re.compile(r"[\s\[(]*(?:\d{1,3}|[*†‡§]{1,3}|[a-z])[\s\])]*", re.IGNORECASE)
_CLASSIC_BLOCKS = frozenset(("freeform", "core/freeform", "shortcode", "core/shortcode"))
"""Blocks in which WordPress turns line ends into line breaks, as it does outside blocks."""


class _Element(NamedTuple):
    """An open element: the line ends after it, and whether it is verse or a heading.

    With stylesheets, `classes` are its own, `indent` the spaces its lines are set in, and `begin` the line where a
    paragraph without room around it begins.
    """

    edge: int
    verse: bool = False
    heading: bool = False
    gap: int = 2  # around verse
    classes: tuple[str, ...] = ()
    indent: int = 0
    begin: int | None = None


class Content(NamedTuple):
    """The text of some HTML, its parts marked as verse in order, and the marks in the text."""

    text: str
    verse: tuple[Verse, ...]
    marks: tuple[Block, ...]


def text_of_html(markup: str, *, keep_lines: bool = False) -> str:
    """Return the text of HTML: a line for `<br>` and for each `div`, list item or row, an empty line between paragraphs.

    A line end in the source is a space, as in a browser; with `keep_lines` it is a line end, as in posts that
    WordPress breaks into lines itself, but for its blocks, which set their own. `<pre>` stays as it is. Comments,
    scripts, styles and captions are left out. Any string will do, nothing is raised, and the time is linear.
    """
    return content_of_html(markup, keep_lines=keep_lines).text


def content_of_html(
    markup: str, *, keep_lines: bool = False, styles: Stylesheet | None = None, rules: bool = False
) -> Content:
    """Return the text of HTML as `text_of_html` does, and its parts in `<pre>` or a verse block.

    With `rules`, a horizontal rule is a line `---`, which separates poems. With `styles`, which are those of a book, paragraphs that have no room around them are lines, unless they have
    several lines, and lines are set in as the styles say.
    """
    return _Reading(markup.replace("\r\n", "\n").replace("\r", "\n"), keep_lines, styles, rules).content()


class _Reading:
    """Reads markup in one pass, tag by tag."""

    def __init__(self, markup: str, keep_lines: bool, styles: Stylesheet | None, rules: bool) -> None:
        self.markup = markup
        self.keep_lines = keep_lines
        self.styles = styles
        self.rules = rules
        self.classes: Counter[str] = Counter()  # of the open elements
        self.layout = Layout()
        self.blocks: list[str] = []  # the open blocks of WordPress
        self.elements: defaultdict[str, list[_Element]] = defaultdict(list)  # the open ones by tag
        self.last_end = {m[2].lower(): m.start() for m in _TOKEN.finditer(markup) if m[1]}

    def content(self) -> Content:
        """Return the text and its marks."""
        at, size = 0, len(self.markup)
        while at < size:
            token = _TOKEN.search(self.markup, at)
            if token is None:
                self.text(self.markup[at:])
                break
            self.text(self.markup[at : token.start()])
            if token[2] is None:
                # Not comments: a document type, an XML declaration.
                at = self.comment(token.end()) if token[0] == "<!--" else token.end()
            elif token[1]:
                self.closes(token[2].lower())
                at = token.end()
            else:
                at = self.opens(token[2].lower(), token[3][:_ATTRIBUTES], token.end())
        return Content(*self.layout.finished())

    def text(self, text: str) -> None:
        """Add the text between two tags."""
        text = html.unescape(text).translate(WIDE_SPACES).replace("\r", "\n")
        if self.elements["pre"]:
            for number, line in enumerate(text.expandtabs(4).replace(" ", "\xa0").split("\n")):
                if number:
                    self.layout.line_break()
                self.layout.text(line)
        elif self.keep_lines and self.breaks_lines():
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.layout.source_line_end()
                    if self.in_shortcode():
                        line = line.expandtabs(4)
                        line = "\xa0" * (len(line) - len(line.lstrip(" "))) + line.lstrip(" ")
                self.layout.text(_SPACES.sub(" ", line))
        else:
            self.layout.text(_SPACES.sub(" ", text))

    def breaks_lines(self) -> bool:
        """Return whether WordPress turns line ends into line breaks here."""
        return not self.blocks or self.blocks[-1] in _CLASSIC_BLOCKS or self.in_shortcode()

    def in_shortcode(self) -> bool:
        """Return whether this is between [poem] and [/poem]."""
        return bool(self.elements["poem"] or self.elements["verse"])

    def comment(self, at: int) -> int:
        """Read a comment whose text begins at `at`, and return its end; an unclosed one extends to the end."""
        end = self.markup.find("-->", at)
        if end < 0:
            return len(self.markup)
        if block := _BLOCK_COMMENT.match(self.markup, at, end):
            if not block[1] and self.markup[end - 1] != "/":
                self.blocks.append(block[2])
            elif block[1] and self.blocks:
                self.blocks.pop()
            self.layout.edge(1)
        elif _PAGE_COMMENT.match(self.markup, at, end):
            self.layout.edge(2)
        return end + 3

    def opens(self, tag: str, attributes: str, end: int) -> int:
        """Read an opening tag that ends at `end`, and return where to continue."""
        if tag == "br":
            self.layout.line_break()
        elif tag in CELLS:
            self.layout.cell()
        elif tag == "sup":
            closed = self.markup.find("</sup", end, end + _LONGEST_MARK)
            if closed >= 0 and NOTE_MARK.fullmatch(_TOKEN.sub("", self.markup[end:closed])):
                return closed
        elif tag == "hr":
            self.layout.rule("---" if self.rules else "")
        elif tag not in VOID and not attributes.endswith("/"):
            style = attribute(STYLE, attributes).lower().replace(" ", "")
            says = self.styles_of(tag, attributes)
            hidden = tag in HIDDEN or "display:none" in style or is_apart(attributes)
            hidden |= says is not None and says.get("display") == "none"
            if hidden or (tag == "cite" and self.is_source()):
                return self.after_element(tag, end)
            self.element(tag, attributes, style, says)
            if tag == "pre" and self.markup.startswith("\n", end):
                return end + 1
        return end

    def styles_of(self, tag: str, attributes: str) -> Says | None:
        """Return the styles of an element; None without stylesheets."""
        if self.styles is None:
            return None
        classes = attribute(CLASS, attributes).split()
        return self.styles.says(tag, classes, self.is_open) | declarations(attribute(STYLE, attributes))

    def is_open(self, compound: Compound) -> bool:
        """Return whether an element with this name and these classes is open."""
        return (not compound.tag or bool(self.elements[compound.tag])) and all(
            self.classes[name] for name in compound.classes
        )

    def element(self, tag: str, attributes: str, style: str, says: Says | None) -> None:
        """Open an element."""
        classes = attribute(CLASS, attributes)
        verse = is_verse(tag, attributes) or (tag == "pre" and "code" not in classes)
        edge = after = edge_of(tag, classes, style)
        if says is not None:
            edge, after = edges_said(tag, classes, says)
        heading = is_heading(tag, attributes)
        if tag == "p":
            # A paragraph ends where the next begins.
            while self.elements[tag]:
                self.ends(self.elements[tag].pop())
        if edge:
            # A heading also ends at the edge of a block.
            for name in HEADINGS:
                while self.elements[name]:
                    self.ends(self.elements[name].pop())
        if tag == "tr":
            self.layout.row_ends()
        self.layout.edge(edge)
        if verse:
            self.layout.verse_begins(edge if tag == "p" else 2)
        if heading:
            self.layout.heading_begins()
        opened = _Element(after, verse, heading, after if tag == "p" else 2)
        if says is not None:
            begin = self.layout.begins() if tag == "p" and edge == after == 1 else None
            opened = opened._replace(
                classes=tuple(classes.split()), indent=indent_said(tag, says), begin=begin
            )
            self.classes.update(opened.classes)
            self.layout.indent += opened.indent
        self.elements[tag].append(opened)

    def closes(self, tag: str) -> None:
        """Read a closing tag, whether or not its element is open."""
        if tag in ("tr", "table"):
            self.layout.row_ends()
        self.ends(self.elements[tag].pop() if self.elements[tag] else _Element(edge_of(tag)))

    def ends(self, element: _Element) -> None:
        """Close an element."""
        if element.begin is not None:
            self.layout.ends_stanza(element.begin)
        self.layout.edge(element.edge)
        self.layout.indent -= element.indent
        self.classes.subtract(element.classes)
        if element.verse:
            self.layout.verse_ends(element.gap)
        if element.heading:
            self.layout.heading_ends()

    def is_source(self) -> bool:
        """Return whether a `cite` here names the source of a quotation, and isn't part of a sentence."""
        return bool(self.elements["blockquote"]) and not self.elements["p"]

    def after_element(self, tag: str, at: int) -> int:
        """Return the end of the element `tag` whose content begins at `at`; `at` itself if it is never closed."""
        if self.last_end.get(tag, -1) < at:
            return len(self.markup) if tag in RAW else at
        depth, end = 1, at
        for token in _TOKEN.finditer(self.markup, at):
            if token[2] and token[2].lower() == tag:
                depth += -1 if token[1] else 1
                end = token.end()
                if depth == 0 or (tag in RAW and token[1]):
                    break
        return end
