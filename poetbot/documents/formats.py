"""Documents to text: Word, OpenDocument, EPUB and PDF, told apart by what is in them and not by their names alone."""

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
"""The endings of names of documents."""

# A zip keeps the names of its members as they are.
_MEMBERS = {
    ".docx": b"word/document.xml",
    ".epub": b"META-INF/container.xml",
    **dict.fromkeys((".odt", ".ott", ".fodt"), b"content.xml"),
}


def read_document(data: bytes, name: str, ending: str) -> Document:
    """Return the text of a document whose name has one of the endings DOCUMENTS; what it holds goes before its ending.

    Raises PoetBotError, one sentence that names the file, where it cannot be read or holds no text.
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
