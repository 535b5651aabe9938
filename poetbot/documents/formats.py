"""Word, OpenDocument, EPUB and PDF files as text, recognised by their contents and not only by their names."""

from collections.abc import Callable

from poetbot.documents.document import Document
from poetbot.documents.docx import text_of_docx
from poetbot.documents.epub import read_epub
from poetbot.documents.opendocument import read_opendocument
from poetbot.documents.pdf import read_pdf
from poetbot.errors import PoetBotError


def _word(data: bytes, name: str) -> Document:
    return Document(text_of_docx(data, name))


_READERS: dict[str, Callable[[bytes, str], Document]] = {
    ".docx": _word,
    ".odt": read_opendocument,
    ".ott": read_opendocument,
    ".fodt": read_opendocument,
    ".epub": read_epub,
    ".pdf": read_pdf,
}
DOCUMENT_SUFFIXES = frozenset(_READERS)
"""The extensions of documents."""

# A zip stores the names of its members uncompressed.
_MEMBERS = {
    ".docx": b"word/document.xml",
    ".epub": b"META-INF/container.xml",
    **dict.fromkeys((".odt", ".ott", ".fodt"), b"content.xml"),
}


def read_document(data: bytes, name: str, ending: str) -> Document:
    """Return the text of a document whose name has an extension in DOCUMENTS; its contents take precedence over its extension.

    Raises PoetBotError, which names the file, if it can't be read or contains no text.
    """
    document = _READERS[_kind(data, ending)](data, name)
    if not document.text.strip():
        raise PoetBotError("{name} is empty. Choose a document that contains text.", name=name)
    return document


def _kind(data: bytes, ending: str) -> str:
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if not data.startswith(b"PK") or (ending in _MEMBERS and _MEMBERS[ending] in data):
        return ending
    return next((kind for kind, member in _MEMBERS.items() if member in data), ending)
