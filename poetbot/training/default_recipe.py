"""The recipe that suits a corpus and the time available: what `train` uses if no recipe is named.

It depends on two things:

- How much the network will read in all. A short run learns more with two LSTM layers of few units, which are faster,
  and with small batches at a high learning rate: early on, many small steps beat few large ones. A long run has time
  for three layers of 300 units, and larger batches are faster.
- How often it will read each poem. With one or two passes it underfits, and dropout would be in the way. With dozens
  it memorises the poems, so dropout on the layers and on the recurrent kernel grows with the logarithm of the passes,
  and more so with many weights per character.

docs/training.md has the rule in figures, and the runs they come from.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from poetbot.poets.recipe import Recipe
from poetbot.training.progress import DEFAULT_EPOCHS

_CHARACTERS_A_SECOND = 10_000  # on two cores, roughly: only a factor of two changes anything
_DROPOUT_A_DOUBLING = 0.065
_MOST_DROPOUT = 0.5
_WEIGHT_DROP_FROM = 0.2


@dataclass(frozen=True)
class _Size:
    characters: float  # the most that are read in all with this size
    layers: int
    units: int
    batch: int
    learning_rate: float

    @property
    def weights(self) -> float:
        """The number of weights in the layers, without those that depend on the vocabulary."""
        return 4 * (2 * self.layers - 1) * self.units**2


_SIZES = (
    _Size(2.5e6, layers=2, units=160, batch=32, learning_rate=0.006),
    _Size(8e6, layers=3, units=200, batch=64, learning_rate=0.005),
    _Size(math.inf, layers=3, units=300, batch=128, learning_rate=0.003),
)


def default_recipe(characters: int, *, epochs: float | None = None, minutes: float | None = None) -> Recipe:
    """Return the recipe for a corpus with this number of `characters`, read `epochs` times or for `minutes` (default: 20 epochs)."""
    characters = max(characters, 1)
    if epochs is None:
        epochs = DEFAULT_EPOCHS if minutes is None else minutes * 60 * _CHARACTERS_A_SECOND / characters
    size = next(size for size in _SIZES if epochs * characters <= size.characters)
    repeated = max(1.0, epochs * math.sqrt(size.weights / characters))
    dropout = round(min(_MOST_DROPOUT, _DROPOUT_A_DOUBLING * math.log2(repeated)), 2)
    return Recipe(
        name="usual",
        layers=size.layers,
        units=size.units,
        dropout=dropout,
        recurrent_dropout=0.0,
        weight_drop=round(dropout / 2, 2) if dropout >= _WEIGHT_DROP_FROM else 0.0,
        window=64,
        batch=size.batch,
        learning_rate=size.learning_rate,
        warmup=30,
        precision="bfloat16" if fast_at_bfloat16() else "float32",
    )


def fast_at_bfloat16() -> bool:
    """Return whether this processor has bfloat16 instructions (known on Linux only)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags
