"""Applying rules for single characters (`form_rules.py`) to subword units.

A unit may follow a line if each of its characters may follow the ones before it. The units are in a trie, so that a
forbidden branch is left at its first character. The result for a branch is cached under the rule's own key for the
line, because few lines differ in what a rule depends on.
"""

from collections.abc import Hashable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from poetbot.poets.folder import Poet
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.form_rules import Spelling
from poetbot.writing.lexicon import NO_SYLLABLES, Lexicon, casefolded

Logits = npt.NDArray[np.float32]

_NAME = "units"
_MOST_BYTES = 16_000_000  # of a cache: 5,000 beginnings of words for a poet of 3,000 units
_OVERHEAD = 400  # bytes: of an array and its key


class CharacterRule(Protocol):
    """A rule for single characters."""

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid, in the logits of the characters `[characters]`, what must not follow the line."""

    def key(self, line: str) -> Hashable:
        """Return a key on which everything that the rule says after this line depends."""


class Cache:
    """Arrays by their keys. All are forgotten when they take more than 16 MB."""

    def __init__(self) -> None:
        self._arrays: dict[Hashable, npt.NDArray[Any]] = {}
        self._bytes = 0

    def get(self, key: Hashable) -> npt.NDArray[Any] | None:
        """Return the array with this key, None if it isn't known."""
        return self._arrays.get(key)

    def put(self, key: Hashable, array: npt.NDArray[Any]) -> None:
        """Remember an array, which must not be changed."""
        if self._bytes > _MOST_BYTES:
            self._arrays.clear()
            self._bytes = 0
        self._arrays[key] = array
        self._bytes += array.nbytes + _OVERHEAD


class _Node:
    """The units with the same beginning."""

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.unit = -1


class UnitTrie:
    """The units of a vocabulary as a trie, and the alphabet for character rules."""

    def __init__(self, vocabulary: Subwords) -> None:
        self.vocabulary = vocabulary
        self.alphabet = Vocabulary(vocabulary.characters)
        units = {unit: n for n, unit in enumerate(vocabulary.units) if n != vocabulary.marker}
        self.root = _root_of(units)
        spelled = {unit: casefolded(unit[unit[0] == " " :]) for unit in units if _is_spelled(unit)}
        self.rest = _root_of({unit: number for unit, number in units.items() if unit not in spelled})
        """The units that aren't letters alone, perhaps with a space before them."""
        self.parts = {part: number for number, part in enumerate(dict.fromkeys(spelled.values()))}
        """The letters of the others in lower case, numbered."""
        self.longest = max(map(len, self.parts), default=0)
        self.inside, self.spaced = (
            np.array(
                [(units[u], self.parts[part]) for u, part in spelled.items() if (u[0] == " ") == space],
                np.intp,
            ).reshape(-1, 2)
            for space in (False, True)
        )
        """The ids of those units and the numbers of their letters `[units, 2]`: without and with a space."""
        self.cache = Cache()
        """What all rules on spelling find out about the units."""

    def fewest_syllables(self, lexicon: Lexicon, beginning: str, room: int) -> npt.NDArray[np.int8]:
        """Return `Lexicon.fewest_syllables` for the parts."""
        key = lexicon, beginning, room < NO_SYLLABLES
        fewest = self.cache.get(key)
        if fewest is None:
            fewest = lexicon.fewest_syllables(beginning, self.parts, self.longest, room)
            self.cache.put(key, fewest)
        return fewest


def units_of(poet: Poet) -> UnitTrie | None:
    """Return the units of a poet of subwords, the same object each time; None for other poets."""
    if isinstance(poet.vocabulary, Subwords) and _NAME not in poet.derived:
        poet.derived[_NAME] = UnitTrie(poet.vocabulary)
    units: UnitTrie | None = poet.derived.get(_NAME)
    return units


def _root_of(units: Mapping[str, int]) -> _Node:
    root = _Node()
    for unit, number in units.items():
        node = root
        for character in unit:
            node = node.children.setdefault(character, _Node())
        node.unit = number
    return root


def _is_spelled(unit: str) -> bool:
    """Return whether a unit is letters alone, perhaps with a space before them, each of which is one in lower case."""
    letters = unit[unit[0] == " " :]
    return letters.isalnum() and all(len(casefolded(letter)) == 1 for letter in letters)


class SubwordRule:
    """A rule for units, made from one for characters. Rules with the same lexicon may share a cache.

    In a cache that other rules share, too, its results are under `owner`.
    """

    def __init__(
        self, units: UnitTrie, rule: CharacterRule, cache: Cache | None = None, owner: Hashable = None
    ) -> None:
        self._units, self._rule, self._owner = units, rule, owner
        self._cache = Cache() if cache is None else cache

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid units that must not follow the line. It ends in `pending`, with which the units begin."""
        node, prefixes = self._units.root, list[int]()
        allowed = np.empty(0, np.intp)
        for character in pending:
            child = node.children.get(character)
            if child is None:
                break
            node = child
            if node.unit >= 0:
                prefixes.append(node.unit)
        else:
            allowed = self._allowed(node, line)
        if prefixes:
            allowed = np.append(allowed, prefixes)
        free = logits[allowed]
        logits.fill(-np.inf)
        logits[allowed] = free

    def _allowed(self, node: _Node, line: str) -> npt.NDArray[np.intp]:
        """Return the units below a node that may follow the line."""
        key = self._owner, id(node), self._rule.key(line)
        allowed = self._cache.get(key)
        if allowed is not None:
            return allowed
        alphabet = self._units.alphabet
        free = np.zeros(len(alphabet), np.float32)
        self._rule.forbid(line, free)
        found: list[int] = []
        for character, child in node.children.items():
            if free[alphabet.ids[character]] == -np.inf:
                continue
            if child.unit >= 0:
                found.append(child.unit)
            if child.children:
                found += self._allowed(child, line + character).tolist()
        allowed = np.array(found, np.intp)
        self._cache.put(key, allowed)
        return allowed


class SubwordSpelling(SubwordRule):
    """The rule that every word is in a lexicon, for units.

    It is the same as that for characters, but which units of letters continue a word is looked up for all at once.
    """

    def __init__(self, units: UnitTrie, spelling: Spelling) -> None:
        super().__init__(units, spelling, units.cache, owner=spelling)
        self._spelling = spelling

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid units that must not follow the line. It ends in `pending`, with which the units begin."""
        key = self._spelling.key(line)
        if pending or key[1] < 0:
            super().forbid(line, logits, pending)
            return
        mask = self._cache.get((self._spelling, key))
        if mask is None:
            mask = self._mask(line)
            self._cache.put((self._spelling, key), mask)
        logits[mask] = -np.inf

    def _mask(self, line: str) -> npt.NDArray[np.bool_]:
        """Return which units must not follow the line."""
        units, spelling = self._units, self._spelling
        mask = np.ones(len(units.vocabulary), np.bool_)
        mask[self._allowed(units.rest, line)] = False
        followed = [(units.inside, line)]
        forbidden = spelling.forbidden(line)
        if forbidden is not None and len(units.spaced) and not forbidden[units.alphabet.ids[" "]]:
            followed.append((units.spaced, line + " "))
        for some, before in followed:
            word, room, _ = spelling.key(before)
            fits = units.fewest_syllables(spelling.lexicon, word, room)[some[:, 1]] <= room
            mask[some[fits, 0]] = False
        return mask
