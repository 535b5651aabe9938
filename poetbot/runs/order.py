"""order.json of a job: the requested training run, and the command line that carries it out."""

from dataclasses import asdict, replace
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.library.poets.folder_contents import POEMS
from poetbot.library.poets.names import validate_name
from poetbot.poets.recipes import RECIPES
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.cluster import worker_options
from poetbot.storage import json_bytes


def validate_order(run: TrainingRun) -> TrainingRun:
    """Return a requested training run, with its name as it is stored.

    Raises PoetBotError unless poets and recipes are given by name, never as a path.
    """
    if run.parent is not None:
        validate_name(run.parent)
    if run.recipe is not None and run.recipe not in RECIPES:
        raise PoetBotError(
            "There is no recipe of that name. Choose one of {names}.", names=", ".join(RECIPES)
        )
    if run.licence is not None and not (
        isinstance(run.licence, str) and len(run.licence) <= 300 and run.licence.isprintable()
    ):
        raise PoetBotError("Say whose poems these are in one line of at most 300 characters.")
    return replace(run, name=validate_name(run.name))


def order_json(run: TrainingRun) -> bytes:
    """Return the contents of order.json."""
    return json_bytes(asdict(run), indent=1)


def parse_order(data: object) -> TrainingRun:
    """Return the training run of an order.json. Raises PoetBotError if it is damaged."""
    damaged = PoetBotError("This training run is damaged. Discard it and start a new one.")
    if not isinstance(data, dict):
        raise damaged
    values = {key: value for key, value in data.items() if (key, value) != ("corpus", None)}  # version 0.1
    try:
        return validate_order(TrainingRun(**values))
    except TypeError as error:  # an unknown field, or a list where a name should be
        raise damaged from error


def worker_arguments(run: TrainingRun, job: Path) -> list[str]:
    """Return the command line that trains the poet of the job's folder.

    `--resume` is always part of it: without a checkpoint it starts a new run.
    """
    given = {
        "--out": str(poet_folder(job, run.name)),
        "--from": run.parent,
        "--recipe": run.recipe,
        "--minutes": run.minutes,
        "--epochs": run.epochs,
        "--rng": run.rng,
        "--validation": run.validation,
        "--licence": run.licence,
    }
    options = [f"{option}={value}" for option, value in given.items() if value is not None]
    return ["train", str(job / POEMS), *options, "--resume", *worker_options()]


def poet_folder(job: Path, name: str) -> Path:
    """Return the folder of the poet while it is trained."""
    return job / "poet" / name
