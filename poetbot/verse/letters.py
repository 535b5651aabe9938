"""The words of a line as the ear takes them, and the letters they are spelt with."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_QUOTES = str.maketrans("\u2019\u2018\u02bc\u0060\u00b4", "'''''")
_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"
_WORD = re.compile(rf"'?{_LETTERS}(?:'{_LETTERS})*'?")
_OPENING = re.compile(
    r"'(?:t(?:is|was|were|will|wixt|ween)|gainst|mong(?:st)?|midst?|neath|scape|bove|bout|em|fore|gan|cause|pon|round|stead|til)$"
)
_CLOSING = re.compile(r"(?:th|t|o|i|tho|thro|altho|[a-z]{2,}in)'$")
_SIMPLE = re.compile(r"[a-z0-9]+")
_POINTS = '.,;:!?"()[]-_\u2014\u2013\u2026\u201c\u201d'
_LONGEST_TAIL = 120  # characters at a line's end in which its last word is looked for first
_GROUPS = re.compile(r"[aeiouy]+")


class Word(NamedTuple):
    """A word as the ear takes it, and where it stands: `start` and `end` are code points of the line as given."""

    text: str
    start: int
    end: int


def words_of(line: str) -> list[Word]:
    """Return the words of a line in small letters. Hyphens part words; quotation marks are no part of one.

    An apostrophe at either end belongs to the word where it stands for letters, as in 'tis, th' and goin'.
    """
    text = line.translate(_QUOTES)
    found = []
    for match in _WORD.finditer(text):
        word, start, end = match[0].lower(), match.start(), match.end()
        if word[0] == "'" and not _OPENING.match(word):
            word, start = word[1:], start + 1
        if word[-1] == "'" and not _CLOSING.search(word):
            word, end = word[:-1], end - 1
        if word:
            found.append(Word(word, start, end))
    return found


def spoken(line: str) -> list[str]:
    """Return the same words without their places."""
    if line.isascii() and "'" not in line and "`" not in line:
        return _SIMPLE.findall(line.lower())
    return [word.text for word in words_of(line)]


@lru_cache(maxsize=20_000)
def plain(word: str) -> tuple[str, bool]:
    """Return a word without accents, and whether it says that its -ed is sounded (*learnèd*)."""
    if word.isascii():
        return word, False
    sounded = unicodedata.normalize("NFC", word)[-2:] in ("èd", "éd", "ëd")
    parts = unicodedata.normalize("NFKD", word.replace("æ", "ae").replace("œ", "oe").replace("ß", "ss"))
    return "".join(c for c in parts if not unicodedata.combining(c)), sounded


def vowel_groups(word: str) -> int:
    """Return how many runs of the letters a e i o u y a word has."""
    return len(_GROUPS.findall(word))


def last_word(line: str) -> str:
    """Return the last word of a line, "" where it has none. A long line takes no longer than a short one."""
    tail = line[-_LONGEST_TAIL:].rstrip()
    at = max(tail.rfind(" "), tail.rfind("\n"))
    plainly = tail[at + 1 :].strip(_POINTS)
    if at >= 0 and plainly.isascii() and plainly.isalpha():
        return plainly.lower()
    if at >= 0 and (words := words_of(tail[at:])):
        return words[-1].text
    words = words_of(line)
    return words[-1].text if words else ""
