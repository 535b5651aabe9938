"""PDF files as text: the visible lines of their pages.

pypdf reads them (https://pypdf.readthedocs.io), because ISO 32000 is far too large to implement, and pypdf limits much of what a file
can demand. What it doesn't limit, time and the amount on a page, is limited here.
"""

import io
import logging
import time
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from poetbot.documents.document import Document
from poetbot.documents.gutenberg_header import author_of
from poetbot.documents.line_endings import with_line_feeds
from poetbot.documents.pdf_pages import FINE, text_of_pages
from poetbot.documents.zip_archive import MAX_XML_BYTES, Limits, too_large_error
from poetbot.errors import PoetBotError

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 5_000
"""Pages of a PDF at most."""

_MOST_SECONDS = 120.0
"""Seconds of processor time; a book of a thousand pages takes about twenty."""
_MOST_SHOWN = 30_000
"""Pieces of text on a page: setting more of them in lines can take time that grows with the square."""
_SHOWING = (b"Tj", b"TJ", b"'", b'"')
_MOST_PARSED = 500_000  # operands and operators of a page
_LARGEST_STREAM = 20_000_000  # bytes, unpacked
_MOST_DRAWINGS = 200  # on a page

_RADICALS = "⺟母⺠民⺒巳⺓幺⺝月⺩王⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻲亀⻳龟"
_AS_WRITTEN = {
    **{
        code: unicodedata.normalize("NFKC", chr(code))
        for code in (*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07))
    },
    **dict(zip(map(ord, _RADICALS[::2]), _RADICALS[1::2], strict=True)),
    0: "",
}
"""A PDF keeps shapes, and some programs name the shape of a character by its radical, of two letters by a ligature."""


class _TooLong(BaseException):
    """Raised if reading takes too long. Not an Exception, because pypdf catches those."""


def read_pdf(data: bytes, name: str) -> Document:
    """Return the text of a PDF, with its author; running heads and page numbers are left out.

    Raises PoetBotError if it isn't a PDF, is locked, contains only pictures of its pages, or exceeds a limit.
    """
    from pypdf import PdfReader, apply_configuration
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError

    # It tells of everything that is not as it should be.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        with apply_configuration(
            stream_parsing_work_maximum_count=_MOST_PARSED,
            xform_maximum_invocations_per_extraction=_MOST_DRAWINGS,
            zlib_maximum_output_length=_LARGEST_STREAM,
            lzw_maximum_output_length=_LARGEST_STREAM,
            run_length_maximum_output_length=_LARGEST_STREAM,
            array_based_stream_maximum_output_length=_LARGEST_STREAM,
        ):
            reader = PdfReader(io.BytesIO(data))
            pages = list(_pages(reader, name))
            author = _author(reader)
    except (PoetBotError, MemoryError):
        raise
    except (DependencyError, FileNotDecryptedError):
        raise PoetBotError(
            "{name} is encrypted. Save it without a password or print it to a new PDF, then try again.",
            name=name,
        ) from None
    except (LimitReachedError, _TooLong):
        raise too_large_error(name) from None
    except Exception:  # pypdf documents that damaged files may raise any exception
        raise PoetBotError(
            "{name} can't be read as a PDF. Save it again, or save it as plain text.", name=name
        ) from None
    text = text_of_pages(pages)
    if not text.strip():
        raise PoetBotError(
            "{name} contains only images of its pages. Run text recognition (OCR) or type the poems, then try again.",
            name=name,
        )
    return Document(text, None, author)


def _pages(reader: "PdfReader", name: str) -> Iterator[str]:
    """Yield the text of each page."""
    bounds = Limits(name)
    ends = time.process_time() + _MOST_SECONDS
    if len(reader.pages) > MAX_PAGES:
        raise too_large_error(name)
    unpacked = 0
    for page in reader.pages:
        contents = page.get_contents()
        shown = contents.get_data() if contents else b""
        unpacked += len(shown)  # pypdf keeps it
        if unpacked > MAX_XML_BYTES or sum(map(shown.count, _SHOWING)) > _MOST_SHOWN:
            raise too_large_error(name)
        text = with_line_feeds(_text_of(page, ends)).translate(_AS_WRITTEN)
        for line in text.split("\n"):
            bounds.paragraph()
            bounds.text(len(line) + 1)
        yield text


def _text_of(page: "PageObject", ends: float) -> str:
    def on_time(*_: object) -> None:
        if time.process_time() > ends:
            raise _TooLong

    on_time()
    try:
        text = page.extract_text(extraction_mode="layout", layout_mode_font_height_weight=FINE)
    except (ArithmeticError, LookupError, AttributeError, TypeError, ValueError, RecursionError):
        text = ""
    # Rotated text and text inside drawings isn't laid out.
    return text if text.strip() else page.extract_text(visitor_operand_before=on_time)


def _author(reader: "PdfReader") -> str | None:
    """Return the author of a PDF. Its title is useless, because it is usually the name of another file."""
    try:
        author = reader.metadata.author if reader.metadata else None
    except (ArithmeticError, LookupError, AttributeError, TypeError, ValueError):
        return None
    return author_of(str(author)) if author else None
