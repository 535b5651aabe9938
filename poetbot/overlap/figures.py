"""Figures computed from the longest match at each word of a text.

All functions take `lengths` (..., m), the length of the longest phrase from each of the m words on that was read, and
return an array (...). Texts of equal length are measured together, so a poem and the human poems it is compared with
are measured by the same definition.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

NOVELTY = range(1, 11)
"""Lengths of the novelty curve, in words."""

COVERAGE = (5, 8, 12)
"""Lengths of a verbatim match, in words."""

SHORTEST_SPAN = 4
"""Words of the shortest phrase that is reported with its sources."""

Lengths = NDArray[np.integer]
Shares = NDArray[np.float64]


def novelty(lengths: Lengths, n: int) -> Shares | None:
    """Return the share of n-grams that were never read (McCoy et al. 2023), or None if there are none."""
    total = lengths.shape[-1] - n + 1
    return None if total < 1 else np.count_nonzero(lengths[..., :total] < n, axis=-1) / total


def coverage(lengths: Lengths, n: int) -> Shares | None:
    """Return the share of words inside a phrase of n words that was read, or None without words."""
    total = lengths.shape[-1]
    if not total:
        return None
    begins = lengths >= n
    inside = begins.copy()
    for k in range(1, min(n, total)):
        inside[..., k:] |= begins[..., :-k]
    return np.count_nonzero(inside, axis=-1) / total


def longest(lengths: Lengths) -> NDArray[np.integer]:
    """Return the number of words of the longest phrase that was read."""
    return lengths.max(-1, initial=0)


def one(share: Shares | None) -> float | None:
    """Return the share of a single text as a plain number."""
    return None if share is None else float(share)


def all_figures(lengths: Lengths) -> dict[str, Any]:
    """Return `longest`, `share_novel`, `novelty` by n and `coverage` by n, with None if nothing is counted."""
    curve = {str(n): novelty(lengths, n) for n in NOVELTY}
    return {
        "longest": longest(lengths),
        "share_novel": curve[str(SHORTEST_SPAN)],
        "novelty": curve,
        "coverage": {str(n): coverage(lengths, n) for n in COVERAGE},
    }
