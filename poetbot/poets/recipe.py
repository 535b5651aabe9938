"""A recipe: all settings of how a poet is built and trained, in one frozen dataclass."""

import dataclasses
import math
from dataclasses import dataclass
from typing import Any

from poetbot.errors import PoetBotError


@dataclass(frozen=True)
class Recipe:
    """The settings of a network and its training, stored in poet.json.

    Raises PoetBotError for a value out of bounds and for contradicting fields.
    """

    name: str = "classic"
    cell: str = "lstm"  # the recurrent cell: lstm, gru (reset after the product, as in cuDNN) or rnn (tanh)
    layers: int = 3  # stacked recurrent layers
    units: int = 300  # per layer
    level: str = "characters"  # the unit of one step: characters, subwords or words
    framing: str = (
        "many-to-many"  # every position is a target; prefixes: the token after each prefix of a line
    )
    dropout: float = 0.2  # on the layers' outputs, one mask per step
    recurrent_dropout: float = 0.2  # on the recurrent input, one mask per window (Gal and Ghahramani 2016)
    window: int = (
        300  # steps of truncated back-propagation through time; for prefixes the maximum number of steps
    )
    batch: int = 64  # rows trained in parallel, each with its own state
    optimizer: str = "adam"
    learning_rate: float = 0.002  # the peak: warms up to here, then follows a cosine
    warmup: int = 100  # steps
    clip_norm: float = 1.0  # global norm of the gradient; 0 for no clipping
    precision: str = "float32"  # or bfloat16: for the factors of large products, summed in float32
    fresh_starts: float = 0.25  # share of poems that begin from a zero state after padding markers

    # Added after the first poets. The default of each is the earlier behaviour, and no default here may change: a
    # field at its default is not written to poet.json, so that an older poet keeps its id.
    embedding: int = 0  # size of the learned embedding; 0 is one-hot
    embedding_dropout: float = 0.0  # on the input, one mask per step (many-to-many only)
    tied: bool = False  # the softmax shares the embedding's weights (Press and Wolf 2017; many-to-many only)
    pieces: str = "poems"  # how raw text is split: into poems, sections or lines; sections and lines each begin with a new state
    fold_case: bool = False  # read and write lower case only
    counted_bias: bool = False  # initialize the softmax with the character frequencies (many-to-many only)
    weight_drop: float = 0.0  # on the recurrent kernel, one mask per window (DropConnect; Merity et al. 2017)
    fall: float = 1.0  # final share of the run in which the learning rate decays; 0 for no decay
    subwords: int = 0  # vocabulary size of a subword poet, including every character of its corpus
    subword_dropout: float = 0.0  # share of merges left out in training (BPE-dropout; Provilkov et al. 2020)
    bidirectional: bool = False  # the first layer is bidirectional (prefixes only)
    last_units: int = 0  # of the last recurrent layer; 0 means `units` (prefixes only)
    dense: int | str = (
        0  # units of a relu layer before the softmax, or `half` as many as the vocabulary (prefixes only)
    )
    l2: float = 0.0  # L2 penalty on that layer's kernel
    min_count: int = 1  # uses below which a word becomes unknown (words only)
    max_words: int = 65_535  # maximum vocabulary size; the rarest words are dropped (words only)

    def __post_init__(self) -> None:
        for field, known in _CHOICES.items():
            _one_of(field, getattr(self, field), known)
        for field, (low, high) in _WHOLE.items():
            value = getattr(self, field)
            if field == "dense" and value == HALF:
                continue
            if type(value) is not int or not low <= value <= high:
                raise PoetBotError(
                    "The recipe's {field} must be an integer from {low:,} to {high:,}, not {value}.",
                    field=field,
                    low=low,
                    high=high,
                    value=_shown(value),
                )
        for field, top in _REAL.items():
            value = getattr(self, field)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= top:
                raise PoetBotError(
                    "The recipe's {field} must be a number from 0 to {high:g}, not {value}.",
                    field=field,
                    high=top,
                    value=_shown(value),
                )
            object.__setattr__(self, field, float(value))  # 0 and 0.0 are one recipe and one id
        for field in ("fold_case", "counted_bias", "bidirectional", "tied"):
            if type(getattr(self, field)) is not bool:
                raise PoetBotError(
                    "The recipe's {field} must be true or false, not {value}.",
                    field=field,
                    value=_shown(getattr(self, field)),
                )
        if not self.learning_rate > 0 or not math.isfinite(self.learning_rate):
            raise PoetBotError("The recipe's learning_rate must be greater than 0.")
        if not isinstance(self.name, str) or not 0 < len(self.name) <= 60:
            raise PoetBotError("The recipe's name must be text of 1 to 60 characters.")
        self._check_together()

    def _check_together(self) -> None:
        if self.recurrent_dropout and self.weight_drop:
            raise PoetBotError(
                "recurrent_dropout and weight_drop can't be used together. Set one of them to 0."
            )
        if self.l2 and not self.dense:
            raise PoetBotError("l2 needs a dense layer. Set dense too, or leave l2 at 0.")
        if (self.level == "subwords") != bool(self.subwords):
            raise PoetBotError(
                "Set both level=subwords and the number of subwords, such as subwords=3000, or neither."
            )
        if self.subword_dropout and not self.subwords:
            raise PoetBotError("subword_dropout needs subwords. Set level=subwords, or leave it at 0.")
        if self.framing == "many-to-many":
            if self.level == "words":
                raise PoetBotError("A recipe for words needs framing=prefixes.")
            for field in ("bidirectional", "last_units", "dense"):
                if getattr(self, field):
                    raise PoetBotError(
                        "{field} can't be used with framing=many-to-many. Leave it out, or set framing=prefixes.",
                        field=field,
                    )
            if self.tied and self.embedding != self.units:
                raise PoetBotError(
                    "A tied softmax needs an embedding as large as the layers. Set embedding to units."
                )
            if self.embedding_dropout and not self.embedding:
                raise PoetBotError(
                    "embedding_dropout needs an embedding. Set embedding too, or leave it at 0."
                )
            return
        for field in ("counted_bias", "tied", "embedding_dropout"):
            if getattr(self, field):
                raise PoetBotError("{field} can't be used with framing=prefixes. Leave it out.", field=field)
        if self.level != "words":
            raise PoetBotError("framing=prefixes needs words. Set level=words, or framing=many-to-many.")
        if not self.embedding:
            raise PoetBotError("A recipe for words needs an embedding. Set its size, such as embedding=300.")
        for field in ("recurrent_dropout", "weight_drop"):
            if getattr(self, field):
                raise PoetBotError("{field} can't be used with framing=prefixes. Leave it out.", field=field)
        if self.bidirectional and self.layers < 2:
            raise PoetBotError("A bidirectional layer needs another layer above it. Set layers to 2 or more.")
        if self.cell != "lstm" or self.precision != "float32":
            raise PoetBotError("framing=prefixes needs cell=lstm and precision=float32.")

    def dense_units(self, vocabulary: int) -> int:
        """Return the units of the relu layer before the softmax over `vocabulary` ids, or 0 if there is none."""
        return max(1, vocabulary // 2) if self.dense == HALF else int(self.dense)

    def as_json(self) -> dict[str, object]:
        """Return the fields as plain data. The later fields are left out at their defaults."""
        return {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name in _FIRST_FIELDS or getattr(self, field.name) != field.default
        }

    @staticmethod
    def from_json(data: Any) -> "Recipe":
        """Create a recipe from plain data. Raises PoetBotError for a wrong key or value, with its name."""
        if not isinstance(data, dict):
            raise PoetBotError("A recipe must be an object of names and values.")
        for key in data:
            _known_field(key)
        return Recipe(**data)

    def changed(self, settings: list[str]) -> "Recipe":
        """Return this recipe with `settings` of the form `KEY=VALUE` set.

        Raises PoetBotError for a wrong key or value, with its name.
        """
        values: dict[str, Any] = {}
        for setting in settings:
            key, equals, text = setting.partition("=")
            if not equals:
                raise PoetBotError(
                    "The setting {setting} has no value. Write KEY=VALUE, as in layers=2.",
                    setting=repr(setting[:60]),
                )
            key, text = key.strip(), text.strip()
            values[key] = _value_of(_known_field(key), text)
        return dataclasses.replace(self, **values)


HALF = "half"
"""Half as many dense units as the vocabulary has ids."""

_FIRST_FIELDS = frozenset(
    (
        *("name", "cell", "layers", "units", "level", "framing", "dropout", "recurrent_dropout", "window"),
        *("batch", "optimizer", "learning_rate", "warmup", "clip_norm", "precision", "fresh_starts"),
    )
)
"""The fields of the first recipes, which are always written."""

_CHOICES = {
    "cell": ("lstm", "gru", "rnn"),
    "level": ("characters", "subwords", "words"),
    "framing": ("many-to-many", "prefixes"),
    "optimizer": ("adam",),
    "precision": ("float32", "bfloat16"),
    "pieces": ("poems", "sections", "lines"),
}
_WHOLE = {
    "layers": (1, 8),
    "units": (1, 2048),
    "window": (2, 2000),
    "batch": (1, 1024),
    "warmup": (0, 100_000),
    "embedding": (0, 2048),
    "subwords": (0, 65_535),
    "last_units": (0, 2048),
    "dense": (0, 65_535),
    "min_count": (1, 1_000),
    "max_words": (100, 65_535),
}
_REAL = {
    "dropout": 0.95,
    "embedding_dropout": 0.95,
    "recurrent_dropout": 0.95,
    "weight_drop": 0.95,
    "learning_rate": 1.0,
    "clip_norm": 1000.0,
    "fresh_starts": 1.0,
    "fall": 1.0,
    "l2": 1.0,
    "subword_dropout": 0.95,
}


def _known_field(key: Any) -> str:
    known = [field.name for field in dataclasses.fields(Recipe)]
    if key not in known:
        raise PoetBotError(
            "A recipe has no field {field}. Choose one of: {fields}.",
            field=repr(str(key)[:40]),
            fields=", ".join(known),
        )
    return str(key)


def _value_of(field: str, text: str) -> Any:
    """Parse a typed value. The recipe checks whether it is allowed."""
    default = next(f.default for f in dataclasses.fields(Recipe) if f.name == field)
    if isinstance(default, bool):
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.casefold(), text)
    if isinstance(default, str):
        return text
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text


def _shown(value: Any) -> str:
    return repr(value)[:40]


def _one_of(field: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise PoetBotError(
            "The recipe's {field} must be {choices}, not {value}.",
            field=field,
            choices=" or ".join(known),
            value=_shown(value),
        )
