"""A training run as requested: from the Teach form or the command line to the worker and the poet's card."""

from dataclasses import dataclass

from poetbot.errors import PoetBotError
from poetbot.finite import is_finite

_MAX_LENGTH = 100_000  # minutes or epochs


@dataclass(frozen=True)
class TrainingRun:
    """One training run. Without `minutes` and `epochs`, its length depends on the poems.

    Raises PoetBotError for values with which no poet can be trained.
    """

    name: str  # of the new poet
    parent: str | None = None  # name or folder of the poet to fine-tune; None: train from scratch
    recipe: str | None = None  # name or file; None: one that suits the poems and the length
    minutes: float | None = None
    epochs: float | None = None
    rng: int = 0
    validation: float = 0.1  # share of held-out poems
    licence: str | None = None  # of the poems, for the poet's card

    def __post_init__(self) -> None:
        if not all(isinstance(each, str | None) for each in (self.parent, self.recipe)):
            raise PoetBotError("Choose a poet and a recipe from the lists.")
        if self.parent is not None and self.recipe is not None:
            raise PoetBotError(
                "A fine-tuned poet keeps its parent's recipe. Choose a parent or a recipe, not both."
            )
        if self.minutes is not None and self.epochs is not None:
            raise PoetBotError("Give minutes or epochs, not both.")
        for length in (self.minutes, self.epochs):
            if length is not None and not (is_finite(length) and 0 < length <= _MAX_LENGTH):
                raise PoetBotError("Minutes or epochs must be greater than 0 and at most 100,000.")
        if type(self.rng) is not int or not 0 <= self.rng < 2**32:
            raise PoetBotError("The random seed must be an integer from 0 to 4,294,967,295.")
        if not (is_finite(self.validation) and 0 <= self.validation < 1):
            raise PoetBotError("The share of held-out poems must be at least 0 and less than 1.")
