"""The options --engine and --address, of commands that can work on a Ray cluster."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator

from tqdm import tqdm

from poetbot.errors import PoetBotError

ENGINES = ("local", "ray")


def add_engine(parser: argparse._ActionsContainer) -> None:
    """Add the options to a command."""
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="local",
        help="work on this machine alone, or on a Ray cluster (docs/scaling.md; default: local)",
    )
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        help="the head node of the Ray cluster, or auto (default: start Ray on this machine)",
    )


def on_cluster(chosen: argparse.Namespace) -> bool:
    """Return whether a command works on a cluster. Raises PoetBotError for --address without --engine ray."""
    if chosen.address and chosen.engine != "ray":
        raise PoetBotError("--address needs --engine ray. Add it, or leave out --address.")
    return bool(chosen.engine == "ray")


def refuse(chosen: argparse.Namespace, *options: str) -> None:
    """Raise PoetBotError for the first of these options that was given and can't work on a cluster."""
    for option in options:
        if getattr(chosen, option) not in (None, False, 1):
            raise PoetBotError(
                f"--{option.replace('_', '-')} doesn't work with --engine ray. Leave one of them out."
            )


@contextlib.contextmanager
def step_bar() -> Iterator[Callable[[str, float], None]]:
    """Show a progress bar on stderr. The yielded function takes the name of a step and the share of it that is done."""
    with tqdm(
        total=1.0, file=sys.stderr, disable=None, leave=False, bar_format="{desc} {percentage:3.0f}%|{bar}|"
    ) as bar:

        def seen(step: str, share: float) -> None:
            bar.set_description_str(step, refresh=False)
            bar.n = share
            bar.refresh()

        yield seen
