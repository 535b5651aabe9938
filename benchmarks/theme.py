"""Measure how much of a theme poems take up, and what it costs in probability and novelty.

Writes poems of fourteen lines about each of twenty themes, and as many without a theme from the same random seeds. Counted
are the different words of the theme's neighbourhood in a poem: the theme's own words, their inflections, and the words that
the poet has read with them. Surprise is the poet's own, without the theme. `python -m benchmarks.theme modern 2` writes two
poems a theme instead of five.
"""

import math
import os
import sys
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex, report, words
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Request, Theme, write_together
from poetbot.writing.surprise import read_surprise
from poetbot.writing.theme_words import resolved

TOPIC = "Themes"
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


def measure(quick: bool = False, name: str = "modern", count: int = 0) -> Iterator[Figure]:
    """Measure `count` poems a theme; a quick run writes one about each of seven themes."""
    poet, count = load(name), count or (1 if quick else POEMS)
    cached = CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))
    themes = THEMES[::3] if quick else THEMES
    measured: dict[str, list[tuple[int, float, int, float]]] = {"about": [], "plain": []}
    for number, about in enumerate(full_or_tiny(themes, themes[:2])):
        theme, notices = resolved(Theme(about), poet)
        for way, asked in (("about", theme), ("plain", Theme())):
            request = Request(lines=LINES, rng=1 + number * count, theme=asked)
            texts = [poem.text for _, poem in sorted(write_together(poet, request, count, cached.index))]
            measured[way] += _measured(cached, texts, theme)
        had, without = (np.median([each[0] for each in measured[way][-count:]]) for way in measured)
        print(f"{about:<38}{had:5.1f} words, without the theme {without:.1f}", *notices, flush=True)
    found, bits, novelty = ({way: _figure(rows, k) for way, rows in measured.items()} for k in range(3))
    plain, of = "without the theme", f"{len(measured['about'])} poems by `{name}`"
    yield Figure(
        TOPIC,
        "words of the theme's neighbourhood in a poem, median",
        found["about"],
        "",
        f"≥ {LEAST_WORDS}",
        compared=f"{plain} {found['plain']:g}, {of}",
    )
    yield Figure(
        TOPIC,
        "bits per character with a theme",
        round(100 * (bits["about"] / bits["plain"] - 1), 1),
        "% more than without",
        f"≤ {100 * (LONGER - 1):.0f}",
        compared=f"{bits['about']:.3f}, {plain} {bits['plain']:.3f}",
    )
    yield Figure(
        TOPIC,
        "new four-word sequences with a theme",
        f"{novelty['about']:.1%}",
        "",
        "no fewer",
        novelty["about"] >= novelty["plain"],
        compared=f"{plain} {novelty['plain']:.1%}",
    )


def main(name: str = "modern", poems: str = "0") -> int:
    return figures.report(measure(False, name, int(poems)))


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


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
