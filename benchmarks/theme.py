"""Measure how much of a theme poems take up, and what it costs in probability and novelty.

Writes poems of fourteen lines about each of twenty themes, and as many without a theme from the same random seeds. Counted
are the different words of the theme's neighbourhood in a poem: the theme's own words, their inflections, and the words that
the poet has read with them. Surprise is the poet's own, without the theme. `python -m benchmarks.theme modern 2` writes two
poems a theme instead of five.
"""

import math
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex, report, words
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Request, Theme, write_together
from poetbot.writing.surprise import read_surprise
from poetbot.writing.theme_words import resolved

POEMS = 5
LINES = full_or_tiny(14, 2)
THEMES = (
    "grandmother's kitchen, onions, radio",
    "the sea at night, a lighthouse",
    "first snow in the city",
    "a train, leaving home",
    "my father's garden",
    "rain on the roof",
    "a funeral in spring",
    "horses and a frozen river",
    "the market, bread and apples",
    "a letter from the war",
    "an old dog sleeping",
    "moonlight in the orchard",
    "the miner and his lamp",
    "school, chalk, a bell",
    "a wedding dance",
    "money, debt, the shop",
    "fishermen mending nets",
    "the church on the hill",
    "fever, a sick child",
    "birds flying south",
)
LEAST_WORDS = 3
"""Words of the theme's neighbourhood in a poem, at the median."""
LONGER = 1.1
"""Maximum ratio of bits per character with a theme to without one."""


def main(name: str = "english", poems: str = str(POEMS)) -> int:
    poet, count = load(name), int(poems)
    cached = CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))
    measured: dict[str, list[tuple[int, float, int, float]]] = {"about": [], "plain": []}
    began = time.perf_counter()
    for number, about in enumerate(full_or_tiny(THEMES, THEMES[:2])):
        theme, notices = resolved(Theme(about), poet)
        for way, asked in (("about", theme), ("plain", Theme())):
            request = Request(lines=LINES, rng=1 + number * count, theme=asked)
            texts = [poem.text for _, poem in sorted(write_together(poet, request, count, cached.index))]
            measured[way] += _measured(cached, texts, theme)
        had, without = (np.median([each[0] for each in measured[way][-count:]]) for way in measured)
        print(f"{about:<38}{had:5.1f} words, without the theme {without:.1f}", *notices, flush=True)
    seconds = (time.perf_counter() - began) / len(measured["about"])
    print(f"{len(measured['about'])} poems, {seconds:.1f} s for each pair")
    found, bits, novelty = ({way: _figure(rows, k) for way, rows in measured.items()} for k in range(3))
    ratio = bits["about"] / bits["plain"]
    met = [
        _judged(
            f"words of the theme at the median: {found['about']:.1f}, without it {found['plain']:.1f}",
            f"{LEAST_WORDS}",
            found["about"] >= LEAST_WORDS,
        ),
        _judged(
            f"bits per character: {bits['about']:.3f}, without it {bits['plain']:.3f} ({ratio - 1:+.1%})",
            f"{LONGER - 1:+.0%}",
            ratio <= LONGER,
        ),
        _judged(
            f"new four-word sequences: {novelty['about']:.2%}, without it {novelty['plain']:.2%}",
            "no fewer",
            novelty["about"] >= novelty["plain"],
        ),
    ]
    return 0 if all(met) else 1


def _measured(cached: CachedPoet, texts: list[str], theme: Theme) -> list[tuple[int, float, int, float]]:
    """Return of each poem its words of the theme, its bits, its characters and its share of new four-word sequences."""
    assert cached.index is not None
    nats, _ = read_surprise(cached.poet, [cached.poet.empty_seed] * len(texts), texts, 1.0)
    found = []
    for text, surprise in zip(texts, nats, strict=True):
        said = set(words(text).strings())
        novel = report(cached.index, text)["fourgrams"]["share_novel"]
        of_theme = sum(word in said for word in theme.wanted)
        found.append((of_theme, float(surprise) / math.log(2), len(text), 1.0 if novel is None else novel))
    return found


def _figure(rows: list[tuple[int, float, int, float]], which: int) -> float:
    """Return the median words of the theme, the bits per character, or the mean share of new sequences."""
    of_theme, bits, characters, novel = zip(*rows, strict=True)
    return (float(np.median(of_theme)), sum(bits) / max(1, sum(characters)), float(np.mean(novel)))[which]


def _judged(figure: str, bar: str, met: bool) -> bool:
    print(f"{figure}; bar: {bar}: {'met' if met else 'missed'}")
    return met


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
