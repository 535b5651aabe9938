"""Compare the framings of a generative LSTM on one corpus, with the same network and the same training time.

    python -m benchmarks.framings [--seconds 120] [--units 128] [--layers 1] [--json] [--corpus FILE]

A framing says what the network reads and which positions are targets (docs/training.md, "Framings"). Everything else is
the same: Keras' own LSTM layers, one-hot input, logits out, the same initial weights, 64 rows per step, Adam with gradients
clipped to a norm of 1, and a learning rate that falls from 0.004 along half a cosine. Only training is timed: the first
step, which traces the graph, runs with a learning rate of 0, and evaluation comes after.

The corpus is tiny Shakespeare, because others publish losses on its split (first 90 %, last 10 %), and the corpora bundled
with PoetBot are so small that the fastest framing would learn them by heart. Every framing predicts the same held-out
characters, each from what it sees when it writes: the state of everything read, or the last characters, read again from
a zero state.
"""

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data" / "charlm" / "tinyshakespeare_input.txt"
WINDOW, ROWS, RATE = 40, 64, 0.004
SAMPLE, TEMPERATURE, RNG = 100, 0.5, 1
TOGETHER = 1024
"""Number of windows evaluated at once, or of positions per pass with the state kept."""
NOTHING = -1
"""An id that one-hot encodes as zeros: the network reads nothing and continues from its state."""

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Framing:
    """What the network reads and predicts at a time.

    It reads `reads` characters and then nothing, `blanks` times; the last `targets` positions are scored in training, the last
    `writes` in writing. With `carried`, a row continues from the state of its previous window.
    """

    name: str
    example: str
    sees: str
    reads: int
    targets: int
    writes: int = 1
    blanks: int = 0
    carried: bool = False

    @property
    def positions(self) -> int:
        return self.reads + self.blanks

    def inputs(self, ids: Ids, starts: npt.NDArray[np.int64]) -> Ids:
        """Return [rows, positions]: the characters read from each start, then nothing."""
        read = ids[starts[:, None] + np.arange(self.reads)]
        return np.pad(read, ((0, 0), (0, self.blanks)), constant_values=NOTHING)

    def wanted(self, ids: Ids, starts: npt.NDArray[np.int64], scored: int) -> Ids:
        """Return [rows, scored]: the characters that the last `scored` positions predict."""
        return ids[starts[:, None] + np.arange(self.positions - scored, self.positions) + 1]

    def starts(self, first: int, end: int) -> npt.NDArray[np.int64]:
        """Return where reading starts so that each character in [first, end) is predicted once."""
        return np.arange(first, end, self.writes) - (self.positions - self.writes + 1)


def framings(window: int = WINDOW) -> list[Framing]:
    each = f"the last {window} characters, read again"
    return [
        Framing("one-to-one", "'h' → 'e'", "the last character", 1, 1),
        Framing("many-to-one", "'hel' → 'l'", each, window, 1),
        Framing("one-to-many", "'h' → 'ell'", "the last character, for three", 1, 3, writes=3, blanks=2),
        Framing("many-to-many", "'hell' → 'ello'", each, window, window),
        Framing(
            "many-to-many, carried", "'hell' → 'ello'", "all, by its state", window, window, carried=True
        ),
    ]


class Network:
    """Stacked `keras.layers.LSTM` and a dense layer on one-hot characters; states are passed in and out."""

    def __init__(self, size: int, units: int, layers: int) -> None:
        keras.utils.set_random_seed(RNG)
        self.size, self.units = size, units
        self.stack = [
            keras.layers.LSTM(units, return_sequences=True, return_state=True) for _ in range(layers)
        ]
        self.dense = keras.layers.Dense(size)
        self.optimizer = keras.optimizers.Adam(RATE, clipnorm=1.0)
        self(tf.zeros((1, 1), tf.int32), self.zeros(1), 1)
        self.variables = [v for layer in [*self.stack, self.dense] for v in layer.trainable_variables]
        self.optimizer.build(self.variables)

    def zeros(self, rows: int) -> list[tf.Tensor]:
        """Return a zero state: h and c of every layer, [rows, units] each."""
        return [tf.zeros((rows, self.units)) for _ in range(2 * len(self.stack))]

    def __call__(
        self, ids: tf.Tensor, state: list[tf.Tensor], scored: int
    ) -> tuple[tf.Tensor, list[tf.Tensor]]:
        """Return the logits of the last `scored` positions, [rows, scored, size], and the new state."""
        values, after = tf.one_hot(ids, self.size), []
        for k, layer in enumerate(self.stack):
            values, *own = layer(values, initial_state=state[2 * k : 2 * k + 2])
            after += own
        return self.dense(values[:, -scored:]), after

    @tf.function(reduce_retracing=True)
    def read(self, ids: tf.Tensor, state: list[tf.Tensor], scored: int) -> tuple[tf.Tensor, list[tf.Tensor]]:
        return self(ids, state, scored)

    @tf.function
    def step(
        self, ids: tf.Tensor, wanted: tf.Tensor, state: list[tf.Tensor], rate: tf.Tensor
    ) -> list[tf.Tensor]:
        """Take one step of Adam and return the state at the end of the window."""
        self.optimizer.learning_rate.assign(rate)
        with tf.GradientTape() as tape:
            logits, after = self(ids, state, wanted.shape[1])
            loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits))
        self.optimizer.apply(tape.gradient(loss, self.variables), self.variables)
        return after


def train(
    network: Network,
    framing: Framing,
    ids: Ids,
    seconds: float,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[int, float]:
    """Train for `seconds`; return the number of steps and the seconds they took.

    Without a carried state, windows start at random places. With one, the text is cut into 64 rows and each step takes the next
    window of every row; each pass begins from a zero state and is shifted by a few characters.
    """
    rng = np.random.default_rng(RNG)
    last = len(ids) - framing.positions - 1
    per_row = last // ROWS
    zeros = network.zeros(ROWS)
    state, starts = zeros, rng.integers(last + 1, size=ROWS)

    def step(rate: float) -> list[tf.Tensor]:
        after = network.step(
            framing.inputs(ids, starts),
            framing.wanted(ids, starts, framing.targets),
            state,
            tf.constant(rate),
        )
        after[0].numpy()  # wait until it is done
        return after

    step(0.0)
    steps, offset = 0, per_row
    began = now = clock()
    while now - began < seconds:
        if not framing.carried:
            starts = rng.integers(last + 1, size=ROWS)
        elif offset + framing.positions > per_row:
            offset, state = 0, zeros
            starts = rng.integers(last - per_row * ROWS + 1) + per_row * np.arange(ROWS)
        else:
            starts = starts + framing.positions
        after = step(RATE * 0.5 * (1 + math.cos(math.pi * (now - began) / seconds)))
        if framing.carried:
            state, offset = after, offset + framing.positions
        steps += 1
        now = clock()
    return steps, now - began


def nats(network: Network, framing: Framing, ids: Ids, first: int) -> float:
    """Return the mean loss of the characters from `first` on, each predicted as the framing writes."""
    total = 0.0

    def loss(logits: tf.Tensor, wanted: Ids) -> float:
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(wanted, logits)
        return float(tf.reduce_sum(tf.cast(each, tf.float64)))

    if framing.carried:
        state = network.read(ids[None, first - framing.reads : first - 1], network.zeros(1), 1)[1]
        for start in range(first - 1, len(ids) - 1, TOGETHER):
            read = ids[None, start : min(start + TOGETHER, len(ids) - 1)]
            logits, state = network.read(read, state, read.shape[1])
            total += loss(logits, ids[None, start + 1 : start + 1 + read.shape[1]])
    else:
        every = framing.starts(first, len(ids))
        for starts in np.split(every, range(TOGETHER, len(every), TOGETHER)):
            logits, _ = network.read(framing.inputs(ids, starts), network.zeros(len(starts)), framing.writes)
            total += loss(logits, framing.wanted(ids, starts, framing.writes))
    return total / (len(ids) - first)


def sample(network: Network, framing: Framing, seed: Ids) -> Ids:
    """Write 100 characters after `seed` at temperature 0.5; with blanks, several per reading."""
    rng = np.random.default_rng(RNG)
    written, state = list(seed), network.zeros(1)
    if framing.carried:
        state = network.read(seed[None, :-1], state, 1)[1]
    while len(written) < len(seed) + SAMPLE:
        if framing.carried:
            logits, state = network.read(np.array([written[-1:]], np.int32), state, 1)
        else:
            read = framing.inputs(np.array(written[-framing.reads :], np.int32), np.array([0]))
            logits, _ = network.read(read, network.zeros(1), framing.writes)
        for row in logits[0].numpy().astype(float) / TEMPERATURE:
            odds = np.exp(row - row.max())
            written.append(int(rng.choice(len(odds), p=odds / odds.sum())))
    return np.array(written[len(seed) : len(seed) + SAMPLE], np.int32)


def measured(framing: Framing, text: str, seconds: float, units: int, layers: int) -> dict[str, Any]:
    """Train one framing and return its row of the table."""
    alphabet = np.unique(list(text))
    ids = np.searchsorted(alphabet, list(text)).astype(np.int32)
    first = len(ids) * 9 // 10
    # One-to-many writes three at a time, so one or two characters at the end are left out for all.
    ids = ids[: len(ids) - (len(ids) - first) % 3]
    network = Network(len(alphabet), units, layers)
    steps, took = train(network, framing, ids[:first], seconds)
    return {
        "framing": framing.name,
        "example": framing.example,
        "sees": framing.sees,
        "seconds": round(took, 2),
        "steps": steps,
        "targets_per_second": round(steps * ROWS * framing.targets / took, 1),
        "characters_seen": steps * ROWS * framing.reads,
        "held_out_characters": len(ids) - first,
        "nats_per_character": round(nats(network, framing, ids, first), 4),
        "sample": "".join(alphabet[sample(network, framing, ids[first - WINDOW : first])]),
    }


def table(rows: list[dict[str, Any]]) -> str:
    lines = [
        "| framing | for example | when it writes, it sees | targets/s | characters seen | nats per character |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['framing']} | {row['example']} | {row['sees']} | {row['targets_per_second']:,.0f} "
        f"| {row['characters_seen']:,} | {row['nats_per_character']:.3f} |"
        for row in rows
    ]
    lines += ["", f"{SAMPLE} characters of each at temperature {TEMPERATURE}, rng {RNG} (⏎ is a line end):"]
    lines += [f"{row['framing']}: {row['sample'].replace(chr(10), '⏎')}" for row in rows]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=120.0, help="of training for each (default: 120)")
    parser.add_argument("--units", type=int, default=128, help="of each LSTM layer (default: 128)")
    parser.add_argument("--layers", type=int, default=1, help="LSTM layers (default: 1)")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="another text")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of the table")
    chosen = parser.parse_args(arguments)
    if not 0 < chosen.seconds < math.inf or chosen.units < 1 or chosen.layers < 1:
        parser.error("seconds, units and layers must be more than 0.")
    if not chosen.corpus.is_file():
        sys.exit(f"There is no text at {chosen.corpus}: name one with --corpus.")
    text = chosen.corpus.read_text("utf-8")
    if len(text) < 2 * ROWS * WINDOW:
        sys.exit(f"The text is too short: it needs {2 * ROWS * WINDOW:,} characters.")
    rows = []
    for framing in framings():
        print(f"{framing.name}: {chosen.seconds:g} seconds of training ...", file=sys.stderr, flush=True)
        rows.append(measured(framing, text, chosen.seconds, chosen.units, chosen.layers))
    if chosen.json:
        settings = {"corpus": chosen.corpus.name, "units": chosen.units, "layers": chosen.layers}
        print(
            json.dumps(
                {**settings, "seconds": chosen.seconds, "framings": rows}, ensure_ascii=False, indent=1
            )
        )
    else:
        print(
            f"{chosen.layers} x LSTM {chosen.units}, {chosen.seconds:g} s of training each, {chosen.corpus.name}\n"
        )
        print(table(rows))


if __name__ == "__main__":
    main()
