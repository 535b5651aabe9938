"""The NumPy network of words against Keras, layer for layer and while it writes."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from typing import Any

import numpy as np
import pytest

from poetbot.poets.network import Floats
from poetbot.poets.prefix_network import PrefixNetwork, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES
from poetbot.poets.word_vocabulary import FIRST_WORD, LINE_END, PADDING, POEM_END, UNKNOWN
from poetbot.training.network import as_numpy
from poetbot.training.prefix_network import build_prefixes, weights_of_prefixes

WORDS = 400


def built(recipe: Recipe, seed: int) -> tuple[Any, dict[str, Floats]]:
    """Return a model whose weights say something, and its tensors."""
    model = build_prefixes(recipe, WORDS, 1)
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(variable + 0.1 * rng.normal(size=variable.shape))
    return model, {name: as_numpy(v) for name, v in weights_of_prefixes(model, recipe).items()}


def padded(line: list[int], window: int) -> np.ndarray:
    cut = line[-window:]
    return np.array([[PADDING] * (window - len(cut)) + cut], np.int32)


def test_numpy_writes_what_keras_trained_within_a_ten_thousandth_over_120_words() -> None:
    recipe = RECIPES["story"].changed(["window=18"])
    model, tensors = built(recipe, 3)
    network = PrefixNetwork(recipe, tensors)
    rng = np.random.default_rng(4)
    state, line, read, found = network.zero_state(), [], [], []
    for step in range(120):
        # Lines of all lengths, one of them longer than the window.
        number = POEM_END if step == 0 else int(rng.integers(FIRST_WORD, WORDS))
        if step and rng.random() < 0.12 and not 40 <= step < 70:
            number = int(rng.integers(LINE_END, FIRST_WORD))
        network.step(np.array([number], np.int32), state)
        line = [number] if number < FIRST_WORD else [*line, number]
        read.append(padded(line, 18))
        found.append(state.logits[0])
    expected = model.predict_on_batch(np.concatenate(read))[:, 2:]
    assert (np.array(found)[:, [PADDING, UNKNOWN]] == -np.inf).all()
    assert np.abs(np.array(found)[:, 2:] - expected).max() < 1e-4
    assert np.ptp(expected) > 1  # logits that say something


@pytest.mark.parametrize(
    "settings",
    [
        ["bidirectional=false", "layers=1", "last_units=0", "dense=0", "l2=0"],
        ["layers=3", "dense=30", "units=24", "last_units=10"],
    ],
)
def test_other_recipes_of_words_too(settings: list[str]) -> None:
    recipe = RECIPES["story"].changed([*settings, "window=9", "units=20", "embedding=12"])
    model, tensors = built(recipe, 5)
    assert {name: t.shape for name, t in tensors.items()} == tensor_shapes(recipe, WORDS)
    network = PrefixNetwork(recipe, tensors)
    state = network.zero_state()
    line = [POEM_END, 7, UNKNOWN, 9, 300]
    network.read(np.array(line, np.int32), state)
    expected = model.predict_on_batch(padded(line, 9))[0]
    np.testing.assert_allclose(state.logits[0, 2:], expected[2:], atol=1e-4)


def test_many_rows_step_as_each_alone_whatever_their_lengths() -> None:
    recipe = RECIPES["story"].changed(["window=12", "units=20", "last_units=10", "embedding=12"])
    rng = np.random.default_rng(6)
    tensors = {
        name: rng.normal(size=shape).astype(np.float32) * 0.3
        for name, shape in tensor_shapes(recipe, WORDS).items()
    }
    network = PrefixNetwork(recipe, tensors)
    together = network.zero_state(5)
    alone = [network.zero_state() for _ in range(5)]
    for _ in range(40):
        ids = rng.integers(LINE_END, 20, 5).astype(np.int32)
        network.step(ids, together)
        for row in range(5):
            network.step(ids[row : row + 1], alone[row])
    np.testing.assert_allclose(together.logits, np.concatenate([s.logits for s in alone]), atol=1e-5)
    taken, copied = together.take(slice(2)), alone[0].repeated(3)
    network.step(np.array([8, 9], np.int32), taken)
    assert together.lines[0] == alone[0].lines[0] != taken.lines[0]
    assert copied.lines == [alone[0].lines[0]] * 3 and copied.logits.shape == (3, WORDS)
