"""Compare characters per second when writing one poem with the article's method and PyTorch, in one run.

The article's method calls `model.predict` on a one-hot window of 300 characters for every character, with the same layers and
weights in Keras. PyTorch uses `nn.LSTM` of the same sizes with its state kept (if PyTorch is installed, see
benchmarks/pytorch.py). They take turns, each in its own process, so that noise on the machine affects all of them. PoetBot's
figure is the best of three poems per turn.

Then the guard, live marks and many poems at once are measured, each compared with plain writing of the same poems in one
process; and the time to prime with 300 characters and with none. `python -m benchmarks.writing NAME WAY CHARACTERS` measures
one of these alone (`guard`, `live`, `together`), with poems of that many characters.
"""

import importlib.util
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import Poet, load
from poetbot.web.serving.fair_scheduler import FairScheduler
from poetbot.web.tabs.write.streaming import pieces
from poetbot.writing import Request, Writer, primed, write_together

RUNS = full_or_tiny(5, 1)
OURS, THEIRS = full_or_tiny((2000, 12), (100, 1))
GUARD, TOGETHER = 8, full_or_tiny(64, 4)
RATE, RATE_TOGETHER = 4500, 30_000
PRIMING, EMPTY = 0.070, 0.001
TIMES = {"article": 1000, "pytorch": 8}
BARS = {"guard": 0.5, "live": 0.9}
OTHERS = {
    "article": "model.predict on 300 characters, each time",
    "pytorch": "PyTorch's nn.LSTM, state kept",
}
LABELS = {
    "guard": f"guard of {GUARD} words, relative to none",
    "live": "live marks, against none",
    "together": f"{TOGETHER} poems together, relative to one",
}


def ours(poet: Poet, rng: int) -> float:
    """Return characters per second of the whole writer: network, sampling, constraints."""
    writer = Writer(poet, Request(characters=OURS, rng=rng))
    began = time.perf_counter()
    written = sum(map(len, writer))
    return written / (time.perf_counter() - began)


def both_rates(poet: Poet, index: OverlapIndex, way: str, characters: int, rng: int) -> tuple[float, float]:
    """Return characters per second written this way, and plainly: the same request, one after the other."""
    plain = Request(characters=characters, rng=rng)
    guarded = replace(plain, guard=GUARD)

    def rate(write: Callable[[], int]) -> float:
        began = time.perf_counter()
        written = write()
        return written / (time.perf_counter() - began)

    def live(shown: OverlapIndex | None) -> int:
        return max(len(written) for written, _ in pieces(Writer(poet, plain, index), shown, FairScheduler()))

    ways: dict[str, tuple[Callable[[], int], Callable[[], int]]] = {
        "guard": (
            lambda: sum(map(len, Writer(poet, guarded, index))),
            lambda: sum(map(len, Writer(poet, plain, index))),
        ),
        "live": (lambda: live(index), lambda: live(None)),
        "together": (
            lambda: sum(len(poem.text) for _, poem in write_together(poet, plain, TOGETHER)),
            lambda: sum(map(len, Writer(poet, plain))),
        ),
    }
    this, other = ways[way]
    return (rate(this), rate(other)) if rng % 2 else (rate(other), rate(this))[::-1]


def compared(name: str, way: str, characters: int) -> bool:
    """Print one way compared with plain writing, and return whether its bar is met."""
    poet = load(name)
    _ = poet.empty_seed
    index = OverlapIndex.open(poet.overlap_folder)  # opened once, as in the app
    both_rates(poet, index, way, 50, 0)
    both = [both_rates(poet, index, way, characters, rng) for rng in range(RUNS)]
    ratios = [this / other for this, other in both]
    rates = [this for this, _ in both]
    print(f"{LABELS[way]:<44}" + row(rates))
    print(f"{'  ratio':<44}{row(ratios, 2)}", flush=True)
    if way == "together":
        return judged(LABELS[way], statistics.median(rates), RATE_TOGETHER)
    return judged(LABELS[way], statistics.median(ratios), BARS[way])


def judged(what: str, value: float, least: float) -> bool:
    """Print whether `value` reaches its bar."""
    met = value >= least
    print(f"bar: {what}, at least {least:,}: {'met' if met else 'missed'}", flush=True)
    return met


def row(values: Sequence[float], places: int = 1) -> str:
    return "".join(f"{f(values):10,.{places}f}" for f in (statistics.median, min, max))


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
    """Return characters per second with one `predict` per character."""
    rng = np.random.default_rng(0)
    window = rng.integers(0, len(poet.vocabulary), 300)
    began = time.perf_counter()
    for _ in range(THEIRS):
        one_hot = np.eye(len(poet.vocabulary), dtype=np.float32)[window][None]
        logits = model.predict(one_hot, verbose=0)[0]
        window = np.append(window[1:], logits.argmax())
    return THEIRS / (time.perf_counter() - began)


def turn(way: str, name: str) -> float:
    """Measure one method in its own process: TensorFlow's waiting threads would slow the other one down."""
    module = ["benchmarks.pytorch", "writing"] if way == "pytorch" else ["benchmarks.writing", name, way]
    done = subprocess.run([sys.executable, "-m", *module], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main(name: str = "english", way: str = "", characters: str = str(OURS)) -> int:
    if way in LABELS:
        return 0 if compared(name, way, int(characters)) else 1
    if way:
        poet = load(name)
        if way == "ours":
            _ = poet.empty_seed
            print(max(ours(poet, 0), ours(poet, 1), ours(poet, 2)))
        elif way in ("priming", "empty"):
            _ = poet.empty_seed
            began = time.perf_counter()
            primed(poet, "The sea at night" if way == "priming" else "")
            print(time.perf_counter() - began)
        else:
            model = article(poet)
            predicting(model, poet)
            print(predicting(model, poet))
        return 0
    priming = statistics.median(turn("priming", name) for _ in range(RUNS))
    empty = statistics.median(turn("empty", name) for _ in range(RUNS))
    print(f"priming with 300 characters: {priming * 1000:.0f} ms; with an empty seed: {empty * 1000:.2f} ms")
    others = ["article", "pytorch"] if importlib.util.find_spec("torch") else ["article"]
    if len(others) == 1:
        print("PyTorch is not installed: pip install -r requirements-bench.txt adds it to the comparison.")
    if load(name).recipe.embedding:
        others = []
        print(
            "The other two read one-hot characters, which this poet doesn't. Name one that does, such as nietzsche."
        )
    turns = [{way: turn(way, name) for way in ("ours", *others)} for _ in range(RUNS)]
    mine = [each["ours"] for each in turns]
    print(f"{'characters per second, one poem':<44}{'median':>10}{'min':>10}{'max':>10}")
    print(f"{'PoetBot (NumPy, state kept)':<44}{row(mine)}")
    met = judged("characters a second", statistics.median(mine), RATE)
    met &= judged("characters primed per second", 300 / priming, 300 / PRIMING)
    met &= judged("empty seeds primed per second", 1 / empty, 1 / EMPTY)
    for way in others:
        ratios = [each["ours"] / each[way] for each in turns]
        print(f"{OTHERS[way]:<44}{row([each[way] for each in turns])}\n{'  ratio':<44}{row(ratios)}")
        met &= judged(f"times as fast as {way}", statistics.median(ratios), TIMES[way])
    for each in LABELS:
        command = [sys.executable, "-m", "benchmarks.writing", name, each]
        met &= subprocess.run(command, check=False).returncode == 0
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
