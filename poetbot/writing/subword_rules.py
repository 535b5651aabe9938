"""Applying rules for single characters (`form_rules.py`) to subword units.

A unit may follow a line if each of its characters may follow the ones before it. The units are in a trie, so that a
forbidden branch is left at its first character. The result for a branch is cached under the rule's own key for the
line, because few lines differ in what a rule depends on.
"""

from collections.abc import Hashable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary

Logits = npt.NDArray[np.float32]
_MOST_KEPT = 50_000


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
        self.root = _Node()
        for number, unit in enumerate(vocabulary.units):
            if number == vocabulary.marker:
                continue
            node = self.root
            for character in unit:
                node = node.children.setdefault(character, _Node())
            node.unit = number


class SubwordRule:
    """A rule for units, made from one for characters."""

    def __init__(self, units: UnitTrie, rule: CharacterRule) -> None:
        self._units, self._rule = units, rule
        self._kept: dict[tuple[int, Hashable], npt.NDArray[np.intp]] = {}

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
