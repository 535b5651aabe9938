"""The split that the poet `english` was trained with, read from its card, so that every figure uses the same."""

import sys
from pathlib import Path

import numpy as np

from poetbot.corpus.poem import Poem
from poetbot.corpus.reading import read_poems
from poetbot.poets.folder import Poet
from poetbot.training.split import Split, split

CLEAN = Path(__file__).resolve().parents[2] / "shared" / "data" / "english" / "clean"


def split_of(poet: Poet) -> Split:
    """Return the training and validation poems of `poet`; leaves with a sentence where the books are not here."""
    if not CLEAN.is_dir():
        sys.exit("The folder shared/ with the real books does not lie beside this checkout.")
    rule = str(poet.card["split"]["rule"])
    without: list[Poem] = []
    for name in ("dickinson.jsonl", "shakespeare_sonnets.jsonl"):
        without += read_poems(CLEAN / name).poems
    parts = split(
        read_poems(CLEAN / "poems.jsonl").poems,
        np.random.default_rng([int(poet.card["training"]["rng"]), 1]),
        authors=rule.removeprefix("by author: ").split(", "),
        without=without,
        slurs=False,
    )
    if len(parts.training) != poet.card["corpus"]["training_poems"]:
        sys.exit("The books beside this checkout are not those that the poet was trained on.")
    return parts
