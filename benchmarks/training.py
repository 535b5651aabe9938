"""Compare characters per second in training with other methods, at the same sizes: three LSTM layers of 300.

- `article`: the poet bot's method in Keras: windows of 300, one target each, recurrent dropout.
- `pytorch`: `nn.LSTM` on the same batches (if PyTorch is installed, see benchmarks/pytorch.py).
- `ceiling`: the speed if training were nothing but large matrix products, in float32 and bfloat16.

Each method runs in its own process, and they take turns, so that noise on the machine affects all of them.
"""

import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure, median
from benchmarks.pytorch import CHARACTERS, LAYERS, UNITS
from benchmarks.sizes import full_or_tiny

TOPIC = "Training"
RUNS, STEPS = full_or_tiny((5, 6), (1, 1))
ROWS, WINDOW = full_or_tiny((128, 64), (4, 8))  # the default recipe's
SIZE = full_or_tiny(2048, 64)  # of the matrices whose product is the ceiling

# Input and recurrent kernels of each layer (the first input is a lookup), and the dense layer; forward and twice backward.
_WEIGHTS = (2 * LAYERS - 1) * UNITS * 4 * UNITS + UNITS * CHARACTERS
FLOPS_A_CHARACTER = 3 * 2 * _WEIGHTS


def ours(precision: str, weight_drop: float = 0.0) -> float:
    """Return the median speed of whole training steps."""
    from poetbot.poets.recipe import Recipe
    from poetbot.training import quietly

    with quietly():
        from poetbot.training.network import build
    recipe = Recipe(
        layers=LAYERS,
        units=UNITS,
        batch=ROWS,
        window=WINDOW,
        dropout=0.1,
        recurrent_dropout=0.0,
        weight_drop=weight_drop,
        precision=precision,
    )
    model = build(recipe, CHARACTERS, ROWS, 0)
    ids = np.random.default_rng(0).integers(0, CHARACTERS, (WINDOW + 1, ROWS)).astype(np.int32)
    keep, weights = np.ones((WINDOW, ROWS, 1), np.float32), np.ones((WINDOW, ROWS), np.float32)
    rates = []
    for _ in range(STEPS + 2):
        began = time.perf_counter()
        model.train_on_batch([ids[:-1], keep], ids[1:], sample_weight=weights)
        rates.append(ROWS * WINDOW / (time.perf_counter() - began))
    return statistics.median(rates[2:])


def article() -> float:
    """Return targets per second of the article's network in Keras' own layers: 300 characters for each target."""
    from benchmarks.article import WINDOW as READ
    from benchmarks.article import network

    model = network(CHARACTERS, units=UNITS)
    rng = np.random.default_rng(0)
    windows = np.eye(CHARACTERS, dtype=np.float32)[rng.integers(0, CHARACTERS, (64, READ + 1))]
    rates = []
    for _ in range(3):
        began = time.perf_counter()
        model.train_on_batch(windows[:, :-1], windows[:, -1])
        rates.append(len(windows) / (time.perf_counter() - began))
    return max(rates)


def ceiling(precision: str) -> float:
    """Return the characters per second that large matrix products alone would allow."""
    import tensorflow as tf

    matrix = tf.cast(tf.random.stateless_normal((SIZE, SIZE), (0, 1)), precision)
    rates = []
    for _ in range(8):
        began = time.perf_counter()
        _ = tf.matmul(matrix, matrix).numpy()
        rates.append(2 * SIZE**3 / (time.perf_counter() - began))
    return statistics.median(rates[2:]) / FLOPS_A_CHARACTER


WAYS = {
    "ours": lambda: ours("float32"),
    "ours, weight drop": lambda: ours("float32", 0.3),
    "ours, bfloat16": lambda: ours("bfloat16"),
    "article": article,
    "ceiling": lambda: ceiling("float32"),
    "ceiling, bfloat16": lambda: ceiling("bfloat16"),
}


def turn(way: str) -> float:
    """Measure one method in its own process."""
    torch = ["benchmarks.pytorch", "training", str(ROWS), str(WINDOW)]
    module = torch if way == "pytorch" else ["benchmarks.training", way]
    done = subprocess.run([sys.executable, "-m", *module], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def measure(quick: bool = False) -> Iterator[Figure]:
    """Measure all methods in turn; a quick run takes two turns."""
    torch = importlib.util.find_spec("torch") is not None
    if not torch:
        print("PyTorch is not installed: pip install -r requirements-bench.txt adds it to the comparison.")
    names = [*WAYS, "pytorch"] if torch else [*WAYS]
    turns = [{name: turn(name) for name in names} for _ in range(min(2, RUNS) if quick else RUNS)]
    pairs = [
        ("a step, float32, against the article's method", "ours", "article", "≥ 300"),
        ("a step, float32, against the ceiling that matrix products set", "ours", "ceiling", "≥ 0.75"),
        ("a step, bfloat16, against float32", "ours, bfloat16", "ours", ""),
        ("a step, bfloat16, against its own ceiling", "ours, bfloat16", "ceiling, bfloat16", ""),
    ]
    if torch:
        pairs += [
            ("a step, float32, against PyTorch", "ours", "pytorch", "≥ 1"),
            ("a step with weight drop, against PyTorch without", "ours, weight drop", "pytorch", "≥ 0.8"),
        ]
    for what, one, other, bar in pairs:
        rates = [statistics.median(each[way] for each in turns) for way in (one, other)]
        told = f"{rates[0]:,.0f} and {rates[1]:,.0f} characters/s in turn"
        yield median(TOPIC, what, [each[one] / each[other] for each in turns], "× as fast", bar, told)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(WAYS[sys.argv[1]]())
    else:
        sys.exit(figures.report(measure()))
