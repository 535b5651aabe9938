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
from collections.abc import Callable, Iterator
from dataclasses import replace

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure, median
from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import Poet, load
from poetbot.web.serving.engine import WritingEngine
from poetbot.web.tabs.write.streaming import pieces
from poetbot.writing import Request, Writer, primed, write_together

ENGINE = WritingEngine()
TOPIC = "Writing"
ONE_HOT = "nietzsche"
"""A poet that reads one-hot characters, as the article's network and PyTorch's do here."""

RUNS = full_or_tiny(5, 1)
OURS, THEIRS = full_or_tiny((2000, 12), (100, 1))
GUARD, TOGETHER = 8, full_or_tiny(64, 4)
RATE, RATE_TOGETHER = 4500, 30_000
TIMES = {"article": 2000, "pytorch": 20}
BARS = {"guard": 0.5, "live": 0.9}
OTHERS = {
    "article": "the article's `predict` for each character",
    "pytorch": "PyTorch's `nn.LSTM` with its state kept",
}
LABELS = {
    "guard": f"a guard of {GUARD} words",
    "live": "marks while the poem appears",
    "together": f"{TOGETHER} poems together, a thread a core",
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
        writer = Writer(poet, plain, index)
        for _ in pieces(writer, shown, ENGINE):
            pass
        return len(writer.poem().text)

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


def compared(name: str, way: str, characters: int, runs: int = RUNS) -> Iterator[Figure]:
    """Measure one way, compared with plain writing of the same poems in turn."""
    poet = load(name)
    _ = poet.empty_seed
    index = OverlapIndex.open(poet.overlap_folder)  # opened once, as in the app
    _ = index.guides
    both_rates(poet, index, way, 50, 0)
    both = [both_rates(poet, index, way, characters, rng) for rng in range(runs)]
    ratios = [this / other for this, other in both]
    this, other = (statistics.median(rates) for rates in zip(*both, strict=True))
    if way == "together":
        told = f"{statistics.median(ratios):.2f} × one poem in turn"
        rates = [rate for rate, _ in both]
        yield median(TOPIC, f"{LABELS[way]}, `{name}`", rates, "characters/s", f"≥ {RATE_TOGETHER:,}", told)
    else:
        told = f"{this:,.0f} and {other:,.0f} characters/s in turn"
        yield median(TOPIC, f"{LABELS[way]}, `{name}`", ratios, "× the speed without", f"≥ {BARS[way]}", told)


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


def measure(quick: bool = False, name: str = "english") -> Iterator[Figure]:
    """Measure this poet and, if it doesn't read one-hot characters, one that does, compared with the other methods."""
    runs = min(2, RUNS) if quick else RUNS
    priming = [1000 * turn("priming", name) for _ in range(runs)]
    yield median(TOPIC, f"priming with 300 characters, `{name}`", priming, "ms", "≤ 70")
    empty = [1000 * turn("empty", name) for _ in range(runs)]
    yield median(TOPIC, f"priming with an empty seed, `{name}`", empty, "ms", "≤ 1")
    mine = [turn("ours", name) for _ in range(runs)]
    yield median(TOPIC, f"one poem, `{name}`", mine, "characters/s", f"≥ {RATE:,}")
    for way in LABELS:
        yield from compared(name, way, 600 if quick or way == "together" else OURS, runs)
    others = ["article", "pytorch"] if importlib.util.find_spec("torch") else ["article"]
    if len(others) == 1:
        print("PyTorch is not installed: pip install -r requirements-bench.txt adds it to the comparison.")
    one_hot = ONE_HOT if load(name).recipe.embedding else name
    turns = [{way: turn(way, one_hot) for way in ("ours", *others)} for _ in range(runs)]
    for way in others:
        ratios = [each["ours"] / each[way] for each in turns]
        rates = [statistics.median(each[one] for each in turns) for one in ("ours", way)]
        told = f"{rates[0]:,.0f} and {rates[1]:,.4g} characters/s in turn"
        yield median(
            TOPIC,
            f"one poem, `{one_hot}`, against {OTHERS[way]}",
            ratios,
            "× as fast",
            f"≥ {TIMES[way]:,}",
            told,
        )


def main(name: str = "english", way: str = "", characters: str = str(OURS)) -> int:
    if way in LABELS:
        return figures.report(compared(name, way, int(characters)))
    if not way:
        return figures.report(measure(False, name))
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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
