"""The rule for lines in a metre: only what leads to a word whose stresses fit may be drawn, and the line ends with its metre.

Which words fit depends on the place in the line (`verse/scansion.py`). All words with the same stresses fit the same
places, and words with the same beginning are neighbours in a sorted list. So the words that fit are counted from the
beginning of the list, once for each place, and a unit may follow if the count rises among the words it leads to.

The rule goes behind `form_rules.Spelling` with the same words, which keeps out everything that isn't one of them.
"""

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from poetbot.poets.vocabulary import Vocabulary
from poetbot.verse.metre import usual_stresses
from poetbot.verse.scansion import Scansion
from poetbot.verse.word_letters import spoken
from poetbot.writing.form_rules import CLOSING, MOST_CLOSING, Logits, Mask
from poetbot.writing.lexicon import LAST, begun, casefolded

_CLOSING = "".join(CLOSING)
_MOST_PLACES = 1_024
_MOST_COUNTS = 64  # of 130 kB for 32,000 words
_MOST_KEPT = 20_000
Numbers = npt.NDArray[np.intp]
Counts = npt.NDArray[np.int32]


class Stresses:
    """The stresses of sorted words: `kinds` are all that occur, and `kind_of` `[words]` is the number of each word's."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        numbers: dict[tuple[str, ...], int] = {}
        self.kind_of: Numbers = np.array(
            [numbers.setdefault(usual_stresses(word), len(numbers)) for word in words], np.intp
        )
        self.kinds = tuple(numbers)
        self._ranges: dict[str, tuple[int, int]] = {}

    def range_of(self, beginning: str) -> tuple[int, int]:
        """Return the number of the first word with a beginning, and that behind the last one."""
        found = self._ranges.get(beginning)
        if found is None:
            if len(self._ranges) > _MOST_KEPT:
                self._ranges.clear()
            low = bisect_left(self.words, beginning)
            found = self._ranges[beginning] = low, bisect_left(self.words, beginning + LAST, low)
        return found


class MetreRule:
    """The line is written in a metre, from its `start` on.

    One rule serves many lines and several threads, and caches its results. A line whose typed beginning is already too
    long isn't constrained, and the rest of one that doesn't scan is kept as near to the metre as can be.
    """

    def __init__(self, vocabulary: Vocabulary, stresses: Stresses, start: Scansion) -> None:
        self._stresses = stresses
        self._units = [casefolded(unit) for unit in vocabulary.symbols]
        bare = [unit.lstrip(" ") for unit in self._units]
        self._newline = vocabulary.ids["\n"]
        self._inside: Mask = np.array([unit[:1].isalnum() or unit[:1] == "'" for unit in self._units])
        self._words: Mask = np.array([unit[:1].isalnum() for unit in bare])
        self._quotes: Mask = np.array(
            ["'" in unit and not word[:1].isalnum() for unit, word in zip(self._units, bare, strict=True)]
        )
        self._not_newline: Mask = np.array([unit != "\n" for unit in vocabulary.symbols])
        self._not_behind: Mask = np.array([not set(unit) <= CLOSING | {"\n"} for unit in vocabulary.symbols])
        ranges = [stresses.range_of(word) if word[:1].isalnum() else (0, 0) for word in bare]
        self._low, self._high = np.array(ranges, np.intp).T
        self._start = start
        self._kinds: dict[Scansion, Mask] = {}
        self._counts: dict[Scansion, Counts] = {}
        self._beginning: dict[Scansion, Mask] = {}

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid what doesn't lead to a word that fits, and an end before the metre is complete."""
        line = line[: len(line) - len(pending)]
        beginning = begun(line)
        place = self._start.after_all(spoken(line[: len(line) - len(beginning)]))
        if place.is_lost:
            return
        kept = (
            [number for number, unit in enumerate(self._units) if pending.startswith(unit)] if pending else []
        )
        free = logits[kept]
        if beginning:
            self._within(line, beginning, place, logits)
        else:
            self._between(line, place, logits)
        logits[kept] = free

    def _within(self, line: str, beginning: str, place: Scansion, logits: Logits) -> None:
        """Forbid what must not follow the beginning of a word."""
        low, high = self._stresses.range_of(beginning)
        fitting = self._counted(place)
        typed = fitting[low] == fitting[high]  # no word that fits begins like this
        for number in np.flatnonzero(self._inside & (logits > -np.inf)).tolist():
            first, end = self._stresses.range_of(beginning + self._units[number])
            known = first < end  # `Spelling` sees to letters that lead to no word
            fits = known and (typed or fitting[first] < fitting[end])
            if not fits and (known or self._units[number][0] == "'"):
                logits[number] = -np.inf
        whole = low == high or self._stresses.words[low] == beginning
        if whole and (typed or fitting[low] < fitting[low + 1]):
            between = np.where(self._inside, -np.inf, logits)
            self._between(line, place.after(beginning), between)
            logits[~self._inside] = between[~self._inside]
        else:
            logits[~self._inside] = -np.inf

    def _between(self, line: str, place: Scansion, logits: Logits) -> None:
        """Forbid what must not follow a whole word, or the beginning of the line."""
        if not place.may_go_on:  # also behind a typed word that is too long
            enough = len(line) - len(line.rstrip(_CLOSING)) >= MOST_CLOSING
            logits[self._not_newline if enough else self._not_behind] = -np.inf
            return
        mask = self._beginning.get(place)
        if mask is None:
            if len(self._beginning) > _MOST_PLACES:
                self._beginning.clear()
            fitting = self._counted(place)
            mask = self._quotes | (self._words & (fitting[self._low] == fitting[self._high]))
            mask[self._newline] = not place.may_end
            self._beginning[place] = mask
        logits[mask] = -np.inf

    def _counted(self, place: Scansion) -> Counts:
        """Return how many of the first words fit a place `[words + 1]`."""
        counts = self._counts.get(place)
        if counts is None:
            if len(self._counts) > _MOST_COUNTS:
                self._counts.clear()
            counts = np.zeros(len(self._stresses.kind_of) + 1, np.int32)
            np.cumsum(self._fitting_kinds(place)[self._stresses.kind_of], out=counts[1:])
            self._counts[place] = counts
        return counts

    def _fitting_kinds(self, place: Scansion) -> Mask:
        kinds = self._kinds.get(place)
        if kinds is None:
            if len(self._kinds) > _MOST_PLACES:
                self._kinds.clear()
            kinds = np.array([place.takes(ways) for ways in self._stresses.kinds], np.bool_)
            self._kinds[place] = kinds
        return kinds
