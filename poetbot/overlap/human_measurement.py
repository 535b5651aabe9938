"""Measure people by a poet's index: its held-out poems, which it never read, looked up in what it has read.

Done once, when a poet is trained. A fine-tuned poet's index holds its parent's poems too, so a held-out poem may
have been read after all; poems of which more than half the words lie inside runs of eight words or more are taken
for such, and left out.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poetbot.overlap.figures import SHORTEST_SPAN, coverage
from poetbot.overlap.human_percentiles import LONGEST, HumanPoems
from poetbot.overlap.index import OverlapIndex, merge
from poetbot.overlap.longest_matches import longest_runs, maximal
from poetbot.poem import Poem

MOST_WORDS = 100_000  # of held-out poems, taken evenly; more hardly change a percentile
RARER_THAN = 95  # in 100 of the runs that people share
_FEWEST_RUNS = 100  # for the limit to mean something
_READ_BEFORE = 8, 0.5  # words of a run, share of a poem's words inside such runs


def build_index(
    training: Sequence[Poem], held_out: Sequence[Poem], parent: OverlapIndex | None = None
) -> OverlapIndex:
    """Return a poet's whole index: what it has read, what its parent has read, and how people compare.

    With it every poet's index is made, at the end of its training.
    """
    index = OverlapIndex.build(training)
    if parent is not None:
        index = merge([index, parent], of=["poet", "parent"])
    return with_human_poems(index, held_out)


def save_fine_tuned_index(
    folder: Path, training: Sequence[Poem], held_out: Sequence[Poem], parent: Path, *, beside: bool
) -> None:
    """Write a fine-tuned poet's index (`build_index`) into a folder; `parent` is the folder of its parent's.

    With `beside`, without the parent's poems, pointing to where they are. Raises PoetBotError.
    """
    others = OverlapIndex.open(parent)
    if not beside:
        build_index(training, held_out, others).save(folder)
        return
    own = OverlapIndex.build(training)
    whole = merge([own, others], of=["poet", "parent"])
    with_human_poems(whole, held_out).save_beside(folder, own, parent)


def with_human_poems(index: OverlapIndex, held_out: Sequence[Poem]) -> OverlapIndex:
    """Return the index with the human poems it is judged by; without, where none of them has a word."""
    runs, rarities = [], []
    left = MOST_WORDS
    for poem in _evenly(held_out):
        found = index.words(poem.text)
        if not len(found) or left < len(found):
            continue
        ids = index.ids(found.keys)
        lengths = longest_runs(index, ids).lengths
        often = coverage(lengths, _READ_BEFORE[0])
        if often is not None and often > _READ_BEFORE[1]:
            continue
        begins = maximal(lengths, 0, SHORTEST_SPAN)
        rarities.append(index.rarity(ids, begins, lengths[begins]))
        runs.append(np.minimum(lengths, LONGEST).astype(np.uint8))
        left -= len(found)
    if not runs:
        return dataclasses.replace(index, human=None)
    bits = np.concatenate(rarities)
    limit = round(float(np.percentile(bits, RARER_THAN)), 2) if len(bits) >= _FEWEST_RUNS else None
    counts = np.array([len(run) for run in runs])
    return dataclasses.replace(index, human=HumanPoems(np.concatenate(runs), counts, len(bits), limit))


def _evenly(poems: Sequence[Poem]) -> list[Poem]:
    """Return the poems, or every k-th of them where together they are far too long."""
    characters = sum(len(poem.text) for poem in poems)
    return list(poems[:: 1 + characters // (10 * MOST_WORDS)])
