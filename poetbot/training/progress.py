"""Where a run stands, and how long it is to be."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from poetbot.training.plan import Plan

DEFAULT_EPOCHS = 20.0
FINE_TUNING_PATIENCE = 3

_BUILDING = 2
"""First steps, in which the graph is built: their time says nothing about the rate."""
_MEASURED_STEPS = 12
_MEASURED_SHARE = 0.02
"""The rate that fixes the length of a run given in minutes is taken over so many steps and this share of them."""


@dataclass
class Progress:
    """Where a run stands; everything but the variables that a checkpoint must hold. Plain data, as JSON keeps it."""

    step: int = 0
    epoch: int = 0
    batch: int = 0  # batches of this epoch that are done
    epochs: float | None = None  # the length of the run, once it is fixed
    minutes: float | None = None  # what it is to be measured for
    most_epochs: float | None = None  # that a run in minutes may come to
    patience: int | None = None  # epochs without a better validation loss that end it
    seconds: float = 0.0  # of training alone
    building: float = 0.0  # of these, what the first steps took
    read: int = 0  # characters or words
    sums: dict[str, float] = field(
        default_factory=dict
    )  # of this epoch's losses and measures over its targets
    counted: float = 0.0  # targets of this epoch, each by its weight
    best: float | None = None  # validation loss, nats a character or word
    since_best: int = 0  # epochs
    ended: bool = False  # the length is reached, or the validation loss got no better for long
    history: list[dict[str, Any]] = field(default_factory=list)
    replanned: list[dict[str, Any]] = field(
        default_factory=list
    )  # where a resumed run was given another length

    @staticmethod
    def begun(plan: Plan) -> "Progress":
        """Return the beginning of a run."""
        unsaid = plan.epochs is None and plan.minutes is None
        if plan.parent and unsaid:
            return Progress(epochs=plan.parent.times, patience=FINE_TUNING_PATIENCE)
        most = plan.parent.times if plan.parent else None
        return Progress(
            epochs=DEFAULT_EPOCHS if unsaid else plan.epochs, minutes=plan.minutes, most_epochs=most
        )

    def replan(self, plan: Plan) -> None:
        """Take the plan's length where it names one in epochs; a run in minutes keeps the one that was measured."""
        if plan.epochs is not None and plan.epochs != self.epochs:
            self.replanned.append({"step": self.step, "from": self.epochs, "to": plan.epochs})
            self.epochs = plan.epochs
            self.ended = False

    def passes(self, batches: int) -> float:
        """Return how many times the poems were read, an epoch being so many `batches`."""
        return self.epoch + self.batch / batches

    def done(self, batches: int) -> bool:
        """Return whether the length is reached."""
        return self.epochs is not None and self.passes(batches) >= self.epochs

    def count(
        self, seconds: float, read: int, logs: Mapping[str, float], targets: int, counted: float
    ) -> None:
        """Count one step. `logs` are means over its `targets`, of which `counted` had a weight."""
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
        """Return the means of this epoch so far, over the targets that count."""
        return {name: total / max(self.counted, 1.0) for name, total in self.sums.items()}

    def fix_length(self, batches: int) -> bool:
        """Fix the length of a run given in minutes as soon as its rate is known; return whether that was now."""
        if self.minutes is None or self.epochs is not None:
            return False
        if self.step < _MEASURED_STEPS or self.seconds < _MEASURED_SHARE * self.minutes * 60:
            return False
        left = (self.minutes * 60 - self.seconds) / self._seconds_a_step
        self.epochs = self.passes(batches) + max(0.0, left) / batches
        if self.most_epochs is not None:
            self.epochs = max(self.passes(batches), min(self.epochs, self.most_epochs))
        return True

    def seconds_left(self, batches: int) -> float | None:
        """Return how long the run will take from here, None while nobody knows."""
        if self.epochs is None or self.step <= _BUILDING:
            return None
        return max(0.0, self.epochs - self.passes(batches)) * batches * self._seconds_a_step

    @property
    def _seconds_a_step(self) -> float:
        return (self.seconds - self.building) / (self.step - _BUILDING)

    def judge(self, entry: dict[str, Any]) -> bool:
        """Take an epoch's line into the history; return whether its weights are the best so far.

        Without poems held out the last ones are. Ends the run after `patience` epochs that were not the best.
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
        """Go on to the next epoch."""
        self.epoch, self.batch = self.epoch + 1, 0
        self.sums, self.counted = {}, 0.0
        if self.epochs is not None and self.epoch >= self.epochs:
            self.ended = True

    @property
    def best_bits(self) -> float | None:
        """The best validation loss in bits."""
        return None if self.best is None else round(self.best / math.log(2), 5)
