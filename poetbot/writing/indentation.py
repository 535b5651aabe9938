"""Indentation: before a line begins, spaces are drawn as at temperature 1.

A network can't count spaces. If it has read far-indented lines, as in printed plays, it gives another space a
probability of 0.95 after twenty of them. Temperatures below 1 make that nearly certain: the line never begins, and more
such lines follow. So at the margin the temperature decides only among everything else.

Steady indentation isn't drawn at all: a line is indented if that is likelier than not, and only as far as a line before
it, if any is indented. So no stray spaces are written, and a pattern that the poem has continues.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from poetbot.poets.interfaces import WritingVocabulary
from poetbot.poets.vocabulary import Vocabulary

Logits = npt.NDArray[np.float32]


@lru_cache(maxsize=8)
def _spaces_of(vocabulary: Vocabulary) -> tuple[int, ...]:
    return tuple(number for number, each in enumerate(vocabulary.symbols) if not each.strip(" "))


class Layout:
    """Indentation for one vocabulary. Poets of words have none."""

    def __init__(self, vocabulary: WritingVocabulary) -> None:
        self._spaces = _spaces_of(vocabulary) if isinstance(vocabulary, Vocabulary) else ()

    def at_margin(self, text: str) -> bool:
        """Return whether the text ends before the first word of a line."""
        return (
            bool(self._spaces)
            and text[-1:] in ("", "\n", " ")
            and not text[text.rfind("\n") + 1 :].strip(" ")
        )

    def drawn_from(self, logits: Logits, temperature: float) -> Logits:
        """Return the logits `[ids]` to draw from at the margin at this temperature: only those of spaces differ.

        At temperature 0 they are unchanged, because nothing is drawn.
        """
        spaces = [number for number in self._spaces if logits[number] > -np.inf]
        if not spaces or temperature == 0:
            return logits
        others = np.delete(logits, spaces).astype(np.float64)
        highest = others.max()
        if highest == -np.inf:
            return logits
        others -= highest
        with np.errstate(over="ignore"):  # to minus infinity, which is right
            tempered = np.log(np.exp(others / temperature).sum())
        total = np.log(np.exp(others).sum())
        changed = logits.copy()
        for space in spaces:
            odds = float(logits[space]) - highest - total  # of these spaces at temperature 1
            changed[space] = highest + temperature * (odds + tempered)
        return changed


class SteadyIndentation:
    """Forbids at the margin either spaces or everything else."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._widths = {number: len(vocabulary.symbols[number]) for number in _spaces_of(vocabulary)}
        self._others = np.delete(np.arange(len(vocabulary)), list(self._widths))

    def forbid(self, text: str, logits: Logits) -> None:
        """Forbid the ids that must not follow the text, unless nothing would be left."""
        if text[text.rfind("\n") + 1 :].strip(" "):
            return
        spaces = [number for number in self._widths if logits[number] > -np.inf]
        if not spaces:
            return
        others = logits[self._others]
        highest = others.max(initial=-np.inf)
        if highest == -np.inf:
            return
        if text[-1:] != " " and _nats(logits[spaces]) <= highest:  # the usual case: one other id is likelier
            logits[spaces] = -np.inf
            return
        start = text.rfind("\n") + 1
        here, known = len(text) - start, _indents(text[:start])
        fitting = [number for number in spaces if not known or here + self._widths[number] <= max(known)]
        unfinished = bool(fitting and known and here and here not in known)
        if unfinished or (fitting and _nats(logits[fitting]) > _nats(others)):
            free = logits[fitting]
            logits.fill(-np.inf)
            logits[fitting] = free
        else:
            logits[spaces] = -np.inf


@lru_cache(maxsize=64)
def _indents(lines: str) -> frozenset[int]:
    """Return how far lines are indented, without 0."""
    widths = {len(line) - len(line.lstrip(" ")) for line in lines.split("\n") if line.strip()}
    return frozenset(widths - {0})


def _nats(logits: Logits) -> float:
    """Return the logarithm of the sum of the exponentials."""
    return float(np.logaddexp.reduce(logits.astype(np.float64)))
