"""The Keras model of a recipe, and its weights by name."""

from typing import Any

import keras
import numpy as np

from poetbot.poets.network import Floats
from poetbot.poets.recipe import Recipe
from poetbot.training.stateful import StatefulGRU, StatefulLSTM, StatefulRNN


def build(recipe: Recipe, characters: int, rows: int, rng: int) -> Any:
    """Return the compiled model for windows of `rows` rows: inputs ids `[time, rows]` and keep `[time, rows, 1]`."""
    keras.utils.set_random_seed(rng)
    ids = keras.Input(batch_shape=(recipe.window, rows), dtype="int32", name="ids")
    keep = keras.Input(batch_shape=(recipe.window, rows, 1), name="keep")
    hidden = ids
    if recipe.embedding:
        embedding = keras.layers.ReversibleEmbedding(
            characters,
            recipe.embedding,
            embeddings_initializer=keras.initializers.RandomNormal(stddev=0.1, seed=rng * 100 + 98),
            name="embedding",
        )
        hidden = embedding(ids)
        if recipe.embedding_dropout:
            hidden = keras.layers.Dropout(recipe.embedding_dropout, seed=rng * 100 + 97)(hidden)
    for k in range(recipe.layers):
        hidden = _layer(recipe, characters if k == 0 and not recipe.embedding else 0, rows, rng * 100 + k, k)(
            hidden, keep=keep
        )
        if recipe.dropout:
            hidden = keras.layers.Dropout(recipe.dropout, seed=rng * 100 + 50 + k, name=f"dropout_{k}")(
                hidden
            )
    if recipe.tied:
        logits = Bias(name="dense")(embedding(hidden, reverse=True))
    else:
        kernel = keras.initializers.GlorotUniform(seed=rng * 100 + 99)
        logits = keras.layers.Dense(characters, kernel_initializer=kernel, name="dense")(hidden)
    model = keras.Model([ids, keep], logits)
    model.compile(
        optimizer=keras.optimizers.Adam(recipe.learning_rate, global_clipnorm=recipe.clip_norm or None),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        # On a CPU XLA is slower than the graph; JAX has nothing else.
        jit_compile=keras.backend.backend() != "tensorflow",
    )
    model.optimizer.build(model.trainable_variables)
    return model


class Bias(keras.layers.Layer):
    """Adds a bias along the last axis: what a tied softmax needs besides the embedding."""

    def build(self, shape: tuple[int, ...]) -> None:
        """Create the bias."""
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros", name="bias")

    def call(self, inputs: Any) -> Any:
        """Return `inputs` `[..., n]` plus the bias `[n]`."""
        return inputs + self.bias


def _layer(recipe: Recipe, one_hot: int, rows: int, seed: int, number: int) -> Any:
    """Return a new recurrent layer."""
    settings: dict[str, Any] = {
        "one_hot": one_hot,
        "recurrent_dropout": recipe.recurrent_dropout,
        "weight_drop": recipe.weight_drop,
        "bfloat16": recipe.precision == "bfloat16",
        "seed": seed,
        "name": f"layer_{number}",
    }
    kind = {"lstm": StatefulLSTM, "gru": StatefulGRU, "rnn": StatefulRNN}[recipe.cell]
    return kind(recipe.units, rows, **settings)


def weights_of(model: Any, recipe: Recipe) -> dict[str, Any]:
    """Return the model's variables under their names in the poet folder."""
    weights: dict[str, Any] = {}
    if recipe.embedding:
        weights["embedding.table"] = model.get_layer("embedding").embeddings
    for k in range(recipe.layers):
        layer = model.get_layer(f"layer_{k}")
        for part in ("kernel", "recurrent_kernel", "bias"):
            weights[f"layers.{k}.{part}"] = getattr(layer, part)
    dense = model.get_layer("dense")
    if not recipe.tied:
        weights["dense.kernel"] = dense.kernel
    weights["dense.bias"] = dense.bias
    return weights


def tensors_of(model: Any, recipe: Recipe) -> dict[str, Floats]:
    """Return copies of the weights under their names in the poet folder."""
    return {name: as_numpy(variable) for name, variable in weights_of(model, recipe).items()}


def as_numpy(variable: Any) -> np.ndarray:
    """Return a copy of a variable's value."""
    return np.array(keras.ops.convert_to_numpy(variable))


def variables_of(model: Any) -> list[Any]:
    """Return every variable that training depends on: weights, states, seeds, and those of the optimizer."""
    return [*model.variables, *model.optimizer.variables]
