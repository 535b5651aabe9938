"""The words of a line as they are spoken, and their letters."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from poetbot.verse.spoken_numbers import NUMBER

_QUOTES = str.maketrans("\u2019\u2018\u02bc\u0060\u00b4", "'''''")
_LETTERS = r"(?:[^\W_][\u0300-\u036f]*)+"
_WORD = re.compile(
    rf"(?<![^\W_])'?{NUMBER}|[nN]o\.(?=[ ]?\d)|[&@%]|(?<=\s)[+=](?=\s)|'?{_LETTERS}(?:'{_LETTERS})*'?"
)
_OPENING = re.compile(
    r"'(?:t(?:is|was|were|will|wixt|ween)|gainst|mong(?:st)?|midst?|neath|scape|bove|bout|em|fore|gan|cause|pon|round|stead|til)$"
)
_CLOSING = re.compile(r"(?:th|t|o|i|tho|thro|altho|[a-z]{2,}in)'$")
_SIMPLE = re.compile(r"[a-z]+")
_NOT_SIMPLE = re.compile(r"[^a-z\s,.;:!?\"_-]")
_NOTE_NUMBER = re.compile(r"(?<=[^\W\d_]{3})(?:\d{1,3}|[\u00b9\u00b2\u00b3\u2070-\u2079]+)(?![^\W_])")
_CHORD = r"[A-G][#b\u266d\u266f]?(?:maj|min|m|dim|aug|sus|add)?\d{0,2}(?:/[A-G][#b\u266d\u266f]?)?"
_AGAIN = r"(?i:x ?\d{1,2}|\d{1,2} ?x|once|twice|thrice|(?:two|three|four|\d) times|bis|repeat|refrain|chorus)"
# [1], [Am] and (Am) anywhere; (twice) and similar notes only at the end, where they are not words of the poem.
_NOTE = re.compile(rf"\[(?:\d{{1,3}}|\*|{_CHORD})\]|\({_CHORD}\)(?!\w)")
_LAST_NOTE = re.compile(rf"[\[(](?:{_AGAIN}|{_CHORD}|\d{{1,4}})[\])]$|(?<=\S)(?: {{3,}}| *\t\s*)\d{{1,4}}$")
_LONGEST_NOTE = 40
_POINTS = '.,;:!?"([-_\u2014\u2013\u2026\u201c\u201d'
_LONGEST_TAIL = 120  # characters at the end of a line in which its last word is searched first
_GROUPS = re.compile(r"[aeiouy]+")


class Word(NamedTuple):
    """A spoken word and its position: `start` and `end` are code points of the given line."""

    text: str
    start: int
    end: int


def words_of(line: str) -> list[Word]:
    """Return the words of a line in lower case. Hyphens separate words; quotation marks do not belong to them.

    An apostrophe at either end belongs to the word if it replaces letters, as in 'tis, th' and goin'.
    """
    text = without_notes(line).translate(_QUOTES)
    found = []
    for match in _WORD.finditer(text):
        word, start, end = match[0].lower(), match.start(), match.end()
        if word[0] == "'" and not word[1:2].isdecimal() and not _OPENING.match(word):
            word, start = word[1:], start + 1
        if word[-1] == "'" and not _CLOSING.search(word):
            word, end = word[:-1], end - 1
        if word:
            found.append(Word(word, start, end))
    return found


def spoken(line: str) -> list[str]:
    """Return the words of a line without their positions."""
    lower = line.lower()
    if line.isascii() and not _NOT_SIMPLE.search(lower) and "no." not in lower:
        return _SIMPLE.findall(lower)
    return [word.text for word in words_of(line)]


def without_notes(line: str) -> str:
    """Return a line with spaces for what is not spoken: chords, numbers of notes and lines, *(twice)*."""
    if line.isascii() and line.replace(" ", "").isalpha():
        return line
    line = _NOTE_NUMBER.sub(_blanked, _NOTE.sub(_blanked, line))
    kept = len(line.rstrip(" \t\r\n.,;:!?/|*\u2014\u2013"))
    start = max(0, kept - _LONGEST_NOTE)
    if (last := _LAST_NOTE.search(line[start:kept])) and line[: start + last.start()].strip():
        return line[: start + last.start()] + " " * (len(line) - start - last.start())
    return line


def _blanked(match: re.Match[str]) -> str:
    return " " * len(match[0])


@lru_cache(maxsize=20_000)
def plain(word: str) -> tuple[str, bool]:
    """Return a word without accents, and whether its -ed is marked as pronounced (*learnèd*)."""
    if word.isascii():
        return word, False
    sounded = unicodedata.normalize("NFC", word)[-2:] in ("èd", "éd", "ëd")
    parts = unicodedata.normalize("NFKD", word.replace("æ", "ae").replace("œ", "oe").replace("ß", "ss"))
    return "".join(c for c in parts if not unicodedata.combining(c)), sounded


def vowel_groups(word: str) -> int:
    """Return the number of runs of the letters a e i o u y in a word."""
    return len(_GROUPS.findall(word))


def last_word(line: str) -> str:
    """Return the last word of a line, or "" if it has none, in constant time."""
    tail = line[-_LONGEST_TAIL:].rstrip()
    at = max(tail.rfind(" "), tail.rfind("\n"))
    plainly = tail[at + 1 :].strip(_POINTS)
    if at >= 0 and plainly.isascii() and plainly.isalpha():
        return plainly.lower()
    if len(line) > _LONGEST_TAIL and (at := tail.find(" ")) >= 0 and (words := words_of(tail[at:])):
        return words[-1].text
    words = words_of(line)
    return words[-1].text if words else ""
