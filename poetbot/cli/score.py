"""`score POET FILE`: how well a poet predicts poems."""

import argparse
import json
from pathlib import Path

from poetbot.cli.options import add_json, add_poet
from poetbot.corpus.loading import read_plain, read_poems
from poetbot.documents.formats import DOCUMENT_SUFFIXES
from poetbot.errors import PoetBotError
from poetbot.poets.folder import load
from poetbot.poets.poet_scoring import score_poet


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "score",
        help="how well a poet predicts unseen poems",
        description="Measure how well a poet predicts poems, each on its own. Lower is better.",
        epilog="Example: %(prog)s english unseen.jsonl",
    )
    add_poet(parser)
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a .jsonl of poems, a document, or a .txt with poems separated by a line %%",
    )
    parser.add_argument(
        "--author", action="append", default=[], help="only poems by this author (repeatable)"
    )
    add_json(parser, "the figures")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Score the file."""
    poet, path = load(chosen.poet), Path(chosen.file)
    poems = (read_poems if path.suffix.lower() in (".jsonl", *DOCUMENT_SUFFIXES) else read_plain)(path).poems
    if chosen.author:
        poems = tuple(poem for poem in poems if poem.author in chosen.author)
        if not poems:
            raise PoetBotError("The file has no poem by that author. Write the name as it appears there.")
    facts = score_poet(poet, [poem.text for poem in poems])
    if chosen.json:
        print(json.dumps(facts))
    elif "tokens" in facts:
        print(
            f"{facts['nats_per_token']:.4f} nats per word or punctuation mark over {facts['poems']:,} poems, "
            f"{facts['tokens']:,} words and punctuation marks ({facts['unknown_tokens']:,} unknown to the poet)."
        )
    else:
        bits = facts["bits_per_character"]
        print(
            (
                f"{facts['nats_per_token']:.4f} nats per lowercase letter"
                if bits is None
                else f"{bits:.4f} bits per character"
            )
            + f" over {facts['poems']:,} poems, "
            f"{facts['characters']:,} characters ({facts['unknown_characters']:,} unknown to the poet)."
        )
    return 0
