"""What one kind of network is taught, and how: the seam between the training loop and the kinds of network.

The loop (`loop.py`) knows nothing of windows, prefixes, characters or words. It asks a course for the batches of an
epoch, gives them to the course's model, and asks it for figures and a sample when the epoch is done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from poetbot.poets.network import Floats
from poetbot.poets.recipe import Recipe
from poetbot.training.plan import Plan


@dataclass(frozen=True)
class Batch:
    """One step's data, as `model.train_on_batch(inputs, targets, sample_weight=weights)` takes them."""

    inputs: list[np.ndarray]
    targets: np.ndarray
    weights: np.ndarray | None
    size: int  # characters (or words: the course's `unit`) read in this step, which speed is counted in


class Lesson(Protocol):
    """One epoch: all poems once, in an order of its own."""

    def __len__(self) -> int:
        """Return the number of batches."""

    def batches(self, first: int) -> Iterator[Batch]:
        """Yield the batches from number `first` (0-based) on, the same ones whatever `first` is."""


class Course(Protocol):
    """A model and all it is taught. Whatever is random follows from the plan's rng and the epoch's number alone.

    State that goes from batch to batch lies in variables of the model, so that a checkpoint holds it.
    """

    model: Any
    """The compiled Keras model, its optimiser built; the loss is a mean over all targets, weighted or not."""
    unit: str
    """What is read and counted: "characters" or "words"."""
    recipe: Recipe
    """The recipe as it fits the corpus, which is how the poet keeps it."""
    notices: tuple[str, ...]
    """Sentences for the person, on what had to be done otherwise than asked."""
    vocabulary: Any
    """What `poets.folder.save_network` writes."""

    def lesson(self, epoch: int) -> Lesson:
        """Return epoch number `epoch`, 0-based."""

    def tensors(self) -> dict[str, Floats]:
        """Return copies of the weights under their names in the poet folder."""

    def figures(self, tensors: dict[str, Floats], means: Mapping[str, float]) -> dict[str, float | None]:
        """Return what an epoch's line of history.jsonl says of these weights.

        `means` are the epoch's, of the model's loss and metrics over all targets by their weights.

        Holds at least `training_nats`; `validation_nats` (a unit), which decides on the best so far; and `validation_bits` (a
        character): None where there is nothing held out, or no such figure.
        """

    def sample(self, tensors: dict[str, Floats], rng: np.random.Generator) -> str:
        """Return a few lines by the poet of these weights."""


def course_of(plan: Plan) -> Course:
    """Return the course of the plan's recipe. Raises PoetBotError where the corpus is too small for it."""
    if plan.recipe.framing == "prefixes":
        from poetbot.training.prefix_dataset import PrefixCourse

        return PrefixCourse(plan)
    from poetbot.training.stream_dataset import StreamCourse

    return StreamCourse(plan)
