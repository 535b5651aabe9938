"""What a run is to do, all of it decided before the first step."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from poetbot.poets.network import Floats
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training.split import Split

CHECKPOINT_SECONDS = 120.0


@dataclass(frozen=True)
class Parent:
    """The poet that a fine-tuned one begins as."""

    name: str
    id: str
    vocabulary: Vocabulary
    tensors: Mapping[str, Floats]
    times: float | None  # it is to read the poems at most; None where a length in epochs is asked for


@dataclass(frozen=True)
class Plan:
    """One run: the poems, the recipe, and how long: in `epochs`, or in `minutes`, or as before where it is resumed."""

    split: Split
    recipe: Recipe
    rng: int
    epochs: float | None
    minutes: float | None
    parent: Parent | None = None  # what it begins as; None is random weights
    threads: int | None = None  # that the process computes with; kept, because results depend on it
    half: bool = (
        False  # weights are measured and kept rounded to 16 bits; training goes on with all of theirs
    )
    checkpoint_seconds: float = CHECKPOINT_SECONDS  # at most, from one checkpoint to the next

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What must be the same for a run to be resumed, as plain data."""
        digest = hashlib.sha256()
        for poems in (self.split.training, self.split.validation):
            digest.update(json.dumps([poem.text for poem in poems]).encode())
        return {
            "corpus": digest.hexdigest(),
            "recipe": self.recipe.as_json(),
            "rng": self.rng,
            "parent": self.parent.id if self.parent else None,
        }
