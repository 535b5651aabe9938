"""Measure how soon training starts: the seconds from the click on Train to the first step, and what they are spent on.

A job is started as from the page, in a temporary data folder, and discarded after its first step. Its worker reports when each part
begins, to a tenth of a second.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import figures
from benchmarks.figures import Figure, median
from benchmarks.sizes import full_or_tiny
from poetbot.corpus.named_corpora import read_named
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.completion import discard
from poetbot.runs.progress_log import read_events
from poetbot.runs.start import start
from poetbot.storage import Home

TOPIC = "The app"
POEMS = full_or_tiny(300, 30)
STARTS = full_or_tiny(3, 1)
PARTS = {
    "loading": "importing TensorFlow",
    "splitting": "near-duplicates",
    "trying": "measuring the parent",
    "indexing": "index and word vectors",
    "building": "network",
    "start": "tracing and the first step",
    "step": "done",
}
"""What each event of a run begins, in order."""


def first_step(home: Home, parent: str | None) -> dict[str, float]:
    """Start a job on some poems, and return the seconds of each part until its first step; the first are the processes'."""
    began = time.time()
    poems = read_named("english-poems").poems[:POEMS]
    job = start(home, TrainingRun("first", parent=parent, minutes=30), poems)
    times = {"starting the processes": began}
    try:
        offset = 0
        while PARTS["step"] not in times:
            new = read_events(job.out(), offset)
            offset = new.offset
            for event in new.events:
                name = (
                    "step"
                    if event.get("step")
                    else event.get("doing") or ("start" if "start" in event else "")
                )
                if name in PARTS:
                    times.setdefault(PARTS[name], float(event["time"]))
            if not job.state().alive:
                sys.exit(f"The job ended: {job.error()}")
            time.sleep(0.1)
    finally:
        discard(job)
        while job.folder.exists():
            time.sleep(0.2)
    names, began_at = list(times), list(times.values())
    return {name: end - begin for name, begin, end in zip(names, began_at, began_at[1:], strict=False)}


def measure(quick: bool = False) -> Iterator[Figure]:
    """Measure the time to the first step, from a parent and from scratch; a quick run starts each once."""
    with tempfile.TemporaryDirectory() as folder:
        for parent, what in (("english", "continuing from `english`"), (None, "from scratch")):
            runs = [first_step(Home(Path(folder)), parent) for _ in range(1 if quick else STARTS)]
            parts = {part: statistics.median(run[part] for run in runs) for part in runs[0]}
            told = ", ".join(f"{part} {seconds:.1f}" for part, seconds in parts.items())
            name = f"click on Train to the first step, {POEMS} poems, {what}"
            yield median(TOPIC, name, [sum(run.values()) for run in runs], "s", "≤ 15", told)


def main() -> int:
    """Measure, and return 1 if the bar is missed."""
    return figures.report(measure())


if __name__ == "__main__":
    sys.exit(main())
