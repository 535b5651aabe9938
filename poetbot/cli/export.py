"""`export POET`: a poet as a folder for the Hugging Face Hub, or as a .zip file for another PoetBot."""

import argparse
from pathlib import Path

from poetbot.cli.options import add_poet
from poetbot.library.poets.hub_export import UNKNOWN, HubMetadata, export_to_hub
from poetbot.library.poets.zip_export import export_poet
from poetbot.poets.folder import load


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "export",
        help="a poet for the Hugging Face Hub, or as a .zip file",
        description="Write a poet with its model card to a folder for the Hugging Face Hub, or to a .zip file.",
        epilog="Example: %(prog)s my-poet --hub my-poet-for-the-hub --license cc0-1.0",
    )
    add_poet(parser)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--hub", metavar="DIR", help="a new or empty folder; nothing is uploaded")
    target.add_argument("--zip", metavar="FILE", help="a .zip file, as the Poets tab downloads it")
    parser.add_argument("--license", metavar="ID", help="the poet's licence, by its identifier on the Hub")
    parser.add_argument("--language", metavar="CODE", help="the language it writes, such as de")
    parser.add_argument(
        "--dataset", metavar="NAME", action="append", default=[], help="a data set on the Hub that it read"
    )
    parser.add_argument("--with-poems", action="store_true", help="include its training poems")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Export the poet, and say what its card doesn't know."""
    said = HubMetadata(chosen.license, chosen.language, tuple(chosen.dataset))
    folder = load(chosen.poet).folder
    if chosen.zip:
        export_poet(folder, Path(chosen.zip), chosen.with_poems)
        print(f"Saved {chosen.zip}.")
        return 0
    metadata = export_to_hub(folder, Path(chosen.hub), said, chosen.with_poems)
    print(f"Saved {chosen.hub}. Upload it with `hf upload OWNER/NAME {chosen.hub}`.")
    if metadata["license"] == UNKNOWN:
        print("The card gives no licence. Choose one with --license, such as cc0-1.0.")
    if "language" not in metadata:
        print("The card gives no language. Name it with --language, such as de.")
    return 0
