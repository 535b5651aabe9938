"""Applying rules for single characters (`form_rules.py`) to subword units.

A unit may follow a line if each of its characters may follow the ones before it. The units are in a trie, so that a
forbidden branch is left at its first character. The result for a branch is cached under the rule's own key for the
line, because few lines differ in what a rule depends on.
"""

from collections.abc import Hashable, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing.form_rules import Spelling
from poetbot.writing.lexicon import NO_SYLLABLES, Lexicon, plain

Logits = npt.NDArray[np.float32]
Kept = dict[tuple[int, Hashable], npt.NDArray[np.intp]]
"""The units below a node of the trie that a rule allows, by the identity of the node and the rule's key."""

_MOST_KEPT = 50_000
_MOST_BEGINNINGS = 3_000  # of words, with some kilobytes for each


class CharacterRule(Protocol):
    """A rule for single characters."""

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid, in the logits of the characters `[characters]`, what must not follow the line."""

    def key(self, line: str) -> Hashable:
        """Return a key on which everything that the rule says after this line depends."""


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
        spelled = {unit: plain(unit[unit[0] == " " :]) for unit in units if _is_spelled(unit)}
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
        self._fewest: dict[tuple[Lexicon, str, bool], npt.NDArray[np.int8]] = {}

    def fewest_syllables(self, lexicon: Lexicon, beginning: str, room: int) -> npt.NDArray[np.int8]:
        """Return `Lexicon.fewest_syllables` for the parts."""
        key = lexicon, beginning, room < NO_SYLLABLES
        fewest = self._fewest.get(key)
        if fewest is None:
            if len(self._fewest) > _MOST_BEGINNINGS:
                self._fewest.clear()
            fewest = lexicon.fewest_syllables(beginning, self.parts, self.longest, room)
            self._fewest[key] = fewest
        return fewest


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
    return letters.isalnum() and all(len(plain(letter)) == 1 for letter in letters)


class SubwordRule:
    """A rule for units, made from one for characters. Rules whose keys mean the same may share what is `kept`."""

    def __init__(self, units: UnitTrie, rule: CharacterRule, kept: Kept | None = None) -> None:
        self._units, self._rule = units, rule
        self._kept: Kept = {} if kept is None else kept

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
        key = id(node), self._rule.key(line)
        kept = self._kept.get(key)
        if kept is not None:
            return kept
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
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        kept = self._kept[key] = np.array(found, np.intp)
        return kept


class SubwordSpelling(SubwordRule):
    """The rule that every word is in a lexicon, for units.

    It is the same as that for characters, but which units of letters continue a word is looked up for all at once.
    """

    def __init__(self, units: UnitTrie, spelling: Spelling) -> None:
        super().__init__(units, spelling)
        self._spelling = spelling
        self._masks: dict[tuple[str, int, int], npt.NDArray[np.bool_]] = {}

    def forbid(self, line: str, logits: Logits, pending: str = "") -> None:
        """Forbid units that must not follow the line. It ends in `pending`, with which the units begin."""
        key = self._spelling.key(line)
        if pending or key[1] < 0:
            super().forbid(line, logits, pending)
            return
        mask = self._masks.get(key)
        if mask is None:
            if len(self._masks) > _MOST_BEGINNINGS:
                self._masks.clear()
            mask = self._masks[key] = self._mask(line)
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
