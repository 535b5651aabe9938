"""Parses the command line, runs a command, and turns errors into one line and an exit code."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NoReturn

from poetbot import __version__
from poetbot.documents.records import NoSuchField
from poetbot.errors import Failure, PoetBotError
from poetbot.installation import COMMAND

BAD_INPUT = 2
FAILURE = 1

COMMANDS = {
    name: f"poetbot.cli.{name}"
    for name in (
        *(
            "corpus",
            "train",
            "write",
            "suggest",
            "rhymes",
            "check",
            "index",
            "score",
            "poets",
            "study",
            "settings",
        ),
        "export",
    )
} | {"import": "poetbot.cli.import_poet"}
"""The module of each command, imported when the command is needed."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Report an error in one line, without argparse's usage block."""
        raise PoetBotError(f"{message}. Run `{self.prog} --help` for help.")


def parser(commands: Mapping[str, str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser with these commands, by default with all of this package."""
    top = _Parser(
        prog=COMMAND,
        description="Find poems in a text, train a poet on them, write with it, and see what it copied.",
    )
    top.add_argument("--version", action="version", version=f"PoetBot {__version__}")
    added = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in commands.values():
        import_module(module).add(added)
    return top


def main(arguments: Sequence[str] | None = None, more: Mapping[str, str] | None = None) -> int:
    """Run a command line and return its exit code: 0, 2 for bad input, 1 for a failure, or the command's own.

    `more` are commands of other packages, with their modules.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    commands = {**(more or {}), **COMMANDS}
    named = {name: module for name, module in commands.items() if name in given[:1]}
    chosen = argparse.Namespace()
    try:
        chosen = parser(named or commands).parse_args(given)
        return int(chosen.run(chosen))
    except PoetBotError as error:
        for note in getattr(error, "__notes__", ()):
            print(note, file=sys.stderr)
        hint = " Choose one with --text, --title or --author." if isinstance(error, NoSuchField) else ""
        print(f"{error}{hint}", file=sys.stderr)
        if getattr(chosen, "while_open", False):  # the app started this, and translates the error
            print(json.dumps(error.message.as_json()), file=sys.stderr)
        return FAILURE if isinstance(error, Failure) else BAD_INPUT
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return FAILURE
    except BrokenPipeError:
        return FAILURE
    except OSError as error:
        print(f"{error.strerror or error}: {error.filename or 'check the disk'}.", file=sys.stderr)
        return FAILURE
