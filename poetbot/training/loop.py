"""The training loop, from poems to a poet folder. A reader can follow it from top to bottom.

One run is one job folder, POETDIR/job: `job.json` (what was asked), `progress.jsonl`, `checkpoints/`. Everything that
is random follows from the run's `rng` and the position in it, so a run that was stopped goes on as if it had not been.
"""

import json
import math
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.recipe import Recipe
from poetbot.training import checkpoint as checkpoints
from poetbot.training.course import Course, Lesson, course_of
from poetbot.training.machine import library_versions
from poetbot.training.network import as_numpy, variables_of
from poetbot.training.plan import Plan
from poetbot.training.schedule import Schedule

CHECKPOINT_SECONDS = 120
DEFAULT_EPOCHS = 20.0
_MEASURED_STEPS = 12
"""Steps whose rate fixes the length of a run given in minutes; the first ones, which build the graph, do not count."""


@dataclass
class Progress:
    """Where a run stands; everything but the variables that a checkpoint must hold."""

    step: int = 0
    epoch: int = 0
    window: int = 0
    epochs: float | None = None  # the length of the run, once it is fixed
    seconds: float = 0.0  # of training alone
    characters: int = 0
    best: float = math.inf  # validation nats per character
    history: list[dict[str, Any]] = field(default_factory=list)
    replanned: list[dict[str, Any]] = field(
        default_factory=list
    )  # where a resumed run was given another length


@dataclass(frozen=True)
class Result:
    """What a run leaves: the best weights and what is known of them, the recipe as it was fitted to the corpus."""

    recipe: Recipe
    vocabulary: Any
    tensors: dict[str, np.ndarray]
    progress: Progress
    versions: dict[str, str]
    finished: bool  # False where it was stopped; then it can be resumed


Report = Callable[[dict[str, Any]], None]


def run(plan: Plan, job: Path, *, resume: bool, report: Report, keep: Callable[[Result], None]) -> Result:
    """Train, reporting at least once a second, and call `keep` with each best poet so far.

    SIGTERM and SIGINT finish the step, save and return with `finished` False.
    Raises PoetBotError where the loss is no longer a number.
    """
    course = course_of(plan)
    model = course.model
    unsaid = plan.epochs is None and plan.minutes is None
    progress, best = Progress(epochs=DEFAULT_EPOCHS if unsaid else plan.epochs), {}
    if resume:
        found, notices = checkpoints.newest(job)
        for notice in notices:
            report({"notice": notice})
        if found:
            for variable, value in zip(variables_of(model), found.variables, strict=True):
                variable.assign(np.reshape(value, variable.shape))
            progress = Progress(**found.state["progress"])
            best = dict(found.best)
            if plan.epochs is not None and plan.epochs != progress.epochs:
                progress.replanned.append({"step": progress.step, "from": progress.epochs, "to": plan.epochs})
                progress.epochs = plan.epochs
            report({"notice": f"Going on from step {found.step:,}."})

    def save() -> None:
        state = {"progress": vars(progress)}
        values = [as_numpy(variable) for variable in variables_of(model)]
        checkpoints.write(job, checkpoints.Checkpoint(progress.step, state, values, best))

    def result(finished: bool) -> Result:
        tensors = best or course.tensors()
        return Result(course.recipe, course.vocabulary, tensors, progress, library_versions(), finished)

    with _Stopping() as stopping:
        while progress.epochs is None or progress.epoch < progress.epochs:
            lesson = course.lesson(progress.epoch)
            completed = _train_epoch(course, plan, progress, lesson, report, save, stopping)
            if stopping.asked:
                save()
                return result(finished=False)
            tensors = course.tensors()
            entry = _evaluated(course, tensors, plan, progress)
            progress.history.append(entry)
            if entry["validation_nats"] is None or entry["validation_nats"] <= progress.best:
                progress.best = entry["validation_nats"] if entry["validation_nats"] is not None else math.inf
                best = tensors
                keep(result(finished=False))
            if completed:
                progress.epoch, progress.window = progress.epoch + 1, 0
                model.reset_metrics()
            else:
                progress.epoch = math.ceil(progress.epochs or 0)
            save()
            report({"epoch": entry})
    return result(finished=True)


def _train_epoch(
    course: Course,
    plan: Plan,
    progress: Progress,
    lesson: Lesson,
    report: Report,
    save: Callable[[], None],
    stopping: "_Stopping",
) -> bool:
    """Train from the current window on; return False where the run's length ends inside this epoch."""
    model, recipe = course.model, course.recipe
    saved = time.monotonic()
    for batch in lesson.batches(progress.window):
        passes = progress.epoch + progress.window / len(lesson)
        if progress.epochs is not None and passes >= progress.epochs:
            return False
        schedule = Schedule(recipe, progress.epochs or 1e9)
        model.optimizer.learning_rate = schedule.learning_rate(progress.step, passes)
        began = time.monotonic()
        logs = model.train_on_batch(
            batch.inputs, batch.targets, sample_weight=batch.weights, return_dict=True
        )
        loss = float(logs["loss"])
        took = time.monotonic() - began
        if not math.isfinite(loss):
            raise PoetBotError(
                "The loss is no longer a number: train again with a lower learning rate; the last checkpoint is kept."
            )
        progress.step += 1
        progress.window += 1
        progress.seconds += took
        progress.characters += batch.size
        if progress.epochs is None and progress.step >= _MEASURED_STEPS and plan.minutes is not None:
            progress.epochs = max(0.01, plan.minutes * 60 / (took * len(lesson)))
        report(
            {
                "step": progress.step,
                "passes": progress.epoch + progress.window / len(lesson),
                "epochs": progress.epochs,
                "loss": loss,
                "learning_rate": float(model.optimizer.learning_rate),
                "characters_per_second": batch.size / took,
                "seconds_left": _seconds_left(progress, lesson),
            }
        )
        if stopping.asked:
            return True
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            save()
            saved = time.monotonic()
    return True


def _seconds_left(progress: Progress, lesson: Lesson) -> float | None:
    if progress.epochs is None:
        return None
    passes = progress.epoch + progress.window / len(lesson)
    return (progress.epochs - passes) * len(lesson) * progress.seconds / progress.step


def _evaluated(
    course: Course, tensors: dict[str, np.ndarray], plan: Plan, progress: Progress
) -> dict[str, Any]:
    """Return the epoch's line of history.jsonl: the losses, and a sample."""
    return {
        "epoch": progress.epoch + 1,
        "step": progress.step,
        "characters": progress.characters,
        "minutes": round(progress.seconds / 60, 2),
        **course.figures(tensors),
        "learning_rate": float(course.model.optimizer.learning_rate),
        "sample": course.sample(tensors, np.random.default_rng([plan.rng, 3, progress.epoch])),
    }


class _Stopping:
    """Notices SIGINT and SIGTERM, so that a step is finished and saved before the process ends."""

    asked = False

    def __enter__(self) -> "_Stopping":
        self._before = {
            number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def _ask(self, *_: Any) -> None:
        self.asked = True

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def write_job(job: Path, asked: dict[str, Any]) -> None:
    """Write job.json: what this run was asked to do."""
    job.mkdir(parents=True, exist_ok=True)
    (job / "job.json").write_text(json.dumps(asked, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
