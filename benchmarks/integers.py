"""Compare the network in integers with the one in float32: bits per character on poems, and time per step in one run.

`python -m benchmarks.integers POET POEMS.jsonl` takes any poems that the poet hasn't read; without a file, those that
`english` held out.
"""

import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks.held_out import split_of
from benchmarks.sizes import full_or_tiny
from poetbot.corpus.loading import read_poems
from poetbot.poets.folder import load
from poetbot.poets.integer_network import IntegerNetwork
from poetbot.poets.network import Network
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary

ROWS = (1, 4, 16, 64)
STEPS = full_or_tiny(200, 2)
BAR = 0.002


def step_seconds(network: Network | IntegerNetwork, rows: int) -> float:
    """Return the shortest time of a step with this number of rows."""
    state, ids = network.zero_state(rows), np.arange(rows, dtype=np.int32)
    times = []
    for _ in range(STEPS):
        began = time.perf_counter()
        network.step(ids, state)
        times.append(time.perf_counter() - began)
    return min(times)


def main() -> int:
    """Run and print the comparison."""
    name = sys.argv[1] if len(sys.argv) > 1 else "english"
    poet = load(name)
    poems = read_poems(sys.argv[2]).poems if len(sys.argv) > 2 else split_of(poet).validation
    texts, vocabulary = [poem.text for poem in poems], poet.vocabulary
    assert isinstance(vocabulary, Vocabulary)
    floats, integers = Network(poet.recipe, poet.tensors), IntegerNetwork(poet.recipe, poet.tensors)
    bits = [score(network, vocabulary, texts).bits_per_character or 0.0 for network in (floats, integers)]  # type: ignore[arg-type]
    print(f"{name}, {len(texts)} poems: {bits[0]:.5f} bits in float32, {bits[1]:.5f} in integers")
    for rows in ROWS:
        each = [step_seconds(network, rows) for network in (floats, integers, floats, integers)]
        ratio = min(each[0::2]) / min(each[1::2])
        print(f"{rows:>3} rows: {1e6 * min(each[1::2]):,.0f} µs a step, {ratio:.2f} times as fast as float32")
    met = bits[1] - bits[0] <= BAR
    print(f"bar: at most {BAR} bits lost: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
