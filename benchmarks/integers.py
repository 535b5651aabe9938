"""Compare the network in integers with the one in float32: bits per character on poems, and time per step in one run.

`python -m benchmarks.integers POET POEMS.jsonl` takes any poems that the poet hasn't read; without a file, those that
`english` held out.
"""

import os
import sys
import time
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure, rounded
from benchmarks.held_out import split_of
from benchmarks.sizes import full_or_tiny
from poetbot.corpus.loading import read_poems
from poetbot.poets.folder import load
from poetbot.poets.integer_network import IntegerNetwork
from poetbot.poets.network import Network
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary

TOPIC = "Writing"
ROWS = (1, 4, 16, 64)
STEPS = full_or_tiny(200, 2)


def step_seconds(network: Network | IntegerNetwork, rows: int) -> float:
    """Return the shortest time of a step with this number of rows."""
    state, ids = network.zero_state(rows), np.arange(rows, dtype=np.int32)
    times = []
    for _ in range(STEPS):
        began = time.perf_counter()
        network.step(ids, state)
        times.append(time.perf_counter() - began)
    return min(times)


def measure(quick: bool = False, name: str = "english", file: str = "") -> Iterator[Figure]:
    """Compare bits and time per step; a quick run scores a few of the poems."""
    poet = load(name)
    poems = read_poems(file).poems if file else split_of(poet).validation
    texts, vocabulary = [poem.text for poem in poems][: 40 if quick else None], poet.vocabulary
    assert isinstance(vocabulary, Vocabulary)
    floats, integers = Network(poet.recipe, poet.tensors), IntegerNetwork(poet.recipe, poet.tensors)
    bits = [score(network, vocabulary, texts).bits_per_character or 0.0 for network in (floats, integers)]  # type: ignore[arg-type]
    yield Figure(
        TOPIC,
        f"`{name}` in integers, held-out poems",
        round(bits[1] - bits[0], 5),
        "bits a character lost",
        "≤ 0.002",
        compared=f"{bits[1]:.4f} and in float32 {bits[0]:.4f}, {len(texts)} poems",
    )
    for rows in ROWS:
        each = [step_seconds(network, rows) for network in (floats, integers, floats, integers)]
        yield Figure(
            TOPIC,
            f"a step in integers of {rows} row{'s' if rows > 1 else ''}",
            rounded(min(each[1::2]) / min(each[0::2])),
            "× the time in float32",
            compared=f"{1e6 * min(each[1::2]):,.0f} µs",
        )


def main() -> int:
    """Run and print the comparison."""
    return figures.report(measure(False, *sys.argv[1:3]))


if __name__ == "__main__":
    sys.exit(main())
