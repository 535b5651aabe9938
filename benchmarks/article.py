"""Train the network of the poet bot's article (2018) with the article's method on a poet's poems, for `benchmarks.quality`.

    python -m benchmarks.article POET [--minutes 120] [--corpus FILE] [--leave-out FILE]… [--cache FOLDER]

Three LSTM layers of 300 with dropout and recurrent dropout of 0.2 in Keras' own layers, Adam; one-hot windows of 300
characters from random places in the training poems, each with one target. A stopped run resumes until it has trained for
the given minutes in all. The result is saved in `~/.cache/poetbot/baselines/POET-article.json`: bits per character at
random places in the held-out poems, because each prediction reads 300 characters again, and poems that the network writes,
which are few for the same reason. The seeds are ends of training poems.
"""

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from benchmarks.baselines import LINES, TEMPERATURES, add_options, cut, is_of_signs, split_of, texts_of
from benchmarks.sizes import full_or_tiny
from poetbot.poem import MARKER
from poetbot.poets.folder import load

LAYERS = 3
UNITS, WINDOW, BATCH = full_or_tiny((300, 300, 128), (8, 10, 4))
PLACES, POEMS = full_or_tiny((4_096, 20), (8, 1))
_MOST = full_or_tiny(1_000, 20)  # characters of a poem
_SAVED = 300  # seconds between

Ids = np.ndarray


def network(characters: int, units: int = UNITS, window: int = WINDOW) -> Any:
    """Return the article's network, compiled: (batch, window, characters) one-hot to (batch, characters) probabilities."""
    import keras

    dropped = {"dropout": 0.2, "recurrent_dropout": 0.2}
    layers = [keras.layers.LSTM(units, return_sequences=k + 1 < LAYERS, **dropped) for k in range(LAYERS)]
    softmax = keras.layers.Dense(characters, activation="softmax")
    model = keras.Sequential([keras.Input((window, characters)), *layers, keras.layers.Dropout(0.2), softmax])
    model.compile(optimizer="adam", loss="categorical_crossentropy")
    model.optimizer.build(model.trainable_variables)
    return model


def trained(model: Any, ids: Ids, minutes: float, kept: Path, rng: int) -> tuple[float, int]:
    """Train until `minutes` in all, continuing from saved weights; return the total minutes and targets."""
    variables = [*model.variables, *model.optimizer.variables]
    done, targets = 0.0, 0
    if kept.is_file():
        with np.load(kept, allow_pickle=False) as before:
            for k, variable in enumerate(variables):
                variable.assign(before[f"v{k}"])
            done, targets = float(before["minutes"]), int(before["targets"])
    window, characters = model.input_shape[1:]
    drawn = np.random.default_rng([rng, targets])
    one_hot = np.eye(characters, dtype=np.float32)
    began = saved = time.monotonic()
    while (now := done + (time.monotonic() - began) / 60) < minutes:
        starts = drawn.integers(0, len(ids) - window, BATCH)
        windows = ids[starts[:, None] + np.arange(window + 1)]
        model.train_on_batch(one_hot[windows[:, :-1]], one_hot[windows[:, -1]])
        targets += BATCH
        if time.monotonic() - saved > _SAVED:
            keep(kept, variables, now, targets)
            saved = time.monotonic()
    keep(kept, variables, now, targets)
    return now, targets


def keep(path: Path, variables: Sequence[Any], minutes: float, targets: int) -> None:
    """Save all weights of a training run in place of the previous ones."""
    new = path.with_suffix(".new.npz")
    np.savez(
        new, minutes=minutes, targets=targets, **{f"v{k}": np.asarray(v) for k, v in enumerate(variables)}
    )
    new.replace(path)


def chances(model: Any, windows: Ids) -> np.ndarray:
    """Return the probabilities (n, characters) of what follows windows (n, window)."""
    one_hot = np.eye(model.input_shape[2], dtype=np.float32)
    parts = [
        model.predict_on_batch(one_hot[windows[at : at + BATCH]]) for at in range(0, len(windows), BATCH)
    ]
    return np.concatenate(parts).astype(np.float64)


def bits(
    model: Any, before: Ids, poems: Sequence[Ids], unknown: int, places: int, rng: np.random.Generator
) -> float:
    """Return bits per character at random places in poems, read after the end of `before`, with a penalty for unknown ones."""
    window = model.input_shape[1]
    texts = [np.append(before[-window:], poem) for poem in poems]
    sizes = np.array([len(poem) for poem in poems])
    drawn = [
        (int(k), int(rng.integers(sizes[k]))) for k in rng.choice(len(poems), places, p=sizes / sizes.sum())
    ]
    windows = np.array([texts[k][at : at + window] for k, at in drawn])
    targets = np.array([poems[k][at] for k, at in drawn])
    found = chances(model, np.where(windows == unknown, 0, windows))
    known = targets != unknown
    each = np.full(places, 1 / (unknown + 1))
    each[known] = found[known, targets[known]]
    return float(-np.log2(np.maximum(each, 1e-12)).mean())


def poems(
    model: Any, seeds: Ids, symbols: Sequence[str], lines: int, rng: np.random.Generator
) -> dict[str, list[str]]:
    """Return how the network continues each of the seeds (n, window), up to a number of lines, by temperature."""
    windows, texts = np.tile(seeds, (len(TEMPERATURES), 1)), [""] * len(seeds) * len(TEMPERATURES)
    warm = np.repeat(TEMPERATURES, len(seeds))[:, None]
    live = np.arange(len(texts))
    for _ in range(_MOST):
        logs = np.log(np.maximum(chances(model, windows[live]), 1e-30)) / warm[live]
        drawn = (logs + rng.gumbel(size=logs.shape)).argmax(1)
        windows[live] = np.append(windows[live, 1:], drawn[:, None], axis=1)
        for k, symbol in zip(live.tolist(), drawn.tolist(), strict=True):
            texts[k] += symbols[symbol]
        live = np.array([k for k in live if texts[k].count("\n") < lines and MARKER not in texts[k]], int)
        if not len(live):
            break
    ended = [cut(text.partition(MARKER)[0], lines) for text in texts]
    return {str(t): ended[k * len(seeds) :][: len(seeds)] for k, t in enumerate(TEMPERATURES)}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Train the article's network with its own method and save the results."
    )
    add_options(parser, POEMS)
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--places", type=int, default=PLACES, help="characters of held-out poems to predict")
    chosen = parser.parse_args(arguments)
    poet = load(chosen.poet)
    training, unseen = texts_of(
        split_of(poet, chosen.corpus, chosen.leave_out, chosen.hold_out_poems), poet.recipe
    )
    text = "".join(each + MARKER for each in training)
    symbols = sorted(set(text))
    number = {symbol: k for k, symbol in enumerate(symbols)}
    ids = np.array([number[symbol] for symbol in text], np.int32)
    rng, lines = np.random.default_rng(1), LINES[is_of_signs(training)]
    chosen.cache.mkdir(parents=True, exist_ok=True)
    model = network(len(symbols))
    corpus = poet.card["corpus"]["fingerprint"]
    minutes, targets = trained(
        model, ids, chosen.minutes, chosen.cache / f"{poet.name}-article-{corpus[:12]}.npz", 1
    )
    held_out = [np.array([number.get(symbol, len(symbols)) for symbol in each]) for each in unseen]
    figure = bits(model, ids, held_out, len(symbols), chosen.places, rng) if unseen else None
    ends = np.cumsum([len(each) + len(MARKER) for each in training])
    seeds = np.array([ids[end - WINDOW : end] for end in rng.choice(ends[ends >= WINDOW], chosen.count)])
    written = poems(model, seeds, symbols, lines, rng)
    name = f"the article's network, {minutes:.0f} minutes"
    told = {"corpus": corpus, "models": {name: {"bits": figure, "poems": written}}}
    (chosen.cache / f"{poet.name}-article.json").write_text(
        json.dumps(told, ensure_ascii=False), encoding="utf-8"
    )
    print(f"{poet.name}: {name}, {targets:,} targets: {figure and round(figure, 3)} bits per character")


if __name__ == "__main__":
    main()
