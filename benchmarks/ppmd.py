"""Bits per character of PPMd (order 6) on the poems that `english` never saw, compared with the poet's.

PPMd (Shkarin 2002, "PPM: one step to practicality") is trained on the same poems. Its bits are those for the training poems
and a held-out text together, minus those for the training poems alone. There are two figures: all held-out poems as one text,
so that it learns from each for the next (the harder bar, and the one that counts); and a sample of them one at a time, as
`score` does.
"""

import sys
from collections.abc import Iterator

import numpy as np
import pyppmd

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.held_out import split_of
from benchmarks.sizes import full_or_tiny
from poetbot.poets.folder import load
from poetbot.poets.scoring import score

ORDER = 6
MEMORY, ALONE = full_or_tiny((1 << 30, 8), (1 << 22, 2))


def size(text: str) -> int:
    """Return how many bits PPMd needs for `text`."""
    encoder = pyppmd.Ppmd7Encoder(ORDER, MEMORY)
    return 8 * len(encoder.encode(text.encode()) + encoder.flush())


def measure(quick: bool = False, name: str = "english") -> Iterator[Figure]:
    """Measure the held-out poems as one text, and some of them alone."""
    poet = load(name)
    parts = split_of(poet)
    training = "".join(poem.text.rstrip("\n") + "\n" for poem in parts.training)
    held_out = [poem.text.rstrip("\n") + "\n" for poem in parts.validation]
    base = size(training)
    together = (size(training + "".join(held_out)) - base) / sum(map(len, held_out))
    drawn = np.random.default_rng(0).choice(len(held_out), ALONE, replace=False)
    sample = [held_out[k] for k in drawn]
    alone = sum(size(training + text) - base for text in sample) / sum(map(len, sample))
    for which, poems, theirs, bar in (
        ("all held-out poems as one text (the harder reading)", held_out, together, "≤ 0.85"),
        (f"{ALONE} of the poems, each alone", sample, alone, ""),
    ):
        own = score(poet.in_floats.network, poet.vocabulary, poems).bits_per_character or 0.0
        what = f"bits per character of `{name}` compared with PPMd, order {ORDER}, {which}"
        told = f"{own:.3f} and {theirs:.3f}"
        yield Figure(f"The poet `{name}`", what, round(own / theirs, 3), "× PPMd's", bar, compared=told)


def main(name: str = "english") -> int:
    return figures.report(measure(False, name))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
