"""HTML to text, with the line breaks that a reader sees.

One regular expression finds the tags. The standard library's parser takes time that grows with the square of the length
on broken markup (CVE-2025-6069) or raises. Where lines end follows `innerText` of the HTML standard
(https://html.spec.whatwg.org/multipage/dom.html#the-innertext-idl-attribute).
"""

import html
import re
from collections import defaultdict
from typing import NamedTuple

from poetbot.corpus.blocks import Block
from poetbot.corpus.text_layout import Layout, Verse

_HIDDEN = frozenset(
    [
        "script",
        "style",
        "template",
        "iframe",
        "object",
        "head",
        "noscript",
        "figcaption",
        "textarea",
        "select",
        "button",
        "label",
        "svg",
        "math",
        "audio",
        "video",
        "canvas",
        "nav",
        "rt",
        "rp",
    ]
)
_RAW = frozenset(("script", "style"))
"""What never ends takes the rest with it, as in a browser; of any other hidden element only its tag is left out."""
_LINES = frozenset(["dd", "div", "dt", "li", "tr", "figure"])
_PARAGRAPHS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "dl",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "ul",
    ]
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CELLS = frozenset(("td", "th"))
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_VERSE = frozenset(("poem", "verse"))
"""No elements of HTML: what the shortcodes [poem] and [verse] are turned into."""

_TOKEN = re.compile(r"<!--|<[!?][^<>]*+>|<(/?)([a-zA-Z][a-zA-Z0-9]*+)(?=[\s/>])([^<>]*+)>")
_BLOCK_COMMENT = re.compile(r"\s*(/?)wp:([a-z0-9/_-]++)")
_PAGE_COMMENT = re.compile(r"\s*(?:more|nextpage)\b")
_SPACES = re.compile(r"[ \t\f\v\n]++")
# A space is about a quarter of an em wide. What has no width is no text.
WIDE_SPACES = {0x2003: "\xa0" * 4, 0x2002: "\xa0" * 2, 0x200B: "", 0xFEFF: "", 0xAD: ""}

_ATTRIBUTES = 2000
"""Characters of a tag's attributes that are looked at."""
_LONGEST_MARK = 200
"""Characters of a superscript with its tags that may be the mark of a note."""
_STYLE = re.compile(r"\bstyle\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)
_CLASS = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
_KIND = re.compile(r"\b(?:epub:type|role)\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)
_APART = frozenset(
    [
        "toc",
        "landmarks",
        "page-list",
        "pagelist",
        "pagebreak",
        "cover",
        "titlepage",
        "halftitlepage",
        "copyright-page",
        "noteref",
        "footnote",
        "footnotes",
        "endnote",
        "endnotes",
        "rearnote",
        "rearnotes",
        "bibliography",
        "glossary",
        "index",
    ]
)
"""Kinds of parts (https://www.w3.org/TR/epub-ssv-11/) that belong to a book and not to what it says."""
_STANZA_CLASS = re.compile(r"stanza|strophe|linegroup|line-group", re.IGNORECASE)
_NO_ROOM = re.compile(r"(?:0(?:\.0+)?(?:px|pt|em|rem|in|cm|mm|%)?)+|\.0001pt")
NOTE_MARK = re.compile(r"[\s\[(]*(?:\d{1,3}|[*†‡§]{1,3}|[a-z])[\s\])]*", re.IGNORECASE)
_CLASSIC_BLOCKS = frozenset(("freeform", "core/freeform", "shortcode", "core/shortcode"))
"""Blocks in which WordPress makes line breaks of line ends, as it does outside of blocks."""


class _Element(NamedTuple):
    """An open element: the line ends that it asks for around it, and whether it is set as verse."""

    edge: int
    verse: bool = False


class Content(NamedTuple):
    """The text of some HTML, the parts of it that are set as verse, in their order, and the marks in the text."""

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


def content_of_html(markup: str, *, keep_lines: bool = False) -> Content:
    """Return the text of HTML as `text_of_html` does, and what of it stands in `<pre>` or a verse block."""
    return _Reading(markup.replace("\r\n", "\n").replace("\r", "\n"), keep_lines).content()


class _Reading:
    """Goes through markup once, tag by tag."""

    def __init__(self, markup: str, keep_lines: bool) -> None:
        self.markup = markup
        self.keep_lines = keep_lines
        self.layout = Layout()
        self.blocks: list[str] = []  # of WordPress, that are open
        self.elements: defaultdict[str, list[_Element]] = defaultdict(list)  # that are open, by their tag
        self.last_end = {m[2].lower(): m.start() for m in _TOKEN.finditer(markup) if m[1]}

    def content(self) -> Content:
        """Return what is read."""
        at, size = 0, len(self.markup)
        while at < size:
            token = _TOKEN.search(self.markup, at)
            if token is None:
                self.text(self.markup[at:])
                break
            self.text(self.markup[at : token.start()])
            if token[2] is None:
                # Other than comments: a document type, an XML declaration.
                at = self.comment(token.end()) if token[0] == "<!--" else token.end()
            elif token[1]:
                self.closes(token[2].lower())
                at = token.end()
            else:
                at = self.opens(token[2].lower(), token[3][:_ATTRIBUTES], token.end())
        return Content(*self.layout.finished())

    def text(self, text: str) -> None:
        """Add what stands between two tags."""
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
        """Return whether WordPress makes line breaks of line ends here."""
        return not self.blocks or self.blocks[-1] in _CLASSIC_BLOCKS or self.in_shortcode()

    def in_shortcode(self) -> bool:
        """Return whether this stands between [poem] and [/poem]."""
        return bool(self.elements["poem"] or self.elements["verse"])

    def comment(self, at: int) -> int:
        """Read a comment whose text begins at `at`, and return where it ends; one that does not end takes the rest."""
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
        """Read a tag that opens an element and ends at `end`, and return where to go on."""
        if tag == "br":
            self.layout.line_break()
        elif tag in _CELLS:
            self.layout.cell()
        elif tag == "sup":
            closed = self.markup.find("</sup", end, end + _LONGEST_MARK)
            if closed >= 0 and NOTE_MARK.fullmatch(_TOKEN.sub("", self.markup[end:closed])):
                return closed
        elif tag == "hr":
            self.layout.rule()
        elif tag not in _VOID and not attributes.endswith("/"):
            style = _attribute(_STYLE, attributes).lower().replace(" ", "")
            hidden = tag in _HIDDEN or "display:none" in style or _is_apart(attributes)
            if hidden or (tag == "cite" and self.is_source()):
                return self.after_element(tag, end)
            self.element(tag, attributes, style)
            if tag == "pre" and self.markup.startswith("\n", end):
                return end + 1
        return end

    def element(self, tag: str, attributes: str, style: str) -> None:
        """Go into an element."""
        classes = _attribute(_CLASS, attributes)
        verse = tag in _VERSE or "wp-block-verse" in classes or (tag == "pre" and "code" not in classes)
        edge = _edge(tag, classes, style)
        if tag == "p":
            self.elements[tag].clear()  # a paragraph ends where the next begins
        if tag == "tr":
            self.layout.row_ends()
        self.layout.edge(edge)
        if verse:
            self.layout.verse_begins()
        if tag in _HEADINGS:
            self.layout.heading = True
        self.elements[tag].append(_Element(edge, verse))

    def closes(self, tag: str) -> None:
        """Read a tag that closes an element, whether or not one is open."""
        if tag in ("tr", "table"):
            self.layout.row_ends()
        element = self.elements[tag].pop() if self.elements[tag] else _Element(_edge(tag, "", ""))
        self.layout.edge(element.edge)
        if element.verse:
            self.layout.verse_ends()
        if tag in _HEADINGS:
            self.layout.heading = False

    def is_source(self) -> bool:
        """Return whether a `cite` here says where a quotation is from: not where it stands in a sentence."""
        return bool(self.elements["blockquote"]) and not self.elements["p"]

    def after_element(self, tag: str, at: int) -> int:
        """Return where the element `tag` ends whose content begins at `at`; `at` itself where it never does."""
        if self.last_end.get(tag, -1) < at:
            return len(self.markup) if tag in _RAW else at
        depth, end = 1, at
        for token in _TOKEN.finditer(self.markup, at):
            if token[2] and token[2].lower() == tag:
                depth += -1 if token[1] else 1
                end = token.end()
                if depth == 0 or (tag in _RAW and token[1]):
                    break
        return end


def edge_of_tag(tag: str) -> int:
    """Return the line ends that an element asks for around it by its tag alone, as `_edge` does."""
    return _edge(tag, "", "")


def _attribute(pattern: re.Pattern[str], attributes: str) -> str:
    found = pattern.search(attributes)
    return next(filter(None, found.groups()), "") if found else ""


def _is_apart(attributes: str) -> bool:
    kinds = _attribute(_KIND, attributes).lower().replace("doc-", "").split()
    return not _APART.isdisjoint(kinds)


def _edge(tag: str, classes: str, style: str) -> int:
    """Return the line ends that an element asks for around it: 0 within a line, 2 where an empty line is seen."""
    if _STANZA_CLASS.search(classes):
        return 2
    if tag == "p":
        return 1 if _is_tight(style) or "MsoNoSpacing" in classes else 2
    if tag in _PARAGRAPHS or tag in _VERSE:
        return 2
    return 1 if tag in _LINES or "display:block" in style or "display:flex" in style else 0


def _is_tight(style: str) -> bool:
    """Return whether a style (in small letters, without spaces) takes the room below a paragraph away."""
    top = bottom = ""
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        if name == "margin":
            # Without its spaces, "0 0 1em" is "001em" and no zero.
            top = bottom = value
        elif name == "margin-bottom":
            bottom = value
        elif name == "margin-top":
            top = value
    return bool(_NO_ROOM.fullmatch(bottom)) and (not top or bool(_NO_ROOM.fullmatch(top)))
