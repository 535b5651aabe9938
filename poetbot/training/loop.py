"""The training loop, from poems to a poet folder. A reader can follow it from top to bottom.

One run is one job folder, POETDIR/job: `job.json` (what was asked), `progress.jsonl`, `checkpoints/`. Everything that
is random follows from the run's `rng` and the position in it, so a run that was stopped goes on as if it had not been.
What is taught, characters or words, is the course's affair (`dataset.py`).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.errors import Failure
from poetbot.poets.folder import in_half
from poetbot.poets.recipe import Recipe
from poetbot.training.dataset import Course, Lesson, course_of
from poetbot.training.learning_rate_schedule import Schedule
from poetbot.training.machine import library_versions
from poetbot.training.plan import Plan
from poetbot.training.progress import Progress
from poetbot.training.saving import Report, Saving, no_number
from poetbot.training.stopping import Stopping

_UNKNOWN_LENGTH = 1e9
"""Epochs, while those that fit in the minutes asked for are not known."""


@dataclass(frozen=True)
class Result:
    """What a run leaves: the best weights and what is known of them, the recipe as it was fitted to the corpus."""

    recipe: Recipe
    vocabulary: Any
    tensors: dict[str, np.ndarray]
    latest: dict[str, np.ndarray]  # the weights as they are now, the best or not
    unit: str  # what was read and counted: characters or words
    progress: Progress
    versions: dict[str, str]
    finished: bool  # False where it was stopped; then it can be resumed


def run(plan: Plan, job: Path, *, resume: bool, report: Report, keep: Callable[[Result], object]) -> Result:
    """Train, reporting each step, and call `keep` with the best poet so far after each epoch.

    SIGTERM and SIGINT finish the step, save and return with `finished` False. With `resume`, a run goes on from its
    last whole checkpoint, or begins where there is none; the end is the same, byte for byte, as without the stop.
    Raises PoetBotError where the checkpoint is of another run, Failure where the loss is no longer a number or a stop
    cannot be saved.
    """
    job.mkdir(parents=True, exist_ok=True)
    with Stopping() as stopping:
        course = course_of(plan)
        for notice in course.notices:
            report({"notice": notice})
        saving = Saving(job, plan, course, report)
        restored = saving.restore() if resume else None
        progress, best = restored or (Progress.begun(plan), {})
        progress.replan(plan)
        return _Run(plan, course, saving, stopping, report, keep, progress, best).to_the_end()


@dataclass
class _Run:
    plan: Plan
    course: Course
    saving: Saving
    stopping: Stopping
    report: Report
    keep: Callable[[Result], object]
    progress: Progress
    best: dict[str, np.ndarray]

    def to_the_end(self) -> Result:
        """Train epoch after epoch, until the run's length is reached or a stop is asked for."""
        progress = self.progress
        if progress.step == 0:
            self.report({"start": self._untaught()})
        while not progress.ended:
            lesson = self.course.lesson(progress.epoch)
            whole = self._train(lesson)
            if self.stopping.asked:
                self.saving.save(progress, self.best, last=True)
                return self._result(self._tensors(), finished=False)
            self.report({"doing": "measuring"})
            tensors = self._tensors()
            entry = self._evaluated(tensors)
            if progress.judge(entry):
                self.best = tensors
            try:
                self.keep(self._result(tensors, finished=False))
            except OSError as error:
                self.report(
                    {"notice": f"The poet so far could not be written ({error.strerror}): make room."}
                )
            if whole:
                progress.next_epoch()
            else:
                progress.ended = True
            self.saving.save(progress, self.best)
            self.report({"epoch": entry})
        return self._result(self._tensors(), finished=True)

    def _train(self, lesson: Lesson) -> bool:
        """Train from the current batch on; return False where the run's length ends inside this epoch."""
        progress, model, batches = self.progress, self.course.model, len(lesson)
        for batch in lesson.batches(progress.batch):
            if progress.done(batches):
                return False
            schedule = Schedule(self.course.recipe, progress.epochs or _UNKNOWN_LENGTH)
            model.optimizer.learning_rate = schedule.learning_rate(progress.step, progress.passes(batches))
            began = time.monotonic()
            logs = model.train_on_batch(
                batch.inputs, batch.targets, sample_weight=batch.weights, return_dict=True
            )
            logs = {name: float(value) for name, value in logs.items()}
            took = time.monotonic() - began
            if not math.isfinite(logs["loss"]):
                raise Failure(no_number(self.plan))
            targets = int(batch.targets.size)
            counted = targets if batch.weights is None else float(batch.weights.sum())
            progress.count(took, batch.size, logs, targets, counted)
            length_is_new = progress.fix_length(batches)
            self.report(
                {
                    "step": progress.step,
                    "passes": round(progress.passes(batches), 5),
                    "epochs": progress.epochs,
                    "loss": round(logs["loss"] * targets / max(counted, 1.0), 5),
                    "learning_rate": float(model.optimizer.learning_rate),
                    "unit": self.course.unit,
                    f"{self.course.unit}_per_second": round(batch.size / took, 1),
                    "seconds_left": progress.seconds_left(batches),
                }
            )
            if self.stopping.asked:
                return True
            if length_is_new or self.saving.due:
                self.saving.save(progress, self.best)
        return True

    def _tensors(self) -> dict[str, np.ndarray]:
        """Return the weights as they are now, rounded where they are to be kept so."""
        tensors = self.course.tensors()
        return in_half(tensors) if self.plan.half else tensors

    def _evaluated(self, tensors: dict[str, np.ndarray]) -> dict[str, Any]:
        """Return the epoch's line of history.jsonl: the losses, and a sample."""
        progress, course = self.progress, self.course
        return {
            "epoch": progress.epoch + 1,
            "step": progress.step,
            course.unit: progress.read,
            "minutes": round(progress.seconds / 60, 2),
            **course.figures(tensors, progress.means()),
            "learning_rate": float(course.model.optimizer.learning_rate),
            "sample": course.sample(tensors, np.random.default_rng([self.plan.rng, 3, progress.epoch])),
        }

    def _untaught(self) -> dict[str, Any]:
        """Return what the poet writes before its first step, and among how many characters or words it chooses."""
        course = self.course
        rng = np.random.default_rng([self.plan.rng, 3, 0])  # the first epoch's: two samples to be compared
        return {"symbols": len(course.vocabulary), "sample": course.sample(course.tensors(), rng)}

    def _result(self, tensors: dict[str, np.ndarray], finished: bool) -> Result:
        return Result(
            self.course.recipe,
            self.course.vocabulary,
            self.best or tensors,
            tensors,
            self.course.unit,
            self.progress,
            library_versions(),
            finished,
        )
