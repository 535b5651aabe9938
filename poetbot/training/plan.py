"""What a run is to do, all of it decided before the first step."""

from dataclasses import dataclass

from poetbot.poets.recipe import Recipe
from poetbot.training.split import Split


@dataclass(frozen=True)
class Plan:
    """One run: the poems, the recipe, and how long: in `epochs`, or in `minutes`, or as before where it is resumed."""

    split: Split
    recipe: Recipe
    rng: int
    epochs: float | None
    minutes: float | None
