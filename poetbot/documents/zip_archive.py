"""Read zipped XML documents, with limits on the unpacked size whatever the archive declares."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from poetbot.errors import PoetBotError
from poetbot.messages import Message

MAX_XML_BYTES = 100_000_000
"""Maximum bytes of XML: a thousand times what the poems of a book need."""
MAX_ELEMENTS = 2_000_000
"""Maximum number of XML elements, which determine the time; about ten per line."""
MAX_TEXT = 20_000_000
"""Maximum number of characters in a document."""
MAX_PARAGRAPH = 1_000_000
"""Maximum number of characters in a paragraph."""

_MOST_MEMBERS = 10_000
_PIECE = 1 << 16
_MEMBER_RECORD = b"PK\x01\x02"  # begins each entry of a zip's list of members

Unpack = Callable[[str], Iterator[bytes]]
"""Yields the bytes of a member by its name. Raises KeyError if there is none."""


@contextmanager
def open_archive(data: bytes, name: str, kind: Message) -> Iterator[Unpack]:
    """Yield a function that unpacks members of the document `name`; `kind` is its kind, for errors.

    Raises PoetBotError if it isn't such a document, is damaged or locked, has too many members, or if the unpacked members exceed
    MAX_XML_BYTES in all, whatever sizes it declares.
    """
    broken = PoetBotError(
        "{name} can't be read as {kind}. Save it again, or save it as plain text.", name=name, kind=kind
    )
    # Counted before reading the list of members, which needs memory for each.
    if data.count(_MEMBER_RECORD) > _MOST_MEMBERS:
        raise PoetBotError(
            "{name} has too many parts for {kind}. Save it again, or save it as plain text.",
            name=name,
            kind=kind,
        )
    unpacked = 0

    def unpack(wanted: str) -> Iterator[bytes]:
        member = archive.getinfo(wanted)
        if member.flag_bits & 1:
            raise locked_error(name)
        # Other methods aren't allowed in such documents, and unpack without a limit.
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken
        if member.file_size > MAX_XML_BYTES:
            raise too_large_error(name)
        return pieces_of(member)

    def pieces_of(member: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal unpacked
        with archive.open(member) as stream:
            while piece := stream.read(_PIECE):
                unpacked += len(piece)
                if unpacked > MAX_XML_BYTES:
                    raise too_large_error(name)
                yield piece

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield unpack
    except (
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        UnicodeDecodeError,  # a member's name that says it is UTF-8 and is not
    ):
        raise broken from None


def names_in(data: bytes) -> frozenset[str]:
    """Return the names of a zip's members; none if it can't be read or has more members than a document."""
    if data.count(_MEMBER_RECORD) > _MOST_MEMBERS:
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return frozenset()


def too_large_error(name: str) -> PoetBotError:
    """Return the error for a document that exceeds a limit."""
    return PoetBotError(
        "{name} is too large for one document. Save its text as several plain text files.", name=name
    )


def locked_error(name: str) -> PoetBotError:
    """Return the error for a document that is protected by a password."""
    return PoetBotError("{name} is locked with a password. Save it without one, then try again.", name=name)


class Limits:
    """Counts the contents of a document while it is read, and stops if they exceed a limit."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._elements = self._characters = self._paragraph = 0

    def element(self, count: int = 1) -> None:
        """Count one or more elements. Raises PoetBotError beyond MAX_ELEMENTS."""
        self._elements += count
        if self._elements > MAX_ELEMENTS:
            raise too_large_error(self._name)

    def paragraph(self) -> None:
        """Start a paragraph."""
        self._paragraph = 0

    def text(self, size: int) -> None:
        """Count characters. Raises PoetBotError beyond MAX_PARAGRAPH in one paragraph, or MAX_TEXT in all."""
        self._characters += size
        self._paragraph += size
        if self._characters > MAX_TEXT:
            raise too_large_error(self._name)
        if self._paragraph > MAX_PARAGRAPH:
            raise PoetBotError(
                "{name} has a paragraph of more than {most:,} characters. Break it into lines, then try again.",
                name=self._name,
                most=MAX_PARAGRAPH,
            )
