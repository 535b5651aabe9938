"""`study …`: what a poet learned, in figures and pictures."""

import argparse

from poetbot.cli import study_poems, study_training, study_words


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command, with a subcommand for each thing that can be studied."""
    parser = commands.add_parser(
        "study",
        help="what a poet learned, in figures and pictures",
        description="See what a poet learned: its words, its learning curves, its growth, the sound of its verse, and what surprises it.",
        epilog="Example: %(prog)s words english --key --out words.png",
    )
    kinds = parser.add_subparsers(dest="study", metavar="WHAT", required=True)
    for module in (study_words, study_training, study_poems):
        module.add(kinds)
