"""Our layer against Keras' own, and the NumPy network against both."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from keras import ops

from poetbot.poets.network import Network
from poetbot.poets.recipe import Recipe
from poetbot.training.lstm import CarriedLSTM
from poetbot.training.network import build, tensors_of

STEPS, ROWS, UNITS, CHARACTERS = 20, 3, 8, 11


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def pair(rng: np.random.Generator, features: int) -> tuple[CarriedLSTM, keras.layers.LSTM]:
    ours = CarriedLSTM(UNITS, ROWS)
    theirs = keras.layers.LSTM(UNITS, return_sequences=True)
    ours.build((STEPS, ROWS, features))
    theirs.build((ROWS, STEPS, features))
    values = [rng.normal(size=weight.shape).astype(np.float32) for weight in ours.trainable_weights]
    ours.set_weights([*values, *ours.get_weights()[3:]])
    theirs.set_weights(values)
    return ours, theirs


def test_outputs_and_gradients_are_keras_own(rng: np.random.Generator) -> None:
    import tensorflow as tf

    ours, theirs = pair(rng, 5)
    x = rng.normal(size=(STEPS, ROWS, 5)).astype(np.float32)
    pull = rng.normal(size=(STEPS, ROWS, UNITS)).astype(np.float32)
    x_ours, x_theirs = tf.Variable(x), tf.Variable(x.transpose(1, 0, 2))
    with tf.GradientTape() as tape:
        out = ours(x_ours, keep=ops.ones((STEPS, ROWS, 1)))
        loss = ops.sum(out * pull)
    gradients = tape.gradient(loss, [x_ours, *(w.value for w in ours.trainable_weights)])
    with tf.GradientTape() as tape:
        expected = theirs(x_theirs)
        loss = ops.sum(expected * pull.transpose(1, 0, 2))
    wanted = tape.gradient(loss, [x_theirs, *(w.value for w in theirs.trainable_weights)])
    np.testing.assert_allclose(np.array(out), np.array(expected).transpose(1, 0, 2), atol=1e-5)
    np.testing.assert_allclose(np.array(gradients[0]), np.array(wanted[0]).transpose(1, 0, 2), atol=1e-4)
    for found, correct in zip(gradients[1:], wanted[1:], strict=True):
        np.testing.assert_allclose(np.array(found), np.array(correct), rtol=1e-4, atol=1e-4)


def test_the_state_is_carried_and_reset_where_it_is_said(rng: np.random.Generator) -> None:
    ours, theirs = pair(rng, 5)
    x = rng.normal(size=(2 * STEPS, ROWS, 5)).astype(np.float32)
    keep = np.ones((2 * STEPS, ROWS, 1), np.float32)
    keep[26, 1] = 0
    found = np.concatenate([np.array(ours(x[a : a + STEPS], keep=keep[a : a + STEPS])) for a in (0, STEPS)])
    expected = np.array(theirs(x.transpose(1, 0, 2))).transpose(1, 0, 2)
    fresh = np.array(theirs(x[26:].transpose(1, 0, 2))).transpose(1, 0, 2)
    np.testing.assert_allclose(found[:, [0, 2]], expected[:, [0, 2]], atol=1e-5)
    np.testing.assert_allclose(found[:26, 1], expected[:26, 1], atol=1e-5)
    np.testing.assert_allclose(found[26:, 1], fresh[:, 1], atol=1e-5)


def test_gradients_stop_at_a_reset(rng: np.random.Generator) -> None:
    import tensorflow as tf

    ours, _ = pair(rng, 5)
    x = tf.Variable(rng.normal(size=(STEPS, ROWS, 5)).astype(np.float32))
    keep = np.ones((STEPS, ROWS, 1), np.float32)
    keep[12, 0] = 0
    with tf.GradientTape() as tape:
        loss = ops.sum(ours(x, keep=keep)[12:])
    gradient = np.array(tape.gradient(loss, x))
    assert (gradient[:12, 0] == 0).all()
    assert (gradient[:12, 1] != 0).any() and (gradient[12:, 0] != 0).any()


def test_recurrent_dropout_is_one_mask_a_window(rng: np.random.Generator) -> None:
    layer = CarriedLSTM(UNITS, ROWS, recurrent_dropout=0.5, seed=3)
    x = rng.normal(size=(STEPS, ROWS, 5)).astype(np.float32)
    keep = np.ones((STEPS, ROWS, 1), np.float32)
    plain = np.array(layer(x, keep=keep))
    layer.h.assign(np.zeros((ROWS, UNITS)))
    layer.c.assign(np.zeros((ROWS, UNITS)))
    dropped = np.array(layer(x, keep=keep, training=True))
    # The first step has no recurrent input to drop; every later one has.
    np.testing.assert_allclose(dropped[0], plain[0], atol=1e-6)
    assert not np.allclose(dropped[1], plain[1], atol=1e-3)


def test_numpy_writes_what_keras_trained_within_a_ten_thousandth_over_300_steps(
    rng: np.random.Generator,
) -> None:
    recipe = Recipe(units=300, window=300, batch=1)
    model = build(recipe, CHARACTERS, 1, rng=1)
    for variable in model.trainable_variables:
        variable.assign(variable + 0.05 * rng.normal(size=variable.shape))
    ids = rng.integers(0, CHARACTERS, (300, 1)).astype(np.int32)
    keep = np.ones((300, 1, 1), np.float32)
    expected = np.array(model([ids, keep]))
    tensors = tensors_of(model, recipe)

    # The same weights in nothing but Keras' own layers.
    stock = keras.Sequential(
        [
            keras.Input((300, CHARACTERS)),
            *(keras.layers.LSTM(300, return_sequences=True) for _ in range(3)),
            keras.layers.Dense(CHARACTERS),
        ]
    )
    stock.set_weights([tensors[name] for name in tensors])
    by_keras = np.array(stock(np.eye(CHARACTERS, dtype=np.float32)[ids[:, 0]][None]))[0]

    network = Network(recipe, tensors)
    state = network.zero_state()
    found = []
    for step in ids:
        network.step(step, state)
        found.append(state.logits[0].copy())
    assert np.abs(found - expected[:, 0]).max() < 1e-4
    assert np.abs(found - by_keras).max() < 1e-4
    assert np.ptp(expected) > 1  # logits that say something


def test_many_rows_step_as_each_alone(rng: np.random.Generator) -> None:
    recipe = Recipe(units=32, window=8)
    network = Network(recipe, tensors_of(build(recipe, CHARACTERS, 2, rng=2), recipe))
    together = network.zero_state(5)
    alone = [network.zero_state() for _ in range(5)]
    for _ in range(40):
        ids = rng.integers(0, CHARACTERS, 5).astype(np.int32)
        network.step(ids, together)
        for row in range(5):
            network.step(ids[row : row + 1], alone[row])
    np.testing.assert_allclose(together.logits, np.concatenate([s.logits for s in alone]), atol=1e-5)
