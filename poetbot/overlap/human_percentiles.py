"""Percentiles of a text among human poems that the poet never read.

A share means little without knowing how much human poems share. So when a poet is trained, its held-out poems are
looked up in its index, and the longest match at each of their words is stored (one byte per word). Every figure of a
passage of any length follows from that, and a text is compared with human passages of exactly its number of words.

A passage is cut from one poem: a poem of 250 words gives two of 100, and the rest isn't used. If that gives fewer than
50 passages, the poems are concatenated and cut again, so that a passage may contain several (`joined`); no match
crosses the end of a poem in either case. With fewer than 20 there is no comparison.
"""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetbot.errors import PoetBotError
from poetbot.overlap.figures import COVERAGE, NOVELTY, SHORTEST_SPAN, all_figures, figures_of_report
from poetbot.overlap.report_types import Percentile, Percentiles, Report

FORMAT = 1
LONGEST = 255
"""Longer matches are stored as this length, which fits in one byte."""

ENOUGH, FEWEST = 50, 20  # passages
MOST_WORDS = 1_000_000  # the limit of a folder; `human_measurement.py` stores far fewer
_MOST_BYTES = 4_000_000
_QUANTILES = (5, 25, 50, 75, 95)
_ORDINARY_WORDS = 100  # of a passage; a poem of fourteen lines has about as many
_HEADER, _RUNS = "human.json", "human.npy"


@dataclass(frozen=True, eq=False)
class HumanPoems:
    """The matches of a poet's held-out poems.

    `runs` uint8 (W,): the longest match at every word, poem after poem. `counts` int64 (P,): the words of each poem.
    `shared` is the number of matches of four words or more. `limit_bits` is the rarity that exceeds 95 % of those (see
    `human_measurement.py`), or None if there are too few.
    """

    runs: NDArray[np.uint8]
    counts: NDArray[np.int64]
    shared: int
    limit_bits: float | None

    def passages(self, words: int) -> tuple[NDArray[np.uint8], bool] | None:
        """Return the longest matches in passages of this many words (k, words), and whether poems were joined."""
        if words < SHORTEST_SPAN:
            return None
        each = self.counts // words
        joined = int(each.sum()) < ENOUGH
        if joined:
            starts = np.arange(len(self.runs) // words) * words
            if len(starts) < FEWEST:
                return None
        else:
            heads = np.cumsum(self.counts) - self.counts
            place = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
            starts = np.repeat(heads, each) + words * place
        left = np.minimum(np.arange(words, 0, -1), LONGEST).astype(np.uint8)
        return np.minimum(self.runs[starts[:, None] + np.arange(words)], left), joined

    @cached_property
    def ordinary_longest(self) -> int | None:
        """The longest match of an ordinary passage of 100 words: their median, or None if there are too few."""
        found = self.passages(_ORDINARY_WORDS)
        return None if found is None else int(np.median(found[0].max(axis=1)))

    def percentiles(self, report: Report) -> Percentiles | None:
        """Return how the figures of a report compare with those of human passages of as many written words.

        `lower` and `higher` are the shares of human passages whose figure is lower or higher, and `quantiles` are those
        of the human passages. None if there are too few passages of this length.
        """
        words = report["words"] - report["seed_words"]
        found = self.passages(words)
        if found is None:
            return None
        runs, joined = found
        human = {name: figure for name, figure in all_figures(runs).items() if figure is not None}
        human["longest_written"] = human["longest"]  # people wrote every word
        own = figures_of_report(report)
        own["longest"] = min(own["longest"] or 0, LONGEST)
        own["longest_written"] = min(report["longest_written"]["words"], LONGEST)
        counted = [name for name in own if own[name] is not None and name in human]
        values, table = np.array([own[name] for name in counted]), np.stack([human[name] for name in counted])
        lower, higher = ((side(table, values[:, None])).mean(-1) for side in (np.less, np.greater))
        table.sort(axis=-1)
        quantiles = table[:, [round((len(runs) - 1) * q / 100) for q in _QUANTILES]]
        standing: dict[str, Percentile] = {}
        for name, *numbers in zip(counted, lower.tolist(), higher.tolist(), quantiles.tolist(), strict=True):
            below, above, some = numbers
            quantile = dict(zip(map(str, _QUANTILES), some, strict=True))
            standing[name] = {"lower": below, "higher": above, "quantiles": quantile}
        return {
            "words": words,
            "passages": len(runs),
            "joined": joined,
            "longest": standing["longest"],
            "longest_written": standing["longest_written"],
            "share_novel": standing.get("share_novel"),
            "novelty": {str(n): standing.get(f"novelty {n}") for n in NOVELTY},
            "coverage": {str(n): standing.get(f"coverage {n}") for n in COVERAGE},
        }

    def save(self, folder: Path) -> None:
        """Write the two files to a poet's overlap folder. The same poems give the same bytes."""
        with (folder / _RUNS).open("wb") as file:
            np.save(file, self.runs, allow_pickle=False)
        header = {
            "format": FORMAT,
            "counts": self.counts.tolist(),
            "shared": self.shared,
            "limit_bits": self.limit_bits,
        }
        (folder / _HEADER).write_text(json.dumps(header) + "\n", encoding="utf-8")


def remove(folder: Path) -> None:
    """Delete the files of an earlier index from an overlap folder."""
    for name in (_HEADER, _RUNS):
        (folder / name).unlink(missing_ok=True)


def read(folder: Path) -> HumanPoems | None:
    """Return the human poems of an overlap folder, or None. Raises PoetBotError if they are damaged."""
    path = folder / _HEADER
    if not path.exists():
        return None
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("too large")
        header = json.loads(path.read_bytes())
        runs = np.load(folder / _RUNS, mmap_mode="r", allow_pickle=False)
        poems = _checked(header, runs)
    except Exception as error:  # for a broken header NumPy raises whatever Python's parser does
        raise PoetBotError(
            "The poems by people in {path} are damaged or from another version. Delete {file} to do without them, or get the poet again from its source.",
            path=path,
            file=_HEADER,
        ) from error
    return poems


def _checked(header: Any, runs: Any) -> HumanPoems:
    """Return the poems. Raises ValueError, KeyError or TypeError if anything is inconsistent."""
    counts, shared, limit = header["counts"], header["shared"], header["limit_bits"]
    if header["format"] != FORMAT or runs.dtype != np.uint8 or runs.ndim != 1 or len(runs) > MOST_WORDS:
        raise ValueError("another format")
    if not all(type(n) is int and 0 < n <= len(runs) for n in counts) or sum(counts) != len(runs):
        raise ValueError("the words do not add up")
    if type(shared) is not int or shared < 0:
        raise ValueError("no number of runs")
    if limit is not None and not (type(limit) in (int, float) and 0 <= limit <= 10_000):
        raise ValueError("no limit")
    return HumanPoems(np.asarray(runs), np.array(counts, np.int64), shared, limit)
