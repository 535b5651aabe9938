"""Random seeds for poems."""

import random

_BELOW = 1_000_000  # short enough to be copied by hand


def new_seed() -> int:
    """Return a random seed for a new poem."""
    return random.SystemRandom().randrange(_BELOW)
