"""The dataset for networks that read a continuous stream of poems, with the state carried from window to window."""

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


class StreamDataset:
    """Windows of the stream (see `token_stream.py`), every position a target. Figures are those of `python -m poetbot score`."""

    unit = "characters"

    def __init__(self, plan: Plan) -> None:
        self._rng = plan.run.rng
        self._texts = [_with_newline(poem.text) for poem in plan.split.training]
        if plan.recipe.fold_case:
            self._texts = [text.lower() for text in self._texts]
        self._held_out = [poem.text for poem in plan.split.validation]
        parent = plan.parent
        characters = sum(map(len, self._texts))
        self.recipe, notice = _fitted_recipe(plan.recipe, characters, fine_tuned=parent is not None)
        self.vocabulary = _vocabulary(self.recipe, self._texts, parent)
        ids = (
            sum(len(self.vocabulary.ids_of(text)) for text in self._texts)
            if self.recipe.subwords
            else characters
        )
        self.characters_per_target = characters / max(1, ids)
        self._rows = _fitted_rows(self.recipe, ids)
        self.notices = (*notice, *_notices(self.recipe, self._rows))
        self.model: Any = build(self.recipe, len(self.vocabulary), self._rows, plan.run.rng)
        if self.recipe.counted_bias and not parent:
            self.model.get_layer("dense").bias.assign(_log_shares(self._texts, self.vocabulary))
        if parent:
            tensors = grown_tensors(parent.tensors, self.recipe, len(self.vocabulary))
            for name, variable in weights_of(self.model, self.recipe).items():
                variable.assign(tensors[name])

    def epoch_batches(self, epoch: int) -> "StreamBatches":
        """Return the windows of this epoch, with the poems in its order."""
        rng = np.random.default_rng([self._rng, 2, epoch])
        laid_out = lay_out(self._texts, self.vocabulary, self.recipe, self._rows, rng)
        if self.recipe.subword_dropout:
            self.characters_per_target = float(self.vocabulary.lengths[laid_out.ids].mean())
        return StreamBatches(laid_out, self.vocabulary.lengths)

    def tensors(self) -> dict[str, Floats]:
        """Return copies of the weights under their names in the poet folder."""
        return tensors_of(self.model, self.recipe)

    def figures(self, tensors: dict[str, Floats], means: Mapping[str, float]) -> dict[str, float | None]:
        """Return nats and bits per character and accuracy. Each held-out poem is scored alone, from an empty seed."""
        found = (
            score(Network(self.recipe, tensors), self.vocabulary, self._held_out) if self._held_out else None
        )
        bits = found.bits_per_character if found else None
        return {
            "training_nats": round(means["loss"] / self.characters_per_target, 5),
            "validation_nats": round(found.nats_per_character, 5) if found else None,
            "validation_bits": None if bits is None else round(bits, 5),
            "validation_accuracy": round(found.accuracy, 5) if found else None,
        }

    def sample(self, tensors: dict[str, Floats], rng: np.random.Generator) -> str:
        """Return at most 400 characters, from an empty seed."""
        return write_sample(Network(self.recipe, tensors), self.vocabulary, rng)


class StreamBatches:
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


def _fitted_recipe(recipe: Recipe, characters: int, *, fine_tuned: bool) -> tuple[Recipe, tuple[str, ...]]:
    """Return the recipe, changed to characters with a notice if the corpus is too small to learn subwords from."""
    if not recipe.subwords or fine_tuned or characters >= FEWEST_CHARACTERS:
        return recipe, ()
    notice = (
        f"The corpus has {characters:,} characters, but subwords need {FEWEST_CHARACTERS:,}. "
        "This poet reads and writes single characters instead."
    )
    return dataclasses.replace(recipe, level="characters", subwords=0, subword_dropout=0.0), (notice,)


def _vocabulary(recipe: Recipe, texts: list[str], parent: Parent | None) -> Vocabulary:
    if parent:
        return grown_vocabulary(parent.vocabulary, [*texts, MARKER])
    if recipe.subwords:
        from poetbot.training.subwords import learn

        return learn(texts, recipe.subwords)
    return Vocabulary.of([*texts, MARKER])


def _with_newline(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _log_shares(texts: list[str], vocabulary: Vocabulary) -> Floats:
    """Return the logarithm of each character's share of the texts `[ids]`, as the initial bias of the softmax.

    With thousands of characters, the first thing a network learns is which ones are rare. If it learns that through the
    kernel, the layer below saturates at -1 and 1 and stays there.
    """
    counts = np.ones(len(vocabulary))  # add-one: the characters of the marker occur in no text
    for text in texts:
        np.add.at(counts, vocabulary.ids_of(text), 1)
    shares: Floats = np.log(counts / counts.sum()).astype(np.float32)
    return shares


def _notices(recipe: Recipe, rows: int) -> tuple[str, ...]:
    if rows == recipe.batch:
        return ()
    return (
        f"The corpus is too short for a batch of {recipe.batch} windows of {recipe.window} {recipe.level}, "
        f"so a batch has {rows}.",
    )


def _fitted_rows(recipe: Recipe, characters: int) -> int:
    """Return the recipe's rows, or fewer if the corpus is too short to fill a window of each."""
    if characters < 2 * recipe.window:
        raise PoetBotError(
            "{characters:,} characters are too few for a window of {window}. Add poems, or choose a recipe with a shorter window.",
            characters=characters,
            window=recipe.window,
        )
    return max(1, min(recipe.batch, characters // (2 * recipe.window)))
