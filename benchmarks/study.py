"""Measure how long the studies take: keywords and their clouds for 5 MB, a poem's surprise, growth, and verse.

    python -m benchmarks.study [POET]

Bar: words read (saved with the poet) and written, their keyness and both clouds within one second, once the drawing library
is loaded. Counting the 5 MB, which happens once when a poet is trained, is timed separately.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure, rounded
from benchmarks.sizes import full_or_tiny
from poetbot.poets.folder import load
from poetbot.study import count_words
from poetbot.study.clouds import side_by_side
from poetbot.study.growth import TEMPERATURES, through_temperatures
from poetbot.study.keyness import keyness
from poetbot.study.stop_words import stop_words
from poetbot.study.surprise import surprise
from poetbot.study.verse_shares import compared
from poetbot.writing import Request

POEMS = Path(__file__).parents[2] / "shared/data/english/clean/poems.jsonl"
TOPIC = "Study"
MOST = full_or_tiny(None, 100)  # poems


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median time of several runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken))


def measure(quick: bool = False, name: str = "english") -> Iterator[Figure]:
    """Measure each study."""
    if not POEMS.exists():
        raise SystemExit(
            f"No poems at {POEMS}. This benchmark needs the folder shared/ next to the checkout."
        )
    poet = load(name)
    texts = [json.loads(line)["text"] for line in POEMS.read_text(encoding="utf-8").splitlines()][:MOST]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    written = texts[:40]

    def words() -> None:
        read, wrote = poet.words(), count_words(written, common=True)
        common = stop_words("en")
        keys = [key for key in keyness(wrote, read) if key.word not in common]
        sides = {
            "more": {key.word: round(10 * key.keyness) for key in keys if key.keyness > 0},
            "less": {key.word: round(-10 * key.keyness) for key in keys if key.keyness < 0},
        }
        side_by_side(sides, dark=False)

    words()  # loads the drawing library
    yield Figure(TOPIC, "keyness and both clouds", rounded(seconds(words)), "s", "≤ 1")
    counted = rounded(seconds(lambda: count_words(texts, common=True)))
    yield Figure(TOPIC, f"counting the words of {megabytes:.1f} MB", counted, "s")
    poem = "The lamp is low, the street is long,\n" * 20
    read = rounded(seconds(lambda: surprise(poet, poem), 3))
    yield Figure(TOPIC, f"surprise of {len(poem)} characters", read, "s")
    request = Request("The lamp", lines=8, rng=3)
    grown = rounded(seconds(lambda: through_temperatures(poet, request), 3))
    yield Figure(TOPIC, f"{len(TEMPERATURES)} temperatures of eight lines", grown, "s")
    rng = np.random.default_rng(0)
    heard = rounded(seconds(lambda: compared(texts[: full_or_tiny(100, 10)], rng), 3))
    yield Figure(TOPIC, "verse of 100 poems compared with chance", heard, "s")


if __name__ == "__main__":
    sys.exit(figures.report(measure(False, *sys.argv[1:2])))
