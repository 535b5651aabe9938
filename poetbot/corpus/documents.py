"""Word documents (.docx) to text.

A .docx is a zip with XML in it, of which one member holds the text. python-docx would bring lxml and a model of
everything a document can be; paragraphs and line breaks are all that a poem needs.
ECMA-376, Office Open XML, part 1, chapter 17 (WordprocessingML).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from poetbot.corpus.xml_events import Name, read_xml
from poetbot.errors import PoetBotError

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesNSImpl

LARGEST_XML = 100_000_000
"""Bytes of XML at most: a thousand times what the poems of a book need."""
_MOST_MEMBERS = 10_000
_PIECE = 1 << 16

_BODY = "word/document.xml"
_MEMBER_RECORD = b"PK\x01\x02"  # begins each entry of a zip's list of members
_WORD = frozenset(
    (
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
)
_FALLBACK: Name = ("http://schemas.openxmlformats.org/markup-compatibility/2006", "Fallback")
_HEADINGS = ("heading", "title", "subtitle", "berschrift", "titre", "titel", "título")


def text_of_docx(data: bytes, name: str) -> str:
    """Return the text of a Word document: a line for each paragraph and each line break.

    A paragraph is mostly a line, and an empty one a stanza break. Where a paragraph has line breaks of its own it is
    a stanza, and stands between empty lines; a heading does too, with one more above it. What was deleted while
    changes were tracked is left out.

    Raises PoetBotError where it is no Word document, is damaged or locked, or holds more than LARGEST_XML bytes of
    XML, whatever size it declares.
    """
    paragraphs = _Paragraphs()
    read_xml(_body(data, name), name, start=paragraphs.start, end=paragraphs.end, text=paragraphs.characters)
    return paragraphs.text()


def _body(data: bytes, name: str) -> Iterator[bytes]:
    """Yield the XML of the text, and stop with a sentence where it grows beyond what is read."""
    broken = PoetBotError(
        f"{name} is no Word document that can be read: save it again as .docx or as plain text."
    )
    # Counted before the list of members is read, which takes memory for each.
    if data.count(_MEMBER_RECORD) > _MOST_MEMBERS:
        raise PoetBotError(
            f"{name} has too many parts for a Word document: save it again as .docx or as plain text."
        )
    too_large = PoetBotError(
        f"{name} unpacks to more than {LARGEST_XML // 10**6} MB: save its text as plain text, in several files."
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            member = archive.getinfo(_BODY)
            if member.flag_bits & 1:
                raise PoetBotError(f"{name} is locked with a password: save it without one and try again.")
            # Others are not allowed in a .docx, and unpack without a bound.
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise broken
            if member.file_size > LARGEST_XML:
                raise too_large
            size = 0
            with archive.open(member) as stream:
                while piece := stream.read(_PIECE):
                    size += len(piece)
                    if size > LARGEST_XML:
                        raise too_large
                    yield piece
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, NotImplementedError, RuntimeError):
        raise broken from None


class _Paragraphs:
    """Puts lines together from the elements p, t, br, cr, tab, noBreakHyphen and pStyle."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open: list[list[str]] = []  # paragraphs that stand inside one another, as in text boxes
        self._heading = False
        self._in_text = False
        self._skipped = 0

    def start(self, name: Name, attributes: "AttributesNSImpl") -> None:
        if name == _FALLBACK or self._skipped:
            self._skipped += 1  # the same once more, for older programs
            return
        space, element = name
        if space not in _WORD:
            return
        if element == "p":
            self._open.append([])
            self._heading = False
        elif not self._open:
            return
        elif element == "t":
            self._in_text = True
        elif element == "tab":
            self._open[-1].append(" ")
        elif element in ("br", "cr"):
            page = attributes.get((space, "type")) in ("page", "column")
            self._open[-1].append("\n\n\n" if page else "\n")
        elif element == "noBreakHyphen":
            self._open[-1].append("-")
        elif element == "pStyle":
            style = str(attributes.get((space, "val"), "")).casefold()
            self._heading = any(heading in style for heading in _HEADINGS)

    def end(self, name: Name) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name[0] in _WORD:
            if name[1] == "t":
                self._in_text = False
            elif name[1] == "p" and self._open:
                self._close("".join(self._open.pop()))

    def characters(self, content: str) -> None:
        if self._in_text and not self._skipped:
            self._open[-1].append(content)

    def _close(self, paragraph: str) -> None:
        lines = [line.rstrip() for line in paragraph.split("\n")]
        if self._heading and paragraph.strip():
            self._lines += ["", "", *lines, ""]
        elif len(lines) > 1:
            self._lines += ["", *lines, ""]
        else:
            self._lines += lines
        self._heading = False

    def text(self) -> str:
        """Return the lines with LF, empty ones at the end left out; those above a heading show that it is one."""
        return "\n".join(self._lines).rstrip("\n") + "\n" if any(self._lines) else ""
