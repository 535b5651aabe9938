"""The course of networks that read the stream of poems on and on, with the state carried from window to window."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poem import MARKER
from poetbot.poets.network import Floats, Network
from poetbot.poets.recipe import Recipe
from poetbot.poets.scoring import score
from poetbot.poets.subword_vocabulary import FEWEST_CHARACTERS
from poetbot.poets.vocabulary import Ids, Vocabulary
from poetbot.training.dataset import Batch
from poetbot.training.fine_tuning import grown_tensors, grown_vocabulary
from poetbot.training.network import build, tensors_of, weights_of
from poetbot.training.plan import Parent, Plan
from poetbot.training.sample import write_sample
from poetbot.training.token_stream import Epoch, lay_out


class StreamCourse:
    """Windows of the stream (see `token_stream.py`), every position a target; figures as `python -m poetbot score` takes them."""

    unit = "characters"

    def __init__(self, plan: Plan) -> None:
        self._rng = plan.rng
        self._texts = [_ended(poem.text) for poem in plan.split.training]
        if plan.recipe.fold_case:
            self._texts = [text.lower() for text in self._texts]
        self._held_out = [poem.text for poem in plan.split.validation]
        parent = plan.parent
        characters = sum(map(len, self._texts))
        self.recipe, notice = _recipe_that_fits(plan.recipe, characters, fine_tuned=parent is not None)
        self.vocabulary = _vocabulary(self.recipe, self._texts, parent)
        ids = (
            sum(len(self.vocabulary.ids_of(text)) for text in self._texts)
            if self.recipe.subwords
            else characters
        )
        self._characters_an_id = characters / max(1, ids)
        self._rows = _rows_that_fit(self.recipe, ids)
        self.notices = (*notice, *_notices(self.recipe, self._rows))
        self.model: Any = build(self.recipe, len(self.vocabulary), self._rows, plan.rng)
        if self.recipe.counted_bias and not parent:
            self.model.get_layer("dense").bias.assign(_log_shares(self._texts, self.vocabulary))
        if parent:
            tensors = grown_tensors(parent.tensors, self.recipe, len(self.vocabulary))
            for name, variable in weights_of(self.model, self.recipe).items():
                variable.assign(tensors[name])

    def lesson(self, epoch: int) -> "StreamLesson":
        """Return the poems in the order of this epoch, as windows."""
        rng = np.random.default_rng([self._rng, 2, epoch])
        laid_out = lay_out(self._texts, self.vocabulary, self.recipe, self._rows, rng)
        if self.recipe.subword_dropout:
            self._characters_an_id = float(self.vocabulary.lengths[laid_out.ids].mean())
        return StreamLesson(laid_out, self.vocabulary.lengths)

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
            "training_nats": round(means["loss"] / self._characters_an_id, 5),
            "validation_nats": round(found.nats_per_character, 5) if found else None,
            "validation_bits": None if bits is None else round(bits, 5),
            "validation_accuracy": round(found.accuracy, 5) if found else None,
        }

    def sample(self, tensors: dict[str, Floats], rng: np.random.Generator) -> str:
        """Return at most 400 characters, from an empty seed."""
        return write_sample(Network(self.recipe, tensors), self.vocabulary, rng)


class StreamLesson:
    """One epoch of windows."""

    def __init__(self, epoch: Epoch, lengths: Ids) -> None:
        self._epoch, self._lengths = epoch, lengths

    def __len__(self) -> int:
        return len(self._epoch)

    def batches(self, first: int) -> Iterator[Batch]:
        """Yield the windows from number `first` on."""
        for window in self._epoch.windows(first):
            characters = int(self._lengths[window.ids].sum())
            yield Batch([window.ids, window.keep], window.targets, window.weights, characters)


def _recipe_that_fits(recipe: Recipe, characters: int, *, fine_tuned: bool) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe, of characters where the corpus is too small to learn subwords from, and a notice of that."""
    if not recipe.subwords or fine_tuned or characters >= FEWEST_CHARACTERS:
        return recipe, ()
    notice = (
        f"The corpus has {characters:,} characters, too few to learn subwords from "
        f"({FEWEST_CHARACTERS:,} are needed): this poet reads and writes single characters."
    )
    return dataclasses.replace(recipe, level="characters", subwords=0, subword_dropout=0.0), (notice,)


def _vocabulary(recipe: Recipe, texts: list[str], parent: Parent | None) -> Vocabulary:
    if parent:
        return grown_vocabulary(parent.vocabulary, [*texts, MARKER])
    if recipe.subwords:
        from poetbot.training.subwords import learn

        return learn(texts, recipe.subwords)
    return Vocabulary.of([*texts, MARKER])


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
        f"The corpus is too short for a batch of {recipe.batch} windows of {recipe.window} {recipe.level}: "
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
