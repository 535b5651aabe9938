"""The poem marker is the network's affair: a poet that knows nothing else to say still shows no piece of it."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.poem import MARKER
from poetbot.poets.folder import Poet, load
from poetbot.poets.interfaces import shapes_of
from poetbot.poets.network import Network
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary
from poetbot.poets.word_vocabulary import Words
from poetbot.training.sample import write_sample, write_word_sample
from poetbot.writing import Request, write, write_together
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.suggestions import LineRequest, suggest

CHARACTERS = Vocabulary.of([MARKER, "the rain and 1+1,\n"])
WORDS = Words(["the", "rain", "+", " + ", "++", ", ", "-"], line_capitals=False, sentence_capitals=False)
RECIPES = {
    **{cell: Recipe(cell=cell, layers=1, units=8) for cell in ("lstm", "gru", "rnn")},
    "embedding": Recipe(cell="gru", layers=1, units=8, embedding=4),
    "words": Recipe(
        level="words", framing="prefixes", recurrent_dropout=0.0, cell="lstm", layers=1, units=8, embedding=4
    ),
}


def weak(folder: Path, recipe: Recipe) -> Poet:
    """Return a poet with random weights that likes plus signs above all."""
    vocabulary = WORDS if recipe.level == "words" else CHARACTERS
    rng = np.random.default_rng(2)
    shapes = shapes_of(recipe, len(vocabulary))
    tensors = {name: rng.normal(0, 0.4, shape).astype(np.float32) for name, shape in shapes.items()}
    tensors["dense.bias"][[n for text, n in vocabulary.ids.items() if "+" in text and text != MARKER]] += 4
    return dataclasses.replace(load(folder), recipe=recipe, vocabulary=vocabulary, tensors=tensors)


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
@settings(max_examples=8)
@given(rng=st.integers(0, 1000), seed=st.sampled_from(["", "the", "1+", "rain\n", "rain\n++"]))
def test_no_part_of_the_marker_is_shown(tiny_poet: Path, recipe: Recipe, rng: int, seed: str) -> None:
    poet = weak(tiny_poet, recipe)
    for asked in ({"characters": 60}, {"lines": 3}, {}):
        request = Request(seed, 2.0, rng=rng, **asked)
        poems = [write(poet, request), *dict(write_together(poet, request, 3)).values()]
        for poem in poems:
            assert "+" not in poem.text[poem.seed_characters :]
            assert asked or poem.stopped_by in ("marker", "bound")
    lines = suggest(
        CachedPoet(poet), LineRequest(before=seed, temperature=2.0, rng=rng, drafts=4)
    ).suggestions
    assert not any("+" in each.line.removeprefix(seed.split("\n")[-1]) for each in lines)


@pytest.mark.parametrize("rng", range(12))
def test_samples_of_an_epoch_show_no_marker(tiny_poet: Path, rng: int) -> None:
    for recipe in RECIPES.values():
        poet, chance = weak(tiny_poet, recipe), np.random.default_rng(rng)
        if isinstance(poet.in_floats.network, PrefixNetwork):
            text = write_word_sample(poet.in_floats.network, WORDS, chance)
        else:
            assert isinstance(poet.in_floats.network, Network)
            text = write_sample(poet.in_floats.network, CHARACTERS, chance)
        assert "+" not in text
