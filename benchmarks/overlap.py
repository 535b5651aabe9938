"""Compare the overlap index with a Python set of 4-grams, on the bundled poems or a `.jsonl` of poems.

    python -m benchmarks.overlap [poems.jsonl [unseen.jsonl]]

Measures how fast the index is built and opened, its bytes per word and per 4-gram, the milliseconds to check 1,000 words and
to report on them with what people share, and how often index and set disagree. A check is compared with looking up the same
4-grams in the set.
"""

import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from nltk import ngrams

from benchmarks import figures
from benchmarks.figures import Figure, median, rounded
from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex, fourgrams, report, with_human_poems, words
from poetbot.overlap.bloom_filter import run_numbers
from poetbot.overlap.longest_matches import known_fourgrams
from poetbot.poem import Poem

DATA = Path(__file__).parents[2] / "shared" / "data" / "english" / "clean"
TOPIC = "Overlap"
WORDS = full_or_tiny(1000, 100)
BUILDS, OPENED, ROUNDS, RANDOM_TEXTS = full_or_tiny((9, 100, 10, 100_000), (1, 2, 1, 100))


def read(path: Path) -> list[Poem]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Poem(row["text"], row.get("title"), row.get("author")) for row in rows]


def milliseconds(work: Callable[[Any], object], items: Sequence[Any]) -> list[float]:
    """Return how long each call took, one with each item."""
    taken = []
    for item in items:
        start = time.perf_counter()
        work(item)
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def passages(poems: list[Poem]) -> list[str]:
    """Return the text of the poems in passages of 1,000 words."""
    text = "\n".join(poem.text for poem in poems)
    found = words(text)
    return [
        text[found.starts[k] : found.ends[k + WORDS - 1]] for k in range(0, len(found) - WORDS + 1, WORDS)
    ]


def agreement(
    index: OverlapIndex,
    known: set[tuple[str, ...]],
    texts: list[str],
    lists: list[list[str]],
    random_texts: int,
) -> tuple[int, str]:
    """Compare index and set on every 4-gram of real texts, and of many random ones made from the same lines."""
    rng = np.random.default_rng(0)
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    lines += [" ".join(run[:12]) for run in lists[::3]]
    mixed = [" ".join(lines[i] for i in pair) for pair in rng.integers(len(lines), size=(random_texts, 2))]
    wrong = grams = 0
    for text in texts + mixed:
        found = words(text)
        answers = known_fourgrams(index, found.keys, run_numbers(found.keys)).tolist()
        expected = [gram in known for gram in ngrams(found.strings(), 4)]
        wrong += sum(a != b for a, b in zip(answers, expected, strict=True))
        grams += len(expected)
    return wrong, f"{grams:,} 4-grams in {len(texts) + len(mixed):,} texts"


def measure(quick: bool = False, paths: Sequence[Path] = ()) -> Iterator[Figure]:
    """Measure an index of the first file with the passages of the last one; a quick run compares fewer texts."""
    paths = paths or (DATA / "poems.jsonl", DATA / "dickinson.jsonl")
    if not paths[0].exists():
        raise SystemExit(f"There are no poems at {paths[0]}: give the path of a .jsonl of poems.")
    poems = read(paths[0])
    megabytes = sum(len(poem.text.encode()) for poem in poems) / 1e6
    rates = []
    for _ in range(3 if quick else BUILDS):
        start = time.perf_counter()
        index = OverlapIndex.build(poems)
        rates.append(megabytes / (time.perf_counter() - start))
    lists = [words(poem.text).strings() for poem in poems]
    grams = sum(max(0, len(run) - 3) for run in lists)
    print(f"{len(poems):,} poems, {megabytes:.2f} MB, {index.word_count:,} words, {grams:,} 4-grams")
    yield median(TOPIC, "building the index", rates, "MB/s", "≥ 25")

    tracemalloc.start()
    known = {gram for run in lists for gram in ngrams(run, 4)}
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    with tempfile.TemporaryDirectory() as folder:
        with_human_poems(index, read(paths[-1])).save(folder)
        stored = sum(file.stat().st_size for file in Path(folder).iterdir())
        yield Figure(TOPIC, "bytes per word of the index", rounded(stored / index.word_count), "", "≤ 5")
        of_set = f"a Python set of them without positions {size / len(known):.0f}"
        yield Figure(
            TOPIC, "bytes per 4-gram of the index", rounded(stored / grams), "", "≤ 12", compared=of_set
        )
        yield median(
            TOPIC, "opening the index", milliseconds(OverlapIndex.open, [folder] * OPENED), "ms", "≤ 3"
        )
        index = OverlapIndex.open(folder)
        texts = passages(read(paths[-1]))
        own = passages(poems)[:: max(1, len(poems) // 40)]
        for name, some in (("it has not read", texts), ("it has read", own)):
            turns = some * (2 if quick else ROUNDS)
            by_set = milliseconds(lambda text: set(ngrams(words(text).strings(), 4)) & known, turns)
            check = milliseconds(lambda text: fourgrams(index, text), turns)
            middle = float(np.median(check))
            yield Figure(
                TOPIC,
                f"check of 1,000 words {name}",
                rounded(middle),
                "ms",
                "≤ 0.7",
                compared=f"{middle / np.median(by_set):.2f} × the set's time; {_late(check)} ms at the 95th percentile",
            )
            whole = milliseconds(lambda text: report(index, text), turns)
            yield Figure(
                TOPIC,
                f"report on 1,000 words {name}, 95th percentile",
                _late(whole),
                "ms",
                "≤ 6",
                compared=f"{np.median(whole):.2f} ms at the median",
            )
        wrong, of = agreement(index, known, texts, lists, RANDOM_TEXTS // (10 if quick else 1))
        yield Figure(TOPIC, "disagreements with a set of nltk's 4-grams", wrong, "", "≤ 0", compared=of)


def _late(taken: list[float]) -> float:
    return rounded(float(np.percentile(taken, 95)))


def main() -> int:
    return figures.report(measure(paths=[Path(argument) for argument in sys.argv[1:3]]))


if __name__ == "__main__":
    sys.exit(main())
