"""Finding where the suffixes of a few poems belong in a large index, so that these can be added without sorting it again.

The parent of a fine-tuned poet has often read a hundred times as many poems as are taught. For each suffix of the new
poems the longest match in the large index is searched, and after it the first word that differs.
"""

import numpy as np

from poetbot.overlap.index import OverlapIndex, merge
from poetbot.overlap.longest_matches import longest_runs
from poetbot.overlap.suffix_array import Order, lower_bounds

_TIMES_LARGER = 4  # else sorting everything is as fast, and the parent's Bloom filter would be too small


def places_among(index: OverlapIndex, parent: OverlapIndex) -> Order:
    """Return how many suffixes of the parent come before each suffix (n,) of the index, in order (`merging.py`).

    The end marks of the index come before everything of the parent.
    """
    size, poems = len(index.suffixes), index.poem_count
    often = (index.buckets[1:] - index.buckets[:-1]).astype(np.int64)
    words = np.repeat(np.arange(len(often)), often)  # of each suffix, in order, after the end marks
    inserted = np.full(size, -1, np.int64)  # where each word is in the parent's vocabulary, or would be
    inserted[index.suffixes[poems:]] = parent.vocabulary.searchsorted(index.vocabulary)[words]
    ids = np.full(size, -1, np.int64)
    ids[index.suffixes[poems:]] = parent.ids(index.vocabulary)[words]

    runs = longest_runs(parent, ids)
    next_word = np.append(inserted, -1)[np.arange(size) + runs.lengths]
    # An end mark of the index is below everything that follows a match in the parent.
    target = np.where(next_word < 0, 0, parent.buckets.take(next_word, mode="clip").astype(np.int64))
    places = np.where(inserted < 0, 0, parent.buckets.take(inserted, mode="clip")).astype(np.int64)
    longer = np.flatnonzero(runs.lengths > 0)
    places[longer] = lower_bounds(
        parent.suffixes,
        parent.ranks,
        runs.lows[longer],
        runs.highs[longer],
        runs.lengths[longer],
        target[longer],
    )
    return places[index.suffixes].astype(np.uint32)


def with_parent(index: OverlapIndex, parent: OverlapIndex) -> OverlapIndex:
    """Return the index of a fine-tuned poet: its own poems, then its parent's."""
    if len(parent.suffixes) < _TIMES_LARGER * len(index.suffixes):
        return merge([index, parent], of=["poet", "parent"])
    return index.before(parent, places_among(index, parent))
