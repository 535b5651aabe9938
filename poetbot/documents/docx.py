"""Word documents (.docx) as text.

A .docx is a zip of XML files, one of which contains the text. python-docx would add lxml and a model of everything a document can
contain, but a poem needs only paragraphs and line breaks. ECMA-376, Office Open XML, part 1, chapter 17 (WordprocessingML).
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from poetbot.documents.paragraph_lines import Paragraph, paragraphs_to_text
from poetbot.documents.xml_events import Name, read_xml
from poetbot.documents.zip_archive import Limits, Unpack, open_archive
from poetbot.messages import Message

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

_WORD = frozenset(
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
)
_FALLBACK: Name = ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback")
_HEADINGS = ("heading", "title", "subtitle", "berschrift", "titre", "titel", "título")
_GONE = frozenset(("del", "moveFrom"))
"""Elements deleted or moved away in tracked changes."""
_UNSEEN = frozenset(
    ("rt", "pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "tcPrChange", "trPrChange")
)
"""Readings above characters, and earlier formatting."""
_OFF = ("0", "false", "off")
_COUNTED = ("PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF")
"""Fields that show a page number."""
_TAB, _TWIPS_A_SPACE, _WIDEST = " " * 4, 180, 10_000


def text_of_docx(data: bytes, name: str) -> str:
    """Return the text of a Word document: a line for each paragraph and each line break, as in `paragraphs_to_text`.

    Tracked changes count as accepted; hidden text and readings above characters (ruby) are left out. Page and section breaks separate
    poems, and so do table cells with several lines. Raises PoetBotError if it isn't a Word document, or is larger than `packed`
    allows.
    """
    with open_archive(data, name, Message("a Word document")) as unpack:
        body = _Body(name, _Styles(unpack, name))
        read_xml(unpack("word/document.xml"), name, start=body.start, end=body.end, text=body.characters)
    return paragraphs_to_text(body.paragraphs)


class _Styles:
    """The spacing of styles around paragraphs: `room[id]` is (before, after) in twips, `room[""]` the default."""

    def __init__(self, unpack: Unpack, name: str) -> None:
        self.room: dict[str, tuple[int, int]] = {"": (0, 0)}
        self._style = ""
        self._default = False
        with suppress(KeyError):  # it is optional in a document
            styles = unpack("word/styles.xml")
            read_xml(styles, name, start=self._start, end=lambda _: None, text=lambda _: None)

    def _start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        space, element = name
        if space not in _WORD:
            return
        if element == "style":
            self._style = str(attributes.get((space, "styleId"), ""))
            is_paragraph = attributes.get((space, "type")) == "paragraph"
            self._default = is_paragraph and attributes.get((space, "default")) in ("1", "true", "on")
        elif element == "spacing":
            default = self.room[""]
            found = (
                _twips(space, attributes, "before", default[0]),
                _twips(space, attributes, "after", default[1]),
            )
            self.room["" if self._default else self._style] = found


class _Body:
    """Builds paragraphs from the elements in the body of a document."""

    def __init__(self, name: str, styles: _Styles) -> None:
        self.paragraphs: list[Paragraph] = []
        self._bounds = Limits(name)
        self._room = styles.room
        self._open: list[Paragraph] = []  # nested paragraphs, as in text boxes
        self._joined: Paragraph | None = None  # a paragraph whose end was deleted continues in the next one
        self._unseen = 0  # depth inside something hidden
        self._in_text = self._in_properties = self._hidden = False
        self._cells: list[int] = []  # where the cells that are open begin
        self._fields: list[str] = []  # instructions of the fields that are open
        self._counting = False

    def start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        self._bounds.element()
        space, element = name
        is_word = space in _WORD
        paragraph = self._open[-1] if self._open else None
        is_removed = element in _GONE and not self._in_properties
        if self._unseen or name == _FALLBACK or (is_word and (is_removed or element in _UNSEEN)):
            self._unseen += 1
            if paragraph and is_removed:
                paragraph.lost = True
        elif not is_word:
            return
        elif element == "p":
            self._bounds.paragraph()
            self._open.append(Paragraph(self._joined.pieces if self._joined else []))
            self._open[-1].lost = bool(self._joined)
            self._open[-1].before, self._open[-1].after = self._room[""]
            self._joined = None
        elif element == "tc":
            self._cells.append(len(self.paragraphs))
        elif not paragraph:
            return
        elif element == "pPr":
            self._in_properties = True
        elif self._in_properties:
            self._property(paragraph, space, element, attributes)
        elif element == "vanish":
            self._hidden = attributes.get((space, "val")) not in _OFF
        elif element == "fldChar":
            self._field(str(attributes.get((space, "fldCharType"), "")))
        elif element == "fldSimple":
            self._counting = _counts(str(attributes.get((space, "instr"), "")))
        elif element in ("t", "instrText"):
            self._in_text = element == "t"
            if not self._in_text and self._fields:
                self._fields[-1] += " "
        elif self._hidden:
            paragraph.lost = True
        elif element in ("tab", "ptab"):
            at_start = all(piece == _TAB for piece in paragraph.pieces[-40:]) or paragraph.pieces[-1:] == [
                "\n"
            ]
            paragraph.pieces.append(_TAB if at_start else " ")
        elif element in ("br", "cr"):
            page = attributes.get((space, "type")) in ("page", "column")
            paragraph.pieces.append("\f" if page else "\n")
        elif element == "noBreakHyphen":
            paragraph.pieces.append("-")

    def end(self, name: Name) -> None:
        if self._unseen:
            self._unseen -= 1
        elif name[0] in _WORD:
            element = name[1]
            if element == "t":
                self._in_text = False
            elif element == "pPr":
                self._in_properties = False
            elif element == "r":
                self._hidden = False
            elif element == "fldSimple":
                self._counting = False
            elif element == "p" and self._open:
                self._close(self._open.pop())
            elif element == "tc" and self._cells:
                lines = self.paragraphs[self._cells.pop() :]
                if len(lines) > 1:
                    lines[0].parts_before = lines[-1].parts_after = True

    def characters(self, content: str) -> None:
        if self._unseen or not self._open:
            return
        if self._in_text and not self._counting:
            if self._hidden:
                self._open[-1].lost = True
                return
            self._bounds.text(len(content))
            self._open[-1].pieces.append(content.replace("\n", " "))
        elif self._fields and len(self._fields[-1]) < 100:
            self._fields[-1] += content

    def _property(
        self, paragraph: Paragraph, space: str | None, element: str, attributes: "AttributesNSImpl"
    ) -> None:
        on = attributes.get((space, "val")) not in _OFF
        if element in _GONE or (element in ("vanish", "specVanish") and on):
            paragraph.goes_on = True
        elif element == "pStyle":
            style = str(attributes.get((space, "val"), ""))
            paragraph.heading = any(heading in style.casefold() for heading in _HEADINGS)
            paragraph.before, paragraph.after = self._room.get(style, self._room[""])
        elif element == "spacing":
            paragraph.before = _twips(space, attributes, "before", paragraph.before)
            paragraph.after = _twips(space, attributes, "after", paragraph.after)
        elif element == "ind":
            left = _twips(space, attributes, "left", _twips(space, attributes, "start", 0))
            first = _twips(space, attributes, "firstLine", 0) - _twips(space, attributes, "hanging", 0)
            paragraph.indent = max(left, 0) // _TWIPS_A_SPACE
            paragraph.first_indent = max(left + first, 0) // _TWIPS_A_SPACE
        elif element == "pageBreakBefore" and on:
            paragraph.parts_before = True
        elif element == "sectPr":
            paragraph.parts_after = True
        elif element == "type" and attributes.get((space, "val")) == "continuous":
            paragraph.parts_after = False

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append("")
        elif kind == "separate" and self._fields:
            self._counting = _counts(self._fields[-1])
        elif kind == "end" and self._fields:
            self._fields.pop()
            self._counting = False

    def _close(self, paragraph: Paragraph) -> None:
        if paragraph.goes_on and not self._open:
            self._joined = paragraph
        else:
            self.paragraphs.append(paragraph)


def _counts(instruction: str) -> bool:
    return instruction.split()[:1] in [[word] for word in _COUNTED]


def _twips(space: str | None, attributes: "AttributesNSImpl", name: str, default: int) -> int:
    """Return a measure in twentieths of a point, the default if there is none or it isn't a number."""
    value = str(attributes.get((space, name), ""))
    number = value.removeprefix("-")
    if not (number.isascii() and number.isdecimal()) or len(number) > 6:
        return default
    return max(-_WIDEST, min(int(value), _WIDEST))
