"""A training run: what the form asks for, what its folder stores, and what `python -m poetbot train` is given."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from poetbot.corpus.named_corpora import NAMED
from poetbot.errors import PoetBotError
from poetbot.finite import is_finite
from poetbot.library.poets.folder_contents import POEMS
from poetbot.library.poets.names import validate_name
from poetbot.poets.recipes import RECIPES

MOST_MINUTES = 100_000.0


@dataclass(frozen=True)
class TrainingRun:
    """One training run. `name` is the poet's. Without `corpus`, the name of one, it reads the poems in its folder.

    Raises PoetBotError if a value is invalid.
    """

    name: str
    corpus: str | None = None
    parent: str | None = None  # fine-tune this poet
    recipe: str | None = None  # by name; None: one that fits
    minutes: float | None = None
    epochs: float | None = None
    rng: int = 0
    validation: float = 0.1
    licence: str | None = None  # whose poems they are, for the poet's card

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", validate_name(self.name))
        if self.parent is not None:
            validate_name(self.parent)
        if self.parent is not None and self.recipe is not None:
            raise PoetBotError(
                "A fine-tuned poet keeps its parent's recipe. Choose a parent or a recipe, not both."
            )
        if self.corpus is not None and self.corpus not in NAMED:
            raise PoetBotError(
                "There is no corpus of that name. Choose one of {names}.", names=", ".join(NAMED)
            )
        if self.recipe is not None and self.recipe not in RECIPES:
            raise PoetBotError(
                "There is no recipe of that name. Choose one of {names}.", names=", ".join(RECIPES)
            )
        if self.minutes is not None and self.epochs is not None:
            raise PoetBotError("Give minutes or epochs, not both.")
        for length in (self.minutes, self.epochs):
            if length is not None and not (is_finite(length) and 0 < length <= MOST_MINUTES):
                raise PoetBotError("Minutes or epochs must be greater than 0 and at most 100,000.")
        if type(self.rng) is not int or not 0 <= self.rng < 2**32:
            raise PoetBotError("The random seed must be an integer from 0 to 4,294,967,295.")
        if not (is_finite(self.validation) and 0 <= self.validation < 1):
            raise PoetBotError("The share of held-out poems must be at least 0 and less than 1.")
        if self.licence is not None and not (
            isinstance(self.licence, str) and len(self.licence) <= 300 and self.licence.isprintable()
        ):
            raise PoetBotError("Say whose poems these are in one line of at most 300 characters.")

    def as_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    @staticmethod
    def from_json(data: Any) -> "TrainingRun":
        """Read what `as_json` returned. Raises PoetBotError for anything else."""
        known = {field.name for field in fields(TrainingRun)}
        if not isinstance(data, dict) or "name" not in data or not data.keys() <= known:
            raise PoetBotError("This training run is damaged. Discard it and start a new one.")
        try:
            return TrainingRun(**data)
        except TypeError as error:  # a list where a name should be
            raise PoetBotError("This training run is damaged. Discard it and start a new one.") from error

    def arguments(self, job: Path) -> list[str]:
        """Return the command line that trains in the folder `job`.

        `--resume` is always part of it: without a checkpoint it starts a new run.
        """
        given = {
            "--out": str(poet_folder(job, self.name)),
            "--from": self.parent,
            "--recipe": self.recipe,
            "--minutes": self.minutes,
            "--epochs": self.epochs,
            "--rng": self.rng,
            "--validation": self.validation,
            "--licence": self.licence,
        }
        options = [f"{option}={value}" for option, value in given.items() if value is not None]
        return ["train", self.corpus or str(job / POEMS), *options, "--resume"]


def poet_folder(job: Path, name: str) -> Path:
    """Return the folder of the poet while it is trained."""
    return job / "poet" / name
