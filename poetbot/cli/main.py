"""Parses the command line, runs a command, and turns errors into one line and an exit code."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

from poetbot.cli import check, corpus, poets, rhymes, score, settings, study, suggest, train, write
from poetbot.documents.records import NoSuchField
from poetbot.errors import Failure, PoetBotError

BAD_INPUT = 2
FAILURE = 1


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Report an error in one line, without argparse's usage block."""
        raise PoetBotError(f"{message}. Run `{self.prog} --help` for help.")


def parser() -> argparse.ArgumentParser:
    """Return the parser with every command."""
    top = _Parser(
        prog="python -m poetbot",
        description="Find poems in a text, train a poet on them, write with it, and see what it copied.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (corpus, train, write, suggest, rhymes, check, score, poets, study, settings):
        module.add(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code: 0, 2 for bad input, 1 for a failure, or the command's own."""
    chosen = argparse.Namespace()
    try:
        chosen = parser().parse_args(arguments)
        return int(chosen.run(chosen))
    except PoetBotError as error:
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
