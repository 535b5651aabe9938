"""The pronunciation of words that neither the dictionary nor the inflection rules know, by analogy with similar endings.

A word has as many syllables as it has runs of the letters a e i o u y, plus the correction that most of the nearest
listed words need. These are at least three, those that share the longest ending with it. It ends in the sound that
most of the very nearest end in, and begins like the listed words with the same beginning. This is pronunciation by
analogy (Dedina & Nusbaum 1991, Computer Speech & Language 5, 55-64) on the ends of words only, which matter for rhyme.
`benchmarks/verse.py` measures it on words of the dictionary itself.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from poetbot.verse.dictionary import Phones, all_words, is_vowel, listed, syllable_count
from poetbot.verse.word_letters import vowel_groups

_FEWEST = 3  # neighbours; more change little (92.4 % of words right with 1, 93.1 with 3, 93.0 with 5)
_REACH = 24  # words examined on either side in the order of endings


@lru_cache(maxsize=1)
def _by_ending() -> list[str]:
    """Return all listed words reversed and sorted, so that words with the same ending are adjacent."""
    return sorted(word[::-1] for word in all_words() if word.isascii() and word.isalpha())


@lru_cache(maxsize=1)
def _by_beginning() -> list[str]:
    return sorted(word for word in all_words() if word.isascii() and word.isalpha())


def guessed(word: str, *, unlisted: bool = True) -> Phones:
    """Return the guessed pronunciation of a word with at least one letter a to z, in lower case.

    The number of vowels, the first consonants and everything from the last stressed vowel on are meaningful; the rest
    is filled with weak vowels. With `unlisted` false the word is not its own neighbour, which is how the rule is
    measured.
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
    """Return the phones from the last stressed vowel on."""
    for at in range(len(phones) - 1, -1, -1):
        if phones[at][-1] in "12":
            return phones[at:]
    return phones


def _neighbours(ordered: Sequence[str], word: str, fewest: int, *, itself: bool) -> list[str]:
    """Return the words of `ordered` that share the longest beginning with `word` that at least `fewest` share."""
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
    """Return the length of the common prefix of two words."""
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
