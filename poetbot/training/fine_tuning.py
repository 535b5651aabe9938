"""Fine-tuning: a poet goes on with poems of another kind. The rule for its recipe, and the growing of its vocabulary."""

import dataclasses
from collections.abc import Iterable, Mapping

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.network import Floats, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary

_SHAPE = (
    *("cell", "layers", "units", "level", "framing", "embedding", "fold_case"),
    *("tied", "subwords", "bidirectional", "last_units", "dense"),
)
"""The fields that the parent's weights decide."""


def tuned(recipe: Recipe, characters: int) -> Recipe:
    """Return the recipe for fine-tuning a poet of `recipe` on so many `characters`: its sizes, other training.

    Short windows of few rows, so that even a small corpus gives some steps an epoch, and a learning rate of half of
    what a poet begins with, which falls to its end. Dropout stays what it was: under more of it the network first
    unlearns what it knew, and a small corpus does not bring that back (docs/training.md has the figures). What keeps
    it from learning a small corpus by heart is that it reads it only a few times.
    """
    if recipe.framing != "many-to-many":
        raise PoetBotError("A poet of words cannot be fine-tuned: choose another --from.")
    small = characters < 1_000_000
    return dataclasses.replace(
        recipe,
        learning_rate=0.001 if small else recipe.learning_rate / 2,
        warmup=20,
        window=64,
        batch=32,
    )


def check_shape(recipe: Recipe, parent: Recipe) -> None:
    """Raise PoetBotError where `recipe` asks for another network than the parent's."""
    for field in _SHAPE:
        if getattr(recipe, field) != getattr(parent, field):
            raise PoetBotError(
                f"A fine-tuned poet keeps its parent's {field} ({getattr(parent, field)}): leave --set {field} out."
            )


def grown_vocabulary(known: Vocabulary, texts: Iterable[str]) -> Vocabulary:
    """Return `known` with the characters of `texts` that it lacks behind it, so that every id stays what it was."""
    new = set().union(*(set(text) for text in texts)) - set(known.characters)
    if isinstance(known, Subwords):
        return known.grown(sorted(new))
    return Vocabulary([*known.characters, *sorted(new)])


def grown_tensors(tensors: Mapping[str, Floats], recipe: Recipe, size: int) -> dict[str, Floats]:
    """Return the weights for a vocabulary of `size`: what is added along an axis is the mean along that axis.

    So an unseen character is read as an average one and begins as likely as an average one (Hewitt 2021,
    "Initializing new word embeddings for pretrained language models", does this for words).
    """
    grown = {}
    for name, shape in tensor_shapes(recipe, size).items():
        tensor = np.asarray(tensors[name], dtype=np.float32)
        for axis, (had, wanted) in enumerate(zip(tensor.shape, shape, strict=True)):
            if wanted > had:
                mean = tensor.mean(axis=axis, keepdims=True, dtype=np.float64).astype(np.float32)
                tensor = np.concatenate([tensor, np.repeat(mean, wanted - had, axis)], axis)
        grown[name] = tensor
    return grown
