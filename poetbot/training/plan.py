"""The plan of a run, complete before the first step."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from poetbot.poets.network import Floats
from poetbot.poets.recipe import Recipe
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training.split import Split

CHECKPOINT_SECONDS = 120.0


@dataclass(frozen=True)
class Parent:
    """The poet that fine-tuning starts from."""

    name: str
    id: str
    vocabulary: Vocabulary
    tensors: Mapping[str, Floats]
    times: float | None  # the most epochs it should read the poems; None if a number of epochs was requested


@dataclass(frozen=True)
class Plan:
    """A run with its poems and its recipe. Without a length in epochs or minutes, a resumed run keeps its own."""

    run: TrainingRun
    split: Split
    recipe: Recipe
    parent: Parent | None = None  # None: random weights
    threads: int | None = None  # recorded, because results depend on it
    half: bool = False  # measure and store the weights rounded to 16 bits; training uses their full precision
    checkpoint_seconds: float = CHECKPOINT_SECONDS  # the most between two checkpoints

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What must stay the same for a run to be resumed, as plain data."""
        digest = hashlib.sha256()
        for poems in (self.split.training, self.split.validation):
            digest.update(json.dumps([poem.text for poem in poems]).encode())
        return {
            "corpus": digest.hexdigest(),
            "recipe": self.recipe.as_json(),
            "rng": self.run.rng,
            "parent": self.parent.id if self.parent else None,
        }
