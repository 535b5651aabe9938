"""How often a poet should read the poems it is fine-tuned on, depending on how unfamiliar they are."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from poetbot.poets.card import Card
from poetbot.poets.folder import Poet
from poetbot.poets.network import Network
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary

FEWEST, MOST = 3.0, 10.0
"""The number of epochs for a few familiar poems, and for many or unfamiliar ones. With more epochs the poet
memorizes them."""

_FEW = 120_000  # characters
MANY = 3_000_000
"""Number of characters from which poems are always read MOST times."""
_KNOWN, _STRANGE = 1.15, 1.4
"""Bits per character of these poems, relative to those of held-out poems of the poet's own corpus."""
_HEARD = 12_000  # characters: enough for an estimate, and takes a second
_LONGEST = 400  # of one poem


def epochs_for_fine_tuning(poet: Poet, texts: Sequence[str]) -> float:
    """Return the maximum number of epochs, an integer, for which `poet` should read `texts`.

    It is FEWEST if they are few and surprise the poet no more than held-out poems of its own corpus. It is MOST if
    they have three million characters or need 1.4 times the bits, or if the poet's own bits are unknown.
    docs/training.md describes the experiments behind it.
    """
    characters = sum(map(len, texts))
    by_size = np.interp(np.log(max(characters, 1)), np.log((_FEW, MANY)), (FEWEST, MOST))
    strange = MOST if by_size >= MOST else _by_strangeness(poet, texts, characters)
    return float(round(max(by_size, strange)))


def _by_strangeness(poet: Poet, texts: Sequence[str], characters: int) -> float:
    own = Card(poet.card).part("figures").number("validation_bits_per_character")
    vocabulary = poet.vocabulary
    if not own or own < 0 or not characters:
        return MOST
    if poet.recipe.framing != "many-to-many" or not isinstance(vocabulary, Vocabulary):
        return MOST
    network = cast(Network, poet.in_floats.network)
    count = max(1, round(len(texts) * min(1.0, _HEARD / characters)))
    sample = [texts[k] for k in np.linspace(0, len(texts) - 1, count).astype(int)]
    bits = score(network, vocabulary, sample, first=_LONGEST).bits_per_character
    return MOST if bits is None else float(np.interp(bits / own, (_KNOWN, _STRANGE), (FEWEST, MOST)))
