"""The Keras model of a recipe for words: it predicts the token after each prefix of a line, padded in front, unmasked."""

from typing import Any

import keras
import numpy as np

from poetbot.poets.prefix_network import layer_names, layer_units
from poetbot.poets.recipe import Recipe


def build_prefixes(recipe: Recipe, words: int, rng: int) -> Any:
    """Return the compiled model: ids `[rows, window]` to logits `[rows, words]`, all of Keras' own layers.

    Its metrics are `loss` (with the L2 penalty), `nats` (without) and `accuracy`.
    """
    keras.utils.set_random_seed(rng)
    ids = keras.Input((recipe.window,), dtype="int32", name="ids")
    hidden = keras.layers.Embedding(words, recipe.embedding, name="embedding")(ids)
    for k, units in enumerate(layer_units(recipe)):
        last = k == recipe.layers - 1
        layer = keras.layers.LSTM(units, return_sequences=not last, name=f"lstm_{k}")
        if k == 0 and recipe.bidirectional:
            layer = keras.layers.Bidirectional(layer, name="lstm_0")
        hidden = layer(hidden)
        if recipe.dropout and not last:
            hidden = keras.layers.Dropout(recipe.dropout, seed=rng * 100 + k, name=f"dropout_{k}")(hidden)
    if units := recipe.dense_units(words):
        penalty = keras.regularizers.L2(recipe.l2) if recipe.l2 else None
        relu = keras.layers.Dense(units, activation="relu", kernel_regularizer=penalty, name="hidden")
        hidden = relu(hidden)
    model = keras.Model(ids, keras.layers.Dense(words, name="dense")(hidden))
    model.compile(
        optimizer=keras.optimizers.Adam(recipe.learning_rate, global_clipnorm=recipe.clip_norm or None),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[
            keras.metrics.SparseCategoricalCrossentropy(from_logits=True, name="nats"),
            keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
        ],
        jit_compile=keras.backend.backend() != "tensorflow",
    )
    model.optimizer.build(model.trainable_variables)
    # Keras creates the metrics' variables when it first sees data, and a checkpoint is restored before that.
    nothing = np.zeros((1, recipe.window), np.int32)
    model.test_on_batch(nothing, np.zeros(1, np.int32))
    model.reset_metrics()
    return model


def weights_of_prefixes(model: Any, recipe: Recipe) -> dict[str, Any]:
    """Return the model's variables under their names in the poet folder."""
    weights: dict[str, Any] = {"embedding.table": model.get_layer("embedding").embeddings}
    for k in range(recipe.layers):
        layer = model.get_layer(f"lstm_{k}")
        both = k == 0 and recipe.bidirectional
        halves = [layer.forward_layer, layer.backward_layer] if both else [layer]
        for name, half in zip(layer_names(recipe, k), halves, strict=True):
            for part in ("kernel", "recurrent_kernel", "bias"):
                weights[f"{name}.{part}"] = getattr(half.cell, part)
    for name in ("hidden", "dense"):
        if name == "dense" or recipe.dense:
            weights[f"{name}.kernel"] = model.get_layer(name).kernel
            weights[f"{name}.bias"] = model.get_layer(name).bias
    return weights
