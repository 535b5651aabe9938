"""Measure how well and how fast the filter finds poems in mixed books.

    python benchmarks/filter.py            F1 on the hand labels, compared with the article's rule, and MB/s
    python benchmarks/filter.py --errors   also lists every labelled block that came out wrong
    python benchmarks/filter.py --fit      fits the filter's weights again and writes poetbot/corpus/classifier_weights.py

The labels are in tests/corpus/labels_*.jsonl (book, first and last line, label), the books in ../shared/data.
Weights may be fitted to labels_tune and labels_shapes; labels_test is only for reporting.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks import figures  # noqa: E402
from benchmarks.figures import Figure, rounded  # noqa: E402
from benchmarks.sizes import full_or_tiny  # noqa: E402
from poetbot.corpus import context_features, segment_features  # noqa: E402
from poetbot.corpus.blocks import find_blocks  # noqa: E402
from poetbot.corpus.line_features import extract_lines  # noqa: E402
from poetbot.corpus.poems import find_poems  # noqa: E402
from poetbot.corpus.segments import RUNNING, segment  # noqa: E402
from poetbot.documents.decoding import decode  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
TOPIC = "Finding poems"
LABELS = ROOT / "tests" / "corpus"
WEIGHTS = ROOT / "poetbot" / "corpus" / "classifier_weights.py"

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rule = Callable[[str], Flags]
"""Returns for each line of a text, from index 1, whether it belongs to a poem."""


@dataclass(frozen=True)
class Label:
    book: str
    start: int
    end: int
    label: str


def read_labels(name: str) -> list[Label]:
    with (LABELS / f"labels_{name}.jsonl").open(encoding="utf-8") as file:
        return [Label(**json.loads(line)) for line in file if line.strip()][: full_or_tiny(None, 20)]


def by_book(labels: Sequence[Label]) -> dict[str, list[Label]]:
    books: dict[str, list[Label]] = {}
    for label in labels:
        books.setdefault(label.book, []).append(label)
    return books


def read_book(name: str) -> str:
    path = DATA / name if "/" in name else DATA / "english" / "raw" / name
    return decode(path.read_bytes(), path.name)


# --- how well ---


@dataclass
class Tally:
    """Hits, false alarms and misses for "poem", in blocks and in non-blank lines."""

    blocks: npt.NDArray[np.int64]
    lines: npt.NDArray[np.int64]

    @property
    def f1(self) -> float:
        return _f1(self.blocks)

    @property
    def line_f1(self) -> float:
        return _f1(self.lines)


def _f1(counts: npt.NDArray[np.int64]) -> float:
    hits, false_alarms, misses = counts.tolist()
    return 2 * hits / max(2 * hits + false_alarms + misses, 1)


def the_filter(text: str) -> Flags:
    is_poem = np.zeros(text.count("\n") + 2, dtype=bool)
    for block in find_blocks(text):
        if block.label == "poem":
            is_poem[block.start_line : block.end_line + 1] = True
    return is_poem


def few_words(most: float) -> Rule:
    """Return the article's rule: a paragraph of fewer than `most` words for each line break is a poem."""

    def rule(text: str) -> Flags:
        lines = text.split("\n")
        is_poem = np.zeros(len(lines) + 1, dtype=bool)
        start = 0
        for number, line in enumerate([*lines, ""]):
            if not line.strip():
                words = sum(len(each.split()) for each in lines[start:number])
                is_poem[start + 1 : number + 1] = words < most * (number - start)
                start = number + 1
        return is_poem

    return rule


def tally(labels: Sequence[Label], rule: Rule) -> tuple[Tally, list[Label]]:
    """Return the counts and the misclassified blocks; a block has the label of most of its non-blank lines."""
    counts = Tally(np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    wrong: list[Label] = []
    for book, blocks in by_book(labels).items():
        text = read_book(book)
        filled = np.array([False, *(bool(line.strip()) for line in text.split("\n"))])
        is_poem = rule(text)
        for block in blocks:
            called = is_poem[block.start : block.end + 1][filled[block.start : block.end + 1]]
            hits = int(called.sum())
            truth, said = block.label == "poem", 2 * hits > called.size
            counts.blocks += (truth and said, said and not truth, truth and not said)
            counts.lines += (hits, 0, called.size - hits) if truth else (0, hits, 0)
            if truth != said:
                wrong.append(block)
    return counts, wrong


def quality(name: str, what: str, bar: str = "", errors: bool = False) -> Iterator[Figure]:
    """Measure the filter on labelled blocks; with `errors`, also print each block that came out wrong."""
    labels = read_labels(name)
    counts, wrong = tally(labels, the_filter)
    for block in wrong if errors else ():
        print(f"      {block.book}:{block.start}-{block.end} is {block.label}")
    tries = [(tally(labels, few_words(most))[0], most) for most in np.arange(5, 13, 0.5).tolist()]
    best, most = max(tries, key=lambda each: each[0].f1)
    where = f"F1 for poems, {len(labels)} blocks of {len(by_book(labels))} books {what}"
    rule = f"the article's rule, fewer than {most:g} words a line,"
    yield Figure(TOPIC, f"{where}, by blocks", round(counts.f1, 3), "", bar, compared=f"{rule} {best.f1:.3f}")
    yield Figure(TOPIC, f"{where}, by lines", round(counts.line_f1, 3), compared=f"{rule} {best.line_f1:.3f}")


# --- how fast ---


def speed(megabytes: int = full_or_tiny(20, 1)) -> Iterator[Figure]:
    """Measure MB/s of processor time, the best of three."""
    books = b"".join(path.read_bytes() for path in sorted((DATA / "english" / "raw").glob("*.txt")))
    data = (books * (1 + megabytes * 10**6 // len(books)))[: megabytes * 10**6]
    data = data[: data.rindex(b"\n") + 1]
    best = np.full(2, np.inf)
    for _ in range(3):
        start = time.process_time()
        find_blocks(decode(data, "the books"))
        middle = time.process_time()
        find_poems(decode(data, "the books"))
        best = np.minimum(best, (middle - start, time.process_time() - middle))
    rates = len(data) / 1e6 / best
    yield Figure(TOPIC, "bytes to blocks, processor time", rounded(float(rates[0])), "MB/s")
    yield Figure(TOPIC, "bytes to poems, processor time", rounded(float(rates[1])), "MB/s", "≥ 20")


def measure(quick: bool = False, errors: bool = False) -> Iterator[Figure]:
    """Measure quality and speed; a quick run reads fewer megabytes."""
    if not DATA.is_dir():
        sys.exit(f"The books are not there: put them in {DATA}.")
    yield from quality("test", "not tuned on", "≥ 0.98", errors)
    yield from quality("tune", "tuned on", errors=errors)
    yield from speed(min(5, full_or_tiny(20, 1)) if quick else full_or_tiny(20, 1))


# --- the weights ---


@dataclass
class Examples:
    """The labelled blocks of one book: their features, their context, and whether they are verse."""

    values: Floats
    around: Callable[[Floats], Floats]
    single: Flags
    truth: Floats


Shape = Callable[[str, list[Label]], tuple[str, list[Label]]]


def as_printed(text: str, labels: list[Label]) -> tuple[str, list[Label]]:
    return text, labels


def unwrapped(text: str, labels: list[Label]) -> tuple[str, list[Label]]:
    """Return text as found on the web: each paragraph of prose on one line, and so are verse lines that were wrapped."""
    lines = text.split("\n")
    many_words = ~few_words(9)(text)
    kind = ["prose" if many else "" for many in many_words[1:]]
    for label in labels:
        kind[label.start - 1 : label.end] = [label.label] * (label.end - label.start + 1)
    joined: list[str] = []
    place: list[int] = []
    for number, line in enumerate(lines):
        goes_on = (
            number > 0 and line.strip() and lines[number - 1].strip() and kind[number] == kind[number - 1]
        )
        if goes_on and kind[number] == "poem":
            goes_on = (
                _indent(line) >= _indent(joined[-1]) + 2
                and line.lstrip()[0].islower()
                and len(joined[-1]) > 55
            )
        elif goes_on:
            goes_on = kind[number] == "prose" or len(joined[-1]) > 55
        if goes_on:
            joined[-1] += " " + line.strip()
        else:
            joined.append(line)
        place.append(len(joined))
    return "\n".join(joined), [replace(x, start=place[x.start - 1], end=place[x.end - 1]) for x in labels]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def small_heads(text: str, labels: list[Label]) -> tuple[str, list[Label]]:
    """Return verse as most is written today: a line starts with a capital only if a sentence does."""
    lines = text.split("\n")
    verse = few_words(9)(text)[1:]
    for label in labels:
        verse[label.start - 1 : label.end] = label.label == "poem"
    changed = lines.copy()
    for number in np.flatnonzero(verse[1:] & verse[:-1]) + 1:
        above, line = lines[number - 1].rstrip(), lines[number]
        if above and not _SENTENCE_ENDS.search(above) and not _ALWAYS_CAPITAL.match(line):
            changed[number] = _HEAD.sub(lambda head: head[0].lower(), line)
    return "\n".join(changed), labels


_SENTENCE_ENDS = re.compile(r"[.!?][^\w\s]*$")
_ALWAYS_CAPITAL = re.compile(r"\W*I\b")
_HEAD = re.compile(r"^\W*\w")

# Each form of text, and its weight relative to the books as printed.
FORMS: tuple[tuple[Shape, float], ...] = ((as_printed, 1.0), (unwrapped, 0.3), (small_heads, 1.0))


def examples(labels: Sequence[Label], form: Shape) -> Iterator[Examples]:
    for book, printed in by_book(labels).items():
        text, blocks = form(read_book(book).expandtabs(4), printed)
        lines = extract_lines(text)
        pieces = segment(text, lines)
        measured = segment_features.segment_features(lines, pieces)
        verse = np.full(len(lines), np.nan)
        for block in blocks:
            verse[block.start - 1 : block.end] = block.label == "poem"
        spans = zip(pieces.first.tolist(), pieces.end.tolist(), strict=True)
        truth = np.array([verse[first:end].mean() for first, end in spans])
        known = np.flatnonzero((pieces.make == RUNNING) & ~np.isnan(truth))

        def around(
            alone: Floats,
            lines=lines,
            pieces=pieces,
            measured=measured,
            known=known,
        ) -> Floats:
            scores = measured.values @ alone[:-1] + alone[-1]
            return context_features.context_features(
                lines, pieces, measured, scores, context_features.alphabetical(lines)
            )[known]

        yield Examples(measured.values[known], around, measured.lines[known] == 1, np.round(truth[known]))


def fit(labels: Sequence[Label]) -> tuple[Floats, Floats]:
    """Return the weights of the shape alone, and of shape and context for (several, single) lines."""
    forms = [(book, share) for form, share in FORMS for book in examples(labels, form)]
    books = [book for book, _ in forms]
    truth = np.concatenate([book.truth for book in books])
    # A book with very many labelled blocks counts as much as one with sixty.
    weight = np.concatenate(
        [np.full(book.truth.size, share * min(1, 60 / max(book.truth.size, 1))) for book, share in forms]
    )
    alone = regression(np.concatenate([book.values for book in books]), truth, weight)
    full = np.concatenate([np.concatenate((book.values, book.around(alone)), axis=1) for book in books])
    single = np.concatenate([book.single for book in books])[:, None].astype(float)
    # Single lines have separate weights, pulled towards those of several lines if there are few examples.
    both = regression(np.concatenate((full, single, single * full), axis=1), truth, weight)
    count = full.shape[1]
    several = np.append(both[:count], both[-1])
    return alone, np.stack((several, several + np.append(both[count + 1 : -1], both[count])))


def regression(values: Floats, truth: Floats, weight: Floats, penalty: float = 1.0) -> Floats:
    """Return the weights, the constant last, of a logistic regression with an L2 penalty, by Newton's method."""
    values = np.concatenate((values, np.ones((len(values), 1))), axis=1)
    shrink = np.append(np.full(values.shape[1] - 1, penalty), 1e-6)
    weights = np.zeros(values.shape[1])
    for _ in range(30):
        likely = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (weight * (likely - truth)) + shrink * weights
        curve = (values.T * (weight * likely * (1 - likely))) @ values + np.diag(shrink)
        weights -= np.linalg.solve(curve, slope)
    return weights


def write_weights(alone: Floats, full: Floats) -> None:
    rows = [
        '"""What speaks for verse (above 0) and against it (below 0), in log odds.',
        "",
        "Written by `python benchmarks/filter.py --fit` from hand labels; the names are explained in segment_features.py and",
        'context_features.py."""',
        "",
        "# Of a piece's shape by itself.",
        "ALONE = {",
        *(f'    "{n}": {w:.2f},' for n, w in zip((*segment_features.NAMES, "bias"), alone, strict=True)),
        "}",
        "",
        "# Of its shape and its surroundings: for a piece of several lines, for a single line.",
        "FULL = {",
        *(
            f'    "{n}": ({a:.2f}, {b:.2f}),'
            for n, a, b in zip((*segment_features.NAMES, *context_features.NAMES, "bias"), *full, strict=True)
        ),
        "}",
        "",
    ]
    WEIGHTS.write_text("\n".join(rows), encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--errors", action="store_true", help="name the blocks that came out wrong")
    parser.add_argument("--fit", action="store_true", help="fit the weights again and write them")
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"The books are not there: put them in {DATA}.")
    if options.fit:
        write_weights(*fit([*read_labels("tune"), *read_labels("shapes")]))
        print(f"Written: {WEIGHTS}. Run this once more without --fit for the figures.")
        return 0
    return figures.report(measure(errors=options.errors))


if __name__ == "__main__":
    sys.exit(main())
