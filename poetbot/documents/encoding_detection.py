"""Detect the most likely encoding of text that isn't UTF-8, or none if it is unclear.

charset-normalizer measures how messy, and how much like a language, the text would be in each encoding.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

_LABELS = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "mac_roman": "Mac Roman",
    "koi8_r": "KOI8-R",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
}
"""The encodings that are tried, with their common names."""

ENCODINGS = tuple(_LABELS.values())
"""The encodings a user can choose."""

_MOST_MESS = 0.15
_LOOKED_AT = 1_000_000  # bytes
_SAMPLE = 20_000  # bytes of non-ASCII lines; more wouldn't change the result
_LINE = 400
_LONGEST_SHOWN = 60
_HIGH = re.compile(rb"[\x80-\xff]")
_NO_TEXT = ("Cc", "Cn", "Co", "Cs")
_CODECS = {name: codec for codec, name in _LABELS.items()}
_NOT_WESTERN = ("\xf8", "\xec")  # both in one text: Czech, whose ř and ě they stand for


class Guess(NamedTuple):
    """A text, the name of its encoding, and a line by which a reader can check it."""

    text: str
    encoding: str
    line: str


def guess_encoding(data: bytes) -> Guess | None:
    """Return the text of bytes that aren't UTF-8, or None if no encoding is likely enough."""
    if b"\0" in data:
        return _utf16(data)
    if data.startswith(codecs.BOM_UTF8) or _is_broken_utf8(data[:_LOOKED_AT]):
        return None
    for encoding in _likely(_sample(data)):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Guess(text, _LABELS[encoding], _telling_line(text))
    return None


def decode_as(data: bytes, encoding: str) -> Guess:
    """Return the text of bytes in the user's encoding, one of NAMES; invalid bytes become U+FFFD."""
    text = data.decode(_CODECS[encoding], "replace")
    return Guess(text, encoding, _telling_line(text))


def possible_encodings(data: bytes) -> list[tuple[str, str]]:
    """Return the possible encodings of bytes, each with the same line as read in it.

    An encoding that can't decode the bytes is excluded; of encodings that give the same line, only the first is included.
    """
    line = _sample(data).split(b"\n", 1)[0]
    head = data if len(data) <= _LOOKED_AT else data[: data.rfind(b"\n", 0, _LOOKED_AT) + 1]
    offered: dict[str, str] = {}
    for codec, name in _LABELS.items():
        if not _decoded(head, codec):
            continue
        text = _telling_line(_decoded(line, codec))
        if not any(unicodedata.category(c) in _NO_TEXT and c not in "\t\r" for c in text):
            offered.setdefault(text, name)
    return [(name, text) for text, name in offered.items()]


def _likely(sample: bytes) -> list[str]:
    """Return the likely encodings, the most likely first."""
    # Imported here because most files need no guess.
    from charset_normalizer import from_bytes

    matches = [match for match in from_bytes(sample, cp_isolation=list(_LABELS)) if match.chaos < _MOST_MESS]
    names = [name for match in matches for name in match.could_be_from_charset if name in _LABELS]
    if matches and names[0] in ("cp1250", "cp1254", "mac_roman"):
        # Windows-1252 is far more common, and differs from these in few letters.
        text = _decoded(sample, "cp1252")
        near = text == str(matches[0]) or (
            names[0] == "cp1250" and "cp1252" in names and not all(letter in text for letter in _NOT_WESTERN)
        )
        if text and near:
            names.insert(0, "cp1252")
    return names


def _decoded(sample: bytes, encoding: str) -> str:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _sample(data: bytes) -> bytes:
    """Return lines that aren't plain ASCII, up to _SAMPLE bytes of them."""
    lines: list[bytes] = []
    size, start = 0, 0
    while size < _SAMPLE and (found := _HIGH.search(data, start)):
        begin = max(data.rfind(b"\n", start, found.start()) + 1, found.start() - _LINE, start)
        end = data.find(b"\n", found.start(), found.start() + _SAMPLE)
        start = len(data) if end < 0 and found.start() + _SAMPLE >= len(data) else end + 1
        if start == 0:  # a very long line: cut it where no character continues
            start = max(data.rfind(b" ", found.start(), found.start() + _SAMPLE), found.start()) + 1
        lines.append(data[begin:start])
        size += start - begin
    return b"".join(lines)


def _is_broken_utf8(data: bytes) -> bool:
    """Whether most non-ASCII bytes are valid UTF-8; then a few bytes are damaged, and guessing doesn't help."""
    text = data.decode("utf-8", "surrogateescape")
    damaged = sum("\udc80" <= c <= "\udcff" for c in text)
    good = sum(c > "\x7f" for c in text) - damaged
    return good > damaged


def _utf16(data: bytes) -> Guess | None:
    """Return the text of UTF-16 without a byte order mark, if it contains only letters, symbols and line ends."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        head = text[:_SAMPLE]
        plain = sum(c in " \n\u3000，。" or (c.isascii() and c.isalnum()) for c in head)
        odd = sum(unicodedata.category(c) in _NO_TEXT and c not in "\t\n\v\f\r\x1a\x85" for c in head)
        if plain and not odd:
            return Guess(text, "UTF-16", _telling_line(text))
    return None


def _telling_line(text: str) -> str:
    """Return the first line with a character that differs in another encoding."""
    at = next((at for at, c in enumerate(text[:_SAMPLE]) if c > "\x7f"), 0)
    lines = text[max(at - _LONGEST_SHOWN, 0) : at + _LONGEST_SHOWN].splitlines()
    return next((line for line in lines if not line.isascii()), next(filter(str.strip, lines), ""))
