"""The training loop, from poems to a poet folder. It can be read from top to bottom.

A run is one job folder, POETDIR/job: `job.json` (the request), `progress.jsonl`, `checkpoints/`. All randomness follows
from the run's `rng` and the position in the run, so a stopped run continues as if it hadn't been stopped. `dataset.py`
separates the loop from what is learned, characters or words.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from poetbot.poets.folder import to_float16
from poetbot.poets.recipe import Recipe
from poetbot.training.dataset import Dataset, EpochBatches
from poetbot.training.events import EpochRow, Event, Report, Start
from poetbot.training.learning_rate_schedule import Schedule
from poetbot.training.machine import library_versions
from poetbot.training.plan import Plan
from poetbot.training.progress import Progress
from poetbot.training.saving import Saving, loss_not_finite
from poetbot.training.stopping import Stopping

_UNKNOWN_LENGTH = 1e9
"""Epochs of a run in minutes, before its speed is known."""


@dataclass(frozen=True)
class Result:
    """What a run produced: the best weights, their figures, and the recipe fitted to the corpus."""

    recipe: Recipe
    vocabulary: Any
    tensors: dict[str, np.ndarray]
    latest: dict[str, np.ndarray]  # the current weights, best or not
    unit: str  # what was counted: characters or words
    progress: Progress
    versions: dict[str, str]
    finished: bool  # False if it was stopped and can be resumed


def run(plan: Plan, job: Path, *, resume: bool, report: Report, keep: Callable[[Result], object]) -> Result:
    """Train, report each step, and call `keep` with the best poet so far after each epoch.

    SIGTERM and SIGINT finish the step, save, and return with `finished` False. With `resume`, a run continues from its
    newest intact checkpoint, or starts if there is none; the result is the same, byte for byte, as without the stop.
    Raises PoetBotError if the checkpoint belongs to another run, and Failure if the loss becomes NaN or infinite or a
    stop can't be saved.
    """
    job.mkdir(parents=True, exist_ok=True)
    with Stopping() as stopping:
        dataset = _dataset_of(plan)
        for notice in dataset.notices:
            report({"notice": notice})
        saving = Saving(job, plan, dataset, report)
        restored = saving.restore() if resume else None
        progress, best = restored or (Progress.start(plan), {})
        progress.replan(plan)
        return _Run(plan, dataset, saving, stopping, report, keep, progress, best).to_the_end()


def _dataset_of(plan: Plan) -> Dataset:
    """Return the dataset for the plan's recipe. Raises PoetBotError if the corpus is too small for it."""
    if plan.recipe.framing == "prefixes":
        from poetbot.training.prefix_dataset import PrefixDataset

        return PrefixDataset(plan)
    from poetbot.training.stream_dataset import StreamDataset

    return StreamDataset(plan)


@dataclass
class _Run:
    plan: Plan
    dataset: Dataset
    saving: Saving
    stopping: Stopping
    report: Report
    keep: Callable[[Result], object]
    progress: Progress
    best: dict[str, np.ndarray]

    def to_the_end(self) -> Result:
        """Train epoch after epoch until the run's length is reached or a stop is requested."""
        progress = self.progress
        if progress.step == 0:
            self.report({"start": self._before_training()})
        while not progress.ended:
            epoch_batches = self.dataset.epoch_batches(progress.epoch)
            completed = self._train(epoch_batches)
            if self.stopping.requested:
                self.saving.save(progress, self.best, last=True)
                return self._result(self._tensors(), finished=False)
            self.report({"doing": "measuring"})
            tensors = self._tensors()
            entry = self._evaluate(tensors)
            if progress.add_epoch(entry):
                self.best = tensors
            try:
                self.keep(self._result(tensors, finished=False))
            except OSError as error:
                self.report(
                    {"notice": f"The poet so far couldn't be saved ({error.strerror}). Free some disk space."}
                )
            if completed:
                progress.next_epoch()
            else:
                progress.ended = True
            self.saving.save(progress, self.best)
            self.report({"epoch": entry})
        return self._result(self._tensors(), finished=True)

    def _train(self, epoch_batches: EpochBatches) -> bool:
        """Train from the current batch on. Return False if the run ends inside this epoch."""
        progress, model, batches = self.progress, self.dataset.model, len(epoch_batches)
        for batch in epoch_batches.batches(progress.batch):
            if progress.done(batches):
                return False
            schedule = Schedule(self.dataset.recipe, progress.epochs or _UNKNOWN_LENGTH)
            model.optimizer.learning_rate = schedule.learning_rate(progress.step, progress.passes(batches))
            began = time.monotonic()
            logs = model.train_on_batch(
                batch.inputs, batch.targets, sample_weight=batch.weights, return_dict=True
            )
            logs = {name: float(value) for name, value in logs.items()}
            took = time.monotonic() - began
            if not math.isfinite(logs["loss"]):
                raise loss_not_finite(self.plan)
            targets = int(batch.targets.size)
            counted = targets if batch.weights is None else float(batch.weights.sum())
            progress.count(took, batch.size, logs, targets, counted)
            nats = logs["loss"] * targets / max(counted, 1.0) / self.dataset.characters_per_target
            length_is_new = progress.fix_length(batches)
            rate = round(batch.size / took, 1)
            speed: Event = (
                {"words_per_second": rate}
                if self.dataset.unit == "words"
                else {"characters_per_second": rate}
            )
            self.report(
                {
                    "step": progress.step,
                    "passes": round(progress.passes(batches), 5),
                    "epochs": progress.epochs,
                    "loss": round(nats, 5),
                    "learning_rate": float(model.optimizer.learning_rate),
                    "unit": self.dataset.unit,
                    **speed,
                    "seconds_left": progress.seconds_left(batches),
                }
            )
            if self.stopping.requested:
                return True
            if length_is_new or self.saving.due:
                self.saving.save(progress, self.best)
        return True

    def _tensors(self) -> dict[str, np.ndarray]:
        """Return the current weights, rounded if they are stored in 16 bits."""
        tensors = self.dataset.tensors()
        return to_float16(tensors) if self.plan.half else tensors

    def _evaluate(self, tensors: dict[str, np.ndarray]) -> EpochRow:
        """Return the epoch's line of history.jsonl: the losses and a sample."""
        progress, dataset = self.progress, self.dataset
        row = {
            "epoch": progress.epoch + 1,
            "step": progress.step,
            dataset.unit: progress.read,
            "minutes": round(progress.seconds / 60, 2),
            **dataset.figures(tensors, progress.means()),
            "learning_rate": float(dataset.model.optimizer.learning_rate),
            "sample": dataset.sample(tensors, np.random.default_rng([self.plan.run.rng, 3, progress.epoch])),
        }
        return cast(EpochRow, row)

    def _before_training(self) -> Start:
        """Return what the poet writes before its first step, and the number of characters or words it knows."""
        dataset = self.dataset
        rng = np.random.default_rng(
            [self.plan.run.rng, 3, 0]
        )  # that of the first epoch, so that the two samples can be compared
        return {"symbols": len(dataset.vocabulary), "sample": dataset.sample(dataset.tensors(), rng)}

    def _result(self, tensors: dict[str, np.ndarray], finished: bool) -> Result:
        return Result(
            self.dataset.recipe,
            self.dataset.vocabulary,
            self.best or tensors,
            tensors,
            self.dataset.unit,
            self.progress,
            library_versions(),
            finished,
        )
