"""A few lines by the poet as it is now: what the reader of a training run sees grow."""

import numpy as np

from poetbot.corpus.poem import MARKER
from poetbot.poets.network import Network
from poetbot.poets.sampling import sample
from poetbot.poets.scoring import empty_seed_state
from poetbot.poets.vocabulary import Vocabulary

CHARACTERS = 400
TEMPERATURE = 0.6


def write_sample(network: Network, vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return at most 400 characters from an empty seed, up to the next marker."""
    state = empty_seed_state(network, vocabulary)
    text = ""
    while len(text) < CHARACTERS and not text.endswith(MARKER):
        chosen = sample(state.logits[0], TEMPERATURE, 1.0, rng)
        text += vocabulary.characters[chosen]
        network.step(np.array([chosen], dtype=np.int32), state)
    return text.removesuffix(MARKER)
