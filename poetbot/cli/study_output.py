"""What the `study` commands have in common: poems to study, and files to keep what was found in."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from poetbot.corpus.loading import read_plain, read_poems
from poetbot.corpus.named_corpora import NAMED, read_named
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, write_atomically
from poetbot.writing import Request, write_together

MOST_WRITTEN = 1_000
WRITTEN = 24
"""Poems that a poet writes where none are given: enough words for a cloud, in some seconds."""


def add_wrote(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which poems a poet wrote."""
    parser.add_argument(
        "--wrote",
        metavar="FILE",
        help="its poems: a .jsonl, or a .txt with poems parted by a line %% (default: it writes some)",
    )
    parser.add_argument(
        "--count", type=int, default=WRITTEN, metavar="K", help=f"poems it writes (default {WRITTEN})"
    )
    parser.add_argument("--temperature", type=float, default=0.7, help="0 (steady) to 2 (wild); default 0.7")
    parser.add_argument("--rng", type=int, default=0, metavar="N", help="number that all chance follows from")


def wrote(chosen: argparse.Namespace, poet: Poet) -> list[str]:
    """Return the poems of a file, or write some."""
    if chosen.wrote:
        return poems_of(chosen.wrote)
    if not 1 <= chosen.count <= MOST_WRITTEN:
        raise PoetBotError(f"--count must be a whole number from 1 to {MOST_WRITTEN:,}.")
    request = Request(temperature=chosen.temperature, rng=chosen.rng)
    poems = write_together(poet, request, chosen.count)
    # Only for a person who looks on: a file or a pipe gets no bar.
    written = dict(
        tqdm(poems, "writing", chosen.count, file=sys.stderr, disable=None, leave=False, unit="poem")
    )
    return [written[number].text for number in range(chosen.count)]


def poems_of(corpus: str) -> list[str]:
    """Return the poems of a corpus by name, a .jsonl or what the filter finds in any other file; `%` parts a .txt."""
    path = Path(corpus)
    if corpus in NAMED and not path.exists():
        return [poem.text for poem in read_named(corpus).poems]
    plain = path.suffix.lower() == ".txt" and path.is_file() and path.stat().st_size < 10_000_000
    read = read_plain(path) if plain else read_poems(path)
    return [poem.text for poem in read.poems]


def suffix_of(out: str | None, among: Sequence[str]) -> str | None:
    """Return the form of file that --out asks for, None without it. Raises PoetBotError for another."""
    if out is None:
        return None
    suffix = Path(out).suffix.lower().lstrip(".")
    if suffix not in among:
        raise PoetBotError(
            f"--out must end in {' or '.join(f'.{form}' for form in among)}, to say what to keep."
        )
    if not Path(out).resolve().parent.is_dir():
        raise PoetBotError(
            f"There is no folder {Path(out).parent} to keep {Path(out).name} in: make it first."
        )
    return suffix


def keep(out: str, data: bytes | str) -> None:
    """Write what --out asked for."""
    # A spreadsheet takes UTF-8 for what it is only where a mark at the beginning says so.
    write_atomically(Path(out), data.encode("utf-8-sig") if isinstance(data, str) else data)
