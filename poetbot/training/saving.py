"""When a run is saved, how it is taken up again, and what happens where the disk will not have it."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.errors import Failure, PoetBotError
from poetbot.training import checkpoint as checkpoints
from poetbot.training.dataset import Course
from poetbot.training.machine import library_versions
from poetbot.training.network import as_numpy, variables_of
from poetbot.training.plan import Plan
from poetbot.training.progress import Progress

Report = Callable[[dict[str, Any]], None]


def no_number(plan: Plan) -> str:
    """Return what to say when the loss is NaN or infinite."""
    return (
        "The loss is no longer a number: train anew in another --out with a lower learning rate, such as --set "
        f"learning_rate={plan.recipe.learning_rate / 3:.1g}; what was saved before is kept."
    )


class Saving:
    """The checkpoints of one run.

    A checkpoint that cannot be written in the course of training does not end it: it is said, what was there is kept,
    and it is tried again when the next one is due. Where it is the last one, before a stop, it is a Failure.
    """

    def __init__(self, job: Path, plan: Plan, course: Course, report: Report) -> None:
        self._job, self._plan, self._course, self._report = job, plan, course, report
        self._last = time.monotonic()

    @property
    def due(self) -> bool:
        """Whether it is time for a checkpoint."""
        return time.monotonic() - self._last >= self._plan.checkpoint_seconds

    def save(self, progress: Progress, best: Mapping[str, np.ndarray], *, last: bool = False) -> None:
        """Write a checkpoint. Raises Failure where `last` and it cannot be written, or the weights are no numbers."""
        values = [as_numpy(variable) for variable in variables_of(self._course.model)]
        if not all(np.isfinite(value).all() for value in values):
            raise Failure(no_number(self._plan))
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
                    f"The run could not be saved ({reason}): make room in {self._job}, then --resume goes on from "
                    "the checkpoint before."
                ) from error
            self._report(
                {
                    "notice": f"No checkpoint could be written ({reason}): make room in {self._job}. Training goes "
                    "on, and the checkpoint before is kept."
                }
            )
        self._last = time.monotonic()

    def restore(self) -> tuple[Progress, dict[str, np.ndarray]] | None:
        """Bring the model to the newest whole checkpoint; return where it stands and the best weights so far.

        None where there is none. Raises PoetBotError where the checkpoint is of another run than the plan's.
        """
        found, notices = checkpoints.newest(self._job)
        for notice in notices:
            self._report({"notice": notice})
        if found is None:
            return None
        self._refuse_another(found.state["plan"])
        variables = variables_of(self._course.model)
        if [v.shape for v in found.variables] != [tuple(v.shape) for v in variables]:
            raise PoetBotError(
                f"The checkpoint in {self._job} was written by another version of PoetBot: train anew in another --out."
            )
        for variable, value in zip(variables, found.variables, strict=True):
            variable.assign(value)
        for what, then, now in (
            ("threads", found.state["threads"], self._plan.threads),
            ("library versions", found.state["versions"], library_versions()),
        ):
            if then != now:
                self._report(
                    {
                        "notice": f"The run was begun with other {what}: the result may differ in its last bits."
                    }
                )
        self._report({"notice": f"Going on from step {found.step:,}."})
        return Progress(**found.state["progress"]), dict(found.best)

    def _refuse_another(self, begun: Mapping[str, Any]) -> None:
        """Say what is not as it was when the run began."""
        asked = self._plan.identity
        folder = self._job.parent
        if begun["parent"] != asked["parent"]:
            raise PoetBotError(
                f"The run in {folder} was begun with another --from, or with none: give that one, or another --out."
            )
        if begun["recipe"] != asked["recipe"]:
            then, now = begun["recipe"], asked["recipe"]
            fields = [key for key in {**then, **now} if then.get(key) != now.get(key)]
            raise PoetBotError(
                f"The run in {folder} was begun with another recipe ({', '.join(fields[:4])}): give the recipe "
                f"{then.get('name')} as it was, or another --out."
            )
        for key, what in (("rng", f"--rng {begun['rng']}"), ("corpus", "the same poems held out")):
            if begun[key] != asked[key]:
                wrong = "--rng" if key == "rng" else "corpus"
                raise PoetBotError(
                    f"The run in {folder} was begun with another {wrong}: give {what if key == 'rng' else 'that corpus, ' + what}, "
                    "or choose another --out."
                )
