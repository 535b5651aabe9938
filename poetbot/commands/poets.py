"""`poets`: the poets that are here, with their figures."""

import argparse
import json
from typing import Any

from poetbot.poets.folder import load, poet_folders


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "poets",
        help="list poets with their figures",
        description="List the bundled poets with their figures.",
        epilog="Example: python -m poetbot poets --json",
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """List the poets."""
    rows = [_row(load(folder).card) for folder in poet_folders()]
    if chosen.json:
        print(json.dumps({"poets": rows}, ensure_ascii=False))
        return 0
    for row in rows:
        bits = row["bits_per_character"]
        print(
            f"{row['name']}: read {row['poems']:,} poems ({row['characters']:,} characters)"
            + (f"; {bits:.3f} bits a character on poems it never saw" if bits else "")
        )
    if not rows:
        print("There is no poet here yet: train one with `python -m poetbot train`.")
    return 0


def _row(card: Any) -> dict[str, Any]:
    return {
        "name": card["name"],
        "id": card["id"],
        "recipe": card["recipe"]["name"],
        "poems": card["corpus"]["training_poems"],
        "characters": card["corpus"]["training_characters"],
        "bits_per_character": card["figures"]["validation_bits_per_character"],
        "minutes": card["training"]["minutes"],
        "when": card["training"]["when"],
    }
