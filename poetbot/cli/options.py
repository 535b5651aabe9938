"""Options that several commands share."""

import argparse
from collections.abc import Mapping
from typing import Any

from poetbot.corpus.chinese_scripts import SCRIPTS
from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND
from poetbot.poets.blend import blended, load_blend, parts_of_receipt
from poetbot.poets.folder import Poet, load
from poetbot.poets.sampling import DEFAULT_TEMPERATURE


def add_poet(parser: argparse.ArgumentParser) -> None:
    """Add the poet as the first argument."""
    parser.add_argument("poet", metavar="POET", help="a poet's name or folder")


def add_poet_or_blend(parser: argparse.ArgumentParser) -> None:
    """Add the poet as the first argument, which may be left out, and --blend."""
    parser.add_argument("poet", metavar="POET", nargs="?", help="a poet's name or folder")
    parser.add_argument(
        "--blend",
        metavar="BLEND",
        help="write with two or three poets that share a vocabulary, such as english:0.6,dickinson:0.4, instead of POET",
    )


def chosen_poet(poet: str | None, blend: str | None, receipt: Any = None, epoch: int | None = None) -> Poet:
    """Load the poet or blend that is named, or else the blend of a receipt. Raises PoetBotError unless there is one."""
    if poet and blend:
        raise PoetBotError("Name a poet or a blend, not both.")
    if blend and epoch is not None:
        raise PoetBotError("--epoch works with one poet. Leave it out.")
    if blend:
        return load_blend(blend)
    if poet:
        return load(poet, epoch)
    parts = parts_of_receipt(receipt) if isinstance(receipt, Mapping) else ()
    if not parts:
        raise PoetBotError(
            "Name a poet, or a blend with --blend. Run `{command} poets` to list them.", command=COMMAND
        )
    poets = [load(part.poet, entry.get("epoch")) for part, entry in parts]
    return blended(poets, [part for part, _ in parts])


def add_temperature(parser: argparse.ArgumentParser) -> None:
    """Add --temperature."""
    parser.add_argument(
        "--temperature",
        type=float,
        default=DEFAULT_TEMPERATURE,
        help=f"0 (predictable) to 2 (wild); default: {DEFAULT_TEMPERATURE}",
    )


def add_writing_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a poet writes."""
    add_temperature(parser)
    parser.add_argument(
        "--top-p", type=float, default=1.0, help="ignore unlikely choices (default: 1, ignore none)"
    )
    parser.add_argument(
        "--guard",
        type=int,
        default=0,
        metavar="N",
        help="copy no phrase of N words or more from the training poems (default: 0, no limit)",
    )
    parser.add_argument("--rng", type=int, metavar="N", help="random seed (default: random)")
    parser.add_argument(
        "--script", choices=SCRIPTS, help="the Chinese script of what you type and of what the poet writes"
    )


def add_picture_options(parser: argparse.ArgumentParser, out: str) -> None:
    """Add --out, which saves what the text `out` says, and --dark."""
    parser.add_argument("--out", metavar="FILE", help=f"save {out}")
    parser.add_argument("--dark", action="store_true", help="draw on a dark background")


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """Add --json, which prints `what`."""
    parser.add_argument("--json", action="store_true", help=f"print {what} as JSON")
