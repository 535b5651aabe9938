"""The course of networks that read the stream of poems on and on, with the state carried from window to window."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from poetbot.corpus.poem import MARKER
from poetbot.errors import PoetBotError
from poetbot.poets.network import Floats, Network
from poetbot.poets.recipe import Recipe
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training.course import Batch
from poetbot.training.fine_tuning import grown_tensors, grown_vocabulary
from poetbot.training.network import build, tensors_of, weights_of
from poetbot.training.plan import Plan
from poetbot.training.sample import write_sample
from poetbot.training.stream import Epoch, lay_out


class StreamCourse:
    """Windows of the stream (see `stream.py`), every position a target; figures as `python -m poetbot score` takes them."""

    unit = "characters"

    def __init__(self, plan: Plan) -> None:
        self.recipe, self._rng = plan.recipe, plan.rng
        self._texts = [_ended(poem.text) for poem in plan.split.training]
        if plan.recipe.fold_case:
            self._texts = [text.lower() for text in self._texts]
        self._held_out = [poem.text for poem in plan.split.validation]
        texts = [*self._texts, MARKER]
        parent = plan.parent
        self.vocabulary = grown_vocabulary(parent.vocabulary, texts) if parent else Vocabulary.of(texts)
        self._rows = _rows_that_fit(plan.recipe, sum(map(len, self._texts)))
        self.notices = _notices(plan.recipe, self._rows)
        self.model: Any = build(plan.recipe, len(self.vocabulary), self._rows, plan.rng)
        if plan.recipe.counted_bias and not parent:
            self.model.get_layer("dense").bias.assign(_log_shares(self._texts, self.vocabulary))
        if parent:
            tensors = grown_tensors(parent.tensors, plan.recipe, len(self.vocabulary))
            for name, variable in weights_of(self.model, plan.recipe).items():
                variable.assign(tensors[name])

    def lesson(self, epoch: int) -> "StreamLesson":
        """Return the poems in the order of this epoch, as windows."""
        rng = np.random.default_rng([self._rng, 2, epoch])
        return StreamLesson(lay_out(self._texts, self.vocabulary, self.recipe, self._rows, rng))

    def tensors(self) -> dict[str, Floats]:
        """Return copies of the weights under their names in the poet folder."""
        return tensors_of(self.model, self.recipe)

    def figures(self, tensors: dict[str, Floats], means: Mapping[str, float]) -> dict[str, float | None]:
        """Return nats and bits a character and accuracy; those of the held-out poems each alone from the state of an empty seed."""
        found = (
            score(Network(self.recipe, tensors), self.vocabulary, self._held_out) if self._held_out else None
        )
        bits = found.bits_per_character if found else None
        return {
            "training_nats": round(means["loss"], 5),
            "validation_nats": round(found.nats_per_character, 5) if found else None,
            "validation_bits": None if bits is None else round(bits, 5),
            "validation_accuracy": round(found.accuracy, 5) if found else None,
        }

    def sample(self, tensors: dict[str, Floats], rng: np.random.Generator) -> str:
        """Return at most 400 characters, from an empty seed."""
        return write_sample(Network(self.recipe, tensors), self.vocabulary, rng)


class StreamLesson:
    """One epoch of windows."""

    def __init__(self, epoch: Epoch) -> None:
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._epoch)

    def batches(self, first: int) -> Iterator[Batch]:
        """Yield the windows from number `first` on."""
        characters = self._epoch.window * self._epoch.ids.shape[0]
        for window in self._epoch.windows(first):
            yield Batch([window.ids, window.keep], window.targets, window.weights, characters)


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _log_shares(texts: list[str], vocabulary: Vocabulary) -> Floats:
    """Return the logarithm of each character's share of the texts `[ids]`.

    Among thousands of characters the first thing to learn is which are rare. Learnt through the kernel, that drives the
    layer below to constants of -1 and 1, from which it does not come back; so it is given as the bias.
    """
    counts = np.ones(len(vocabulary))  # one more than there are: the marker's stand in no text
    for text in texts:
        np.add.at(counts, vocabulary.ids_of(text), 1)
    shares: Floats = np.log(counts / counts.sum()).astype(np.float32)
    return shares


def _notices(recipe: Recipe, rows: int) -> tuple[str, ...]:
    if rows == recipe.batch:
        return ()
    return (
        f"The corpus is too short for a batch of {recipe.batch} windows of {recipe.window} characters: "
        f"{rows} are trained side by side.",
    )


def _rows_that_fit(recipe: Recipe, characters: int) -> int:
    """Return the recipe's rows, or fewer where the corpus would not fill one window of each."""
    if characters < 2 * recipe.window:
        raise PoetBotError(
            f"{characters:,} characters are too few for a window of {recipe.window}: bring more poems, "
            "or take a recipe with a shorter window."
        )
    return max(1, min(recipe.batch, characters // (2 * recipe.window)))
