"""The filter at work on a writer's notebook, with a hand-made label for every line of it."""

import json
from pathlib import Path

import pytest

from poetbot.corpus.blocks import find_blocks
from poetbot.corpus.named_corpora import CORPORA, read_named
from poetbot.corpus.near_duplicates import near_duplicate_groups
from poetbot.corpus.poems import find_poems
from poetbot.poem import Poem

TEXT = (CORPORA / "notebook.txt").read_text("utf-8")
FILLED = {number for number, line in enumerate(TEXT.split("\n"), start=1) if line.strip()}
LABELS = [
    json.loads(line)
    for line in (Path(__file__).parent / "labels_notebook.jsonl").read_text("utf-8").splitlines()
]


def lines_of(label: dict[str, int]) -> set[int]:
    return FILLED & set(range(label["start"], label["end"] + 1))


def f1(hits: int, false_alarms: int, misses: int) -> float:
    return 2 * hits / (2 * hits + false_alarms + misses)


@pytest.fixture(scope="module")
def called() -> set[int]:
    """Return the lines that the filter calls verse."""
    blocks = [block for block in find_blocks(TEXT) if block.label == "poem"]
    return FILLED & {n for block in blocks for n in range(block.start_line, block.end_line + 1)}


def test_every_line_has_one_label() -> None:
    labelled = [number for label in LABELS for number in lines_of(label)]
    assert len(labelled) == len(FILLED) and set(labelled) == FILLED
    assert {label["label"] for label in LABELS} == {"poem", "prose", "contents", "other"}


def test_f1_of_poem(called: set[int]) -> None:
    verse = [lines_of(label) for label in LABELS if label["label"] == "poem"]
    rest = [lines_of(label) for label in LABELS if label["label"] != "poem"]
    hits = sum(2 * len(lines & called) > len(lines) for lines in verse)
    false_alarms = sum(2 * len(lines & called) > len(lines) for lines in rest)
    assert f1(hits, false_alarms, len(verse) - hits) >= 0.9

    all_verse = set().union(*verse)
    assert f1(len(all_verse & called), len(called - all_verse), len(all_verse - called)) >= 0.85


def test_prose_and_contents_are_never_verse(called: set[int]) -> None:
    for label in LABELS:
        if label["label"] in ("prose", "contents"):
            assert not lines_of(label) & called


@pytest.mark.parametrize(
    "title",
    [
        "ICE ON THE SLIP",
        "MRS TULL SEES OFF THE NINE O'CLOCK",
        "TWO HERONS",
        "THE INSPECTOR FROM HEAD OFFICE",
        "FOR THE BABY AT NUMBER THREE",
        "LAST PAGE",
    ],
)
def test_a_poem_is_found_under_its_title(title: str) -> None:
    assert title in [poem.title for poem in find_poems(TEXT)]


def test_its_poems_are_not_those_of_the_collection() -> None:
    lines = TEXT.split("\n")
    verse = [
        Poem("\n".join(lines[label["start"] - 1 : label["end"]]))
        for label in LABELS
        if label["label"] == "poem"
    ]
    collection = list(read_named("english-poems").poems)
    groups = near_duplicate_groups([*collection, *verse])
    assert len(set(groups)) == len(groups)
