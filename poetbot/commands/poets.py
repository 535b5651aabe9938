"""`poets`: the poets that are here, with their figures."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.home import Home
from poetbot.poets.folder import load, poet_folders


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "poets",
        help="list poets with their figures",
        description="List the bundled poets and your own with their figures.",
        epilog="Example: python -m poetbot poets --json",
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """List the poets."""
    rows = [_row(load(folder).card) for folder in poet_folders()]
    for folder in poet_folders(Home.of_this_person().poets):
        try:
            rows.append({**_row(load(folder).card), "name": folder.name})
        except (PoetBotError, KeyError, TypeError) as error:
            said = error if isinstance(error, PoetBotError) else f"The card of {folder.name} is damaged."
            print(said, file=sys.stderr)
    if chosen.json:
        print(json.dumps({"poets": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        predicts = predicting(row)
        print(
            f"{row['name']}: read {row['poems']:,} poems ({row['characters']:,} characters)"
            + (f"; {predicts} on poems it never saw" if predicts else "")
        )
    if not rows:
        print("There is no poet here yet: train one with `python -m poetbot train`.")
    return 0


def figures_of(card: Mapping[str, Any]) -> dict[str, float | None]:
    """Return a poet's figures on held-out poems: in bits a character, or in nats a token for a poet of words."""
    figures = card["figures"]
    return {
        "bits_per_character": figures["validation_bits_per_character"],
        "nats_per_token": figures.get("validation_nats_per_token"),
    }


def predicting(row: Mapping[str, Any]) -> str:
    """Return how well a poet predicts, in words; "" where nothing was held out."""
    bits, nats = row["bits_per_character"], row["nats_per_token"]
    if bits is not None:
        return f"{bits:.3f} bits a character"
    return "" if nats is None else f"{nats:.3f} nats a token"


def _row(card: Any) -> dict[str, Any]:
    return {
        "name": card["name"],
        "id": card["id"],
        "recipe": card["recipe"]["name"],
        "poems": card["corpus"]["training_poems"],
        "characters": card["corpus"]["training_characters"],
        **figures_of(card),
        "minutes": card["training"]["minutes"],
        "when": card["training"]["when"],
    }
