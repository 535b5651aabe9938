"""The dataset for networks of words: each prefix of a line is a sample, and the token after it is its label.

The tokens of a line are the break before it (the end of a line, a stanza or a poem), its words and separators, and the
break after it. Every prefix with a next token is a sample, padded in front to the longest one or cut in front to the
recipe's window. An unknown word can be read, but is never a label.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.errors import PoetBotError
from poetbot.poets.network import Floats, Ids
from poetbot.poets.prefix_network import PrefixNetwork, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.word_scoring import score_words
from poetbot.poets.word_vocabulary import FIRST_WORD, LINE_END, PADDING, POEM_END, UNKNOWN, Words
from poetbot.training.dataset import Batch
from poetbot.training.network import as_numpy
from poetbot.training.plan import Plan
from poetbot.training.prefix_network import build_prefixes, weights_of_prefixes
from poetbot.training.sample import write_word_sample

_MAX_PARAMETERS = 400_000_000
"""Parameters of the largest network: 5 GB with Adam's two moments."""


@dataclass(frozen=True)
class Prefixes:
    """All samples of a corpus: sample n reads `ids[starts[n]:labels[n]]` and predicts `ids[labels[n]]`."""

    ids: Ids
    starts: npt.NDArray[np.int64]
    labels: npt.NDArray[np.int64]

    @staticmethod
    def of(texts: Sequence[str], vocabulary: Words) -> "Prefixes":
        """Return the samples of `texts`, in their order."""
        ends = np.array([POEM_END], np.int32)
        poems = [ids for ids in map(vocabulary.ids_of, texts) if len(ids)]
        ids = np.concatenate([ends, *(part for poem in poems for part in (poem, ends))])
        begins = np.flatnonzero((ids >= LINE_END) & (ids < FIRST_WORD))
        lengths = np.diff(begins)
        starts = np.repeat(begins[:-1], lengths)
        labels = np.arange(1, len(ids))
        known = ids[labels] != UNKNOWN
        return Prefixes(ids, starts[known], labels[known])

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def longest(self) -> int:
        """The most tokens that a sample reads."""
        return int((self.labels - self.starts).max(initial=0))

    def read(self, samples: npt.NDArray[np.int64], window: int) -> Ids:
        """Return what `samples` read, `[samples, window]`: the last `window` tokens, padded in front."""
        at = self.labels[samples, None] - window + np.arange(window)
        return np.where(at < self.starts[samples, None], PADDING, self.ids[np.maximum(at, 0)])


class PrefixDataset:
    """Batches of `Prefixes`, in a new order every epoch. Figures are those of `python -m poetbot score`."""

    unit = "words"
    characters_per_target = 1.0  # its losses are per word
    notices: tuple[str, ...] = ()

    def __init__(self, plan: Plan) -> None:
        recipe, self._rng = plan.recipe, plan.run.rng
        texts = [poem.text for poem in plan.split.training]
        self._held_out = [poem.text for poem in plan.split.validation]
        self.vocabulary = Words.of(
            texts, min_count=recipe.min_count, max_words=recipe.max_words, fold_case=recipe.fold_case
        )
        self._samples = Prefixes.of(texts, self.vocabulary)
        self.recipe: Recipe = dataclasses.replace(
            recipe, window=max(2, min(recipe.window, self._samples.longest))
        )
        shapes = tensor_shapes(self.recipe, len(self.vocabulary))
        numbers = sum(int(np.prod(shape)) for shape in shapes.values())
        if numbers > _MAX_PARAMETERS:
            raise PoetBotError(
                "With {words:,} words this network has {parameters:,} parameters, too many to train. Lower the recipe's max_words or dense.",
                words=len(self.vocabulary),
                parameters=numbers,
            )
        self._rows = min(recipe.batch, len(self._samples))
        self.model: Any = build_prefixes(self.recipe, len(self.vocabulary), plan.run.rng)

    def epoch_batches(self, epoch: int) -> "PrefixBatches":
        """Return the samples in the order of this epoch."""
        order = np.random.default_rng([self._rng, 2, epoch]).permutation(len(self._samples))
        return PrefixBatches(self._samples, order, self._rows, self.recipe.window)

    def tensors(self) -> dict[str, Floats]:
        """Return copies of the weights under their names in the poet folder."""
        weights = weights_of_prefixes(self.model, self.recipe)
        return {name: as_numpy(variable) for name, variable in weights.items()}

    def figures(self, tensors: dict[str, Floats], means: Mapping[str, float]) -> dict[str, float | None]:
        """Return loss and accuracy (the share of labels ranked first) of the epoch and of the held-out poems."""
        found = None
        if self._held_out:
            found = score_words(PrefixNetwork(self.recipe, tensors), self.vocabulary, self._held_out)
        return {
            "training_nats": round(means["nats"], 5),
            "training_accuracy": round(means["accuracy"], 5),
            "validation_nats": round(found.nats_per_token, 5) if found else None,
            "validation_bits": None,
            "validation_accuracy": round(found.accuracy, 5) if found else None,
        }

    def sample(self, tensors: dict[str, Floats], rng: np.random.Generator) -> str:
        """Return at most 80 words, from an empty seed."""
        return write_word_sample(PrefixNetwork(self.recipe, tensors), self.vocabulary, rng)


class PrefixBatches:
    """One epoch of samples. The last batch is filled up with the first samples, so that all have one shape."""

    def __init__(self, samples: Prefixes, order: npt.NDArray[np.int64], rows: int, window: int) -> None:
        self._samples, self._order, self._rows, self._window = samples, order, rows, window

    def __len__(self) -> int:
        return -(-len(self._order) // self._rows)

    def batches(self, first: int) -> Iterator[Batch]:
        """Yield the batches from number `first` on."""
        for start in range(first * self._rows, len(self._order), self._rows):
            chosen = self._order[start : start + self._rows]
            chosen = np.concatenate([chosen, self._order[: self._rows - len(chosen)]])
            inputs = self._samples.read(chosen, self._window)
            targets = self._samples.ids[self._samples.labels[chosen]]
            yield Batch([inputs], targets, None, self._rows)
