"""The sounds of English and Chinese verse: syllables, metre, rhyme and rhyme scheme, alliteration, repetition."""

from poetbot.verse.chinese import character_rhyme, chinese_rhyme
from poetbot.verse.dictionary import Phones, listed
from poetbot.verse.marks import Mark, Measured, marks, measured
from poetbot.verse.metre import Metre, PoemMetre, metre, metre_of
from poetbot.verse.rhyme import Rhyme, rhyme, word_rhyme
from poetbot.verse.scheme import rhyme_letters, rhyme_scheme
from poetbot.verse.sounds import (
    line_syllables,
    possible_line_syllables,
    possible_syllables,
    pronunciations,
    syllables,
)
from poetbot.verse.word_letters import Word, last_word, words_of

__all__ = [
    "Mark",
    "Measured",
    "Metre",
    "Phones",
    "PoemMetre",
    "Rhyme",
    "Word",
    "character_rhyme",
    "chinese_rhyme",
    "last_word",
    "line_syllables",
    "listed",
    "marks",
    "measured",
    "metre",
    "metre_of",
    "possible_line_syllables",
    "possible_syllables",
    "pronunciations",
    "rhyme",
    "rhyme_letters",
    "rhyme_scheme",
    "syllables",
    "word_rhyme",
    "words_of",
]
