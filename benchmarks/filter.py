"""How well and how fast the filter finds poems in mixed books.

    python benchmarks/filter.py            F1 on the hand labels, the article's rule beside it, MB/s
    python benchmarks/filter.py --errors   also every labelled block that came out wrong
    python benchmarks/filter.py --fit      fit the weights of the filter anew and write poetbot/corpus/weights.py

The labels are in tests/corpus/labels_*.jsonl (book, first and last line, label); the books are in ../shared/data.
labels_tune and labels_shapes may be looked at and fitted to; labels_test is for reporting alone.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from poetbot.corpus import shapes, surroundings  # noqa: E402
from poetbot.corpus.blocks import find_blocks  # noqa: E402
from poetbot.corpus.decode import decode  # noqa: E402
from poetbot.corpus.lines import look_at_lines  # noqa: E402
from poetbot.corpus.pieces import RUNNING, cut_into_pieces  # noqa: E402
from poetbot.corpus.poems import find_poems  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
LABELS = ROOT / "tests" / "corpus"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Label:
    book: str
    start: int
    end: int
    label: str


def read_labels(name: str) -> list[Label]:
    with (LABELS / f"labels_{name}.jsonl").open(encoding="utf-8") as file:
        return [Label(**json.loads(line)) for line in file if line.strip()]


def read_book(name: str) -> str:
    path = DATA / name if "/" in name else DATA / "english" / "raw" / name
    return decode(path.read_bytes(), path.name)


def by_book(labels: list[Label]) -> dict[str, list[Label]]:
    books: dict[str, list[Label]] = {}
    for label in labels:
        books.setdefault(label.book, []).append(label)
    return books


# --- how well ---


@dataclass
class Tally:
    """Hits, false alarms and misses for "poem", counted in blocks and in lines."""

    blocks: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]

    @staticmethod
    def f1(counts: npt.NDArray[np.int64]) -> float:
        hit, false, miss = counts.tolist()
        return 2 * hit / max(2 * hit + false + miss, 1)


def poem_lines(text: str) -> npt.NDArray[np.bool_]:
    """Return for each line of `text`, from index 1, whether the filter calls it a poem."""
    is_poem = np.zeros(text.count("\n") + 2, dtype=bool)
    for block in find_blocks(text):
        if block.label == "poem":
            is_poem[block.start_line : block.end_line + 1] = True
    return is_poem


def few_words(text: str, most: float) -> npt.NDArray[np.bool_]:
    """The article's rule: a paragraph with fewer than `most` words for each line break is a poem."""
    lines = text.split("\n")
    is_poem = np.zeros(len(lines) + 1, dtype=bool)
    start = 0
    for number, line in enumerate([*lines, ""]):
        if not line.strip():
            if number > start:
                words = sum(len(each.split()) for each in lines[start:number])
                is_poem[start + 1 : number + 1] = words / (number - start) < most
            start = number + 1
    return is_poem


def tally(labels: list[Label], is_poem: npt.NDArray[np.bool_], text: str) -> tuple[Tally, list[Label]]:
    """Count one book; a block is called a poem where most of its non-blank lines are."""
    filled = np.array([False, *(bool(line.strip()) for line in text.split("\n"))])
    total = Tally(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    wrong: list[Label] = []
    for label in labels:
        called = is_poem[label.start : label.end + 1][filled[label.start : label.end + 1]]
        truth, said = label.label == "poem", called.sum() * 2 > called.size
        total.blocks += (truth and said, said and not truth, truth and not said)
        hits = int(called.sum())
        total.lines += (hits, 0, called.size - hits) if truth else (0, hits, 0)
        if truth != said:
            wrong.append(label)
    return total, wrong


def score(name: str, call: object = None, most: float = 0.0) -> tuple[Tally, list[Label]]:
    total = Tally(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    wrong: list[Label] = []
    for book, labels in by_book(read_labels(name)).items():
        text = _book(book)
        counts, missed = tally(labels, few_words(text, most) if most else poem_lines(text), text)
        total.blocks += counts.blocks
        total.lines += counts.lines
        wrong += missed
    return total, wrong
