"""`settings`: every limit of the app, its current value, and how to change it."""

import argparse
import itertools
import json

from poetbot.settings import FIXED, Settings, as_json, as_markdown, rows


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "settings",
        help="show every limit of the app and how to change it",
        description="Show every limit of the app, its current value, and the environment variable that changes it.",
        epilog="Example: POETBOT_UPLOAD_MB=50 %(prog)s --json",
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print the table as JSON")
    form.add_argument("--markdown", action="store_true", help="print docs/settings.md")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Show the table. Raises PoetBotError if the environment has an invalid setting."""
    settings = Settings.in_force()
    if chosen.json:
        print(json.dumps(as_json(settings), ensure_ascii=False))
    elif chosen.markdown:
        print(as_markdown(settings), end="")
    else:
        for group, members in itertools.groupby(rows(settings), key=lambda row: row["group"]):
            print(group)
            for row in members:
                changed = "" if row["value"] == row["default"] else f" (default: {row['default']:,})"
                print(f"  {row['variable']}={row['value']}  {row['unit']}{changed}\n      {row['meaning']}")
            print()
        print("Fixed limits")
        for each in FIXED:
            print(f"  {each.meaning}: {each.amount:,} {each.unit}")
    return 0
