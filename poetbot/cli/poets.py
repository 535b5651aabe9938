"""`poets`: the available poets, with their figures."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.installation import COMMAND
from poetbot.poets.folder import load, poet_folders
from poetbot.storage import Home
from poetbot.training.model_card import held_out_figure


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "poets",
        help="list poets with their figures",
        description="List the bundled poets and your own with their figures.",
        epilog="Example: %(prog)s --json",
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """List the poets."""
    cards = [load(folder).card for folder in poet_folders()]
    rows, lines = [_row(card) for card in cards], [in_words(card) for card in cards]
    for folder in poet_folders(Home.default().poets):
        try:
            card = {**load(folder).card, "name": folder.name}
            row, line = _row(card), in_words(card)
            rows.append(row)
            lines.append(line)
        except (PoetBotError, KeyError, TypeError) as error:
            problem = error if isinstance(error, PoetBotError) else f"The card of {folder.name} is damaged."
            print(problem, file=sys.stderr)
    if chosen.json:
        print(json.dumps({"poets": rows}, ensure_ascii=False))
        return 0
    for line in lines:
        print(line)
    if not lines:
        print(f"There are no poets yet. Train one with `{COMMAND} train`.")
    return 0


def in_words(card: Mapping[str, Any]) -> str:
    """Return a line about what a poet read and how well it predicts unseen poems."""
    recipe, corpus = card["recipe"], card["corpus"]
    pieces = recipe.get("pieces", "poems")
    predicts = held_out_figure(card["figures"], recipe["level"][:-1])
    return (
        f"{card['name']}: read {corpus['training_poems']:,} {pieces} ({corpus['training_characters']:,} characters)"
        + (f"; {predicts} on {pieces} it never saw" if predicts else "")
    )


def _row(card: Any) -> dict[str, Any]:
    return {
        "name": card["name"],
        "id": card["id"],
        "recipe": card["recipe"]["name"],
        "poems": card["corpus"]["training_poems"],
        "characters": card["corpus"]["training_characters"],
        "bits_per_character": card["figures"]["validation_bits_per_character"],
        "nats_per_token": card["figures"].get("validation_nats_per_token"),
        "minutes": round(
            card["training"]["minutes"] + card["training"].get("earlier", {}).get("minutes", 0), 1
        ),
        "when": card["training"]["when"],
    }
