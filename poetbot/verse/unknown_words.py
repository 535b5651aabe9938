"""How a word sounds that no dictionary and no rule of inflection knows: by analogy with words that end alike.

The rule. A word has as many syllables as it has runs of the letters a e i o u y, corrected by what the listed words
with the same ending need: the three nearest or more, by the longest ending that so many share, and the correction
that most of them need. It ends in the sound that most of the very nearest end in, and begins as the listed words do that begin
alike. This is pronunciation by analogy (Dedina & Nusbaum 1991, Computer Speech & Language 5, 55-64) on the ends of
words alone, which are what verse rhymes on. `benchmarks/verse.py` measures it on words of the dictionary itself.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from poetbot.verse.dictionary import Phones, all_words, is_vowel, listed, syllable_count
from poetbot.verse.word_letters import vowel_groups

_FEWEST = 3  # neighbours; more change little (92.4 % of words right with 1, 93.1 with 3, 93.0 with 5)
_REACH = 24  # words looked at on either side in the order of endings


@lru_cache(maxsize=1)
def _by_ending() -> list[str]:
    """Return all listed words spelt backwards, in order, so that words which end alike stand together."""
    return sorted(word[::-1] for word in all_words() if word.isascii() and word.isalpha())


@lru_cache(maxsize=1)
def _by_beginning() -> list[str]:
    return sorted(word for word in all_words() if word.isascii() and word.isalpha())


def guessed(word: str, *, unlisted: bool = True) -> Phones:
    """Return how a word of one small letter a to z or more would sound.

    The number of vowels, the first consonants and everything from the last stressed vowel on are meant; what stands
    between is filled up with weak vowels. With `unlisted` false the word itself is no neighbour of itself, which is
    how the rule is measured.
    """
    groups = vowel_groups(word)
    alike = _neighbours(_by_ending(), word[::-1], _FEWEST, itself=unlisted)
    needs = Counter(syllable_count(listed(each[::-1])[0]) - vowel_groups(each) for each in alike)
    syllables = max(1, groups + needs.most_common(1)[0][0])
    nearest = _neighbours(_by_ending(), word[::-1], 1, itself=unlisted)
    tails = Counter(_tail(listed(each[::-1])[0]) for each in nearest)
    tail = tails.most_common(1)[0][0]
    while syllable_count(tail) > syllables:
        tail = tail[1:]
    missing = syllables - syllable_count(tail)
    start = listed(_neighbours(_by_beginning(), word, 1, itself=unlisted)[0])[0]
    onset = start[: next((k for k, phone in enumerate(start) if is_vowel(phone)), 0)]
    return (*onset, *("AH0",) * missing, *tail)


def _tail(phones: Phones) -> Phones:
    """Return what follows from the last stressed vowel on."""
    for at in range(len(phones) - 1, -1, -1):
        if phones[at][-1] in "12":
            return phones[at:]
    return phones


def _neighbours(ordered: Sequence[str], word: str, fewest: int, *, itself: bool) -> list[str]:
    """Return the words of `ordered` that begin like `word`, `fewest` or more by the longest beginning they share."""
    at = bisect_left(ordered, word)
    around = [
        (_shared(other, word), other)
        for other in ordered[max(0, at - _REACH) : at + _REACH]
        if itself or other != word
    ]
    lengths = sorted((length for length, _ in around), reverse=True)
    enough = lengths[min(fewest, len(lengths)) - 1]
    return [other for length, other in sorted(around, key=lambda pair: -pair[0]) if length >= enough]


def _shared(one: str, other: str) -> int:
    """Return how many letters two words have in common at their beginning."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
