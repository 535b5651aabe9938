"""Figures computed from the longest match at each word of a text.

All functions take `lengths` (..., m), the length of the longest phrase from each of the m words on that was read, and
return an array (...). Texts of equal length are measured together, so a poem and the human poems it is compared with
are measured by the same definition. `reach` (m,) is how many words count in a row from each word on; without it, all do.
"""

import numpy as np
from numpy.typing import NDArray

from poetbot.overlap.report_types import Report

NOVELTY = range(1, 11)
"""Lengths of the novelty curve, in words."""

COVERAGE = (5, 8, 12)
"""Lengths of a verbatim match, in words."""

SHORTEST_SPAN = 4
"""Words of the shortest phrase that is reported with its sources."""

Lengths = NDArray[np.integer]
Shares = NDArray[np.float64]


def novelty(lengths: Lengths, n: int, reach: Lengths | None = None) -> Shares | None:
    """Return the share of n-grams that were never read (McCoy et al. 2023), or None if there are none."""
    counted = _reach(lengths, reach) >= n
    total = np.count_nonzero(counted)
    return np.count_nonzero((lengths < n) & counted, axis=-1) / total if total else None


def coverage(lengths: Lengths, n: int, reach: Lengths | None = None) -> Shares | None:
    """Return the share of words inside a phrase of n words that was read, or None without words."""
    reach = _reach(lengths, reach)
    total = np.count_nonzero(reach)
    if not total:
        return None
    begins = (lengths >= n) & (reach >= n)
    inside = begins.copy()
    for k in range(1, min(n, lengths.shape[-1])):
        inside[..., k:] |= begins[..., :-k]
    return np.count_nonzero(inside, axis=-1) / total


def _reach(lengths: Lengths, reach: Lengths | None) -> Lengths:
    return np.arange(lengths.shape[-1], 0, -1) if reach is None else reach


def longest(lengths: Lengths) -> NDArray[np.integer]:
    """Return the number of words of the longest phrase that was read."""
    return lengths.max(-1, initial=0)


def one(share: Shares | None) -> float | None:
    """Return the share of a single text as a plain number."""
    return None if share is None else float(share)


def all_figures(lengths: Lengths) -> dict[str, Shares | NDArray[np.integer] | None]:
    """Return "longest", "share_novel", "novelty 1" and so on, and "coverage 5" and so on; None if nothing is counted."""
    return {
        "longest": longest(lengths),
        "share_novel": novelty(lengths, SHORTEST_SPAN),
        **{f"novelty {n}": novelty(lengths, n) for n in NOVELTY},
        **{f"coverage {n}": coverage(lengths, n) for n in COVERAGE},
    }


def figures_of_report(report: Report) -> dict[str, float | None]:
    """Return the figures of a report under the names of `all_figures`."""
    return {
        "longest": report["longest"]["words"],
        "share_novel": report["fourgrams"]["share_novel"],
        **{f"novelty {n}": share for n, share in report["novelty"].items()},
        **{f"coverage {n}": share for n, share in report["coverage"].items()},
    }
