"""What the `study` commands share: reading poems, and saving results to files."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from poetbot.cli.options import add_temperature
from poetbot.corpus.loading import read_plain, read_poems
from poetbot.corpus.named_corpora import NAMED, read_named
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet
from poetbot.storage import write_atomically
from poetbot.writing import Request, write_together

MOST_WRITTEN = 1_000
WRITTEN = 24
"""Poems that a poet writes if none are given: enough words for a cloud, in a few seconds."""


def add_wrote(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which poems a poet wrote."""
    parser.add_argument(
        "--wrote",
        metavar="FILE",
        help="its poems: a .jsonl, or a .txt with poems separated by a line %% (default: it writes some)",
    )
    parser.add_argument(
        "--count", type=int, default=WRITTEN, metavar="K", help=f"poems to write (default: {WRITTEN})"
    )
    add_temperature(parser)
    parser.add_argument("--rng", type=int, default=0, metavar="N", help="random seed")


def wrote(chosen: argparse.Namespace, poet: Poet) -> list[str]:
    """Return the poems of a file, or write some."""
    if chosen.wrote:
        return poems_of(chosen.wrote)
    if not 1 <= chosen.count <= MOST_WRITTEN:
        raise PoetBotError("--count must be an integer from 1 to {most:,}.", most=MOST_WRITTEN)
    request = Request(temperature=chosen.temperature, rng=chosen.rng)
    poems = write_together(poet, request, chosen.count)
    # On a terminal only: a file or a pipe gets no bar.
    written = dict(
        tqdm(poems, "writing", chosen.count, file=sys.stderr, disable=None, leave=False, unit="poem")
    )
    return [written[number].text for number in range(chosen.count)]


def poems_of(corpus: str) -> list[str]:
    """Return the poems of a named corpus, a .jsonl, a .txt separated by `%`, or those found in any other file."""
    path = Path(corpus)
    if corpus in NAMED and not path.exists():
        return [poem.text for poem in read_named(corpus).poems]
    plain = path.suffix.lower() == ".txt" and path.is_file() and path.stat().st_size < 10_000_000
    read = read_plain(path) if plain else read_poems(path)
    return [poem.text for poem in read.poems]


def suffix_of(out: str | None, among: Sequence[str]) -> str | None:
    """Return the file type of --out, or None without it. Raises PoetBotError for an unknown type."""
    if out is None:
        return None
    suffix = Path(out).suffix.lower().lstrip(".")
    if suffix not in among:
        raise PoetBotError("--out must end in {endings}.", endings=" or ".join(f".{form}" for form in among))
    if not Path(out).resolve().parent.is_dir():
        raise PoetBotError("There is no folder {folder}. Create it first.", folder=Path(out).parent)
    return suffix


def keep(out: str, data: bytes | str) -> None:
    """Write a result to the file of --out."""
    # Spreadsheets recognise UTF-8 only by a byte order mark.
    write_atomically(Path(out), data.encode("utf-8-sig") if isinstance(data, str) else data)
