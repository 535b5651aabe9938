"""Decode bytes as UTF-8, UTF-16 or the most likely encoding, or raise an error that says where it fails."""

import codecs

from poetbot.documents.encoding_detection import Guess, decode_as, guess_encoding
from poetbot.documents.line_endings import with_line_feeds, with_newlines
from poetbot.documents.records import displayable
from poetbot.documents.zip_archive import names_in
from poetbot.errors import PoetBotError
from poetbot.messages import Message

MAX_BYTES = 100_000_000
"""Maximum file size: about two hundred long books, and three copies still fit in memory."""

# What people try to open instead of text, by the first bytes of the file, and what to do with it.
_KNOWN_FORMATS = (
    (b"%PDF-", Message("a PDF"), Message("Rename it to end in .pdf, then try again.")),
    (b"PK\x03\x04", Message("a zip file"), Message("Unpack it, then try again.")),
    (b"\xd0\xcf\x11\xe0", Message("an old Word file"), Message("Save it as plain text, then try again.")),
    (b"{\\rtf", Message("a rich text (RTF) file"), Message("Save it as plain text, then try again.")),
    (b"\x1f\x8b", Message("a gzip file"), Message("Unpack it, then try again.")),
)
# Kinds of zip by the names of their members: what the document is called, and what to do with it.
_KNOWN_MEMBERS = (
    ("word/document.xml", Message("a Word document"), Message("Rename it to end in .docx, then try again.")),
    (
        "META-INF/container.xml",
        Message("an EPUB book"),
        Message("Rename it to end in .epub, then try again."),
    ),
    ("content.xml", Message("an OpenDocument text"), Message("Rename it to end in .odt, then try again.")),
    ("xl/workbook.xml", Message("an Excel workbook"), Message("Save its sheet as CSV, then try again.")),
    (
        "ppt/presentation.xml",
        Message("a PowerPoint presentation"),
        Message("Save its text as plain text, then try again."),
    ),
    (
        "Index/Document.iwa",
        Message("an Apple Pages, Numbers or Keynote document"),
        Message("Export it as Word or plain text, then try again."),
    ),
)
_OPENDOCUMENT = b"application/vnd.oasis.opendocument."  # uncompressed at the start of each file
# UTF-32 first, because its mark begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A stray form feed or Ctrl-Z of an old file is fine.
_CONTROLS = dict.fromkeys({*range(1, 32), 127} - set(b"\t\n\v\f\r\x1a"))
_CONTROL_SHARE = 0.01
_LOOKED_AT = 100_000


def decode(data: bytes, name: str, notices: list[Message] | None = None, *, rows: bool = False) -> str:
    """Return the text of `data`, with every line end as LF (`line_endings.py`) and no byte order mark.

    Reads UTF-8, UTF-16 and UTF-32; anything else is read in the most likely encoding, with a notice in `notices`. Everything but line
    ends stays as given, including tabs. With `rows`, only CR and LF end a line, as in a table, where other line ends are inside
    texts. `name` is only used in messages.

    Raises PoetBotError if the file is empty, larger than MAX_BYTES, not text, or in an unclear encoding; the error names the line and
    byte offset (both from the start of the file; lines count from 1).
    """
    text, guess = decode_with_guess(data, name, rows=rows)
    if guess and notices is not None:
        notices.append(encoding_notice(name, guess.encoding, guess.line))
    return text


def encoding_notice(name: str, encoding: str, line: str) -> Message:
    """Return the notice that says which encoding was used, for users who can't choose another one."""
    return Message(
        "{name} isn't UTF-8 and was read as {encoding}. If this line looks wrong, save the file as UTF-8 and add it again: {line}",
        name=name,
        encoding=encoding,
        line=displayable(line),
    )


def decode_with_guess(
    data: bytes, name: str, *, rows: bool = False, encoding: str | None = None
) -> tuple[str, Guess | None]:
    """Return the text as `decode` does, and the guess if its encoding is one.

    `encoding`, one of `encodings.NAMES`, is the user's choice, which counts as a guess. Raises PoetBotError as `decode`.
    """
    check_size(len(data), name)
    for start, what, cure in _KNOWN_FORMATS:
        if data.startswith(start):
            what, cure = (_document_in(data) if start == b"PK\x03\x04" else None) or (what, cure)
            raise PoetBotError("{name} is {what}, not plain text. {cure}", name=name, what=what, cure=cure)
    marked = next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)
    guess = decode_as(data, encoding) if encoding else None
    if guess:
        text = guess.text
        if "\0" in text:
            raise _nul_error(data, name)
    elif marked:
        text = _decode_marked(data, *marked, name)
    else:
        text, guess = _decode_unmarked(data, name)
    _check_controls(text, name)
    text = (with_newlines if rows else with_line_feeds)(text).removeprefix("\ufeff")
    if not text or text.isspace():
        raise PoetBotError("{name} is empty. Choose a file that contains text.", name=name)
    return text, guess


def _document_in(data: bytes) -> tuple[Message, Message] | None:
    """Return the kind of document a zip is and what to do with it, None for an ordinary zip."""
    start = data[:200]
    if _OPENDOCUMENT in start and _OPENDOCUMENT + b"text" not in start:
        return Message("an OpenDocument file without running text"), Message(
            "Save its text as plain text, then try again."
        )
    names = names_in(data)
    return next(((what, cure) for member, what, cure in _KNOWN_MEMBERS if member in names), None)


def check_size(size: int, name: str | Message) -> None:
    """Raise PoetBotError if a file of `size` bytes is empty or larger than MAX_BYTES."""
    if size == 0:
        raise PoetBotError("{name} is empty. Choose a file that contains text.", name=name)
    if size > MAX_BYTES:
        raise PoetBotError(
            "{name} has {size:,.1f} MB, more than the limit of {most} MB. Split it into smaller files.",
            name=name,
            size=size / 1000000.0,
            most=MAX_BYTES // 10**6,
        )


def _decode_unmarked(data: bytes, name: str) -> tuple[str, Guess | None]:
    try:
        # CRLF is replaced by LF in the bytes, which is twice as fast as in the text.
        text = (data if b"\r\r" in data else data.replace(b"\r\n", b"\n")).decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        return text, None
    guess = guess_encoding(data)
    if guess is None or "\0" in guess.text:
        raise _nul_error(data, name) if b"\0" in data else _utf8_error(data, name)
    return guess.text, guess


def _decode_marked(data: bytes, mark: bytes, encoding: str, name: str) -> str:
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        start = len(mark) + error.start
        line = _line_of(data[len(mark) : start].decode(encoding, "replace"))
        raise PoetBotError(
            "{name} starts as {encoding} but is damaged at line {line:,} (byte {start:,}). Save it as UTF-8, then try again.",
            name=name,
            encoding=encoding[:6].upper(),
            line=line,
            start=start,
        ) from None
    nul = text.find("\0")
    if nul >= 0:
        offset = len(mark) + len(text[:nul].encode(encoding))
        raise PoetBotError(
            "{name} isn't text: it has a zero byte at line {line:,} (byte {offset:,}). Choose a plain text file.",
            name=name,
            line=_line_of(text[:nul]),
            offset=offset,
        )
    return text


def _check_controls(text: str, name: str) -> None:
    """Raise PoetBotError if a text is binary data that happens to be valid."""
    head = text[:_LOOKED_AT]
    if len(head) - len(head.translate(_CONTROLS)) > _CONTROL_SHARE * len(head):
        raise PoetBotError(
            "{name} isn't text: it is full of control characters. Choose a plain text file in UTF-8.",
            name=name,
        )


def _utf8_error(data: bytes, name: str) -> PoetBotError:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, start = _line_of(data[: error.start].decode("utf-8", "replace")), error.start
    return PoetBotError(
        "{name} isn't UTF-8 at line {line:,} (byte {start:,}, value 0x{value:02X}). Save it as UTF-8, then try again.",
        name=name,
        line=line,
        start=start,
        value=data[start],
    )


def _nul_error(data: bytes, name: str) -> PoetBotError:
    nul = data.index(b"\0")
    return PoetBotError(
        "{name} isn't text: it has a zero byte at line {line:,} (byte {offset:,}). Choose a plain text file in UTF-8.",
        name=name,
        line=_line_of(data[:nul].decode("utf-8", "replace")),
        offset=nul,
    )


def _line_of(before: str) -> int:
    """Return the 1-based number of the line after the text `before`."""
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
