"""Ranking drafts of a line, and choosing a few that differ from each other.

The rank of a draft is a sum of penalties in bits per character, so that they can be weighed against each other; 0 is a
line without faults. `docs/writing.md` explains each. In short:

- how far its surprise is from the target, in either direction: too probable a line is dull, too improbable a line is
  noise. The measure is how much more surprising it is than expected (Meister et al. 2023, "Locally Typical Sampling",
  TACL 11). The target is the lowest sixth of the drafts, because what a small network finds improbable is mostly a
  mistake;
- words that the poet has never read, copied phrases, repeated words;
- how much less probable it makes the following line than the other drafts do;
- how far it is from its form, which outweighs everything else.

A few are chosen by maximal marginal relevance (Carbonell & Goldstein 1998, SIGIR, 335-336): each next one is the best
after subtracting its greatest similarity to those already chosen.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from poetbot.overlap import OverlapIndex, Words, words
from poetbot.overlap.longest_matches import longest_runs
from poetbot.writing.drafts import Draft
from poetbot.writing.form_fit import Fit

AIM = 1 / 6
UNKNOWN_WORD = 0.5
COPIED_WORD = 0.1
FREE_RUN = 3
WHOLE_LINE = 0.5
REPEATED = 0.6
FOLLOWING = 0.5
OFF_FORM = 10.0
LIKENESS = 0.6
TOO_ALIKE = 0.5

_CONTEXT = 300  # characters before the line in which a copied phrase may begin
_SHORTEST_NAMED = 4  # letters: shorter words may be repeated freely
_SAME_WORDS = 3  # lines before, whose words should not be repeated at once

Floats = npt.NDArray[np.float64]


class LineFigures(TypedDict, total=False):
    """The figures of a suggested line as JSON. A line that the form repeats has only `returns`, the number of that line."""

    bits_per_character: float
    expected_bits_per_character: float
    following_bits_per_character: float | None
    gained_bits_per_character: float | None
    worst_bits: float
    acceptability: float | None
    words: int
    copied_words: int | None
    unknown_words: list[str] | None
    repeated: float
    form: dict[str, int | bool]
    penalty: float
    returns: int


@dataclass(frozen=True)
class Figures:
    """The figures of a draft. Bits are per character; counts are of words.

    `copied_words` is the longest copied phrase with a written word in it, which may begin before the line; it and
    `unknown_words` are None if the poet has no overlap index. `following_bits` is None if no line follows. `gained_bits` is
    how much more probable the poem so far makes the line (`context_ranking.py`), None if it wasn't measured. `worst_bits`
    is the surprise of its least likely place, not per character. `acceptability` is in bits per word (`context_ranking.py`), None
    if it wasn't measured.
    """

    bits: float
    expected_bits: float
    following_bits: float | None
    words: int
    copied_words: int | None
    unknown_words: tuple[str, ...] | None
    repeated: float
    fit: Fit
    penalty: float
    worst_bits: float
    gained_bits: float | None = None
    acceptability: float | None = None

    def as_json(self) -> LineFigures:
        """Return the figures as plain data."""
        return {
            "bits_per_character": round(self.bits, 3),
            "expected_bits_per_character": round(self.expected_bits, 3),
            "following_bits_per_character": None
            if self.following_bits is None
            else round(self.following_bits, 3),
            "gained_bits_per_character": None if self.gained_bits is None else round(self.gained_bits, 3),
            "worst_bits": round(self.worst_bits, 3),
            "acceptability": None if self.acceptability is None else round(self.acceptability, 3),
            "words": self.words,
            "copied_words": self.copied_words,
            "unknown_words": None if self.unknown_words is None else list(self.unknown_words),
            "repeated": round(self.repeated, 3),
            "form": self.fit.as_json(),
            "penalty": round(self.penalty, 3),
        }


@dataclass(frozen=True, eq=False)
class Ranked:
    """A draft and its figures. `line` is the whole line, including its typed beginning."""

    draft: Draft
    line: str
    figures: Figures


def ranked(
    drafts: Sequence[Draft],
    before: str,
    after: str,
    index: OverlapIndex | None,
    fit: Callable[[str], Fit],
    following: Floats | None,
    known: Callable[[str], bool] = lambda word: False,
) -> list[Ranked]:
    """Return the drafts, best first. `before` and `after` are the poem around the line, which may be unfinished.

    `following` `[drafts]` is the surprise of the following line, in nats per character. `known` tells which words are
    real words that the poet hasn't read.
    """
    excess = np.array([draft.excess for draft in drafts]) / math.log(2)
    aim = float(np.quantile(excess, AIM)) if len(drafts) else 0.0
    typed = before.rsplit("\n", 1)[-1]
    lines = [typed + draft.text for draft in drafts]
    copied, unread = copied_and_unread(index, before, [draft.text for draft in drafts])
    usual = float(np.mean(following)) if following is not None and len(following) else 0.0
    around = [line for line in before[: len(before) - len(typed)].split("\n") if line.strip()][-_SAME_WORDS:]
    around += [line for line in after.split("\n") if line.strip()][:1]
    nearby = frozenset(words("\n".join(around)).strings())
    spoken = words_of(lines)
    found = []
    for k, (draft, line) in enumerate(zip(drafts, lines, strict=True)):
        unknown = None if unread is None else tuple(word for word in unread[k] if not known(word))
        run = None if copied is None else copied[k]
        count, parts = len(spoken[k]), 1 + draft.text.count("\n")
        measured = {
            "typical": abs(float(excess[k]) - aim),
            "unknown": UNKNOWN_WORD * len(unknown or ()) / parts,  # of a longer piece: a line
            "copied": COPIED_WORD * max(0, (run or 0) - FREE_RUN)
            + WHOLE_LINE * (run is not None and run >= count > FREE_RUN),
            "repeated": REPEATED * (repeated := repetition(spoken[k], nearby)),
            "following": 0.0
            if following is None
            else FOLLOWING * (float(following[k]) - usual) / math.log(2),
            "form": OFF_FORM * (fits := fit(line)).distance,
        }
        figures = Figures(
            bits=draft.nats_per_character / math.log(2),
            expected_bits=(draft.nats_per_character - draft.excess) / math.log(2),
            following_bits=None if following is None else float(following[k]) / math.log(2),
            words=count,
            copied_words=run,
            unknown_words=unknown,
            repeated=repeated,
            fit=fits,
            penalty=sum(measured.values()),
            worst_bits=draft.worst / math.log(2),
        )
        found.append(Ranked(draft, line, figures))
    return sorted(found, key=lambda each: (each.figures.penalty, each.draft.number))


def chosen(candidates: Sequence[Ranked], count: int) -> list[Ranked]:
    """Return up to `count` of the candidates (best first) that differ from each other."""
    left = list(candidates)
    grams = {id(each): _grams(each.line) for each in left}
    taken: list[Ranked] = []
    nearest = dict.fromkeys(grams, 0.0)
    while left and len(taken) < count:
        best = min(left, key=lambda each: each.figures.penalty + LIKENESS * nearest[id(each)])
        taken.append(best)
        left.remove(best)
        for each in left:
            alike = _shared(grams[id(best)], grams[id(each)])
            nearest[id(each)] = max(nearest[id(each)], alike)
        unlike = [each for each in left if nearest[id(each)] < TOO_ALIKE]
        left = unlike or [each for each in left if nearest[id(each)] < 1]
    return taken


def _grams(line: str) -> frozenset[str]:
    """Return the letter trigrams of a line, without case, spaces and punctuation. They find *shadow* in *shadows*."""
    letters = "".join(each for each in line.casefold() if each.isalnum())
    return frozenset(letters[k : k + 3] for k in range(max(1, len(letters) - 2)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the similarity of two lines, 0 to 1: the Jaccard index of their trigrams (Jaccard 1912)."""
    return len(one & other) / max(1, len(one | other))


def repetition(line: Sequence[str], nearby: frozenset[str]) -> float:
    """Return the share of a line's longer words that it repeats, or that occur in the lines around it."""
    long_words = [word for word in line if len(word) >= _SHORTEST_NAMED]
    return (len(long_words) - len(set(long_words) - nearby)) / len(long_words) if long_words else 0.0


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text."""
    found = words("\n".join(texts))
    strings = found.strings()
    firsts = _firsts(found, texts)
    return [strings[start:end] for start, end in itertools.pairwise(firsts)]


def _firsts(found: Words, texts: Sequence[str]) -> list[int]:
    """Return the number of the first word of each of several texts, joined by newlines, and of all words."""
    offsets = np.cumsum([0] + [len(text) + 1 for text in texts])
    places: list[int] = np.searchsorted(found.starts, offsets).tolist()
    return places


def copied_and_unread(
    index: OverlapIndex | None, before: str, texts: Sequence[str]
) -> tuple[list[int], list[list[str]]] | tuple[None, None]:
    """Return the longest copied phrase of each text after `before`, and its words that were never read.

    All are looked up at once, one after the other with an unknown word between them.
    """
    if index is None:
        return None, None
    context = before[-_CONTEXT:]
    pieces = [context + text for text in texts]
    found = words("\n".join(pieces))
    firsts = _firsts(found, pieces)
    all_ids, strings = index.ids(found.keys), found.strings()
    ids = np.insert(all_ids, firsts[1:], -1)
    lengths = longest_runs(index, ids).lengths
    runs, unread, at = [], [], 0
    for k, (first, end) in enumerate(itertools.pairwise(firsts)):
        given = int(np.searchsorted(found.starts[first:end], at + len(context)))
        mine = lengths[first + k : end + k]
        runs.append(int(mine[np.arange(len(mine)) + mine > given].max(initial=0)))
        unread.append([strings[word] for word in range(first + given, end) if all_ids[word] < 0])
        at += len(pieces[k]) + 1
    return runs, unread
