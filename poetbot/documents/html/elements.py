"""Elements of HTML: which are hidden, which are verse or headings, and where lines end around them."""

import re

from poetbot.documents.html.stylesheet import Says, length_in_ems

HIDDEN = frozenset(
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
RAW = frozenset(("script", "style"))
"""If one of these is never closed, it hides the rest, as in a browser; of other hidden elements only the tag is left out."""
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
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
CELLS = frozenset(("td", "th"))
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_VERSE = frozenset(("poem", "verse"))
"""Not elements of HTML: the shortcodes [poem] and [verse] become these."""

STYLE = re.compile(r"\bstyle\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)')", re.IGNORECASE)
CLASS = re.compile(r"\bclass\s*=\s*(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE)
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
"""Kinds of parts (https://www.w3.org/TR/epub-ssv-11/) that belong to the book, not to its text."""
_VERSE_CLASS = re.compile(
    r"(?:^|\s)(?:wp-block-)?(?:poem|poetry|verses?|lyrics|stanzas?|strophes?|line-?group)"
    r"(?:-(?:body|text|content|lines|container|block))?(?:\s|$)",
    re.IGNORECASE,
)
_TITLE_CLASS = re.compile(
    r"(?:^|\s)(?:(?:poem|piece|post|entry|page|chapter|verse)-?)?title(?:\s|$)", re.IGNORECASE
)
_VERSE_BLOCKS = frozenset(("div", "p", "section", "blockquote", "pre", "ul", "ol"))
"""Elements that are verse if their class says so; an element around a whole page has such a class for other reasons."""
_STANZA_CLASS = re.compile(r"stanza|strophe|linegroup|line-group", re.IGNORECASE)
_INDENTED = frozenset(("p", "div", "span"))
_LEAST_ROOM = 0.4  # em, between two stanzas
_SPACES_AN_EM, _WIDEST_INDENT = 2, 40
_NO_ROOM = re.compile(r"(?:0(?:\.0+)?(?:px|pt|em|rem|in|cm|mm|%)?)+|\.0001pt")


def is_heading(tag: str, attributes: str) -> bool:
    """Return whether an element is a heading by its name or its class, as in `<p class="title">`."""
    if tag in HEADINGS:
        return True
    return tag in ("p", "div") and _TITLE_CLASS.search(attribute(CLASS, attributes)) is not None


def is_verse(tag: str, attributes: str) -> bool:
    """Return whether an element is set as verse by its name or its class, as in `<div class="poem">`."""
    if tag in _VERSE:
        return True
    return tag in _VERSE_BLOCKS and _VERSE_CLASS.search(attribute(CLASS, attributes)) is not None


def attribute(pattern: re.Pattern[str], attributes: str) -> str:
    """Return the value of the attribute that a pattern such as CLASS or STYLE finds, or ""."""
    found = pattern.search(attributes)
    return next(filter(None, found.groups()), "") if found else ""


def is_apart(attributes: str) -> bool:
    """Return whether an element is a part of the book outside its text, such as its table of contents."""
    kinds = attribute(_KIND, attributes).lower().replace("doc-", "").split()
    return not _APART.isdisjoint(kinds)


def edge_of(tag: str, classes: str = "", style: str = "") -> int:
    """Return the line ends around an element: 0 within a line, 2 for an empty line."""
    if _STANZA_CLASS.search(classes):
        return 2
    if tag == "p":
        return 1 if _is_tight(style) or "MsoNoSpacing" in classes else 2
    if tag in _PARAGRAPHS or tag in _VERSE:
        return 2
    return 1 if tag in _LINES or "display:block" in style or "display:flex" in style else 0


def edges_said(tag: str, classes: str, says: Says) -> tuple[int, int]:
    """Return the line ends before and after an element by its styles, counted as in `edge_of`."""
    edge = edge_of(tag, classes, f"display:{says.get('display')}")
    if not edge or _STANZA_CLASS.search(classes) or (edge == 2 and tag != "p"):
        return edge, edge
    top, bottom = length_in_ems(says, "margin-top"), length_in_ems(says, "margin-bottom")
    return (
        edge if top is None else 1 + (top >= _LEAST_ROOM),
        edge if bottom is None else 1 + (bottom >= _LEAST_ROOM),
    )


def indent_said(tag: str, says: Says) -> int:
    """Return by how many spaces the lines of an element are indented, by its styles."""
    if tag not in _INDENTED:
        return 0
    left = (length_in_ems(says, "margin-left") or 0) + (length_in_ems(says, "padding-left") or 0)
    # text-indent applies to the first line only; with a margin, a negative one cancels it for that line.
    inset = left + min(length_in_ems(says, "text-indent") or 0, 0)
    return max(0, min(round(_SPACES_AN_EM * inset), _WIDEST_INDENT))


def _is_tight(style: str) -> bool:
    """Return whether a style (lowercase, without spaces) removes the space below a paragraph."""
    top = bottom = ""
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        if name == "margin":
            # Without its spaces, "0 0 1em" is "001em", which isn't zero.
            top = bottom = value
        elif name == "margin-bottom":
            bottom = value
        elif name == "margin-top":
            top = value
    return bool(_NO_ROOM.fullmatch(bottom)) and (not top or bool(_NO_ROOM.fullmatch(top)))
