"""Text to check, pasted or from a file."""

import re
from pathlib import Path

from poetbot.corpus.loading import read_text
from poetbot.documents.formats import DOCUMENT_SUFFIXES
from poetbot.documents.markdown.to_text import read_markdown
from poetbot.documents.reader import MARKDOWN_SUFFIXES
from poetbot.errors import PoetBotError

MOST_MEGABYTES = 5
MOST_BYTES = MOST_MEGABYTES * 1_000_000  # of a file, and characters of a text

_SURROGATES = re.compile("[\ud800-\udfff]")


def too_long() -> PoetBotError:
    """Return the error for a text that is too long to check."""
    return PoetBotError("A text can have at most {most} MB. Check it in parts.", most=MOST_MEGABYTES)


def clean_text(text: str) -> str:
    """Return the text with LF newlines and without lone surrogates, which no file can contain."""
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise too_long()
    return _SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def text_of_file(path: str) -> str:
    """Return the text of a file: rendered for Markdown, extracted for a document.

    Raises PoetBotError if it isn't text, is too long, or doesn't exist.
    """
    file = Path(path)
    text = clean_text(read_text(file))
    return read_markdown(text).text if file.suffix.lower() in MARKDOWN_SUFFIXES else text


def is_document(path: str) -> bool:
    """Return whether a file is a document by its name, so that its size says little about its text."""
    return Path(path).suffix.lower() in DOCUMENT_SUFFIXES
