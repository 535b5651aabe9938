"""OpenDocument texts (.odt, .ott, and .fodt, which is one XML file) as text.

OASIS Open Document Format 1.3, part 3: https://docs.oasis-open.org/office/OpenDocument/v1.3/
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from poetbot.documents.document import Document, title_line
from poetbot.documents.gutenberg_header import author_of
from poetbot.documents.paragraph_lines import Paragraph, paragraphs_to_text
from poetbot.documents.xml_events import Name, read_xml
from poetbot.documents.zip_archive import Limits, locked_error, open_archive
from poetbot.messages import Message

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _TEXT, _STYLE, _TABLE, _FO, _META, _SVG, _MANIFEST = (
    f"{_OASIS}{name}:1.0"
    for name in (
        "office",
        "text",
        "style",
        "table",
        "xsl-fo-compatible",
        "meta",
        "svg-compatible",
        "manifest",
    )
)
_DC = "http://purl.org/dc/elements/1.1/"

_INDEXES = ("table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index")
_FIELDS = ("page-number", "page-count", "page-continuation")
_UNSEEN: frozenset[Name] = frozenset(
    [
        (_OFFICE, "annotation"),
        (_OFFICE, "forms"),
        (_OFFICE, "master-styles"),  # headers and footers
        (_SVG, "title"),
        (_SVG, "desc"),
        *((_TEXT, name) for name in ("tracked-changes", "note", "ruby-text", "bibliography", "user-index")),
        *((_TEXT, name) for name in (*_INDEXES, *_FIELDS)),
    ]
)
"""Elements that aren't text of the document: deleted text, comments, notes, readings above characters, page lists."""
_TITLES = frozenset(("Title", "Subtitle"))
_SPACES = re.compile(r"[ \t\r\n]+")
_LENGTH = re.compile(r"(-?\d{0,5}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_TWIPS = {"cm": 567, "mm": 56.7, "in": 1440, "pt": 20, "pc": 240, "px": 15}
_TAB, _TWIPS_A_SPACE, _WIDEST, _MOST_SPACES, _MOST_PARENTS = " " * 4, 180, 10_000, 1000, 20


def read_opendocument(data: bytes, name: str) -> Document:
    """Return the text of an OpenDocument text, with its title and author; lines as in `paragraphs_to_text`.

    Tracked changes count as accepted; comments, notes, indexes, hidden text, headers and footers are left out. Page breaks separate
    poems, and so do table cells with several lines. Raises PoetBotError if it isn't such a document, is locked, or is larger than
    `packed` allows.
    """
    reading = _Reading(name)
    if data[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        read_xml([data], name, start=reading.start, end=reading.end, text=reading.characters)
        return reading.document()
    with open_archive(data, name, Message("an OpenDocument text")) as unpack:
        with suppress(KeyError):
            read_xml(
                unpack("META-INF/manifest.xml"), name, start=_refusing_locks(name), end=_ignore, text=_ignore
            )
        members = {"meta.xml": False, "styles.xml": False, "content.xml": True}
        for member, needed in members.items():
            try:
                pieces = unpack(member)
            except KeyError:
                if needed:
                    raise
                continue
            read_xml(pieces, name, start=reading.start, end=reading.end, text=reading.characters)
    return reading.document()


def _refusing_locks(name: str) -> "Callable[[Name, AttributesNSImpl], None]":
    def start(element: Name, attributes: "AttributesNSImpl") -> None:
        if element == (_MANIFEST, "encryption-data"):
            raise locked_error(name)

    return start


def _ignore(_: object) -> None:
    """Ignore an element."""


@dataclass(slots=True)
class _Style:
    """The properties of a style; missing ones are inherited from its parent."""

    parent: str = ""
    says: dict[str, str] = field(default_factory=dict)


class _Reading:
    """Builds paragraphs, after reading their styles."""

    def __init__(self, name: str) -> None:
        self._bounds = Limits(name)
        self._paragraphs: list[Paragraph] = []
        self._styles: dict[tuple[str, str], _Style] = {}
        self._resolved: dict[tuple[str, str], Mapping[str, str]] = {}
        self._style: _Style | None = None  # the style being read
        self._open: list[Paragraph] = []  # nested paragraphs, as in text boxes
        self._cells: list[int] = []  # where the cells that are open begin
        self._unseen = 0  # depth inside something hidden
        self._after_space = True
        self._said: dict[Name, str] = {}  # metadata of the document
        self._saying: Name | None = None

    def document(self) -> Document:
        """Return the document."""
        creator = self._said.get((_META, "initial-creator")) or self._said.get((_DC, "creator"), "")
        return Document(
            paragraphs_to_text(self._paragraphs),
            title_line(self._said.get((_DC, "title"), "")),
            author_of(creator),
        )

    def start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        self._bounds.element()
        space, element = name
        if self._unseen or name in _UNSEEN or self._is_hidden(name, attributes):
            self._unseen += 1
            if self._open and name == (_TEXT, "span"):
                self._open[-1].lost = True
        elif space == _STYLE:
            self._styling(element, attributes)
        elif space == _TABLE and element == "table-cell":
            self._cells.append(len(self._paragraphs))
        elif space in (_DC, _META):
            self._saying = name
        elif space != _TEXT:
            return
        elif element in ("p", "h"):
            self._begin(element == "h", str(attributes.get((_TEXT, "style-name"), "")))
        elif self._open:
            self._inside(self._open[-1], element, attributes)

    def end(self, name: Name) -> None:
        if self._unseen:
            self._unseen -= 1
        elif name in ((_TEXT, "p"), (_TEXT, "h")) and self._open:
            self._paragraphs.append(self._open.pop())
        elif name == (_TABLE, "table-cell") and self._cells:
            lines = self._paragraphs[self._cells.pop() :]
            if len(lines) > 1:
                lines[0].parts_before = lines[-1].parts_after = True
        elif name[0] in (_DC, _META):
            self._saying = None

    def characters(self, content: str) -> None:
        if self._unseen:
            return
        if self._saying:
            known = self._said.get(self._saying, "")
            if len(known) < _MOST_SPACES:
                self._said[self._saying] = known + content
        elif self._open:
            self._bounds.text(len(content))
            content = _SPACES.sub(" ", content)
            if self._after_space:
                content = content.removeprefix(" ")
            if content:
                self._after_space = content.endswith(" ")
                self._open[-1].pieces.append(content)

    def _begin(self, heading: bool, style: str) -> None:
        self._bounds.paragraph()
        self._after_space = True
        says = self._says("paragraph", style)
        left, first = _twips(says, "margin-left"), _twips(says, "text-indent")
        self._open.append(
            Paragraph(
                heading=heading or "title" in says,
                indent=max(left, 0) // _TWIPS_A_SPACE,
                first_indent=max(left + first, 0) // _TWIPS_A_SPACE,
                before=_twips(says, "margin-top"),
                after=_twips(says, "margin-bottom"),
                parts_before=says.get("break-before") in ("page", "column")
                or bool(says.get("master-page-name")),
                parts_after=says.get("break-after") in ("page", "column"),
                lost=says.get("display") == "none",
            )
        )

    def _inside(self, paragraph: Paragraph, element: str, attributes: "AttributesNSImpl") -> None:
        if element == "line-break":
            paragraph.pieces.append("\n")
            self._after_space = True
        elif element == "tab":
            at_start = all(piece == _TAB for piece in paragraph.pieces[-40:]) or paragraph.pieces[-1:] == [
                "\n"
            ]
            paragraph.pieces.append(_TAB if at_start else " ")
            self._after_space = False
        elif element == "s":
            number = str(attributes.get((_TEXT, "c"), "1"))
            count = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 1
            paragraph.pieces.append(" " * min(count, _MOST_SPACES))
            self._bounds.text(min(count, _MOST_SPACES))
            self._after_space = False

    def _styling(self, element: str, attributes: "AttributesNSImpl") -> None:
        if element in ("style", "default-style"):
            family = str(attributes.get((_STYLE, "family"), ""))
            name = str(attributes.get((_STYLE, "name"), ""))
            self._style = _Style(str(attributes.get((_STYLE, "parent-style-name"), "")))
            self._styles[family, name] = self._style
            self._resolved.clear()
            if page := attributes.get((_STYLE, "master-page-name")):
                self._style.says["master-page-name"] = str(page)
            if name in _TITLES:
                self._style.says["title"] = name
        elif element in ("paragraph-properties", "text-properties") and self._style:
            for (space, name), value in attributes.items():
                if space == _FO or (space == _TEXT and name == "display"):
                    self._style.says[name] = str(value)

    def _says(self, family: str, name: str) -> Mapping[str, str]:
        """Return the properties of a style, including inherited ones."""
        # There can be as many undefined names as elements.
        name = name if (family, name) in self._styles else ""
        key = family, name
        if key not in self._resolved:
            says: dict[str, str] = {}
            for _ in range(_MOST_PARENTS):
                style = self._styles.get((family, name), _Style())
                says = style.says | says
                if not name:
                    break
                name = style.parent
            self._resolved[key] = says
        return self._resolved[key]

    def _is_hidden(self, name: Name, attributes: "AttributesNSImpl") -> bool:
        space, element = name
        if space != _TEXT:
            return False
        if element == "span":
            style = str(attributes.get((_TEXT, "style-name"), ""))
            return self._says("text", style).get("display") == "none"
        if element in ("hidden-text", "hidden-paragraph"):
            return attributes.get((_TEXT, "is-hidden")) == "true"
        return element == "section" and attributes.get((_TEXT, "display")) == "none"


def _twips(says: Mapping[str, str], name: str) -> int:
    """Return a measure in twentieths of a point, 0 if it isn't one."""
    found = _LENGTH.fullmatch(says.get(name, ""))
    if not found or found[1] in ("", "-"):
        return 0
    return max(-_WIDEST, min(int(float(found[1]) * _TWIPS[found[2]]), _WIDEST))
