"""Bits per character of PPMd (order 6) on the poems that `english` never saw, compared with the poet's.

PPMd (Shkarin 2002, "PPM: one step to practicality") is trained on the same poems. Its bits are those for the training poems
and a held-out text together, minus those for the training poems alone. There are two figures: all held-out poems as one text,
so that it learns from each for the next (the harder bar, and the one that counts); and a sample of them one at a time, as
`score` does.
"""

import sys

import numpy as np
import pyppmd

from benchmarks.held_out import split_of
from benchmarks.sizes import full_or_tiny
from poetbot.poets.folder import load
from poetbot.poets.scoring import score

ORDER, BAR = 6, 0.95
MEMORY, ALONE = full_or_tiny((1 << 30, 8), (1 << 22, 2))


def size(text: str) -> int:
    """Return how many bits PPMd needs for `text`."""
    encoder = pyppmd.Ppmd7Encoder(ORDER, MEMORY)
    return 8 * len(encoder.encode(text.encode()) + encoder.flush())


def main(name: str = "english") -> int:
    poet = load(name)
    parts = split_of(poet)
    training = "".join(poem.text.rstrip("\n") + "\n" for poem in parts.training)
    held_out = [poem.text.rstrip("\n") + "\n" for poem in parts.validation]
    base = size(training)
    together = (size(training + "".join(held_out)) - base) / sum(map(len, held_out))
    drawn = np.random.default_rng(0).choice(len(held_out), ALONE, replace=False)
    sample = [held_out[k] for k in drawn]
    alone = sum(size(training + text) - base for text in sample) / sum(map(len, sample))
    ours = score(poet.in_floats.network, poet.vocabulary, held_out)
    ours_sample = score(poet.in_floats.network, poet.vocabulary, sample)
    print(f"training: {len(parts.training):,} poems, {len(training):,} characters")
    print(f"held out: {len(held_out):,} poems, {ours.characters:,} characters ({parts.rule})")
    print(f"{'bits per character':<40}{'PPMd':>8}{name:>10}{'ratio':>8}")
    ratio = ours.bits_per_character / together
    for label, theirs, own in (
        ("all held-out poems (PPMd: as one text)", together, ours.bits_per_character),
        (f"{ALONE} of them, each alone", alone, ours_sample.bits_per_character),
    ):
        print(f"{label:<40}{theirs:8.4f}{own:10.4f}{own / theirs:8.4f}")
    print(f"bar: at most {BAR} x PPMd: {'met' if ratio <= BAR else 'missed'} ({ratio:.4f})")
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
