"""Run the benchmarks one after the other, print their figures, and write those to docs/figures.json and docs/figures.md.

    python -m benchmarks.all --quick
    python -m benchmarks.all --quick --only overlap,writing

A quick run takes a quarter of an hour: it measures what depends on the machine, each benchmark with fewer repetitions. Without
--quick, they take all repetitions, and the benchmarks of quality run, too. Speeds differ between machines, so each is also given as a ratio: to what it was
compared with in the same run, or else to the yardstick, a fixed piece of work that is timed before and after each benchmark.
The figures of long trainings and blind readings stay as they are.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from importlib import import_module

from benchmarks import figures
from benchmarks.figures import Figure
from benchmarks.sizes import TINY, full_or_tiny

NAMES = (
    "filter",
    "overlap",
    "writing",
    "integers",
    "suggesting",
    "titles",
    "study",
    "verse",
    "app",
    "memory",
    "class_of_twenty",
    "bringing",
    "first_step",
    "teaching",
    "training",
)
"""The benchmarks of what depends on the machine; each has a function `measure`."""

QUALITY = ("forms", "theme", "ppmd", "trigram", "empty_seed")
"""Those of what poems are like, and of how well poets predict, which is the same on every machine."""

SECONDS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}


def yardstick() -> float:
    """Return the seconds that a fixed piece of work takes at best: half of it Python, half matrix products of NumPy."""
    import numpy as np

    turns, size = full_or_tiny((200_000, 500), (200, 10))
    matrix, row = np.ones((size, size), np.float32), np.ones((1, size), np.float32)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        counted: dict[int, int] = {}
        for number in range(turns):
            counted[number % 997] = counted.get(number % 997, 0) + number
        for _ in range(turns // 200):
            row @ matrix
        taken.append(time.perf_counter() - began)
    return min(taken)


def with_ratio(figure: Figure, seconds: float) -> Figure:
    """Return a time or a speed with its ratio to the yardstick, if it was compared with nothing else."""
    if isinstance(figure.value, str) or "in turn" in figure.compared:
        return figure
    if figure.unit in SECONDS:
        told = f"{figures.rounded(figure.value * SECONDS[figure.unit] / seconds):g} yardsticks"
    elif figure.unit.endswith("/s"):
        told = f"{figures.rounded(figure.value * seconds):g} {figure.unit[:-2]} a yardstick"
    else:
        return figure
    return replace(figure, compared="; ".join(filter(None, (figure.compared, told))))


def measured(name: str, quick: bool) -> list[Figure]:
    """Measure one benchmark, print its figures, and return them. This runs in a process of its own."""
    before = yardstick()
    found: list[Figure] = list(_printed(import_module(f"benchmarks.{name}").measure(quick)))
    seconds = min(before, yardstick())
    print(f"{name}: yardstick {1000 * seconds:.0f} ms", flush=True)
    return [with_ratio(each, seconds) for each in found]


def _printed(found: Iterator[Figure]) -> Iterator[Figure]:
    for each in found:
        figures.report([each])
        yield each


def main() -> int:
    """Run the benchmarks; return 1 if one misses a bar or fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="only what depends on the machine, with fewer repetitions"
    )
    parser.add_argument("--only", help="names of benchmarks, separated by commas")
    chosen = parser.parse_args()
    every = (*NAMES, *QUALITY)
    names = chosen.only.split(",") if chosen.only else NAMES if chosen.quick else every
    if unknown := sorted(set(names) - set(every)):
        sys.exit(f"Unknown benchmark: {unknown[0]}. Choose from {', '.join(every)}.")
    failed, missed = [], 0
    for name in names:
        began = time.perf_counter()
        # A process each: what one has loaded, and the threads it has started, don't slow the next.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            try:
                found = process.submit(measured, name, chosen.quick).result()
            except (Exception, SystemExit) as error:
                print(f"{name}: {error}", file=sys.stderr)
                failed.append(name)
                continue
        command = f"python -m benchmarks.all{' --quick' * chosen.quick} --only {name}"
        missed += sum(each.is_met is False for each in found)
        if not TINY:  # whose figures mean nothing
            figures.write(figures.renewed(figures.read(), found, command))
            figures.main()
        print(f"{name}: {time.perf_counter() - began:.0f} s", flush=True)
    print(f"{missed} bars missed" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return int(bool(missed or failed))


if __name__ == "__main__":
    sys.exit(main())
