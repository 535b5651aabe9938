"""Bytes to text: UTF-8 or UTF-16, or one sentence that says where and why not."""

import codecs

from poetbot.errors import PoetBotError

MAX_BYTES = 100_000_000
"""A larger file is refused before it is read: about two hundred long books, and what still fits in memory thrice."""

# What people try to open instead of text, by the first bytes of the file, and what to do with it.
_KNOWN_FORMATS = (
    (b"%PDF-", "a PDF", "export it as plain text"),
    (b"PK\x03\x04", "a zip, Word or EPUB file", "unpack it or save it as plain text"),
    (b"\xd0\xcf\x11\xe0", "an old Word file", "save it as plain text"),
    (b"{\\rtf", "a rich text (RTF) file", "save it as plain text"),
    (b"\x1f\x8b", "a gzip file", "unpack it"),
)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# A stray form feed or Ctrl-Z of an old file is fine.
_CONTROLS = bytes({*range(1, 32), 127} - set(b"\t\n\v\f\r\x1a"))
_CONTROL_SHARE = 0.01
_LOOKED_AT = 100_000


def decode(data: bytes, name: str) -> str:
    """Return the text of `data`, with every line end (CRLF, CR, LF) as LF and no byte order mark.

    Understood are UTF-8 with or without a byte order mark and UTF-16 with one. Lines keep their numbers and
    everything but line ends stays as given, tabs included. `name` is used in messages only.

    Raises PoetBotError, one sentence, where the file is empty, larger than MAX_BYTES, not text, or in another
    encoding; the sentence names line and byte offset (both from the start of the file; lines count from 1).
    """
    check_size(len(data), name)
    for start, what, cure in _KNOWN_FORMATS:
        if data.startswith(start):
            raise PoetBotError(f"{name} is {what}, not plain text: {cure} and try again.")
    if data.startswith(_UTF32_MARKS):
        raise PoetBotError(f"{name} is in UTF-32, which is not understood: save it as UTF-8 and try again.")
    if data.startswith(codecs.BOM_UTF16_LE):
        text = _decode_utf16(data, "utf-16-le", name)
    elif data.startswith(codecs.BOM_UTF16_BE):
        text = _decode_utf16(data, "utf-16-be", name)
    else:
        text = _decode_utf8(data, name)
    if not text or text.isspace():
        raise PoetBotError(f"{name} is empty: choose a file that holds text.")
    return text


def check_size(size: int, name: str) -> None:
    """Raise PoetBotError where a file of `size` bytes is empty or larger than MAX_BYTES."""
    if size == 0:
        raise PoetBotError(f"{name} is empty: choose a file that holds text.")
    if size > MAX_BYTES:
        raise PoetBotError(
            f"{name} has {size / 1e6:,.1f} MB and {MAX_BYTES // 10**6} MB is the most: split it into smaller files."
        )


def _decode_utf8(data: bytes, name: str) -> str:
    nul = data.find(b"\0")
    if nul >= 0:
        raise PoetBotError(_nul_sentence(data, nul, name))
    try:
        # Line ends are brought to LF as bytes: that is half the work it would be in the text.
        text = _with_lf(data).decode("utf-8")
    except UnicodeDecodeError:
        raise PoetBotError(_utf8_sentence(data, name)) from None
    # Byte salad can be valid UTF-8; it shows at once.
    head = data[:_LOOKED_AT]
    if len(head) - len(head.translate(None, _CONTROLS)) > _CONTROL_SHARE * len(head):
        raise PoetBotError(
            f"{name} is not text (it is full of control characters): choose a plain text file in UTF-8."
        )
    return text.removeprefix("\ufeff")


def _with_lf(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _utf8_sentence(data: bytes, name: str) -> str:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line, start = _line_of(data[: error.start].decode("utf-8", "replace")), error.start
    return (
        f"{name} is not UTF-8 at line {line:,} (byte {start:,}, value 0x{data[start]:02X}): "
        "save it as UTF-8 and try again."
    )


def _decode_utf16(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data[2:].decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_of(data[2 : 2 + error.start].decode(encoding, "replace"))
        raise PoetBotError(
            f"{name} begins as UTF-16 but is broken at line {line:,} (byte {2 + error.start:,}): "
            "save it as UTF-8 and try again."
        ) from None
    nul = text.find("\0")
    if nul >= 0:
        offset = 2 + len(text[:nul].encode(encoding))
        raise PoetBotError(
            f"{name} is not text: it holds a zero byte at line {_line_of(text[:nul]):,} (byte {offset:,}); "
            "choose a plain text file."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _nul_sentence(data: bytes, nul: int, name: str) -> str:
    # Plain UTF-16 text in a European language has a zero in every second byte; say so, it is easy to mend.
    head = data[:2000]
    halves = (head[0::2].count(0), head[1::2].count(0))
    if len(head) >= 4 and max(halves) > 0.4 * len(head) / 2 and min(halves) < 0.05 * len(head) / 2:
        return f"{name} looks like UTF-16 without its byte order mark: save it as UTF-8 and try again."
    line = _line_of(data[:nul].decode("utf-8", "replace"))
    return (
        f"{name} is not text: it holds a zero byte at line {line:,} (byte {nul:,}); "
        "choose a plain text file in UTF-8."
    )


def _line_of(before: str) -> int:
    """Return the 1-based number of the line that follows the text `before`."""
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")
