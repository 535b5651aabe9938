"""What an edition adds to a poem and its writer never wrote: line numbers, marks of italics and of notes."""

import re

_NUMBERED = re.compile(r"(?m)^(.*\S)(?: {2,}|\t+)[_\[(]?\d{0,3}[05][\])]?$")
_ITALICS = re.compile(r"(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")
# A mark follows what it annotates without a space; a longer word in brackets is the poem's own.
_NOTE_MARK = re.compile(
    r"(?<=[^\s\[({])(?:[\[［〔](?:(?:note |nb? )?\d{1,3}|[A-Z]|[一二三四五六七八九十]{1,3}|citation needed)[\]］〕]"
    r"|\{\d{1,3}\})"
)
# Behind a mark of punctuation or a word: m² and mc² are none.
_RAISED = re.compile(
    r"(?:(?<=[.,;:!?…’”」』，。；：！？])|(?<=[^\W\d_]{3}))[¹²³⁰⁴-⁹]{1,3}(?!\w)|(?<=\S)[①-⑳]"
)
_NOTE_SIGN = re.compile(r"(?m)^([^*†‡\n]*[^\s*†‡])[*†‡]{1,3}$")


def without_margin_numbers(text: str) -> str:
    """Return verse without its editor's count of lines: multiples of five, set apart at the ends of lines."""
    return _NUMBERED.sub(r"\1", text)


def without_italics(text: str) -> str:
    """Return verse without the `_` in which Project Gutenberg's plain texts wrap what was printed in italics."""
    return _ITALICS.sub("", text)


def without_note_marks(text: str) -> str:
    """Return verse without the marks of footnotes: `[1]`, `[A]`, `{2}`, `¹`, `①`, and `*` or `†` at the end of a line."""
    if not text.isascii():
        text = _RAISED.sub("", text)
    if any(bracket in text for bracket in "[{［〔"):
        text = _NOTE_MARK.sub("", text)
    if "*" in text or "†" in text or "‡" in text:
        text = _NOTE_SIGN.sub(r"\1", text)
    return text
