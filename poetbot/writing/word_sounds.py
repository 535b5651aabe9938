"""The sounds of a poet's language, as far as forms need them: syllables, rhymes, and rhyming words.

English uses `poetbot.verse`. In Chinese, Japanese and Korean each character is a syllable, and Chinese characters rhyme
by a rhyme book, today's unless a form has another. For other languages nothing is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from poetbot.errors import PoetBotError
from poetbot.overlap import words as overlap_words
from poetbot.verse import Rhyme, last_word, line_syllables, listed, syllables, word_rhyme
from poetbot.verse.chinese import HAN
from poetbot.verse.dictionary import all_words, is_listed
from poetbot.verse.metre import scans
from poetbot.verse.rhyme import endings
from poetbot.verse.rhyme_books import RhymeClass, rhyme_book
from poetbot.writing.lexicon import Lexicon
from poetbot.writing.metre_rule import Stresses

_ENGLISH = 0.8
"""The share of words in the dictionary from which a poet counts as English. It is 0.95 for the English poets in
`weights/`, and 0.63, 0.55, 0.53 and 0.01 for books of verse in Spanish, French, German and Russian."""

_FOREIGN = 0.02
"""The share of kana and Hangul among a poet's characters up to which it counts as Chinese."""

_FEWEST_READ = 500  # words, for a meaningful share
_ENOUGH_WORDS = 5_000
"""For a poet that has read more different words, those read once are left out: many are printing errors."""


def _no_metre() -> PoetBotError:
    return PoetBotError("Only English poets write in metre. Set the metre of the form to none.")


def _no_rhyme() -> PoetBotError:
    return PoetBotError(
        "Rhymes work only with English and Chinese poets. Remove the rhyme scheme from the form."
    )


class EnglishSounds:
    """English. Rhyming words are those the poet has read (`counts`), or else all of the dictionary."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        least = 2 if len(counts) > _ENOUGH_WORDS else 1
        self._often: Sequence[str] = [word for word, count in counts.items() if count >= least] or all_words()

    def syllables(self, line: str) -> int:
        """Return the number of syllables of a line, with the usual pronunciation of each word."""
        return line_syllables(line)

    def scans(self, line: str, metre: str, feet: int) -> bool:
        """Return whether a line scans as a number of feet of a metre."""
        return scans(line, metre, feet)

    def rhyme(self, one: str, other: str) -> bool:
        """Return whether two lines end in a perfect rhyme. The same word twice doesn't count."""
        return word_rhyme(last_word(one), last_word(other)) is Rhyme.PERFECT

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words in the dictionary, with their syllables."""
        return Lexicon((word for word in self._often if listed(word)), syllables)

    @cached_property
    def stresses(self) -> Stresses:
        """The stresses of the words of the lexicon."""
        return Stresses(self.lexicon.words)

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the words of the lexicon that rhyme perfectly with all these lines and end none of them."""
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
    """Return whether a poet writes English, given the words it has read. With few words, it does."""
    total = sum(counts.values())
    return total < _FEWEST_READ or sum(n for word, n in counts.items() if is_listed(word)) >= _ENGLISH * total


def is_chinese(characters: Iterable[str]) -> bool:
    """Return whether a poet of CJK characters writes Chinese: it knows hardly any kana or Hangul."""
    known = list(characters)
    chinese = sum(map(bool, map(HAN.fullmatch, known)))
    return (
        sum("\u3041" <= each <= "\u30ff" or "\uac00" <= each <= "\ud7a3" for each in known)
        <= _FOREIGN * chinese
    )


class CjkSounds:
    """Japanese and Korean: every character is a syllable. Rhymes and metres aren't supported."""

    lexicon = None

    def syllables(self, line: str) -> int:
        """Return the number of characters of a line."""
        return len(overlap_words(line))

    def scans(self, line: str, metre: str, feet: int) -> bool:
        """Raise PoetBotError."""
        raise _no_metre()

    def rhyme(self, one: str, other: str) -> bool:
        """Raise PoetBotError."""
        raise _no_rhyme()

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Raise PoetBotError."""
        raise _no_rhyme()


class ChineseSounds(CjkSounds):
    """Chinese. Rhyming characters are those the poet knows.

    Two lines rhyme if their last characters share a rhyme and a tone in a rhyme book, in any reading. A line that must
    rhyme does so by the usual readings.
    """

    def __init__(self, characters: Iterable[str], book: str = "xinyun") -> None:
        self._known = [each for each in characters if HAN.fullmatch(each)]
        self.book = rhyme_book(book)

    def rhyme(self, one: str, other: str) -> bool:
        """Return whether two lines rhyme. The same character twice doesn't count."""
        a, b = HAN.findall(one), HAN.findall(other)
        return (
            bool(a and b)
            and a[-1] != b[-1]
            and not self.book.rhymes(a[-1]).isdisjoint(self.book.rhymes(b[-1]))
        )

    def rhymes_of(self, lines: Iterable[str]) -> frozenset[str]:
        """Return the characters that rhyme with all these lines and end none of them."""
        ends = {found[-1] for line in lines if (found := HAN.findall(line))}
        if not ends:
            return frozenset()
        shared = frozenset.intersection(*(self.book.usual(end) for end in ends))
        return frozenset[str]().union(*(self._by_rhyme[rhyme] for rhyme in shared)) - ends

    @cached_property
    def _by_rhyme(self) -> Mapping[RhymeClass, frozenset[str]]:
        by_rhyme = defaultdict(set)
        for character in self._known:
            for rhyme in self.book.usual(character):
                by_rhyme[rhyme].add(character)
        return defaultdict(frozenset, {rhyme: frozenset(those) for rhyme, those in by_rhyme.items()})


class UnknownSounds(CjkSounds):
    """Any other language, where neither syllables nor rhymes are known."""

    def syllables(self, line: str) -> int:
        """Raise PoetBotError."""
        raise PoetBotError(
            "Syllable counts work only with English and Chinese poets. Remove them from the form."
        )
