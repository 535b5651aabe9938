"""Measure how well a poet's probabilities pick out a poem's own title among nine others, and the seconds to three titles.

python -m benchmarks.titles [--poet english] [--poems 60]
"""

import argparse
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import time
from collections.abc import Iterator

from benchmarks import figures
from benchmarks.figures import Figure, median
from benchmarks.sizes import full_or_tiny
from poetbot.corpus.named_corpora import read_named
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, titles
from poetbot.writing.phrases import phrases
from poetbot.writing.request import clean_seed
from poetbot.writing.surprise import read_surprise

TOPIC = "Writing line by line"
FIRST = 150  # characters of the poem


def measure(quick: bool = False, name: str = "english", count: int = 60) -> Iterator[Figure]:
    """Measure how often a title is picked out, and the seconds to three; a quick run reads twenty poems."""
    poet = load(name)
    poems = [poem for poem in read_named("english-poems").poems if poem.title]
    rng = random.Random(1)
    poems = rng.sample(poems, min(20 if quick else count, full_or_tiny(len(poems), 11)))
    theirs = [poem.title for poem in poems]
    phrase = [rng.choice([each.text for each in phrases(poem.text)] or [poem.title]) for poem in poems]
    for what, kinds in (("its own title", theirs), ("a phrase of its own", phrase)):
        right = 0
        for k, poem in enumerate(poems):
            others = rng.sample([j for j in range(len(poems)) if j != k], 9)
            lines = [clean_seed(kinds[j], poet)[0] + "\n" for j in (k, *others)]
            text, states = clean_seed(poem.text, poet)[0][:FIRST], [poet.empty_seed] * len(lines)
            alone, _ = read_surprise(poet, states, lines, 1.0)
            nats = read_surprise(poet, states, [line + text for line in lines], 1.0)[0] - alone
            right += int((nats < nats[0]).sum() == 0)
        yield Figure(
            TOPIC,
            f"poems by people to which `{name}` gives {what} the greatest probability among ten",
            round(100 * right / len(poems)),
            "%",
            compared=f"by chance 10 %, {len(poems)} poems",
        )
    cached = CachedPoet(poet)
    titles(cached, poems[0].text)  # load everything once
    seconds = []
    for k, poem in enumerate(poems[: full_or_tiny(20, 2)]):
        begun = time.perf_counter()
        found = titles(cached, poem.text, rng=k)
        seconds.append(time.perf_counter() - begun)
        print(f"{poem.title}: {' / '.join(each.text for each in found)}")
    yield median(TOPIC, "three titles", seconds, "s", "≤ 1")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--poet", default="english")
    asked.add_argument("--poems", type=int, default=60)
    chosen = asked.parse_args()
    return figures.report(measure(False, chosen.poet, chosen.poems))


if __name__ == "__main__":
    raise SystemExit(main())
