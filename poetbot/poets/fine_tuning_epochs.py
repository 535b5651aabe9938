"""How often a poet that goes on with other poems should read them: by how strange they are to it."""

from collections.abc import Sequence
from typing import cast

import numpy as np

from poetbot.poets.folder import Poet
from poetbot.poets.network import Network
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary

FEWEST, MOST = 3.0, 10.0
"""Times that a few poems of the poet's own kind are read, and many or strange ones. Read more often, it has them by
heart."""

_FEW = 120_000  # characters
MANY = 3_000_000
"""Characters from which on poems are read MOST times, whatever they are."""
_KNOWN, _STRANGE = 1.15, 1.4
"""The bits a character that these poems need, beside those that held-out poems of its own kind need."""
_HEARD = 12_000  # characters, which tell enough of all in a second
_LONGEST = 400  # of one poem


def epochs_for_fine_tuning(poet: Poet, texts: Sequence[str]) -> float:
    """Return how many times `poet` should read `texts` at most, a whole number.

    It is FEWEST where they are few and surprise the poet no more than poems of its own kind that it never saw. It is MOST
    where they are three million characters, or need 1.4 times the bits, or nobody knows what its own kind needs.
    docs/training.md has the runs behind it.
    """
    characters = sum(map(len, texts))
    by_size = np.interp(np.log(max(characters, 1)), np.log((_FEW, MANY)), (FEWEST, MOST))
    strange = MOST if by_size >= MOST else _by_strangeness(poet, texts, characters)
    return float(round(max(by_size, strange)))


def _by_strangeness(poet: Poet, texts: Sequence[str], characters: int) -> float:
    figures = poet.card.get("figures")
    own = figures.get("validation_bits_per_character") if isinstance(figures, dict) else None
    vocabulary = poet.vocabulary
    if type(own) is not float or not own > 0 or not characters:
        return MOST
    if poet.recipe.framing != "many-to-many" or not isinstance(vocabulary, Vocabulary):
        return MOST
    network = cast(Network, poet.network)  # or one that takes turns with those of others, as in the app
    some = max(1, round(len(texts) * min(1.0, _HEARD / characters)))
    heard = [texts[k] for k in np.linspace(0, len(texts) - 1, some).astype(int)]
    bits = score(network, vocabulary, heard, first=_LONGEST).bits_per_character
    return MOST if bits is None else float(np.interp(bits / own, (_KNOWN, _STRANGE), (FEWEST, MOST)))
