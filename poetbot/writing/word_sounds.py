"""What a poet's words sound like, as far as forms ask: syllables, rhymes, and which words it may use for them.

English is heard with `poetbot.verse`. A poet whose letters are mostly Chinese, Japanese or Korean signs is counted by
signs, a syllable each; Chinese ones rhyme by the readings of today. Of another language nothing is heard.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from poetbot.errors import PoetBotError
from poetbot.overlap import words as overlap_words
from poetbot.verse import Rhyme, last_word, line_syllables, listed, syllables, word_rhyme
from poetbot.verse.chinese import HAN, character_rhyme, readings
from poetbot.verse.dictionary import all_words
from poetbot.verse.rhyme import endings
from poetbot.writing.lexicon import Lexicon

_ENGLISH = 0.8
"""Share of what a poet has read that the dictionary lists, from which on it is English. It is 0.95 of the English verse
in `weights/`, and 0.63, 0.55, 0.53 and 0.01 of a book of verse in Spanish, French, German and Russian."""

_FOREIGN = 0.02
"""Share of kana or Hangul among a poet's signs, up to which it is one of Chinese that has met a few."""

_FEWEST_READ = 500  # words, for that share to mean something
_ENOUGH_WORDS = 5_000
"""Of a poet that has read more different words, those read once are left out: many are slips of a printer."""


def _no_rhyme() -> PoetBotError:
    return PoetBotError(
        "Rhymes work only with English and Chinese poets. Remove the rhyme scheme from the form."
    )


class EnglishSounds:
    """English, with the words a poet has read (`counts`: how often) to rhyme with; all of a dictionary's without."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        least = 2 if len(counts) > _ENOUGH_WORDS else 1
        self._often: Sequence[str] = [word for word, count in counts.items() if count >= least] or all_words()

    def syllables(self, line: str) -> int:
        """Return how many syllables a line has, each word as it is usually said."""
        return line_syllables(line)

    def rhyme(self, one: str, other: str) -> bool:
        """Say whether two lines end in a perfect rhyme; the same word twice is none."""
        return word_rhyme(last_word(one), last_word(other)) is Rhyme.PERFECT

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words whose sound a dictionary knows, with their syllables."""
        return Lexicon((word for word in self._often if listed(word)), syllables)

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the words of the lexicon that rhyme perfectly with all these lines, and end none of them."""
        found: frozenset[str] | None = None
        lasts = {last_word(line) for line in lines}
        for last in lasts:
            rhyming = frozenset(
                word for end in endings(last) for word in self._by_ending.get((end.vowel, end.rest), ())
            )
            found = rhyming if found is None else found & rhyming
        return (found or frozenset()) - lasts

    @cached_property
    def _by_ending(self) -> dict[tuple[str, tuple[str, ...]], list[str]]:
        by_ending = defaultdict(list)
        for word in self.lexicon.words:
            for end in endings(word):
                by_ending[end.vowel, end.rest].append(word)
        return by_ending


def is_english(counts: Mapping[str, int]) -> bool:
    """Say whether a poet writes English, by how often it has read which words; a poet that has read little does."""
    total = sum(counts.values())
    return total < _FEWEST_READ or sum(n for word, n in counts.items() if listed(word)) >= _ENGLISH * total


def is_chinese(characters: Iterable[str]) -> bool:
    """Say whether a poet whose letters are signs writes Chinese: it knows no kana and no Hangul, or hardly any."""
    known = list(characters)
    chinese = sum(map(bool, map(HAN.fullmatch, known)))
    return (
        sum("\u3041" <= each <= "\u30ff" or "\uac00" <= each <= "\ud7a3" for each in known)
        <= _FOREIGN * chinese
    )


class CjkSounds:
    """Japanese and Korean: every sign is a syllable. Nobody has said yet which of them rhyme."""

    lexicon = None

    def syllables(self, line: str) -> int:
        """Return how many signs a line has."""
        return len(overlap_words(line))

    def rhyme(self, one: str, other: str) -> bool:
        """Raise PoetBotError."""
        raise _no_rhyme()

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Raise PoetBotError."""
        raise _no_rhyme()


class ChineseSounds(CjkSounds):
    """Chinese, with the characters that a poet knows to rhyme with.

    Rhymes are those of `verse.chinese`: the last characters of the lines share one of the fourteen rhymes of today, both
    level or both oblique. A line that is made to rhyme does so by the commonest reading of each character.
    """

    def __init__(self, characters: Iterable[str]) -> None:
        self._known = [each for each in characters if HAN.fullmatch(each)]

    def rhyme(self, one: str, other: str) -> bool:
        """Say whether two lines rhyme; the same character twice is no rhyme."""
        a, b = HAN.findall(one), HAN.findall(other)
        return bool(a and b) and character_rhyme(a[-1], b[-1]) is Rhyme.PERFECT

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the characters that rhyme with all these lines, and end none of them."""
        ends = {found[-1] for line in lines if (found := HAN.findall(line))}
        sounds = [_sound(end) for end in ends]
        if not sounds or None in sounds or len(set(sounds)) > 1:
            return frozenset()
        return self._by_sound.get(sounds[0], frozenset()) - ends

    @cached_property
    def _by_sound(self) -> dict[tuple[str, bool] | None, frozenset[str]]:
        by_sound = defaultdict(set)
        for character in self._known:
            by_sound[_sound(character)].add(character)
        return {sound: frozenset(characters) for sound, characters in by_sound.items()}


def _sound(character: str) -> tuple[str, bool] | None:
    """Return what a character rhymes on, as it is usually read: the rhyme, and whether its tone is level."""
    read = readings(character)
    return (read[0].rhyme, read[0].level) if read else None


class UnknownSounds(CjkSounds):
    """Any other language: neither syllables nor rhymes are known."""

    def syllables(self, line: str) -> int:
        """Raise PoetBotError."""
        raise PoetBotError(
            "Syllable counts work only with English and Chinese poets. Remove them from the form."
        )
