"""A set of words that tells, letter by letter, how the beginning of a word can continue.

The words are sorted, so those with the same beginning are neighbours: the list works like a trie, without its nodes.
With syllables it also tells which letters lead to a word that is short enough.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

LAST = "\U0010ffff"
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")
_TAIL = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?\Z")
LONGEST = 80
"""Characters: no word of any lexicon is longer."""
_MOST_KNOWN = 50_000  # cached beginnings
NO_SYLLABLES = 99
"""More than any line has: for words that can't be counted, and where syllables don't matter."""

Numbers = npt.NDArray[np.int64]


class Lexicon:
    """Words in lower case, with ' as apostrophe. `syllables` counts those of a word, 0 if it can't."""

    def __init__(self, words: Iterable[str], syllables: Callable[[str], int] | None = None) -> None:
        self.words = sorted(set(words))
        self._syllables = syllables
        self._known: dict[tuple[str, int], tuple[frozenset[str], bool]] = {}

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        place = bisect_left(self.words, word)
        return place < len(self.words) and self.words[place] == word

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def counts(self) -> Numbers:
        """The syllables of each word `[words]`; NO_SYLLABLES if unknown."""
        count = self._syllables
        return np.array([(count(word) if count else 0) or NO_SYLLABLES for word in self.words], np.int64)

    def after(self, beginning: str, room: int = NO_SYLLABLES) -> tuple[frozenset[str], bool]:
        """Return the characters that can follow a beginning, and whether it is a word itself.

        Only words of at most `room` syllables count.
        """
        key = (beginning, room)
        known = self._known.get(key)
        if known is None:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            known = self._known[key] = self._after(beginning, room)
        return known

    def fewest_syllables(
        self, beginning: str, parts: Mapping[str, int], longest: int, room: int
    ) -> npt.NDArray[np.int8]:
        """Return for each numbered part the fewest syllables of a word that begins with the beginning and the part.

        Parts have at most `longest` letters. Where no word does, it is more than NO_SYLLABLES. With that `room`, syllables
        don't matter and aren't counted.
        """
        words, size = self.words, len(beginning)
        fewest = [NO_SYLLABLES + 1] * len(parts)
        low, high = bisect_left(words, beginning), bisect_left(words, beginning + LAST)
        counts = self.counts[low:high].tolist() if room < NO_SYLLABLES else [0] * (high - low)
        for word, count in zip(words[low:high], counts, strict=True):
            for end in range(size + 1, min(size + longest, len(word)) + 1):
                number = parts.get(word[size:end])
                if number is not None and count < fewest[number]:
                    fewest[number] = count
        return np.array(fewest, np.int8)

    def _after(self, beginning: str, room: int) -> tuple[frozenset[str], bool]:
        words, size = self.words, len(beginning)
        low, high = bisect_left(words, beginning), bisect_left(words, beginning + LAST)
        whole = low < high and words[low] == beginning
        following = []
        place = low + whole
        if whole and room < NO_SYLLABLES and self.counts[low] > room:
            whole = False
        while place < high:
            letter = words[place][size]
            end = bisect_left(words, beginning + letter + LAST, place, high)
            if room >= NO_SYLLABLES or self.counts[place:end].min() <= room:
                following.append(letter)
            place = end
        return frozenset(following), bool(whole)


def casefolded(text: str) -> str:
    """Return a text as words in a lexicon are written: case-folded, with plain apostrophes."""
    return text.casefold().translate(_APOSTROPHES)


def begun(line: str) -> str:
    """Return the unfinished word at the end of a line, as `casefolded` writes it, including an apostrophe after it."""
    return _tail(line[max(line.rfind(" ") + 1, len(line) - LONGEST) :])


@lru_cache(maxsize=_MOST_KNOWN)
def _tail(text: str) -> str:
    found = _TAIL.search(casefolded(text))
    return found[0] if found else ""
