"""`score POET FILE`: how well a poet predicts poems."""

import argparse
import dataclasses
import json
from pathlib import Path

from poetbot.corpus.reading import read_plain, read_poems
from poetbot.errors import PoetBotError
from poetbot.poets.folder import load
from poetbot.poets.scoring import score


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "score",
        help="how well a poet predicts unseen poems",
        description="Say how well a poet predicts poems, each alone. A lower figure is better.",
        epilog="Example: python -m poetbot score english unseen.jsonl",
    )
    parser.add_argument("poet", metavar="POET", help="a poet's name or folder")
    parser.add_argument(
        "file", metavar="FILE", help="a .jsonl of poems, or a .txt with poems parted by a line %%"
    )
    parser.add_argument(
        "--author", action="append", default=[], help="only poems by this author (repeatable)"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Score the file."""
    poet, path = load(chosen.poet), Path(chosen.file)
    poems = (read_poems(path) if path.suffix.lower() == ".jsonl" else read_plain(path)).poems
    if chosen.author:
        poems = tuple(poem for poem in poems if poem.author in chosen.author)
        if not poems:
            raise PoetBotError("The file has no poem by that author: give the name as it stands there.")
    found = score(poet.network, poet.vocabulary, [poem.text for poem in poems])
    facts = dataclasses.asdict(found)
    del facts["nats"]
    facts["nats_per_character"] = found.nats_per_character
    facts["bits_per_character"] = found.bits_per_character
    if chosen.json:
        print(json.dumps(facts))
    else:
        print(
            f"{found.bits_per_character:.4f} bits a character over {found.poems:,} poems, "
            f"{found.characters:,} characters ({found.unknown_characters:,} unknown to the poet)."
        )
    return 0
