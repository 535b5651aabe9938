"""How a theme raises the logits of what begins its words, and which drafts it prefers.

A poet writes a word letter by letter or in subwords, so a wanted word must be favoured from its first letter on, by as
much as that letter is likely to lead to it. What a beginning leads to is estimated from how often the poet has read
each word: the bias of a unit is the logarithm of the reweighted by the plain frequency of the words that it can lead
to, relative to the same before the unit. The biases of a word's units add up to the weight of the whole word, and
those of other words to about nothing. (Yang & Klein 2021, "FUDGE: Controlled Text Generation With Future
Discriminators", NAACL, arXiv:2104.05218, steer in this way with a trained predictor of the future.)
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from poetbot.cjk import is_mostly_cjk
from poetbot.overlap.tokens import words as overlap_words
from poetbot.poets.folder import Poet
from poetbot.poets.word_vocabulary import Words
from poetbot.writing.lexicon import LAST, begun, casefolded
from poetbot.writing.theme import Theme
from poetbot.writing.theme_words import resolved

SHARE = 0.06
"""The share of theme words among all words, in a poem that used each as often as the poet's reading suggests."""
_LEAST, _MOST = 1.0, 8.0  # nats
_AVOIDED = 12.0  # nats: in practice never
_USED = 0.25  # of the weight of a word that has occurred
_FEWEST = 2_000  # words read, for a poet that hasn't counted them
_HEAD = 2_000  # characters before the line in which words count as used
_MOST_TABLES = 64

IN_THEME = 0.25
"""Bits per character by which a theme word in a line improves its rank, for up to two words."""
AVOIDED_WORD = 10.0
_COUNTED = 2.0

_T = TypeVar("_T")
Floats = npt.NDArray[np.float32]
_PARTS = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class ThemeBias:
    """The bias of one theme for one poet. `theme` must be resolved. It may be used by several threads."""

    def __init__(self, poet: Poet, theme: Theme) -> None:
        self._wanted, self._avoided = theme.wanted, theme.avoided
        self._frequencies = _of_poet(poet, _Frequencies)
        self._unread = [
            word for word in {*self._wanted, *self._avoided} if self._frequencies.counts.get(word, 0) < 1
        ]
        """Words of the theme that count as read once."""
        self._total = max(_FEWEST, self._frequencies.after("") + len(self._unread))
        self._strength = self._solved()
        self._tables: dict[frozenset[str], _Table] = {}
        self._heads: dict[str, frozenset[str]] = {}
        self._units = _of_poet(poet, _Units)

    def rule(self, before: str) -> "LineBias":
        """Return the bias for lines after `before` as a rule (`form_rules.Rule`)."""
        return LineBias(self, before[: before.rfind("\n") + 1])

    def add(self, text: str, logits: Floats, pending: str = "") -> None:
        """Add the bias after a poem so far to the logits `[ids]`, in place.

        `pending` is the end of the text that the network hasn't read, with which the next unit begins.
        """
        end = text.rfind("\n") + 1
        known = text[: len(text) - len(pending)]
        logits += self._table(self._used(text[max(0, end - _HEAD) : end])).after(begun(known[end:]))

    def penalty(self, text: str, before: str) -> float:
        """Return how much worse the theme ranks a line after `before`, in bits per character; negative if it is better."""
        used, said = self._used(before[-_HEAD:]), set(overlap_words(text).strings())
        new = sum(weight for word, weight in self._wanted.items() if word in said and word not in used)
        return AVOIDED_WORD * len(said & self._avoided) - IN_THEME * min(_COUNTED, new)

    def _used(self, head: str) -> frozenset[str]:
        """Return the theme words in the lines so far."""
        used = self._heads.get(head)
        if used is None:
            if len(self._heads) > _MOST_TABLES:
                self._heads.clear()
            said = overlap_words(head).strings()
            used = self._heads[head] = frozenset(word for word in said if word in self._wanted)
        return used

    def _table(self, used: frozenset[str]) -> "_Table":
        table = self._tables.get(used)
        if table is None:
            if len(self._tables) > _MOST_TABLES:
                self._tables.clear()
            ends = {
                word: self._strength * weight * (_USED if word in used else 1)
                for word, weight in self._wanted.items()
            }
            ends |= dict.fromkeys(self._avoided, -_AVOIDED)
            table = self._tables[used] = _Table(self._units, ends, self._potentials(ends))
        return table

    def _potentials(self, ends: Mapping[str, float]) -> dict[str, float]:
        """Return, for every beginning of a theme word, the log of the reweighted by the plain frequency of its words."""
        more: dict[str, float] = {}
        for word, nats in ends.items():
            gained = self._count(word) * float(np.expm1(nats))
            for length in range(len(word) + 1):
                more[word[:length]] = more.get(word[:length], 0.0) + gained
        return {
            beginning: float(np.log1p(max(gained / self._read(beginning), np.expm1(-_AVOIDED))))
            for beginning, gained in more.items()
        }

    def _read(self, beginning: str) -> float:
        """Return how many words with a beginning the poet has read."""
        if not beginning:
            return self._total
        return self._frequencies.after(beginning) + sum(word.startswith(beginning) for word in self._unread)

    def _count(self, word: str) -> int:
        return max(1, self._frequencies.counts.get(word, 0))

    def _solved(self) -> float:
        """Return the nats of a whole weight at which theme words get their share of all words."""
        if not self._wanted:
            return 0.0
        weights = np.array(list(self._wanted.values()))
        counts = np.array([self._count(word) for word in self._wanted], float)
        low, high = _LEAST, _MOST
        for _ in range(30):
            middle = (low + high) / 2
            raised = float((counts * np.exp(middle * weights)).sum())
            reached = raised / (self._total - float(counts.sum()) + raised)
            low, high = (middle, high) if reached < SHARE else (low, middle)
        return low


class LineBias:
    """The bias for one line, as a rule."""

    def __init__(self, bias: ThemeBias, before: str) -> None:
        self._bias, self._before = bias, before

    def forbid(self, line: str, logits: Floats, pending: str = "") -> None:
        """Add the bias to the logits; nothing is forbidden."""
        self._bias.add(self._before + line, logits, pending)


def load_for_themes(poet: Poet) -> None:
    """Load what every theme of a poet needs, so that its first poem doesn't wait for that."""
    ThemeBias(poet, resolved(Theme("day"), poet)[0])


def _of_poet(poet: Poet, kind: Callable[[Poet], _T]) -> _T:
    """Return what is the same for all themes, made once for a poet."""
    name = f"theme{kind.__name__}"
    if name not in poet.derived:
        poet.derived[name] = kind(poet)
    found: _T = poet.derived[name]
    return found


class _Frequencies:
    """How often a poet has read each word, and the words with a beginning."""

    def __init__(self, poet: Poet) -> None:
        self.counts = poet.words()
        self._words = sorted(self.counts)
        self._before = np.concatenate([[0], np.cumsum([self.counts[word] for word in self._words])])

    def after(self, beginning: str) -> float:
        """Return how many words with a beginning were read."""
        low = bisect_left(self._words, beginning)
        high = bisect_left(self._words, beginning + LAST) if beginning else len(self._words)
        return float(self._before[high] - self._before[low])


class _Units:
    """The units of a poet, as letters that continue a word, end one, or begin one."""

    def __init__(self, poet: Poet) -> None:
        vocabulary = poet.vocabulary
        self.size = len(vocabulary)
        self.whole_words = isinstance(vocabulary, Words)
        self.cjk = is_mostly_cjk(vocabulary.symbols)
        self.texts = {number: casefolded(text) for text, number in vocabulary.ids.items()}
        self.inside = np.zeros(self.size, np.bool_)
        """Which units only continue a word."""
        self.heads: dict[str, list[int]] = {}
        """The units that begin with these letters, by letters."""
        self.later: dict[int, list[tuple[str, bool]]] = {}
        """The words that begin in a unit, and whether each also ends in it."""
        for number, text in self.texts.items():
            parts = [(found[0], found.start(), found.end()) for found in _PARTS.finditer(text)]
            head = parts[0][0] if parts and parts[0][1] == 0 else ""
            self.inside[number] = bool(head) and len(head) == len(text)
            if head:
                self.heads.setdefault(head, []).append(number)
            rest = parts[1:] if head else parts
            self.later[number] = [(part, end < len(text)) for part, _, end in rest]


class _Table:
    """The biases after every beginning of a word, with the nats of each whole word and of each beginning."""

    def __init__(self, units: _Units, ends: Mapping[str, float], potentials: Mapping[str, float]) -> None:
        self._units, self._ends, self._potentials = units, ends, potentials
        self._start = potentials.get("", 0.0)
        self._known: dict[str, Floats] = {}
        self._fixed = units.whole_words or units.cjk
        self._rest = np.zeros(units.size, np.float32)
        for number, text in units.texts.items():
            if units.whole_words:
                self._rest[number] = ends.get(text, 0.0)
            elif units.cjk:
                self._rest[number] = sum(ends.get(each, 0.0) - self._start for each in text if each.isalnum())
            else:
                self._rest[number] = sum(
                    (ends if whole else potentials).get(part, 0.0) - self._start
                    for part, whole in units.later[number]
                )

    def after(self, beginning: str) -> Floats:
        """Return the bias `[ids]` after the beginning of a word."""
        if self._fixed:
            return self._rest
        if beginning and beginning not in self._potentials:
            return self._rest
        found = self._known.get(beginning)
        if found is None:
            found = self._known[beginning] = self._computed(beginning)
        return found

    def _computed(self, beginning: str) -> Floats:
        units, here = self._units, self._potentials.get(beginning, 0.0)
        bias = self._rest.copy()
        bias[units.inside] -= here
        if beginning:
            bias[~units.inside] += self._ends.get(beginning, 0.0) - here
        for longer, nats in self._potentials.items():
            letters = longer[len(beginning) :]
            if not letters or not longer.startswith(beginning):
                continue
            for number in units.heads.get(letters, ()):
                if units.inside[number]:
                    bias[number] += nats
        for number, letters in ((n, head) for head, some in units.heads.items() for n in some):
            if not units.inside[number]:  # it continues the word and ends it
                bias[number] += self._ends.get(beginning + letters, 0.0) - self._ends.get(beginning, 0.0)
                bias[number] -= 0.0 if beginning else here
        return bias
