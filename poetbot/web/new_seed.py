"""Numbers for what nobody has asked for yet."""

import random

FRESH_RNG = 1_000_000  # numbers that are new each time stay below this, short enough to be copied by hand


def fresh_rng() -> int:
    """Return a number for a poem that nobody has asked for yet."""
    return random.SystemRandom().randrange(FRESH_RNG)
