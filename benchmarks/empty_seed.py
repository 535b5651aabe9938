"""Test whether an empty seed is familiar to the network: the loss on the first 100 characters of held-out poems.

Measured once from the state of an empty seed (sixty markers from a zero state), and once within a stream, with the state
carried over from the poem before. The first must not be higher than the second.
"""

import sys
from collections.abc import Iterator

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.held_out import split_of
from poetbot.poem import MARKER
from poetbot.poets.folder import load
from poetbot.poets.scoring import score

FIRST, TOLERANCE = 100, 0.01


def measure(quick: bool = False, name: str = "english") -> Iterator[Figure]:
    """Compare both losses."""
    poet = load(name).in_floats
    texts = [poem.text for poem in split_of(poet).validation]
    alone = score(poet.network, poet.vocabulary, texts, first=FIRST)
    network, vocabulary = poet.network, poet.vocabulary
    state = poet.empty_seed.copy()
    nats, count = 0.0, 0
    marker = vocabulary.ids_of(MARKER)
    for text in texts:
        known, _ = vocabulary.replace_unknown(text if text.endswith("\n") else text + "\n")
        for wanted in vocabulary.ids_of(known[:FIRST]):
            logits = state.logits[0].astype(float)
            nats += float(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[wanted])
            network.step(np.array([wanted], np.int32), state)
        count += len(known[:FIRST])  # characters, of which a subword has several
        network.read(np.concatenate([vocabulary.ids_of(known[FIRST:]), marker]), state)
    apart, within = alone.nats_per_character, nats / count
    yield Figure(
        "Training",
        f"loss on the first {FIRST} characters of held-out poems by `{name}` from an empty seed",
        round(apart - within, 4),
        "nats more than within the held-out stream",
        f"≤ {TOLERANCE}",
        compared=f"{apart:.4f} and {within:.4f}, {len(texts)} poems",
    )


def main(name: str = "english") -> int:
    return figures.report(measure(False, name))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
