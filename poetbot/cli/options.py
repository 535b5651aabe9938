"""Options that several commands share."""

import argparse

from poetbot.corpus.chinese_scripts import SCRIPTS


def add_poet(parser: argparse.ArgumentParser) -> None:
    """Add the poet as the first argument."""
    parser.add_argument("poet", metavar="POET", help="a poet's name or folder")


def add_temperature(parser: argparse.ArgumentParser) -> None:
    """Add --temperature."""
    parser.add_argument(
        "--temperature", type=float, default=0.7, help="0 (predictable) to 2 (wild); default: 0.7"
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
