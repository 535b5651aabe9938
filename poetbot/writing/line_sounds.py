"""The syllables and the rhyme letter of each line of a poem, as shown next to it on the page."""

from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from poetbot.cjk import is_mostly_cjk
from poetbot.verse.marks import CHINESE_FARTHEST, is_chinese, is_heard
from poetbot.verse.rhyme import Rhyme
from poetbot.verse.scheme import letter_name, letters_of, rhyme_letters
from poetbot.writing.word_sounds import ChineseSounds, CjkSounds, EnglishSounds, UnknownSounds


class LineSounds(TypedDict):
    """The syllables of a line, or its characters, and its rhyme letter; "" if it rhymes with no other line."""

    syllables: int
    letter: str


def line_sounds(text: str, sounds: EnglishSounds | CjkSounds) -> list[LineSounds | None] | None:
    """Return the sounds of each line of a poem, None for a line without words. `sounds` are those of its poet.

    The rhymes are A, B, … in the order in which they appear. Returns None for a language whose sounds aren't known.
    """
    found = _sounds_of_text(text, sounds)
    if found is None:
        return None
    lines = text.split("\n")
    counts = [found.syllables(line) for line in lines]
    letters = _letters_of_rhymes(_letters(lines, found))
    return [
        LineSounds(syllables=count, letter=letter) if count else None
        for count, letter in zip(counts, letters, strict=True)
    ]


def _sounds_of_text(text: str, sounds: EnglishSounds | CjkSounds) -> EnglishSounds | CjkSounds | None:
    """Return the sounds for a text, which needn't be in the language of its poet."""
    if isinstance(sounds, CjkSounds) and not isinstance(sounds, UnknownSounds):
        return sounds if is_mostly_cjk(tuple(text)) else None
    if is_chinese(text):
        return ChineseSounds(())
    return sounds if isinstance(sounds, EnglishSounds) and is_heard(text) else None


def _letters(lines: Sequence[str], sounds: EnglishSounds | CjkSounds) -> list[str]:
    if isinstance(sounds, EnglishSounds):
        return rhyme_letters(lines)
    if not isinstance(sounds, ChineseSounds):
        return [""] * len(lines)

    def rhyme(one: str, other: str) -> Rhyme | None:
        return Rhyme.PERFECT if sounds.rhyme(one, other) else None

    return letters_of([line.strip() for line in lines], rhyme, CHINESE_FARTHEST, CHINESE_FARTHEST)


def _letters_of_rhymes(letters: Sequence[str]) -> list[str]:
    """Return the letters without those of a single line, named again from A."""
    lines = Counter(letters)
    rhymes = [letter for letter in dict.fromkeys(letters) if letter and lines[letter] > 1]
    names = {letter: letter_name(number) for number, letter in enumerate(rhymes)}
    return [names.get(letter, "") for letter in letters]
