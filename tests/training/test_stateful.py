"""Our GRU and simple RNN layers against Keras' own."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from keras import ops

from poetbot.training.stateful import StatefulGRU, StatefulLSTM, StatefulRNN

STEPS, ROWS, UNITS, FEATURES = 20, 3, 8, 5
KINDS = [(StatefulGRU, keras.layers.GRU), (StatefulRNN, keras.layers.SimpleRNN)]

each_kind = pytest.mark.parametrize(("kind", "stock"), KINDS, ids=["gru", "rnn"])


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def pair(rng: np.random.Generator, kind: type, stock: type, **settings: object):
    ours, theirs = kind(UNITS, ROWS, **settings), stock(UNITS, return_sequences=True)
    ours.build((STEPS, ROWS, FEATURES))
    theirs.build((ROWS, STEPS, FEATURES))
    values = [0.7 * rng.normal(size=weight.shape).astype(np.float32) for weight in ours.trainable_weights]
    for weight, value in zip(ours.trainable_weights, values, strict=True):
        weight.assign(value)
    theirs.set_weights(values)
    return ours, theirs


def inputs(rng: np.random.Generator, steps: int = STEPS) -> np.ndarray:
    return rng.normal(size=(steps, ROWS, FEATURES)).astype(np.float32)


def swapped(array: object) -> np.ndarray:
    return np.array(array).swapaxes(0, 1)


@each_kind
def test_outputs_and_gradients_equal_those_of_keras(
    rng: np.random.Generator, kind: type, stock: type
) -> None:
    import tensorflow as tf

    ours, theirs = pair(rng, kind, stock)
    x, pull = inputs(rng), rng.normal(size=(STEPS, ROWS, UNITS)).astype(np.float32)
    x_ours, x_theirs = tf.Variable(x), tf.Variable(swapped(x))
    with tf.GradientTape() as tape:
        out = ours(x_ours, keep=ops.ones((STEPS, ROWS, 1)))
        loss = ops.sum(out * pull)
    found = tape.gradient(loss, [x_ours, *(w.value for w in ours.trainable_weights)])
    with tf.GradientTape() as tape:
        expected = theirs(x_theirs)
        loss = ops.sum(expected * swapped(pull))
    wanted = tape.gradient(loss, [x_theirs, *(w.value for w in theirs.trainable_weights)])
    np.testing.assert_allclose(np.array(out), swapped(expected), atol=1e-5)
    np.testing.assert_allclose(np.array(found[0]), swapped(wanted[0]), atol=1e-4)
    for ours_is, theirs_is in zip(found[1:], wanted[1:], strict=True):
        np.testing.assert_allclose(np.array(ours_is), np.array(theirs_is), rtol=1e-4, atol=1e-4)


@each_kind
def test_the_state_is_carried_and_reset_where_the_mask_says(
    rng: np.random.Generator, kind: type, stock: type
) -> None:
    ours, theirs = pair(rng, kind, stock)
    x, keep = inputs(rng, 2 * STEPS), np.ones((2 * STEPS, ROWS, 1), np.float32)
    keep[26, 1] = 0
    found = np.concatenate([np.array(ours(x[a : a + STEPS], keep=keep[a : a + STEPS])) for a in (0, STEPS)])
    expected, fresh = swapped(theirs(swapped(x))), swapped(theirs(swapped(x[26:])))
    np.testing.assert_allclose(found[:, [0, 2]], expected[:, [0, 2]], atol=1e-5)
    np.testing.assert_allclose(found[:26, 1], expected[:26, 1], atol=1e-5)
    np.testing.assert_allclose(found[26:, 1], fresh[:, 1], atol=1e-5)


@each_kind
def test_gradients_stop_at_a_reset(rng: np.random.Generator, kind: type, stock: type) -> None:
    import tensorflow as tf

    ours, _ = pair(rng, kind, stock)
    x, keep = tf.Variable(inputs(rng)), np.ones((STEPS, ROWS, 1), np.float32)
    keep[12, 0] = 0
    with tf.GradientTape() as tape:
        loss = ops.sum(ours(x, keep=keep)[12:])
    gradient = np.array(tape.gradient(loss, x))
    assert (gradient[:12, 0] == 0).all()
    assert (gradient[:12, 1] != 0).any() and (gradient[12:, 0] != 0).any()


@each_kind
def test_ids_are_read_as_one_hot(rng: np.random.Generator, kind: type, stock: type) -> None:
    ours, theirs = kind(UNITS, ROWS, one_hot=FEATURES), stock(UNITS, return_sequences=True)
    ours.build((STEPS, ROWS))
    theirs.build((ROWS, STEPS, FEATURES))
    theirs.set_weights([np.array(weight) for weight in ours.trainable_weights])
    ids = rng.integers(0, FEATURES, (STEPS, ROWS)).astype(np.int32)
    found = np.array(ours(ids, keep=np.ones((STEPS, ROWS, 1), np.float32)))
    expected = swapped(theirs(np.eye(FEATURES, dtype=np.float32)[swapped(ids)]))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@each_kind
@pytest.mark.parametrize("way", ["recurrent_dropout", "weight_drop"])
def test_the_recurrent_mask_is_one_for_a_window_and_of_training_alone(
    rng: np.random.Generator, kind: type, stock: type, way: str
) -> None:
    ours, _ = pair(rng, kind, stock, **{way: 0.5}, seed=3)
    keep = np.zeros((STEPS, ROWS, 1), np.float32)
    x = np.repeat(inputs(rng, 1), STEPS, axis=0)

    def outputs(training: bool) -> np.ndarray:
        ours.memory[0].assign(np.full((ROWS, UNITS), 0.3))
        return np.array(ours(x, keep=keep + 1, training=training))

    np.testing.assert_array_equal(outputs(training=False), outputs(training=False))
    plain, dropped, again = outputs(training=False), outputs(training=True), outputs(training=True)
    assert not np.allclose(dropped, plain, atol=1e-3)
    assert not np.allclose(dropped, again, atol=1e-3)

    # With the state set to zero at each step, nothing is left for a mask to fall on.
    np.testing.assert_allclose(
        np.array(ours(x, keep=keep, training=True)), np.array(ours(x, keep=keep)), atol=1e-6
    )


@each_kind
def test_weight_drop_is_a_kernel_with_holes_for_the_whole_window(
    rng: np.random.Generator, kind: type, stock: type
) -> None:
    ours, theirs = pair(rng, kind, stock, weight_drop=0.5, seed=3)
    x = inputs(rng)
    found = np.array(ours(x, keep=np.ones((STEPS, ROWS, 1), np.float32), training=True))
    # The same draw from a generator of the same seed, put into Keras' own layer.
    whole = np.array(ours.recurrent_kernel)
    holes = np.array(keras.random.dropout(whole, 0.5, seed=keras.random.SeedGenerator(3)))
    assert 0.3 < (holes == 0).mean() < 0.7
    theirs.set_weights([np.array(ours.kernel), holes, np.array(ours.bias)])
    np.testing.assert_allclose(found, swapped(theirs(swapped(x))), atol=1e-5)


@pytest.mark.parametrize("kind", [StatefulLSTM, StatefulGRU, StatefulRNN], ids=["lstm", "gru", "rnn"])
def test_rows_computed_separately_equal_those_computed_together(rng: np.random.Generator, kind: type) -> None:
    import tensorflow as tf

    rows = 32
    apart, together = kind(UNITS, rows), kind(UNITS, rows)
    assert apart.parts == 2
    together.parts = 1
    x = tf.Variable(rng.normal(size=(STEPS, rows, FEATURES)).astype(np.float32))
    keep = (rng.random((STEPS, rows, 1)) < 0.9).astype(np.float32)
    pull = rng.normal(size=(STEPS, rows, UNITS)).astype(np.float32)
    found = []
    for layer in (apart, together):
        layer.build(x.shape)
        for weight, value in zip(layer.trainable_weights, apart.trainable_weights, strict=True):
            weight.assign(value)
        layer(x, keep=keep)  # so that there is a state to carry on from
        with tf.GradientTape() as tape:
            out = layer(x, keep=keep)
            loss = ops.sum(out * pull)
        gradients = tape.gradient(loss, [x, *(weight.value for weight in layer.trainable_weights)])
        found.append([np.array(each) for each in (out, *gradients, *layer.memory)])
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
