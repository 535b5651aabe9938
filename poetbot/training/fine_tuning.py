"""Fine-tuning: a poet continues with other poems. Its recipe, and how its vocabulary grows."""

import dataclasses
from collections.abc import Iterable, Mapping

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.poets.network import Floats, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training.default_recipe import fast_at_bfloat16

_SHAPE = (
    *("cell", "layers", "units", "level", "framing", "embedding", "fold_case"),
    *("tied", "subwords", "bidirectional", "last_units", "dense"),
)
"""The fields that the parent's weights determine."""

_MANY = 1_000_000
"""Number of characters from which a corpus isn't small."""


def fine_tuning_recipe(recipe: Recipe, characters: int) -> Recipe:
    """Return the recipe for fine-tuning a poet of `recipe` on a corpus of `characters`: the same sizes, other training.

    A step reads about 2,000 characters of a small corpus, so that an epoch of it has enough steps. Dropout stays the same:
    with more of it the network first unlearns what it knew, and a small corpus doesn't bring that back. Few epochs keep it
    from memorising a small corpus. A processor without bfloat16 instructions trains in float32, whatever the parent used.
    The figures are in docs/training.md.
    """
    if recipe.framing != "many-to-many":
        raise PoetBotError("A poet that writes word by word can't be fine-tuned. Choose another --from.")
    precision = recipe.precision if fast_at_bfloat16() else "float32"
    recipe = dataclasses.replace(recipe, window=64, batch=32, precision=precision)
    if characters >= _MANY:
        return dataclasses.replace(recipe, learning_rate=recipe.learning_rate / 2, warmup=20)
    rows = 8 if recipe.subwords else 32
    return dataclasses.replace(recipe, learning_rate=0.001, warmup=10, batch=rows)


def check_shape(recipe: Recipe, parent: Recipe) -> None:
    """Raise PoetBotError if `recipe` describes another network than the parent's."""
    for field in _SHAPE:
        if getattr(recipe, field) != getattr(parent, field):
            raise PoetBotError(
                "A fine-tuned poet keeps its parent's {field} ({value}). Leave --set {field} out.",
                field=field,
                value=getattr(parent, field),
            )


def grown_vocabulary(known: Vocabulary, texts: Iterable[str]) -> Vocabulary:
    """Return `known` with the missing characters of `texts` appended, so that every id stays the same."""
    new = set().union(*(set(text) for text in texts)) - set(known.characters)
    if isinstance(known, Subwords):
        return known.grown(sorted(new))
    return Vocabulary([*known.characters, *sorted(new)])


def grown_tensors(tensors: Mapping[str, Floats], recipe: Recipe, size: int) -> dict[str, Floats]:
    """Return the weights for a vocabulary of `size`: new entries along an axis are the mean along that axis.

    So a new character is read as an average one and starts as likely as an average one (as Hewitt 2021, "Initializing
    new word embeddings for pretrained language models", does for words).
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
