"""What the training loop needs to know of a kind of network: its model, its batches, its figures.

The loop (`loop.py`) knows nothing of windows, prefixes, characters or words. `stream_dataset.py` and
`prefix_dataset.py` are the two implementations.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from poetbot.poets.network import Floats
from poetbot.poets.recipe import Recipe


@dataclass(frozen=True)
class Batch:
    """The data of one step, as `model.train_on_batch(inputs, targets, sample_weight=weights)` takes them."""

    inputs: list[np.ndarray]
    targets: np.ndarray
    weights: np.ndarray | None
    size: int  # characters (or words: the dataset's `unit`) read in this step; speed is measured in these


class EpochBatches(Protocol):
    """The batches of one epoch, which reads every poem once, in an order of its own."""

    def __len__(self) -> int:
        """Return the number of batches."""

    def batches(self, first: int) -> Iterator[Batch]:
        """Yield the batches from number `first` (0-based) on, the same ones whatever `first` is."""


class Dataset(Protocol):
    """The poems as batches, and the model that learns them. All randomness follows from the plan's rng and the epoch.

    State that is carried from batch to batch lies in variables of the model, so that checkpoints include it.
    """

    model: Any
    """The compiled Keras model with its optimizer built. The loss is a mean over all targets, weighted or not."""
    unit: str
    """What is read and counted: "characters" or "words"."""
    characters_per_target: float
    """How many characters a target has on average: 1, or more where the poet reads subwords."""
    recipe: Recipe
    """The recipe fitted to the corpus, as the poet stores it."""
    notices: tuple[str, ...]
    """What had to be done differently from what was requested, in sentences."""
    vocabulary: Any
    """What `poets.folder.save_network` writes."""

    def epoch_batches(self, epoch: int) -> EpochBatches:
        """Return the batches of an epoch (0-based)."""

    def tensors(self) -> dict[str, Floats]:
        """Return copies of the weights under their names in the poet folder."""

    def figures(self, tensors: dict[str, Floats], means: Mapping[str, float]) -> dict[str, float | None]:
        """Return what history.jsonl records of an epoch that ended with these weights.

        `means` are the epoch's means of the loss and the metrics over all targets by weight. The result has at least
        `training_nats`, `validation_nats` (per unit, which decides on the best epoch) and `validation_bits` (per
        character); the latter two are None without held-out poems.
        """

    def sample(self, tensors: dict[str, Floats], rng: np.random.Generator) -> str:
        """Return a few lines written with these weights."""
