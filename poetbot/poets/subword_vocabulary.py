"""Converts between subwords and ids. A subword is a unit of at most 32 characters.

Byte-pair encoding (Sennrich, Haddow and Birch 2016, arXiv:1508.07909), over characters: a text is split into words, each
with the space before it, and within a word the most frequent pairs are merged, in the order in which they were learned.
Every character of the corpus is a unit too, so any text of them can be read. A line end is always a separate unit, and
the poem marker is one unit. The spaces of an indentation are separate from the first word, so that this word is the
same unit at the beginning of every line.

In training, merges are left out at random (BPE-dropout: Provilkov, Emelianenko and Voita 2020, arXiv:1910.13267), so
that the network sees words split anywhere, as in the seed of a user.
"""

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.errors import PoetBotError
from poetbot.poem import MARK, MARKER
from poetbot.poets.vocabulary import MAX_SIZE, PRIMING_CHARACTERS, Ids, Vocabulary

LEVEL = "subwords"
LONGEST = 32
"""Maximum length of a unit, in characters."""

FEWEST_CHARACTERS = 300_000
"""Minimum size of a corpus from which subwords are learned. In a smaller one most of them would be too rare."""

_WORDS = re.compile(r"\+\+\+\+\n|\n|^ +|[ ]?\w+(?:['’]\w+)*|[ ]?[^\w\s]+|\s", re.MULTILINE)
_LONGEST_WORD = 100
"""Maximum number of characters merged at a time: merging takes quadratic time, and a row of dots may be very long."""
_MOST_KEPT = 200_000  # words whose units are cached
_MOST_PENDING = 1_000
_WAYS = 16  # of splitting one word, in one epoch

_Pair = tuple[int, int]


def _damaged() -> PoetBotError:
    return PoetBotError(
        "The subwords are damaged or from another program. Get the poet again from its source."
    )


class Subwords(Vocabulary):
    """The units a poet knows, in the order of their ids, and the merged pairs of ids in the order they were learned.

    Raises PoetBotError for a unit that is neither a character, the poem marker nor the result of a merge.
    """

    def __init__(self, units: Iterable[str], merges: Iterable[Sequence[int]]) -> None:
        self.units = tuple(units)
        self.characters = tuple(unit for unit in self.units if len(unit) == 1)
        self.merges = tuple((first, second) for first, second in merges)
        if not 0 < len(self.units) <= MAX_SIZE or len(self.merges) > MAX_SIZE:
            raise PoetBotError(
                "A poet can know 1 to {most:,} subwords, not {given:,}.", most=MAX_SIZE, given=len(self.units)
            )
        self.ids = {unit: number for number, unit in enumerate(self.units)}
        self._joined = self._checked_merges()
        self.marker = self.ids[MARKER]
        self._known: dict[str, tuple[int, ...]] = {MARKER: (self.marker,)}
        self._beginning: dict[str, npt.NDArray[np.bool_]] = {}

    def _checked_merges(self) -> dict[_Pair, tuple[int, int]]:
        """Return the rank and the resulting id of each pair."""
        joined: dict[_Pair, tuple[int, int]] = {}
        known = set()
        for rank, (first, second) in enumerate(self.merges):
            if not (0 <= first < len(self.units) and 0 <= second < len(self.units)):
                raise _damaged()
            result = self.ids.get(self.units[first] + self.units[second])
            if result is None or (first, second) in joined:
                raise _damaged()
            joined[first, second] = rank, result
            known.add(result)
        for number, unit in enumerate(self.units):
            whole = len(unit) == 1 or unit == MARKER
            if not whole and (number not in known or len(unit) > LONGEST or "\n" in unit or MARK in unit):
                raise _damaged()
        if len(self.ids) != len(self.units) or MARKER not in self.ids:
            raise _damaged()
        return joined

    @property
    def symbols(self) -> tuple[str, ...]:
        """The units."""
        return self.units

    def __len__(self) -> int:
        return len(self.units)

    def piece(self, number: int, after: str) -> str:
        """Return the text of an id, which is the same after any text."""
        return self.units[number]

    def text_of(self, ids: Iterable[int]) -> str:
        """Return the text of `ids`."""
        return "".join(self.units[number] for number in ids)

    @cached_property
    def lengths(self) -> Ids:
        """The characters of each unit `[ids]`."""
        return np.array([len(unit) for unit in self.units], np.int32)

    def grown(self, characters: Iterable[str]) -> "Subwords":
        """Return these subwords with more characters appended. All ids stay the same."""
        return Subwords([*self.units, *characters], self.merges)

    word_pattern = _WORDS.pattern
    """The regular expression of a word, for other programs. Its `^` is the beginning of a line."""

    @staticmethod
    def words_of(text: str) -> list[str]:
        """Return the words that a text is split into, including line ends and markers. No unit spans two of them."""
        return _WORDS.findall(text)

    @staticmethod
    def from_json(data: Any) -> "Subwords":
        """Create a vocabulary from the result of `as_json`. Raises PoetBotError for anything else."""
        if not isinstance(data, dict) or set(data) != {"level", "units", "merges"}:
            raise _damaged()
        units, merges = data["units"], data["merges"]
        if data["level"] != LEVEL or not isinstance(units, list) or not isinstance(merges, list):
            raise _damaged()
        if not all(isinstance(unit, str) and unit for unit in units):
            raise _damaged()
        if not all(
            isinstance(pair, list) and len(pair) == 2 and all(type(number) is int for number in pair)
            for pair in merges
        ):
            raise _damaged()
        return Subwords(units, merges)

    def as_json(self) -> dict[str, object]:  # type: ignore[override]
        """Return plain data for vocabulary.json."""
        return {"level": LEVEL, "units": list(self.units), "merges": [list(pair) for pair in self.merges]}

    def ids_of(self, text: str) -> Ids:
        """Return the ids of a text at the beginning of a line, each word in its canonical units; -1 for an unknown character."""
        known, found = self._known, list[int]()
        if len(known) > _MOST_KEPT:
            known.clear()
            known[MARKER] = (self.marker,)
        for word in _WORDS.findall(text):
            ids = known.get(word)
            if ids is None:
                ids = self._units_of(word)
                if len(word) <= _LONGEST_WORD:
                    known[word] = ids
            found += ids
        return np.array(found, dtype=np.int32)

    def ids_after(self, before: str, text: str) -> Ids:
        """Return the ids of a text that follows another, of which only the end of the last line matters."""
        if not before or before[-1] == "\n" or not before[before.rfind("\n") + 1 :].strip(" "):
            return self.ids_of(text)
        return self.ids_of("." + text)[len(self.ids_of(".")) :] if text[:1] == " " else self.ids_of(text)

    def perturbed(self, texts: Sequence[str], dropout: float, rng: np.random.Generator) -> list[Ids]:
        """Return the ids of texts that begin lines, with each merge left out with this probability.

        Each word has a few random splits, drawn again at each call.
        """
        ways: dict[str, list[tuple[int, ...]]] = {}
        perturbed = []
        for text in texts:
            words = _WORDS.findall(text)
            found: list[int] = []
            for word, draw in zip(words, rng.random(len(words)).tolist(), strict=True):
                units = ways.setdefault(word, [])
                way = int(draw * _WAYS)
                if way >= len(units):  # the first few uses of a word create its splits
                    way = len(units)
                    units.append(self._units_of(word, dropout, rng))
                found += units[way]
            perturbed.append(np.array(found, dtype=np.int32))
        return perturbed

    def _units_of(
        self, word: str, dropout: float = 0.0, rng: np.random.Generator | None = None
    ) -> tuple[int, ...]:
        """Merge the characters of a word, beginning with the pair that was learned first."""
        if word == MARKER:
            return (self.marker,)
        if len(word) > _LONGEST_WORD:
            parts = (word[begin : begin + _LONGEST_WORD] for begin in range(0, len(word), _LONGEST_WORD))
            return tuple(unit for part in parts for unit in self._units_of(part, dropout, rng))
        units = [self.ids.get(character, -1) for character in word]
        while len(units) > 1:
            pairs = [
                (*self._joined[pair], place)
                for place, pair in enumerate(itertools.pairwise(units))
                if pair in self._joined and (rng is None or rng.random() >= dropout)
            ]
            if not pairs:
                break
            _, joined, place = min(pairs, key=lambda pair: (pair[0], pair[2]))
            units[place : place + 2] = [joined]
        return tuple(units)

    def beginning_as(self, pending: str) -> npt.NDArray[np.bool_]:
        """Return which units `[ids]` begin with `pending` or are a prefix of it."""
        known = self._beginning.get(pending)
        if known is None:
            if len(self._beginning) > _MOST_PENDING:
                self._beginning.clear()
            known = self._beginning[pending] = np.array(
                [unit.startswith(pending) or pending.startswith(unit) for unit in self.units]
            )
        return known

    def pending(self, text: str) -> str:
        """Return the end of a text that may be part of its next unit: the last unit, unless it ends a line.

        A word split at this place does not occur in training. To continue the text, the network reads it without this
        end, and only units that begin with it are allowed.
        """
        if not text or text[-1] == "\n":
            return ""
        line = text[text.rfind("\n") + 1 :]
        ids = self.ids_of(self.words_of(line)[-1]) if line.strip(" ") else self.ids_of(line)
        return self.units[ids[-1]] if ids[-1] >= 0 else ""

    def priming(self, seed: str) -> Ids:
        """Return the ids of the last 300 characters of sixty markers + seed, without an incomplete marker."""
        seed = seed[-PRIMING_CHARACTERS:]
        markers = (PRIMING_CHARACTERS - len(seed)) // len(MARKER)
        return np.concatenate([np.full(markers, self.marker, np.int32), self.ids_of(seed)])
