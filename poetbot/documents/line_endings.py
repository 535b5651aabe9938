"""Convert every kind of line end to LF: those of systems, word processors and Unicode.

A soft return (Shift+Enter) leaves a word processor as U+2028 or a vertical tab, mainframes write U+0085, and a file that was
converted twice has CR CR LF.
"""

import re

_RETURNS = re.compile(r"\r+\n?")
_SOFT = ("\v", "\f", "\x85", "\u2028", "\u2029")
_TO_LF = str.maketrans(dict.fromkeys(_SOFT, "\n"))


def with_line_feeds(text: str) -> str:
    r"""Return the text with every line end as LF: CRLF, CR, CR CR LF, VT, FF, U+0085, U+2028 and U+2029.

    Two in a row leave an empty line between them, a stanza break. Only a form feed next to another line end adds none,
    so that page breaks in a plain text file leave the numbers of its lines as they are.
    """
    text = with_newlines(text)
    if "\f" in text:
        text = text.replace("\f\n", "\n").replace("\n\f", "\n")
    return text.translate(_TO_LF) if any(end in text for end in _SOFT) else text


def with_newlines(text: str) -> str:
    """Return the text with CRLF, CR and CR CR LF as LF, the line ends of table rows; others stay."""
    if "\r" not in text:
        return text
    if "\r\r" not in text:
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return _RETURNS.sub(lambda found: "\n" if found[0][-1] == "\n" else "\n" * len(found[0]), text)
