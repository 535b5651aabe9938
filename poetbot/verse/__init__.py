"""The ear: how English verse sounds. Syllables, rhyme and its scheme."""

from poetbot.verse.dictionary import Phones, listed
from poetbot.verse.letters import Word, last_word, words_of
from poetbot.verse.rhyme import Rhyme, rhyme, word_rhyme
from poetbot.verse.scheme import rhyme_letters, rhyme_scheme
from poetbot.verse.sounds import (
    line_syllables,
    possible_line_syllables,
    possible_syllables,
    pronunciations,
    syllables,
)

__all__ = [
    "Phones",
    "Rhyme",
    "Word",
    "last_word",
    "line_syllables",
    "listed",
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
