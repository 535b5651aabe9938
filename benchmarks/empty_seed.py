"""Test whether an empty seed is familiar to the network: the loss on the first 100 characters of held-out poems.

Measured once from the state of an empty seed (sixty markers from a zero state), and once within a stream, with the state
carried over from the poem before. The first must not be higher than the second.
"""

import sys

import numpy as np

from benchmarks.held_out import split_of
from poetbot.poem import MARKER
from poetbot.poets.folder import load
from poetbot.poets.scoring import score

FIRST, TOLERANCE = 100, 0.01


def main(name: str = "english") -> int:
    poet = load(name).in_floats
    texts = [poem.text for poem in split_of(poet).validation]
    alone = score(poet.network, poet.vocabulary, texts, first=FIRST)
    network, vocabulary = poet.network, poet.vocabulary
    state = poet.empty_seed.copy()
    nats, count = 0.0, 0
    marker = vocabulary.ids_of(MARKER)
    for text in texts:
        known, _ = vocabulary.replace_unknown(text if text.endswith("\n") else text + "\n")
        ids = vocabulary.ids_of(known)
        for wanted in ids[:FIRST]:
            logits = state.logits[0].astype(float)
            nats += float(np.log(np.exp(logits - logits.max()).sum()) + logits.max() - logits[wanted])
            network.step(np.array([wanted], np.int32), state)
        count += min(FIRST, len(ids))
        network.read(np.concatenate([ids[FIRST:], marker]), state)
    print(f"first {FIRST} characters of {len(texts)} held-out poems, nats per character")
    print(f"from an empty seed         {alone.nats_per_character:.4f}")
    print(f"within the held-out stream {nats / count:.4f}")
    worse = alone.nats_per_character - nats / count
    print(f"difference {worse:+.4f} (no worse means at most {TOLERANCE:+})")
    return 0 if worse <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
