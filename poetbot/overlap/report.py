"""The overlap report: what a text shares word for word with what a poet has read.

Figures are of runs that hold no word of the seed: `fourgrams`, `novelty` (McCoy et al. 2023), `coverage`. Spans, and
`longest`, are the maximal matching runs that hold at least one written word (Liu et al. 2025, OLMoTrace); they may
begin in the seed. A word that contains any character of the seed is a word of the seed. docs/overlap.md explains
each figure.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetbot.errors import PoetBotError
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.matches import Matches, known_runs, longest_runs
from poetbot.overlap.normal import mixed
from poetbot.overlap.tokens import Words, words

NOVELTY = range(1, 11)  # lengths of the novelty curve, in words
COVERAGE = (5, 8, 12)  # lengths of a verbatim match, in words
SHORTEST_SPAN = 4  # words
MOST_SOURCES = 20  # of one span
_FACTORS = mixed(np.arange(4, dtype=np.uint64)) | np.uint64(1)  # they make one number of four words' keys

DISTINCTIVE_BITS = 20.0
"""A span is distinctive where its words, drawn by chance as often as the poet has read them and in a text as long as
all it has read, would meet less than once in 2^20 such texts. Of the runs of 4 words and more that the poems of
Dickinson, Keats and Hardy share with 4,000 poems by others, 4 to 5 in 100 are as rare as that; the limit hardly moves
(19 to 21.5 bits) where only every eighth of those poems is indexed."""


def report(index: OverlapIndex, text: str, seed_characters: int = 0) -> dict[str, Any]:
    """Return the overlap report of a text whose first `seed_characters` characters a person typed.

    The JSON of DESIGN.md, made of plain Python values. Shares are of occurrences, 0 to 1, None where nothing is
    counted. Where nothing at all is shared, `longest` has 0 words and no sources. Raises PoetBotError where `text` is
    no text or the seed is no part of it.
    """
    found, seed = _read(text, seed_characters)
    ids = index.ids(found.keys)
    runs = longest_runs(index, ids)
    matched = runs.lengths[seed : max(seed, len(found) - 3)] >= 4
    sources = _Sources(index)
    return {
        "words": len(found),
        "seed_words": seed,
        "fourgrams": _fourgrams(found.keys[seed:], matched),
        "novelty": {str(n): _novelty(runs.lengths[seed:], n) for n in NOVELTY},
        "coverage": {str(n): _coverage(runs.lengths[seed:], n) for n in COVERAGE},
        "longest": _longest(found, seed, runs, sources),
        "spans": _spans(index, found, ids, seed, runs, sources),
    }


def fourgrams(index: OverlapIndex, text: str, seed_characters: int = 0) -> dict[str, Any]:
    """Return the report's `fourgrams` alone, in a fraction of the time: the check that goes with every poem."""
    found, seed = _read(text, seed_characters)
    return _fourgrams(found.keys[seed:], known_runs(index, index.ids(found.keys[seed:]), 4))


def headline(report: dict[str, Any]) -> dict[str, Any]:
    """Return what one sentence says about a report: the longest shared run, its text and in how many poems it stands.

    `poems` is exact unless `more` is true: then there are at least so many. `words` is 0 where nothing is shared.
    """
    longest = report["longest"]
    return {
        "words": longest["words"],
        "text": longest["text"],
        "poems": len({source["poem"] for source in longest["sources"]}),
        "more": len(longest["sources"]) >= MOST_SOURCES,
    }


def _read(text: str, seed_characters: int) -> tuple[Words, int]:
    """Return the words and how many of them belong to the seed."""
    if isinstance(seed_characters, bool) or not isinstance(seed_characters, int | np.integer):
        raise PoetBotError("The length of the seed must be a whole number of characters.")
    found = words(text)
    if not 0 <= seed_characters <= len(text):
        raise PoetBotError(
            f"The seed is said to have {seed_characters} characters, and the text has {len(text)}: give a number from 0 to that."
        )
    return found, int(np.searchsorted(found.starts, seed_characters))


def _fourgrams(keys: NDArray[np.uint64], matched: NDArray[np.bool_]) -> dict[str, Any]:
    total = len(matched)
    if not total:
        return {"total": 0, "unique": 0, "matched_unique": 0, "share_novel": None}
    grams = sum(
        (keys[k : total + k] * factor for k, factor in enumerate(_FACTORS)), np.zeros(total, np.uint64)
    )
    return {
        "total": total,
        "unique": _different(grams),
        "matched_unique": _different(grams[matched]),
        "share_novel": (total - int(matched.sum())) / total,
    }


def _different(values: NDArray[np.uint64]) -> int:
    values = np.sort(values)
    return int((values[1:] != values[:-1]).sum()) + bool(len(values))


def _novelty(lengths: NDArray[np.int64], n: int) -> float | None:
    """Return the share of the runs of n words that were never read."""
    total = len(lengths) - n + 1
    return None if total < 1 else int((lengths[:total] < n).sum()) / total


def _coverage(lengths: NDArray[np.int64], n: int) -> float | None:
    """Return the share of words that lie inside a run of n words that was read."""
    if not len(lengths):
        return None
    steps = np.zeros(len(lengths) + n, np.int64)
    begins = np.flatnonzero(lengths >= n)
    steps[begins] += 1
    steps[begins + n] -= 1
    return int((np.cumsum(steps[: len(lengths)]) > 0).sum()) / len(lengths)


class _Sources:
    """The sources of intervals, each looked up once: a refrain's spans share one list."""

    def __init__(self, index: OverlapIndex) -> None:
        self._index = index
        self._known: dict[tuple[int, int], list[dict[str, Any]]] = {}

    def of(self, low: int, high: int) -> list[dict[str, Any]]:
        if (low, high) not in self._known:
            self._known[low, high] = self._index.sources(low, high, MOST_SOURCES)
        return self._known[low, high]


def _maximal(runs: Matches, seed: int, shortest: int) -> NDArray[np.int64]:
    """Return where the maximal runs of at least `shortest` words begin that hold a written word."""
    ends = np.arange(len(runs.lengths)) + runs.lengths
    longer = np.diff(ends, prepend=-1) > 0  # else it lies inside the run before it
    return np.flatnonzero(longer & (runs.lengths >= shortest) & (ends > seed))


def _longest(found: Words, seed: int, runs: Matches, sources: _Sources) -> dict[str, Any]:
    """Return the first of the longest runs, however short it is."""
    begins = _maximal(runs, seed, 1)
    if not len(begins):
        return {"words": 0, "start": 0, "end": 0, "text": "", "sources": []}
    first = int(begins[np.argmax(runs.lengths[begins])])
    length = int(runs.lengths[first])
    start, end = int(found.starts[first]), int(found.ends[first + length - 1])
    return {
        "words": length,
        "start": start,
        "end": end,
        "text": found.text[start:end],
        "sources": sources.of(int(runs.lows[first]), int(runs.highs[first])),
    }


def _spans(
    index: OverlapIndex, found: Words, ids: NDArray[np.int64], seed: int, runs: Matches, sources: _Sources
) -> list[dict[str, Any]]:
    begins = _maximal(runs, seed, SHORTEST_SPAN)
    lengths = runs.lengths[begins]
    bits = np.append(0.0, np.cumsum(index.surprisal(ids)))
    rare = bits[begins + lengths] - bits[begins] - np.log2(max(1, index.word_count)) >= DISTINCTIVE_BITS
    columns = (
        found.starts[begins],
        found.ends[begins + lengths - 1],
        lengths,
        runs.lows[begins],
        runs.highs[begins],
        rare,
    )
    return [
        {
            "start": start,
            "end": end,
            "words": length,
            "count": high - low,
            "distinctive": distinctive,
            "sources": sources.of(low, high),
        }
        for start, end, length, low, high, distinctive in zip(
            *(column.tolist() for column in columns), strict=True
        )
    ]
