"""The overlap report: what a text has in common with a poet's training poems, word for word.

`fourgrams`, `novelty` (McCoy et al. 2023) and `coverage` count phrases of written words: none of the seed, or of what
else a person typed. Spans, and `longest`, are the maximal matches that end with a written word (Liu et al. 2025,
OLMoTrace); they may begin in the seed. docs/overlap.md explains each figure.
"""

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.bloom_filter import run_numbers
from poetbot.overlap.figures import COVERAGE, NOVELTY, SHORTEST_SPAN, coverage, novelty, one
from poetbot.overlap.highlights import limit_bits, marked_from_words, spans
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.longest_matches import Matches, known_fourgrams, longest_runs, maximal, phrases
from poetbot.overlap.poem_catalog import OF, WHOSE
from poetbot.overlap.report_types import (
    ComparedWith,
    CopiedLine,
    Fourgrams,
    Longest,
    Report,
    Shares,
    Span,
)
from poetbot.overlap.sources import describe, occurrences, sources
from poetbot.overlap.tokens import Words
from poetbot.overlap.written_words import Typed, WrittenWords, written_words


def report(index: OverlapIndex, text: str, seed_characters: int = 0, typed: Typed = ()) -> Report:
    """Return the overlap report of a text whose first `seed_characters` characters are the seed.

    It is made of plain JSON values. Shares are of occurrences, 0 to 1, and None if nothing is counted. If nothing is
    shared, `longest` has 0 words and no sources. Raises PoetBotError if `text` isn't text or is shorter than its seed.
    `typed` are other parts of the text that a person typed.
    """
    steps = report_in_steps(index, text, seed_characters, typed)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            found: Report = finished.value
            return found


STEPS = 4
"""How often `report_in_steps` yields."""


def report_in_steps(
    index: OverlapIndex, text: str, seed_characters: int = 0, typed: Typed = ()
) -> Generator[int, None, Report]:
    """Compute the report in steps and return it, so that a caller can show progress or cancel.

    Yields 1 to `STEPS` after the words, the longest matches, the spans and the lines. With five million characters a
    step takes some seconds.
    """
    found = index.words(text)
    written = written_words(found, seed_characters, typed)
    yield 1
    ids = index.ids(found.keys)
    runs = longest_runs(index, ids)
    longest = written.trimmed(runs.lengths)
    yield 2
    limit = limit_bits(index)
    shared, (different, distinctive) = _spans(index, found, ids, longest, runs, limit)
    yield 3
    lines = _lines(index, found, written, runs)
    yield 4
    report_so_far: Report = {
        "words": len(found),
        "seed_words": written.typed,
        **shares(found, written, runs.lengths),
        "longest": _longest(index, found, longest, runs),
        "longest_written": _longest(index, found, np.minimum(runs.lengths, written.reach), runs),
        "spans": shared,
        "lines": lines,
        "summary": {
            "spans": different,
            "distinctive": distinctive,
            "lines": len({line["first"] for line in lines}),
        },
        "compared_with": _compared_with(index, limit),
        "percentiles": None,
    }
    report_so_far["percentiles"] = index.human.percentiles(report_so_far) if index.human else None
    return report_so_far


def fourgrams(index: OverlapIndex, text: str, seed_characters: int = 0) -> Fourgrams:
    """Return only the report's `fourgrams`, in a fraction of the time."""
    found = index.words(text)
    keys = found.keys[written_words(found, seed_characters).typed :]
    numbers = run_numbers(keys)
    return _fourgrams(numbers, known_fourgrams(index, keys, numbers))


def shares(found: Words, written: WrittenWords, lengths: NDArray[np.int64]) -> Shares:
    """Return the report's shares, given the longest match at every word (m,)."""
    numbers = run_numbers(found.keys)
    counted = written.reach[: len(numbers)] >= 4
    return {
        "fourgrams": _fourgrams(numbers[counted], lengths[: len(numbers)][counted] >= 4),
        "novelty": {str(n): one(novelty(lengths, n, written.reach)) for n in NOVELTY},
        "coverage": {str(n): one(coverage(lengths, n, written.reach)) for n in COVERAGE},
    }


def _fourgrams(numbers: NDArray[np.uint64], matched: NDArray[np.bool_]) -> Fourgrams:
    total, read = len(numbers), _different(numbers[matched])
    return {
        "total": total,
        "unique": read + _different(numbers[~matched]),
        "matched_unique": read,
        "share_novel": (total - int(matched.sum())) / total if total else None,
    }


def _different(values: NDArray[np.uint64]) -> int:
    values = np.sort(values)
    return int((values[1:] != values[:-1]).sum()) + bool(len(values))


def _longest(index: OverlapIndex, found: Words, longest: NDArray[np.int64], runs: Matches) -> Longest:
    """Return the first of the longest matches, however short."""
    begins = maximal(longest, 1)
    if not len(begins):
        return {"words": 0, "start": 0, "end": 0, "text": "", "count": 0, "poems": 0, "sources": []}
    first = int(begins[np.argmax(longest[begins])])
    length = int(longest[first])
    start, end = int(found.starts[first]), int(found.ends[first + length - 1])
    return {
        "words": length,
        "start": start,
        "end": end,
        "text": found.text[start:end],
        **sources(index, *_intervals(index, runs, begins[begins == first], longest))[0],
    }


def _spans(
    index: OverlapIndex,
    found: Words,
    ids: NDArray[np.int64],
    longest: NDArray[np.int64],
    runs: Matches,
    limit: float,
) -> tuple[list[Span], tuple[int, int]]:
    """Return the spans, and the numbers of different and of distinctive ones, which count a refrain once."""
    begins, lengths, bits = spans(index, ids, longest)
    lows, highs = _intervals(index, runs, begins, longest)
    columns = (found.starts[begins], found.ends[begins + lengths - 1], lengths, bits)
    different = {
        (low, words): rare
        for low, words, rare in zip(lows.tolist(), lengths.tolist(), bits.tolist(), strict=True)
    }
    rows = zip(*(column.tolist() for column in columns), strict=True)
    found_spans: list[Span] = [
        {"start": start, "end": end, "words": words, "distinctive": rare > limit, "bits": rare, **at}
        for (start, end, words, rare), at in zip(rows, sources(index, lows, highs), strict=True)
    ]
    return found_spans, (len(different), sum(rare > limit for rare in different.values()))


def _intervals(
    index: OverlapIndex, runs: Matches, begins: NDArray[np.int64], longest: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the intervals of the longest matches at these words, some of which may have been trimmed."""
    lows, highs = runs.lows[begins], runs.highs[begins]
    cut = longest[begins] < runs.lengths[begins]
    lows[cut], highs[cut] = phrases(index, runs, begins[cut], longest[begins][cut])
    return lows, highs


def candidate_lines(
    found: Words, written: WrittenWords, lengths: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the first words, word counts and numbers (from 1) of the lines that occur in some poem.

    They have four words or more, one of which was written. `lengths` (m,) is the longest match at every word.
    """
    numbers = found.lines()
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
    counts = np.diff(firsts, append=len(found))
    whole = (counts >= SHORTEST_SPAN) & (lengths[firsts] >= counts)
    whole &= written.any_in(firsts, firsts + counts)
    return firsts[whole], counts[whole], numbers[firsts[whole]] + 1


def _lines(index: OverlapIndex, found: Words, written: WrittenWords, runs: Matches) -> list[CopiedLine]:
    """Return the lines of four words or more, with a written word, that are a whole line of a training poem."""
    firsts, counts, numbers = candidate_lines(found, written, runs.lengths)
    lows, highs = phrases(index, runs, firsts, counts)
    same = np.stack([lows, highs, counts], axis=1)
    different, which = np.unique(same, axis=0, return_inverse=True)
    phrase, positions = occurrences(index, different[:, 0], different[:, 1])
    are = index.are_lines(positions, different[phrase, 2])
    at = describe(index, phrase[are], positions[are], len(different))
    seen: dict[int, int] = {}
    columns = (
        numbers,
        found.starts[firsts],
        found.ends[firsts + counts - 1],
        counts,
        which.ravel(),
    )
    return [
        {
            "line": line,
            "first": seen.setdefault(k, line),
            "start": start,
            "end": end,
            "words": words,
            **at[int(k)],
        }
        for line, start, end, words, k in zip(*(column.tolist() for column in columns), strict=True)
        if at[k]["count"]
    ]


def _compared_with(index: OverlapIndex, limit: float) -> ComparedWith:
    parents = int((index.catalogue.poems[:, WHOSE] == OF.index("parent")).sum())
    human = index.human
    return {
        "what": "what this poet has read",
        "poems": index.poem_count,
        "parents_poems": parents,
        "words": index.word_count,
        "human_poems": len(human.counts) if human else 0,
        "distinctive_from_bits": limit,
        "limit_from_human_poems": human is not None and human.limit_bits is not None,
        "marked_from_words": marked_from_words(index),
    }
