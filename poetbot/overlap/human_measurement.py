"""How much human poems overlap: a poet's held-out poems are looked up in the index of its training poems.

This is done once, when a poet is trained. The index of a fine-tuned poet includes its parent's poems, so a held-out
poem may have been read after all. Poems with more than half of their words in matches of eight words or more are left
out for that reason.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from poetbot.overlap.figures import SHORTEST_SPAN, coverage
from poetbot.overlap.human_percentiles import LONGEST, HumanPoems
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.insertion import with_parent
from poetbot.overlap.longest_matches import longest_runs, maximal
from poetbot.poem import Poem

MOST_WORDS = 100_000  # of held-out poems, sampled evenly; more hardly change a percentile
RARER_THAN = 95  # per cent of the phrases that human poems share
_FEWEST_RUNS = 100  # for a meaningful limit
_READ_BEFORE = 8, 0.5  # words of a match, share of a poem's words inside such matches


def build_index(
    training: Sequence[Poem], held_out: Sequence[Poem], parent: OverlapIndex | None = None
) -> OverlapIndex:
    """Return the complete index of a poet: its training poems, its parent's, and the figures of human poems.

    A poem that the parent has read word for word is indexed once, as the parent's.
    """
    if parent is None:
        return with_human_poems(OverlapIndex.build(training), held_out)
    own = OverlapIndex.build(_unread(training, parent))
    return with_human_poems(with_parent(own, parent), held_out)


def save_fine_tuned_index(
    folder: Path, training: Sequence[Poem], held_out: Sequence[Poem], parent: Path, *, beside: bool
) -> None:
    """Write the index of a fine-tuned poet (`build_index`) to a folder. `parent` is the folder of its parent's index.

    With `beside`, the parent's poems are left out and referenced instead. Raises PoetBotError.
    """
    others = OverlapIndex.open(parent)
    if not beside:
        build_index(training, held_out, others).save(folder)
        return
    own = OverlapIndex.build(_unread(training, others))
    whole = with_parent(own, others)
    with_human_poems(whole, held_out).save_beside(folder, own, parent)


def _unread(poems: Sequence[Poem], index: OverlapIndex) -> list[Poem]:
    """Return the poems that the index doesn't hold word for word."""

    def is_held(poem: Poem) -> bool:
        ids = index.ids(index.words(poem.text).keys)
        return bool(len(ids)) and bool(longest_runs(index, ids).lengths[0] == len(ids))

    return [poem for poem in poems if not is_held(poem)]


def with_human_poems(index: OverlapIndex, held_out: Sequence[Poem]) -> OverlapIndex:
    """Return the index with its human poems; without them if none has a word."""
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
        begins = maximal(lengths, SHORTEST_SPAN)
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
    """Return the poems, or every k-th if they are far too long together."""
    characters = sum(len(poem.text) for poem in poems)
    return list(poems[:: 1 + characters // (10 * MOST_WORDS)])
