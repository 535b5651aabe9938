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
from poetbot.poets.network import Network
from poetbot.poets.recipe import Recipe
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training import checkpoint as checkpoints
from poetbot.training.network import as_numpy, build, library_versions, tensors_of, variables_of
from poetbot.training.sample import write_sample
from poetbot.training.schedule import Schedule
from poetbot.training.split import Split
from poetbot.training.stream import Epoch, lay_out

CHECKPOINT_SECONDS = 120
DEFAULT_EPOCHS = 20.0
_MEASURED_STEPS = 12
"""Steps whose rate fixes the length of a run given in minutes; the first ones, which build the graph, do not count."""


@dataclass(frozen=True)
class Plan:
    """One run: the poems, the recipe, and how long: in `epochs`, or in `minutes`, or as before where it is resumed."""

    split: Split
    recipe: Recipe
    rng: int
    epochs: float | None
    minutes: float | None


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
    """What a run leaves: the best weights and what is known of them."""

    vocabulary: Vocabulary
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
    recipe = plan.recipe
    vocabulary = Vocabulary.of([poem.text for poem in plan.split.training] + ["++++\n"])
    texts = [_ended(poem.text) for poem in plan.split.training]
    rows = _rows_that_fit(recipe, sum(map(len, texts)))
    model = build(recipe, len(vocabulary), rows, plan.rng)
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
        return Result(vocabulary, best or tensors_of(model, recipe), progress, library_versions(), finished)

    with _Stopping() as stopping:
        while progress.epochs is None or progress.epoch < progress.epochs:
            epoch = lay_out(
                texts, vocabulary, recipe, rows, np.random.default_rng([plan.rng, 2, progress.epoch])
            )
            completed = _train_epoch(model, plan, progress, epoch, report, save, stopping)
            if stopping.asked:
                save()
                return result(finished=False)
            entry = _evaluated(model, plan, vocabulary, progress)
            progress.history.append(entry)
            if entry["validation_nats"] is None or entry["validation_nats"] <= progress.best:
                progress.best = entry["validation_nats"] if entry["validation_nats"] is not None else math.inf
                best = tensors_of(model, recipe)
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
    model: Any,
    plan: Plan,
    progress: Progress,
    epoch: Epoch,
    report: Report,
    save: Callable[[], None],
    stopping: "_Stopping",
) -> bool:
    """Train from the current window on; return False where the run's length ends inside this epoch."""
    per_step = epoch.window * epoch.ids.shape[0]
    saved = time.monotonic()
    for window in epoch.windows(progress.window):
        passes = progress.epoch + progress.window / len(epoch)
        if progress.epochs is not None and passes >= progress.epochs:
            return False
        schedule = Schedule(plan.recipe, progress.epochs or 1e9)
        model.optimizer.learning_rate = schedule.learning_rate(progress.step, passes)
        began = time.monotonic()
        loss = float(
            model.train_on_batch([window.ids, window.keep], window.targets, sample_weight=window.weights)
        )
        took = time.monotonic() - began
        if not math.isfinite(loss):
            raise PoetBotError(
                "The loss is no longer a number: train again with a lower learning rate; the last checkpoint is kept."
            )
        progress.step += 1
        progress.window += 1
        progress.seconds += took
        progress.characters += per_step
        if progress.epochs is None and progress.step >= _MEASURED_STEPS and plan.minutes is not None:
            rate = per_step / took
            progress.epochs = max(0.01, plan.minutes * 60 * rate / (per_step * len(epoch)))
        report(
            {
                "step": progress.step,
                "passes": progress.epoch + progress.window / len(epoch),
                "epochs": progress.epochs,
                "loss": loss,
                "learning_rate": float(model.optimizer.learning_rate),
                "characters_per_second": per_step / took,
                "seconds_left": _seconds_left(progress, epoch, per_step),
            }
        )
        if stopping.asked:
            return True
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            save()
            saved = time.monotonic()
    return True


def _seconds_left(progress: Progress, epoch: Epoch, per_step: int) -> float | None:
    if progress.epochs is None:
        return None
    passes = progress.epoch + progress.window / len(epoch)
    return (progress.epochs - passes) * len(epoch) * per_step * progress.seconds / progress.characters


def _evaluated(model: Any, plan: Plan, vocabulary: Vocabulary, progress: Progress) -> dict[str, Any]:
    """Return the epoch's line of history.jsonl: the losses in nats a character, and a sample."""
    network = Network(plan.recipe, tensors_of(model, plan.recipe))
    held_out = [poem.text for poem in plan.split.validation]
    found = score(network, vocabulary, held_out) if held_out else None
    return {
        "epoch": progress.epoch + 1,
        "step": progress.step,
        "characters": progress.characters,
        "minutes": round(progress.seconds / 60, 2),
        "training_nats": round(float(model.get_metrics_result()["loss"]), 5),
        "validation_nats": round(found.nats_per_character, 5) if found else None,
        "validation_bits": round(found.bits_per_character, 5) if found else None,
        "learning_rate": float(model.optimizer.learning_rate),
        "sample": write_sample(network, vocabulary, np.random.default_rng([plan.rng, 3, progress.epoch])),
    }


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _rows_that_fit(recipe: Recipe, characters: int) -> int:
    """Return the recipe's rows, or fewer where the corpus would not fill one window of each."""
    if characters < 2 * recipe.window:
        raise PoetBotError(
            f"{characters:,} characters are too few for a window of {recipe.window}: bring more poems, "
            "or take a recipe with a shorter window."
        )
    return max(1, min(recipe.batch, characters // (2 * recipe.window)))


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
