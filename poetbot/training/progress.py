"""The progress of a run, and its length."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from poetbot.training.events import EpochRow
from poetbot.training.plan import Plan

DEFAULT_EPOCHS = 20.0
FINE_TUNING_PATIENCE = 3

_BUILDING = 2
"""First steps, in which the graph is built, so that their time says nothing about the speed."""
_MEASURED_STEPS = 12
_MEASURED_SHARE = 0.02
"""The length of a run in minutes is fixed once its speed was measured over this many steps and this share of the minutes."""


@dataclass
class Progress:
    """The progress of a run: all that a checkpoint stores besides the variables, as plain data."""

    step: int = 0
    epoch: int = 0
    batch: int = 0  # batches done in this epoch
    epochs: float | None = None  # the length of the run, once it is known
    minutes: float | None = None  # the length requested, in minutes of training
    most_epochs: float | None = None  # the limit of a run in minutes
    patience: int | None = None  # epochs without a better validation loss after which it ends
    seconds: float = 0.0  # of training alone
    building: float = 0.0  # of these, those of the first steps
    read: int = 0  # characters or words
    sums: dict[str, float] = field(
        default_factory=dict
    )  # sums of this epoch's loss and metrics over its targets
    counted: float = 0.0  # the weights of this epoch's targets, summed
    best: float | None = None  # validation loss, in nats per character or word
    since_best: int = 0  # epochs
    ended: bool = False  # the length is reached, or patience has run out
    history: list[EpochRow] = field(default_factory=list)
    replanned: list[dict[str, Any]] = field(
        default_factory=list
    )  # changes of length when the run was resumed

    @staticmethod
    def start(plan: Plan) -> "Progress":
        """Return the progress at the start of a run."""
        no_length = plan.run.epochs is None and plan.run.minutes is None
        if plan.parent and no_length:
            return Progress(epochs=plan.parent.times, patience=FINE_TUNING_PATIENCE)
        most = plan.parent.times if plan.parent else None
        return Progress(
            epochs=DEFAULT_EPOCHS if no_length else plan.run.epochs,
            minutes=plan.run.minutes,
            most_epochs=most,
        )

    def replan(self, plan: Plan) -> None:
        """Adopt the plan's number of epochs, if it has one. A run in minutes keeps the length that was measured."""
        if plan.run.epochs is not None and plan.run.epochs != self.epochs:
            self.replanned.append({"step": self.step, "from": self.epochs, "to": plan.run.epochs})
            self.epochs = plan.run.epochs
            self.ended = False

    def passes(self, batches: int) -> float:
        """Return how many times the poems have been read, with this number of `batches` per epoch."""
        return self.epoch + self.batch / batches

    def done(self, batches: int) -> bool:
        """Return whether the run has reached its length."""
        return self.epochs is not None and self.passes(batches) >= self.epochs

    def count(
        self, seconds: float, read: int, logs: Mapping[str, float], targets: int, counted: float
    ) -> None:
        """Count one step. `logs` are means over its `targets`, whose weights sum to `counted`."""
        for name, mean in logs.items():
            self.sums[name] = self.sums.get(name, 0.0) + mean * targets
        self.counted += counted
        self.step += 1
        self.batch += 1
        self.seconds += seconds
        self.read += read
        if self.step <= _BUILDING:
            self.building += seconds

    def means(self) -> dict[str, float]:
        """Return the means of this epoch so far, over the weighted targets."""
        return {name: total / max(self.counted, 1.0) for name, total in self.sums.items()}

    def fix_length(self, batches: int) -> bool:
        """Fix the length of a run in minutes once its speed is known, and return whether that happened now.

        A limit that is far below what the minutes allow is met at once: a small corpus would be read many times before
        the speed is known well.
        """
        if self.minutes is None or self.epochs is not None or self.step < _MEASURED_STEPS:
            return False
        left = max(0.0, (self.minutes * 60 - self.seconds) / self._seconds_a_step)
        possible = self.passes(batches) + left / batches
        most = math.inf if self.most_epochs is None else self.most_epochs
        if self.seconds < _MEASURED_SHARE * self.minutes * 60 and possible < 2 * most:
            return False
        self.epochs = max(self.passes(batches), min(possible, most))
        return True

    def seconds_left(self, batches: int) -> float | None:
        """Return the estimated seconds left, or None while the speed or the length is unknown."""
        if self.epochs is None or self.step <= _BUILDING:
            return None
        return max(0.0, self.epochs - self.passes(batches)) * batches * self._seconds_a_step

    @property
    def _seconds_a_step(self) -> float:
        return (self.seconds - self.building) / (self.step - _BUILDING)

    def add_epoch(self, entry: EpochRow) -> bool:
        """Add an epoch to the history, and return whether its weights are the best so far.

        Without held-out poems the latest always are. The run ends after `patience` epochs without a new best.
        """
        self.history.append(entry)
        loss = entry["validation_nats"]
        if loss is None or self.best is None or loss <= self.best:
            self.best, self.since_best = loss, 0
            return True
        self.since_best += 1
        if self.patience is not None and self.since_best >= self.patience:
            self.ended = True
        return False

    def next_epoch(self) -> None:
        """Start the next epoch."""
        self.epoch, self.batch = self.epoch + 1, 0
        self.sums, self.counted = {}, 0.0
        if self.epochs is not None and self.epoch >= self.epochs:
            self.ended = True

    @property
    def best_bits(self) -> float | None:
        """The best validation loss in bits."""
        return None if self.best is None else round(self.best / math.log(2), 5)
