"""A recipe: everything that decides how a poet is built and trained, in one frozen dataclass."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError


@dataclass(frozen=True)
class Recipe:
    """The network and its training. Every field is kept in poet.json."""

    name: str = "classic"
    cell: str = "lstm"  # the recurrent cell
    layers: int = 3  # recurrent layers, one on the other
    units: int = 300  # of each layer
    level: str = "characters"  # what one step reads and writes
    framing: str = "many-to-many"  # every position of a window is a target
    dropout: float = 0.2  # on each layer's output, a mask for every step
    recurrent_dropout: float = 0.2  # on the recurrent input, one mask a window (Gal and Ghahramani 2016)
    window: int = 300  # steps of truncated back-propagation through time
    batch: int = 64  # rows trained side by side, each with a state of its own
    optimizer: str = "adam"
    learning_rate: float = 0.002  # at its highest: it warms up to here, then falls to zero along a cosine
    warmup: int = 100  # steps
    clip_norm: float = 1.0  # of the whole gradient
    precision: str = "float32"  # or bfloat16: the factors of the large products, with float32 sums
    fresh_starts: float = 0.25  # share of poems that begin from a zero state behind padding markers

    def __post_init__(self) -> None:
        _one_of("cell", self.cell, ("lstm",))
        _one_of("level", self.level, ("characters",))
        _one_of("framing", self.framing, ("many-to-many",))
        _one_of("optimizer", self.optimizer, ("adam",))
        _one_of("precision", self.precision, ("float32", "bfloat16"))
        for field, low, high in _WHOLE:
            value = getattr(self, field)
            if type(value) is not int or not low <= value <= high:
                raise PoetBotError(
                    f"The recipe's {field} is {value!r}: give a whole number from {low} to {high}."
                )
        for field, top in _REAL:
            value = getattr(self, field)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= top:
                raise PoetBotError(f"The recipe's {field} is {value!r}: give a number from 0 to {top}.")
        if not self.learning_rate > 0 or not math.isfinite(self.learning_rate):
            raise PoetBotError("The recipe's learning_rate must be greater than 0.")
        if not isinstance(self.name, str) or not 0 < len(self.name) <= 60:
            raise PoetBotError("The recipe's name must be a text of at most 60 characters.")

    def as_json(self) -> dict[str, Any]:
        """Return the fields as plain data."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(data: Any) -> "Recipe":
        """Make a recipe of plain data. Raises PoetBotError for a wrong key or value, naming it."""
        if not isinstance(data, dict):
            raise PoetBotError("The recipe must be an object of names and values.")
        known = {field.name for field in dataclasses.fields(Recipe)}
        for key in data:
            if key not in known:
                raise PoetBotError(f"The recipe has no field {str(key)[:40]!r}: see poetbot/poets/recipe.py.")
        return Recipe(**data)


_WHOLE = (
    ("layers", 1, 8),
    ("units", 1, 2048),
    ("window", 2, 2000),
    ("batch", 1, 1024),
    ("warmup", 0, 100_000),
)
_REAL = (
    ("dropout", 0.95),
    ("recurrent_dropout", 0.95),
    ("learning_rate", 1.0),
    ("clip_norm", 1000.0),
    ("fresh_starts", 1.0),
)


def _one_of(field: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise PoetBotError(f"The recipe's {field} is {str(value)[:40]!r}: choose {' or '.join(known)}.")


RECIPES = {
    # The poet bot's article (2018): LSTM 300 three times with dropout .20 and recurrent dropout .20, 300 characters.
    "classic": Recipe(),
    # The same network for millions of characters and few epochs: it underfits there, so little dropout, and short
    # windows with the state carried on make many steps; products in bfloat16 where the processor is fast at them.
    "verse": Recipe(
        name="verse",
        dropout=0.05,
        recurrent_dropout=0.0,
        window=96,
        batch=96,
        learning_rate=0.003,
        precision="bfloat16",
    ),
}


def recipe_named(name: str) -> Recipe:
    """Return a preset. Raises PoetBotError with the known names."""
    if name not in RECIPES:
        raise PoetBotError(f"There is no recipe {name[:40]!r}: choose {' or '.join(RECIPES)}.")
    return RECIPES[name]
