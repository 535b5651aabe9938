"""When a run is saved, how it is resumed, and what happens if the disk is full."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.errors import Failure, PoetBotError
from poetbot.training import checkpoint as checkpoints
from poetbot.training.dataset import Dataset
from poetbot.training.events import Report
from poetbot.training.machine import library_versions
from poetbot.training.network import as_numpy, variables_of
from poetbot.training.plan import Plan
from poetbot.training.progress import Progress


def loss_not_finite(plan: Plan) -> Failure:
    """Return the error for a loss or weights that are NaN or infinite."""
    return Failure(
        "The loss became NaN or infinite. Train again in another --out with a lower learning rate, such as --set learning_rate={rate:.1g}.",
        rate=plan.recipe.learning_rate / 3,
    )


class Saving:
    """The checkpoints of one run.

    If a checkpoint can't be written during training, that is reported, the previous one is kept, and training continues
    until the next one is due. If the last one before a stop can't be written, that is a Failure.
    """

    def __init__(self, job: Path, plan: Plan, dataset: Dataset, report: Report) -> None:
        self._job, self._plan, self._dataset, self._report = job, plan, dataset, report
        self._last = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return time.monotonic() - self._last >= self._plan.checkpoint_seconds

    def save(self, progress: Progress, best: Mapping[str, np.ndarray], *, last: bool = False) -> None:
        """Write a checkpoint. Raises Failure if the weights aren't finite, or if it is the last one and can't be written."""
        values = [as_numpy(variable) for variable in variables_of(self._dataset.model)]
        if not all(np.isfinite(value).all() for value in values):
            raise loss_not_finite(self._plan)
        state = {
            "plan": self._plan.identity,
            "threads": self._plan.threads,
            "versions": library_versions(),
            "progress": vars(progress),
        }
        try:
            checkpoints.write(self._job, checkpoints.Checkpoint(progress.step, state, values, best))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            if last:
                raise Failure(
                    "The run couldn't be saved ({reason}). Free space in {folder}, then use --resume to continue from the previous checkpoint.",
                    reason=reason,
                    folder=self._job,
                ) from error
            self._report(
                {
                    "notice": f"No checkpoint could be written ({reason}). Free space in {self._job}. Training continues "
                    "and the previous checkpoint is kept."
                }
            )
        self._last = time.monotonic()

    def restore(self) -> tuple[Progress, dict[str, np.ndarray]] | None:
        """Restore the model from the newest intact checkpoint, and return its progress and the best weights so far.

        Returns None if there is none. Raises PoetBotError if the checkpoint belongs to another run.
        """
        found, notices = checkpoints.newest(self._job)
        for notice in notices:
            self._report({"notice": notice})
        if found is None:
            return None
        another_version = PoetBotError(
            "The checkpoint in {folder} was written by another version of PoetBot. Train again in another --out.",
            folder=self._job,
        )
        try:
            self._check_same_run(found.state["plan"])
            progress = Progress(**found.state["progress"])
            threads, versions = found.state["threads"], found.state["versions"]
        except (KeyError, TypeError) as error:
            raise another_version from error
        variables = variables_of(self._dataset.model)
        if [v.shape for v in found.variables] != [tuple(v.shape) for v in variables]:
            raise another_version
        for variable, value in zip(variables, found.variables, strict=True):
            variable.assign(value)
        for what, then, now in (
            ("threads", threads, self._plan.threads),
            ("library versions", versions, library_versions()),
        ):
            if then != now:
                self._report(
                    {
                        "notice": f"The run was started with different {what}, so the result may differ in its last bits."
                    }
                )
        self._report({"notice": f"Resuming from step {found.step:,}."})
        return progress, dict(found.best)

    def _check_same_run(self, begun: Mapping[str, Any]) -> None:
        """Raise PoetBotError with what has changed since the run began."""
        wanted = self._plan.identity
        folder = self._job.parent
        if begun["parent"] != wanted["parent"]:
            raise PoetBotError(
                "The run in {folder} was started with a different --from, or none. Use the same one, or another --out.",
                folder=folder,
            )
        if begun["recipe"] != wanted["recipe"]:
            then, now = begun["recipe"], wanted["recipe"]
            fields = [key for key in {**then, **now} if then.get(key) != now.get(key)]
            raise PoetBotError(
                "The run in {folder} was started with a different recipe ({fields}). Use the recipe {name} as it was, or another --out.",
                folder=folder,
                fields=", ".join(fields[:4]),
                name=then.get("name"),
            )
        if begun["rng"] != wanted["rng"]:
            raise PoetBotError(
                "The run in {folder} was started with --rng {rng}. Use that, or another --out.",
                folder=folder,
                rng=begun["rng"],
            )
        if begun["corpus"] != wanted["corpus"]:
            raise PoetBotError(
                "The run in {folder} was started with other poems. Use the same corpus and held-out poems, or another --out.",
                folder=folder,
            )
