"""`import FOLDER`: add a poet to your own, from a folder or a .zip file."""

import argparse
import tempfile
from pathlib import Path

from poetbot.library.poets.zip_export import export_poet
from poetbot.library.poets.zip_import import import_poet
from poetbot.poets.folder import load
from poetbot.storage import Home


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "import",
        help="add a poet from a folder or a .zip file",
        description="Copy a poet, such as one downloaded from the Hugging Face Hub, to your own poets.",
        epilog="Example: %(prog)s my-poet-from-the-hub",
    )
    parser.add_argument("source", metavar="FILE", help="a poet's folder, or a .zip file of one")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Import the poet and print its name. A folder is packed first, so both are checked alike."""
    source = Path(chosen.source)
    with tempfile.TemporaryDirectory() as temporary:
        if source.is_dir():
            packed = Path(temporary) / "poet.zip"
            export_poet(load(source.resolve()).folder, packed, with_poems=True)
            source = packed
        name = import_poet(Home.default(), source)
    print(f"Imported {name}.")
    return 0
