"""Score how much a piece is like verse: two weighted sums, of its shape, then of its shape and context.

The weights are in classifier_weights.py, one for each feature; they are fitted to hand labels by logistic regression, so a sum of 0 is
equally likely verse or not, and each unit multiplies the odds by e.
"""

import numpy as np
import numpy.typing as npt

from poetbot.corpus import context_features, segment_features
from poetbot.corpus.classifier_weights import FIRST_PASS, SECOND_PASS
from poetbot.corpus.line_features import Flags, Lines
from poetbot.corpus.segment_features import SegmentFeatures
from poetbot.corpus.segments import RUNNING, Segments

Floats = npt.NDArray[np.float64]

_STANZA = 4
_PLAINLY_VERSE = 2.0
"""A stanza that scores more than this by shape alone is verse in any context; no labelled prose does."""

_ALONE = np.array([FIRST_PASS[name] for name in (*segment_features.NAMES, "bias")])
_SEVERAL, _SINGLE = np.array(
    [SECOND_PASS[name] for name in (*segment_features.NAMES, *context_features.NAMES, "bias")]
).T


def verse_scores(lines: Lines, pieces: Segments, measured: SegmentFeatures, in_order: Flags) -> Floats:
    """Return the log odds that each piece is verse, shape (P,); meaningful only for RUNNING pieces."""
    alone = first_pass_scores(measured)
    around = context_features.context_features(lines, pieces, measured, alone, in_order)
    full = np.concatenate((measured.values, around), axis=1)
    single = (measured.lines == 1) & (pieces.make == RUNNING)
    scores = np.where(single, _weighted(full, _SINGLE), _weighted(full, _SEVERAL))
    return np.where(measured.lines >= _STANZA, np.maximum(scores, alone - _PLAINLY_VERSE), scores)


def first_pass_scores(measured: SegmentFeatures) -> Floats:
    """Return the log odds that each piece is verse by its shape alone."""
    return _weighted(measured.values, _ALONE)


def _weighted(values: Floats, weights: Floats) -> Floats:
    """Return the weighted sum of each row; the constant is last. BLAS would wake its threads for a millisecond's work."""
    return np.einsum("ij,j->i", values, weights[:-1]) + weights[-1]
