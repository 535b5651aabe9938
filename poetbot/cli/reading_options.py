"""The options of `corpus` and `train` for reading files, as in the app, and a progress bar on stderr."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

from tqdm import tqdm

from poetbot.corpus.parts import Reading
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError

_BAR_AFTER = 1.0
"""Seconds before the bar appears."""


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    group = parser.add_argument_group("how files are read")
    group.add_argument(
        "--all-poems",
        action="store_true",
        help="treat everything as poems, including prose poems and lists, instead of finding poems",
    )
    for field in ("text", "title", "author"):
        group.add_argument(
            f"--{field}", metavar="NAME", help=f"the field of a table or list that holds the {field}"
        )
    group.add_argument(
        "--tag",
        action="append",
        default=[],
        help="take only the posts of a WordPress export with this tag or category, each as a poem (repeatable)",
    )
    group.add_argument(
        "--filter",
        action=argparse.BooleanOptionalAction,
        help="find poems inside the texts of tables, lists and posts, or take each text as a poem "
        "(default: find them only in posts without --tag)",
    )


def wanted_of(chosen: argparse.Namespace) -> FieldChoice:
    """Return the chosen fields and tags."""
    return FieldChoice(chosen.text, chosen.title, chosen.author, tuple(chosen.tag), chosen.filter)


def reading_of(chosen: argparse.Namespace, pieces: str) -> Reading:
    """Return how files are read. Raises PoetBotError for --all-poems with other `pieces`."""
    if chosen.all_poems and pieces != "poems":
        raise PoetBotError(f"--all-poems can't be combined with --pieces {pieces}. Leave one of them out.")
    return Reading.POEMS if chosen.all_poems else Reading.FILTER


@contextlib.contextmanager
def reading_bar() -> Iterator[Callable[[float], None]]:
    """Show a progress bar on stderr while files are read. The yielded function takes the share read so far."""
    # On a terminal only: a file or a pipe gets no bar.
    with tqdm(
        desc="reading",
        total=1.0,
        file=sys.stderr,
        disable=None,
        leave=False,
        delay=_BAR_AFTER,
        miniters=0,
        bar_format="{desc} {percentage:3.0f}%|{bar}|",
    ) as bar:
        yield lambda share: bar.update(max(0.0, share - bar.n)) and None
