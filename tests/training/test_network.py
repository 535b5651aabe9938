"""Our layer against Keras' own, and the NumPy network against both."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest
from keras import ops

from poetbot.poets.network import Network, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.training.network import build, tensors_of
from poetbot.training.stateful import StatefulLSTM

STEPS, ROWS, UNITS, CHARACTERS = 20, 3, 8, 11


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)


def pair(rng: np.random.Generator, features: int) -> tuple[StatefulLSTM, keras.layers.LSTM]:
    ours = StatefulLSTM(UNITS, ROWS)
    theirs = keras.layers.LSTM(UNITS, return_sequences=True)
    ours.build((STEPS, ROWS, features))
    theirs.build((ROWS, STEPS, features))
    values = [rng.normal(size=weight.shape).astype(np.float32) for weight in ours.trainable_weights]
    ours.set_weights([*values, *ours.get_weights()[3:]])
    theirs.set_weights(values)
    return ours, theirs


def test_outputs_and_gradients_equal_those_of_keras(rng: np.random.Generator) -> None:
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


def test_the_state_is_carried_and_reset_where_the_mask_says(rng: np.random.Generator) -> None:
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
    layer = StatefulLSTM(UNITS, ROWS, recurrent_dropout=0.5, seed=3)
    x = rng.normal(size=(STEPS, ROWS, 5)).astype(np.float32)
    keep = np.ones((STEPS, ROWS, 1), np.float32)
    plain = np.array(layer(x, keep=keep))
    for carried in layer.memory:
        carried.assign(np.zeros((ROWS, UNITS)))
    dropped = np.array(layer(x, keep=keep, training=True))
    # The first step has no recurrent input to drop; every later one has.
    np.testing.assert_allclose(dropped[0], plain[0], atol=1e-6)
    assert not np.allclose(dropped[1], plain[1], atol=1e-3)


def test_weight_drop_is_a_recurrent_kernel_with_weights_left_out(rng: np.random.Generator) -> None:
    dropping, plain = StatefulLSTM(UNITS, ROWS, weight_drop=0.5, seed=3), StatefulLSTM(UNITS, ROWS)
    for layer in (dropping, plain):
        layer.build((STEPS, ROWS, 5))
    kernel = keras.random.dropout(dropping.recurrent_kernel, 0.5, seed=keras.random.SeedGenerator(3))
    assert 0.3 < (np.array(kernel) == 0).mean() < 0.7
    plain.set_weights([dropping.kernel, kernel, *dropping.get_weights()[2:5]])
    x = rng.normal(size=(STEPS, ROWS, 5)).astype(np.float32)
    keep = np.ones((STEPS, ROWS, 1), np.float32)
    np.testing.assert_allclose(
        np.array(dropping(x, keep=keep, training=True)), np.array(plain(x, keep=keep)), atol=1e-6
    )


@pytest.mark.parametrize("recurrent_dropout", [0.0, 0.5])
def test_the_gradient_written_out_is_the_slope(recurrent_dropout: float) -> None:
    import tensorflow as tf

    rng = np.random.default_rng(2)
    keep = np.ones((STEPS, ROWS, 1), np.float32)
    keep[7, 1] = 0
    x, pull = (rng.normal(size=(STEPS, ROWS, n)).astype(np.float32) for n in (5, UNITS))
    direction = rng.normal(size=(UNITS, 4 * UNITS)).astype(np.float32)

    def loss_at(distance: float) -> tuple[float, np.ndarray]:
        layer = StatefulLSTM(UNITS, ROWS, recurrent_dropout=recurrent_dropout, seed=3)
        layer.build((STEPS, ROWS, 5))
        layer.recurrent_kernel.assign(layer.recurrent_kernel + distance * direction)
        with tf.GradientTape() as tape:
            loss = ops.sum(layer(x, keep=keep, training=True) * pull)
        return float(loss), np.array(tape.gradient(loss, layer.recurrent_kernel.value))

    slope = float((loss_at(0.0)[1] * direction).sum())
    found = (loss_at(2e-3)[0] - loss_at(-2e-3)[0]) / 4e-3
    assert found == pytest.approx(slope, rel=0.02, abs=0.02)


def test_bfloat16_differs_by_its_rounding_only(rng: np.random.Generator) -> None:
    exact, _ = pair(rng, 5)
    rounded = StatefulLSTM(UNITS, ROWS, bfloat16=True)
    rounded.build((STEPS, ROWS, 5))
    rounded.set_weights(exact.get_weights())
    x = rng.normal(size=(STEPS, ROWS, 5)).astype(np.float32)
    keep = np.ones((STEPS, ROWS, 1), np.float32)
    difference = np.abs(np.array(exact(x, keep=keep)) - np.array(rounded(x, keep=keep)))
    assert 0 < difference.max() < 0.1


STOCK = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}
FIRST = {
    ("lstm", "recurrent_dropout"),
    ("lstm", "weight_drop"),
    ("gru", "weight_drop"),
}


@pytest.mark.parametrize(
    ("cell", "layers", "embedding"),
    [
        ("lstm", 3, 0),
        ("lstm", 2, 7),
        ("gru", 3, 0),
        ("gru", 1, 7),
        ("gru", 4, 7),
        ("rnn", 2, 0),
        ("rnn", 3, 7),
        ("lstm", 2, 64),  # as many as units: tied
    ],
)
def test_numpy_writes_what_keras_trained_within_a_ten_thousandth_over_300_steps(
    rng: np.random.Generator, cell: str, layers: int, embedding: int
) -> None:
    tied = embedding == 64
    recipe = Recipe(cell=cell, layers=layers, embedding=embedding, units=64, window=300, batch=1, tied=tied)
    model = build(recipe, CHARACTERS, 1, rng=1)
    for variable in model.trainable_variables:
        size = 1.0 if "embedding" in variable.path else 0.2 if "dense" in variable.path else 0.05
        variable.assign(variable + size * rng.normal(size=variable.shape))
    ids = rng.integers(0, CHARACTERS, (300, 1)).astype(np.int32)
    keep = np.ones((300, 1, 1), np.float32)
    expected = model.predict_on_batch([ids, keep])
    tensors = tensors_of(model, recipe)
    assert {name: tensor.shape for name, tensor in tensors.items()} == tensor_shapes(recipe, CHARACTERS)

    # The same weights in nothing but Keras' own layers.
    stock = keras.Sequential(
        [
            keras.Input((300,), dtype="int32"),
            keras.layers.Embedding(CHARACTERS, embedding or CHARACTERS),
            *(STOCK[cell](64, return_sequences=True) for _ in range(layers)),
            keras.layers.Dense(CHARACTERS),
        ]
    )
    one_hot = [] if embedding else [np.eye(CHARACTERS)]
    *below, bias = tensors.values()
    stock.set_weights([*one_hot, *below, *([tensors["embedding.table"].T] if tied else []), bias])
    by_keras = stock.predict_on_batch(ids.T)[0]

    network = Network(recipe, tensors)
    state = network.zero_state()
    found = []
    for step in ids:
        network.step(step, state)
        found.append(state.logits[0].copy())
    assert np.abs(found - expected[:, 0]).max() < 1e-4
    assert np.abs(found - by_keras).max() < 1e-4
    assert np.ptp(expected) > 0.5  # logits that say something

    # Read at one go, as a seed is: the same state, and it goes on from there as well.
    read = network.zero_state()
    network.read(ids[:100, 0], read)
    network.read(ids[100:299, 0], read)
    network.step(ids[299], read)
    np.testing.assert_allclose(read.logits[0], found[-1], atol=1e-4)


@pytest.mark.parametrize(
    ("cell", "way"),
    [
        pytest.param(cell, way, marks=() if (cell, way) in FIRST else pytest.mark.slow)
        for cell in STOCK
        for way in ("recurrent_dropout", "weight_drop")
    ],
)
def test_every_layer_learns_weights_of_its_own(cell: str, way: str) -> None:
    settings = {"recurrent_dropout": 0.0, way: 0.2}
    recipe = Recipe(cell=cell, layers=3, units=16, window=8, embedding=4, learning_rate=0.01, **settings)
    model = build(recipe, CHARACTERS, 4, rng=3)
    before = tensors_of(model, recipe)
    ids = np.random.default_rng(0).integers(0, CHARACTERS, (8, 4)).astype(np.int32)
    keep, targets = np.ones((8, 4, 1), np.float32), np.roll(ids, -1, axis=0)
    losses = [float(model.train_on_batch([ids, keep], targets)) for _ in range(30)]
    assert losses[-1] < losses[0]
    after = tensors_of(model, recipe)
    assert all((after[name] != before[name]).any() for name in before)
    kernels = [after[f"layers.{k}.recurrent_kernel"] for k in range(3)]
    assert not np.array_equal(kernels[1], kernels[2])


@pytest.mark.parametrize("cell", STOCK)
def test_a_state_s_copies_share_nothing_with_it(rng: np.random.Generator, cell: str) -> None:
    recipe = Recipe(cell=cell, layers=2, units=16, window=8)
    network = Network(recipe, tensors_of(build(recipe, CHARACTERS, 1, rng=2), recipe))
    one = network.zero_state()
    network.read(rng.integers(0, CHARACTERS, 9).astype(np.int32), one)
    logits = one.logits.copy()
    many = one.repeated(4)
    network.step(np.array([1, 2, 3, 4], dtype=np.int32), many)
    assert np.array_equal(one.logits, logits)
    some, kept = many.take(slice(1, 3)), many.logits.copy()
    np.testing.assert_array_equal(some.logits, many.logits[1:3])
    network.step(np.array([5, 6], dtype=np.int32), some)
    assert np.array_equal(many.logits, kept)
    alone = one.copy()
    for read in (2, 5):
        network.step(np.array([read], dtype=np.int32), alone)
    np.testing.assert_allclose(some.logits[0], alone.logits[0], atol=1e-5)
    assert np.array_equal(one.logits, logits)


@pytest.mark.parametrize("cell", STOCK)
def test_many_rows_step_as_each_alone(rng: np.random.Generator, cell: str) -> None:
    recipe = Recipe(cell=cell, units=32, window=8)
    network = Network(recipe, tensors_of(build(recipe, CHARACTERS, 2, rng=2), recipe))
    together = network.zero_state(5)
    alone = [network.zero_state() for _ in range(5)]
    for _ in range(40):
        ids = rng.integers(0, CHARACTERS, 5).astype(np.int32)
        network.step(ids, together)
        for row in range(5):
            network.step(ids[row : row + 1], alone[row])
    np.testing.assert_allclose(together.logits, np.concatenate([s.logits for s in alone]), atol=1e-5)
