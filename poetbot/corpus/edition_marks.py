"""Remove what an edition adds to a poem: line numbers, and marks of italics and of footnotes."""

import re

_NUMBERED = re.compile(r"(?m)^(.*\S)(?: {2,}|\t+)[_\[(]?\d{0,3}[05][\])]?$")
_ITALICS = re.compile(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")
# Each pattern begins with the sign itself: this makes a search ten times as fast as beginning with what precedes the sign.
# A mark follows its word without a space; a longer word in brackets belongs to the poem.
_NOTE_MARK = re.compile(
    r"[\[［〔{](?<=[^\s\[({].)(?:"
    r"(?<!\{)(?:(?:note |nb? )?\d{1,3}|[A-Z]|[一二三四五六七八九十]{1,3}|citation needed)[\]］〕]"
    r"|(?<=\{)\d{1,3}\})"
)
# After punctuation or a word; the exponents in m² and mc² aren't marks.
_RAISED = re.compile(
    r"[¹²³⁰⁴-⁹①-⑳](?:(?<=\S[①-⑳])|(?<![①-⑳])(?:(?<=[.,;:!?…’”」』，。；：！？].)|(?<=[^\W\d_]{3}.))"
    r"[¹²³⁰⁴-⁹]{0,2}(?!\w))"
)
_NOTE_SIGN = re.compile(r"(?m)^([^*†‡\n]*[^\s*†‡])[*†‡]{1,3}$")


def without_margin_numbers(text: str) -> str:
    """Return verse without its line numbers: multiples of five, set apart at the ends of lines."""
    return _NUMBERED.sub(r"\1", text)


def without_italics(text: str) -> str:
    """Return verse without the `_` that Project Gutenberg's plain texts put around italics."""
    return _ITALICS.sub("", text)


def without_note_marks(text: str) -> str:
    """Return verse without footnote marks: `[1]`, `[A]`, `{2}`, `¹`, `①`, and `*` or `†` at the end of a line."""
    if not text.isascii():
        text = _RAISED.sub("", text)
    if any(bracket in text for bracket in "[{［〔"):
        text = _NOTE_MARK.sub("", text)
    if "*" in text or "†" in text or "‡" in text:
        text = _NOTE_SIGN.sub(r"\1", text)
    return text
