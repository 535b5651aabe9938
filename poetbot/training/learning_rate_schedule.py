"""The learning rate: warm-up, then half a cosine."""

import math
from dataclasses import dataclass

from poetbot.poets.recipe import Recipe


@dataclass(frozen=True)
class Schedule:
    """The schedule of a run of `epochs` passes over the poems, perhaps not a whole number."""

    recipe: Recipe
    epochs: float

    def learning_rate(self, step: int, passes: float) -> float:
        """Return the rate for step number `step` (from 0), `passes` epochs into the run.

        Linear warm-up, then half a cosine down to a hundredth of the peak (Loshchilov and Hutter 2017) over the last
        `fall` (a share) of the run.
        """
        level = 1 - self.recipe.fall
        share = (
            min(1.0, max(0.0, passes / self.epochs - level) / self.recipe.fall) if self.recipe.fall else 0.0
        )
        fall = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share))
        rise = min(1.0, (step + 1) / (self.recipe.warmup + 1))
        return self.recipe.learning_rate * fall * rise
