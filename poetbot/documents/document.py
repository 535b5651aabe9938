"""The contents of a document, whatever its kind."""

from typing import NamedTuple

from poetbot.documents.block import Block
from poetbot.messages import Message

_LONGEST = 200


class Document(NamedTuple):
    """The text of a document, with LF, its title and author, the marks in the text, and what could not be read."""

    text: str
    title: str | None = None
    author: str | None = None
    marks: tuple[Block, ...] = ()
    notices: tuple[Message, ...] = ()


def title_line(words: str) -> str | None:
    """Return the title of a document on one line; None if there is none, or it is too long."""
    line = " ".join(words.split())
    return line if 0 < len(line) <= _LONGEST else None
