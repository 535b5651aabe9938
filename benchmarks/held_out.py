"""The poems of `english` and the split it was trained with, read from its card, so that all benchmarks use the same."""

import contextlib
import io
import sys
from pathlib import Path

import numpy as np

from benchmarks.sizes import TINY
from poetbot.__main__ import main as poetbot
from poetbot.corpus.loading import read_poems
from poetbot.corpus.named_corpora import read_named
from poetbot.poets.folder import Poet
from poetbot.training.split import Split, split

ENGLISH = Path(__file__).resolve().parents[2] / "shared" / "data" / "english"
LEFT_OUT = tuple(ENGLISH / "clean" / name for name in ("dickinson.jsonl", "shakespeare_sonnets.jsonl"))
CORPUS = Path.home() / ".cache" / "poetbot" / "english.jsonl"
"""Cache for the poems, because finding them takes minutes."""

_WITHOUT = ("dickinson", "shakespeare_sonnets", "golden_treasury")
"""Parts of the names of books with poems that stay unseen; the last has no authors to tell them by."""


def corpus_command(out: Path) -> list[str]:
    """Return the command that builds the poet's corpus."""
    raw = [
        path for path in sorted(ENGLISH.glob("raw/*.txt")) if not any(part in path.name for part in _WITHOUT)
    ]
    files = [ENGLISH / "clean" / "poems.jsonl", *raw, *sorted(ENGLISH.glob("nltk_gutenberg/*.txt"))]
    return ["corpus", *map(str, files), "--out", str(out)]


def split_of(poet: Poet, corpus: Path | None = None) -> Split:
    """Return the training and validation poems of `poet`. Exits if the books aren't here."""
    if TINY:
        poems = read_named("english-poems").poems
        return Split(tuple(poems[:80]), tuple(poems[80:90]), {}, "a few poems, for a moment")
    if not ENGLISH.is_dir():
        sys.exit("The folder shared/ with the real books does not lie beside this checkout.")
    if corpus is None:
        corpus = CORPUS
        if not corpus.is_file():
            corpus.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                poetbot(corpus_command(corpus))
    read = read_poems(corpus)
    if read.fingerprint != poet.card["corpus"]["fingerprint"]:
        sys.exit(f"{corpus} has other poems than the poet was trained on: remove it, and it is made anew.")
    rule = str(poet.card["split"]["rule"])
    return split(
        read.poems,
        np.random.default_rng([int(poet.card["training"]["rng"]), 1]),
        authors=rule.removeprefix("by author: ").split(", "),
        without=[poem for path in LEFT_OUT for poem in read_poems(path).poems],
        slurs=False,
    )
