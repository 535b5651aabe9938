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

ROOT = Path(__file__).resolve().parents[1]
BOOKS = ROOT.parent / "shared" / "data"
CORPUS = Path.home() / ".cache" / "poetbot" / "english.jsonl"
"""Cache for the poems, because finding them takes half a minute."""


def corpus_command(out: Path) -> list[str]:
    """Return the command that builds the poet's corpus."""
    manifest = ROOT / "corpora" / "english.toml"
    return ["corpus", "--manifest", str(manifest), "--books", str(BOOKS), "--out", str(out)]


def split_of(poet: Poet, corpus: Path | None = None) -> Split:
    """Return the training and validation poems of `poet`. Exits if the books aren't here."""
    if TINY:
        poems = read_named("english-poems").poems
        return Split(tuple(poems[:80]), tuple(poems[80:90]), {}, "a few poems, for a moment")
    if not BOOKS.is_dir():
        sys.exit("This benchmark needs the folder shared/ with the books next to the checkout.")
    if corpus is None:
        corpus = CORPUS
        if not corpus.is_file():
            corpus.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                poetbot(corpus_command(corpus))
    read = read_poems(corpus)
    if read.fingerprint != poet.card["corpus"]["fingerprint"]:
        sys.exit(f"{corpus} has other poems than the poet was trained on. Remove it, and it is built again.")
    rule = str(poet.card["split"]["rule"])
    return split(
        read.poems,
        np.random.default_rng([int(poet.card["training"]["rng"]), 1]),
        authors=rule.removeprefix("by author: ").split(", "),
    )
