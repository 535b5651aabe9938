"""The training stream: marker, poem, marker, poem, … laid out in rows, cut into windows, with a mask for the state.

Training mixes two kinds of starts. Most poems follow the previous one with the state carried on. A share of them
(`fresh_starts`) begins from a zero state after one to sixty unscored padding markers, which is exactly what a
left-padded 300-character seed is when writing.

Sections and lines each begin from a zero state, because what precedes them in the stream is random.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from poetbot.poem import MARKER
from poetbot.poets.recipe import Recipe
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary

MAX_PADDING = 60
"""The number of markers in an empty 300-character seed."""

_ALWAYS_FULL = 0.2
"""The share of fresh starts with all sixty markers (an empty seed). The others get a log-uniform number."""

_PADDED_LINES = 0.05
"""The most lines (a share) that get padding. Lines are short, so more would fill the stream with markers."""


@dataclass(frozen=True)
class Window:
    """The data of one training step, time-major. `keep` is 0 where the state is reset before that step."""

    ids: npt.NDArray[np.int32]  # [time, rows]
    targets: npt.NDArray[np.int32]  # [time, rows]
    keep: npt.NDArray[np.float32]  # [time, rows, 1]
    weights: npt.NDArray[np.float32]  # [time, rows], 0 for targets that are not scored


@dataclass(frozen=True)
class Epoch:
    """One pass over all poems in its own order, as rows `[rows, windows x window + 1]`."""

    ids: npt.NDArray[np.int32]
    keep: npt.NDArray[np.float32]
    scored: npt.NDArray[np.float32]
    window: int

    def __len__(self) -> int:
        return (self.ids.shape[1] - 1) // self.window

    def windows(self, first: int = 0) -> Iterator[Window]:
        """Yield the windows from number `first` on."""
        for number in range(first, len(self)):
            start, end = number * self.window, (number + 1) * self.window
            yield Window(
                np.ascontiguousarray(self.ids[:, start:end].T),
                np.ascontiguousarray(self.ids[:, start + 1 : end + 1].T),
                np.ascontiguousarray(self.keep[:, start:end].T)[:, :, None],
                np.ascontiguousarray(self.scored[:, start + 1 : end + 1].T),
            )


def lay_out(
    texts: Sequence[str], vocabulary: Vocabulary, recipe: Recipe, rows: int, rng: np.random.Generator
) -> Epoch:
    """Lay out one epoch of `texts` (known characters only, each ending in a newline) in `rows` rows.

    The same `rng` state gives the same epoch. The marker after a poem is scored, because it is how a poem ends; padding
    markers and the filling at the end of the last row aren't.
    """
    marker = vocabulary.ids_of(MARKER)
    if isinstance(vocabulary, Subwords) and recipe.subword_dropout:
        encoded = vocabulary.perturbed(texts, recipe.subword_dropout, rng)
    else:
        encoded = [vocabulary.ids_of(text) for text in texts]
    pieces: list[np.ndarray] = [marker]
    padding: list[tuple[int, int]] = [(0, len(marker))]
    resets: list[int] = [0]
    at = len(marker)
    padded = min(recipe.fresh_starts, _PADDED_LINES) if recipe.pieces == "lines" else recipe.fresh_starts
    for number in rng.permutation(len(encoded)):
        if recipe.pieces != "poems":
            resets.append(at - len(marker))
        if rng.random() < padded:
            markers = _padding_markers(rng)
            resets.append(at)
            padding.append((at, at + markers * len(marker)))
            pieces.append(np.tile(marker, markers))
            at += markers * len(marker)
        pieces += [encoded[number], marker]
        at += len(encoded[number]) + len(marker)
    length = -(-(at - 1) // (rows * recipe.window)) * recipe.window
    filled = rows * length + 1
    ids = np.resize(marker, filled)
    ids[:at] = np.concatenate(pieces)
    keep = np.ones(filled, dtype=np.float32)
    keep[resets] = 0.0
    scored = np.ones(filled, dtype=np.float32)
    for start, end in padding:
        scored[start:end] = 0.0
    scored[at:] = 0.0
    # Each row overlaps the next one by one character, so that its last character has a target.
    index = np.arange(rows)[:, None] * length + np.arange(length + 1)[None, :]
    keep_rows = keep[index]
    keep_rows[:, 0] = 0.0
    return Epoch(ids[index], keep_rows, scored[index], recipe.window)


def _padding_markers(rng: np.random.Generator) -> int:
    if rng.random() < _ALWAYS_FULL:
        return MAX_PADDING
    return int(np.floor(np.exp(rng.uniform(0, np.log(MAX_PADDING + 1)))))
