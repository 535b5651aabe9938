"""Samples written during training."""

import numpy as np

from poetbot.poem import MARKER
from poetbot.poets.interfaces import empty_seed_state
from poetbot.poets.network import Network, State
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.sampling import sample
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import POEM_END, Words
from poetbot.writing.constraints import ConstraintSet, constraints_of
from poetbot.writing.indentation import Layout
from poetbot.writing.word_constraints import WordConstraints

CHARACTERS = 400
WORDS = 80
TEMPERATURE = 0.6


def write_sample(network: Network, vocabulary: Vocabulary, rng: np.random.Generator) -> str:
    """Return at most 400 characters from an empty seed, up to the next marker."""
    state: State = empty_seed_state(network, vocabulary)
    text, layout, constraints = (
        "",
        Layout(vocabulary),
        ConstraintSet(constraints_of(vocabulary, "", open_end=True)),
    )
    while len(text) < CHARACTERS and not text.endswith(MARKER):
        logits = state.logits[0]
        constraints.forbid(text, logits)
        if layout.at_margin(text):
            logits = layout.drawn_from(logits, TEMPERATURE)
        chosen = sample(logits, TEMPERATURE, 1.0, rng)
        text += vocabulary.piece(chosen, text)
        network.step(np.array([chosen], dtype=np.int32), state)
    return text.partition(MARKER[0])[0]


def write_word_sample(network: PrefixNetwork, vocabulary: Words, rng: np.random.Generator) -> str:
    """Return at most 80 words and separators from an empty seed, up to the poem's end."""
    state = network.zero_state()
    forbid = WordConstraints(vocabulary, "", open_end=True)
    text, chosen = "", POEM_END
    for _ in range(WORDS):
        network.step(np.array([chosen], dtype=np.int32), state)
        forbid(text, state.logits[0])
        chosen = sample(state.logits[0], TEMPERATURE, 1.0, rng)
        if chosen == POEM_END:
            break
        text += vocabulary.piece(chosen, text)
    return text
