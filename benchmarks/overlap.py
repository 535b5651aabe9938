"""Compare the overlap index with a Python set of 4-grams, on the bundled poems or a `.jsonl` of poems.

    python -m benchmarks.overlap [poems.jsonl [unseen.jsonl]]

Prints build MB/s (bar: at least 15), bytes per word (at most 5) and per 4-gram (at most 12), and the milliseconds to open
the index (at most 5), to check 1,000 words (at most 1.5) and to report on them with what people share (at most 20 at the
95th percentile), each as best, median and 95th percentile. Also prints how often index and set disagree (bar: 0).
"""

import json
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
from nltk import ngrams

from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex, fourgrams, report, with_human_poems, words
from poetbot.overlap.bloom_filter import run_numbers
from poetbot.overlap.longest_matches import known_fourgrams
from poetbot.poem import Poem

DATA = Path(__file__).parents[2] / "shared" / "data" / "english" / "clean"
WORDS = full_or_tiny(1000, 100)
BUILDS, OPENED, ROUNDS, RANDOM_TEXTS = full_or_tiny((9, 100, 10, 100_000), (1, 2, 1, 100))


def read(path: Path) -> list[Poem]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [Poem(row["text"], row.get("title"), row.get("author")) for row in rows]


def milliseconds(work: Callable[[int], object], times: int) -> str:
    taken = []
    for k in range(times):
        start = time.perf_counter()
        work(k)
        taken.append(1000 * (time.perf_counter() - start))
    middle, late = np.percentile(taken, [50, 95])
    return f"{min(taken):8.2f} best {middle:8.2f} median {late:8.2f} p95"


def passages(poems: list[Poem]) -> list[str]:
    """Return the text of the poems in passages of 1,000 words."""
    text = "\n".join(poem.text for poem in poems)
    found = words(text)
    return [
        text[found.starts[k] : found.ends[k + WORDS - 1]] for k in range(0, len(found) - WORDS + 1, WORDS)
    ]


def agreement(
    index: OverlapIndex, known: set[tuple[str, ...]], texts: list[str], lists: list[list[str]]
) -> str:
    """Compare index and set on every 4-gram of real texts, and of many random ones made from the same lines."""
    rng = np.random.default_rng(0)
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    lines += [" ".join(run[:12]) for run in lists[::3]]
    mixed = [" ".join(lines[i] for i in pair) for pair in rng.integers(len(lines), size=(RANDOM_TEXTS, 2))]
    wrong = grams = 0
    for text in texts + mixed:
        found = words(text)
        answers = known_fourgrams(index, found.keys, run_numbers(found.keys)).tolist()
        expected = [gram in known for gram in ngrams(found.strings(), 4)]
        wrong += sum(a != b for a, b in zip(answers, expected, strict=True))
        grams += len(expected)
    return f"{wrong} disagreements in {grams:,} 4-grams of {len(texts) + len(mixed):,} texts"


def main() -> None:
    paths = [Path(argument) for argument in sys.argv[1:3]] or [DATA / "poems.jsonl", DATA / "dickinson.jsonl"]
    if not paths[0].exists():
        raise SystemExit(f"There are no poems at {paths[0]}: give the path of a .jsonl of poems.")
    poems = read(paths[0])
    megabytes = sum(len(poem.text.encode()) for poem in poems) / 1e6
    rates = []
    for _ in range(BUILDS):
        start = time.perf_counter()
        index = OverlapIndex.build(poems)
        rates.append(megabytes / (time.perf_counter() - start))
    lists = [words(poem.text).strings() for poem in poems]
    grams = sum(max(0, len(run) - 3) for run in lists)
    print(f"{len(poems):,} poems, {megabytes:.2f} MB, {index.word_count:,} words, {grams:,} 4-grams")
    print(f"build         {max(rates):8.1f} best {np.median(rates):8.1f} median MB/s")

    tracemalloc.start()
    start = time.perf_counter()
    known = {gram for run in lists for gram in ngrams(run, 4)}
    seconds = time.perf_counter() - start
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    with tempfile.TemporaryDirectory() as folder:
        with_human_poems(index, read(paths[-1])).save(folder)
        stored = sum(file.stat().st_size for file in Path(folder).iterdir())
        print(f"bytes/word    {stored / index.word_count:8.2f}")
        print(
            f"bytes/4-gram  {stored / grams:8.2f} index with positions {size / len(known):8.2f} set without"
        )
        print(f"open       ms {milliseconds(lambda _: OverlapIndex.open(folder), OPENED)}")
        index = OverlapIndex.open(folder)
        texts = passages(read(paths[-1]))
        for name, some in (("unseen", texts), ("its own", passages(poems)[:: max(1, len(poems) // 40)])):
            turns = ROUNDS * len(some)
            print(f"{name}: {len(some)} passages of {WORDS:,} words")
            print(
                f"check      ms {milliseconds(lambda k, some=some: fourgrams(index, some[k % len(some)]), turns)}"
            )
            print(
                f"report     ms {milliseconds(lambda k, some=some: report(index, some[k % len(some)]), turns)}"
            )
        by_set = milliseconds(
            lambda k: set(ngrams(words(texts[k % len(texts)]).strings(), 4)) & known, ROUNDS * len(texts)
        )
        print(f"by set     ms {by_set} (built in {seconds:.1f} s while its memory is traced)")
        print(agreement(index, known, texts, lists))


if __name__ == "__main__":
    main()
