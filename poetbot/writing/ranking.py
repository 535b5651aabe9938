"""Which drafts of a line are worth a reader's time: what is measured of each, and the choice of a few unlike ones.

A draft's rank is a sum of penalties in bits a character, so that they can be weighed against each other; 0 is a line
without fault. `docs/desk.md` tells what each is and why. In short:

- how far its surprise is, in either direction, from what is aimed at: a line that is too probable is dull, one that is
  too improbable is noise. The measure is how much more surprising it is than was to be expected of the poet there
  (Meister et al. 2023, "Locally Typical Sampling", TACL 11); the aim is what one draft in six stays below, because
  what a small network finds improbable is mostly a mistake;
- words that the poet has never read; copied runs of words; words said again;
- how much less probable than after the other drafts it makes the line that follows;
- how far it is from its form, which outweighs all the rest.

Few are chosen of many by maximal marginal relevance (Carbonell & Goldstein 1998, SIGIR, 335-336): each next one is the
best when its greatest likeness to those already chosen is taken off.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

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

_CONTEXT = 300  # characters before the line in which a copied run may have begun
_SHORTEST_NAMED = 4  # letters: shorter words may be said again as often as one likes
_SAME_WORDS = 3  # lines before, whose words are better not said again at once

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """What is measured of a draft. Bits are a character's; counts are of words.

    `copied_words` is the longest run with a written word in it that the poet has read, which may begin before the
    line; it and `unknown_words` are None where the poet has no index of what it has read. `following_bits` is None
    where no line follows.
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

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return {
            "bits_per_character": round(self.bits, 3),
            "expected_bits_per_character": round(self.expected_bits, 3),
            "following_bits_per_character": None
            if self.following_bits is None
            else round(self.following_bits, 3),
            "words": self.words,
            "copied_words": self.copied_words,
            "unknown_words": None if self.unknown_words is None else list(self.unknown_words),
            "repeated": round(self.repeated, 3),
            "form": self.fit.as_json(),
            "penalty": round(self.penalty, 3),
        }


@dataclass(frozen=True, eq=False)
class Ranked:
    """A draft and its figures. `line` is the whole line, with what a person had begun of it."""

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
    """Return the drafts, the best first. `before` and `after` are the poem around the line, which may be begun.

    `following` `[drafts]` is the surprise of the line after it, in nats a character; `known` says which words are
    words though the poet has not read them.
    """
    excess = np.array([draft.excess for draft in drafts]) / math.log(2)
    aim = float(np.quantile(excess, AIM)) if len(drafts) else 0.0
    begun = before.rsplit("\n", 1)[-1]
    lines = [begun + draft.text for draft in drafts]
    copied, unread = _read_before(index, before, [draft.text for draft in drafts])
    usual = float(np.mean(following)) if following is not None and len(following) else 0.0
    around = [line for line in before[: len(before) - len(begun)].split("\n") if line.strip()][-_SAME_WORDS:]
    around += [line for line in after.split("\n") if line.strip()][:1]
    said = frozenset(words("\n".join(around)).strings())
    spoken = _words_of(lines)
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
            "repeated": REPEATED * (again := _repeated(spoken[k], said)),
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
            repeated=again,
            fit=fits,
            penalty=sum(measured.values()),
        )
        found.append(Ranked(draft, line, figures))
    return sorted(found, key=lambda each: (each.figures.penalty, each.draft.number))


def chosen(candidates: Sequence[Ranked], count: int) -> list[Ranked]:
    """Return up to `count` candidates, which come best first, that are unlike each other; see `likeness`."""
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


def likeness(one: str, other: str) -> float:
    """Return how alike two lines are, 0 to 1: the share of their runs of three letters that both have (Jaccard 1912).

    Capitals, spaces and marks do not count. Runs of letters see *shadow* in *shadows*, which words do not.
    """
    return _shared(_grams(one), _grams(other))


def _grams(line: str) -> frozenset[str]:
    letters = "".join(each for each in line.casefold() if each.isalnum())
    return frozenset(letters[k : k + 3] for k in range(max(1, len(letters) - 2)))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


def _repeated(line: Sequence[str], said: frozenset[str]) -> float:
    """Return the share of a line's longer words that it says twice, or that the lines around it said."""
    mine = [word for word in line if len(word) >= _SHORTEST_NAMED]
    return (len(mine) - len(set(mine) - said)) / len(mine) if mine else 0.0


def _words_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text."""
    found = words("\n".join(texts))
    strings = found.strings()
    firsts = _firsts(found, texts)
    return [strings[start:end] for start, end in itertools.pairwise(firsts)]


def _firsts(found: Words, texts: Sequence[str]) -> list[int]:
    """Return the number of the first word of each of several texts, joined by line ends, and of all words."""
    offsets = np.cumsum([0] + [len(text) + 1 for text in texts])
    places: list[int] = np.searchsorted(found.starts, offsets).tolist()
    return places


def _read_before(
    index: OverlapIndex | None, before: str, texts: Sequence[str]
) -> tuple[list[int], list[list[str]]] | tuple[None, None]:
    """Return of each text behind `before` the longest run that was read, and its words that never were.

    All are looked up at once, one after the other with a word between them that nobody has read.
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
