"""`check POET FILE…`: what a text shares word for word with what a poet has read."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from poetbot.corpus.reading import read_text
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, headline, report
from poetbot.poets.folder import load

COPIED = 3
"""Exit code where a run of --fail-over words or more is found."""


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check",
        help="the overlap report of any text",
        description="Say what a text shares word for word with what a poet has read.",
        epilog="Example: python -m poetbot check english draft.txt --fail-over 8",
    )
    parser.add_argument("poet", metavar="POET", help="a poet's name or folder")
    parser.add_argument("files", metavar="FILE", nargs="+", help="text files, or - for standard input")
    parser.add_argument(
        "--fail-over", type=int, metavar="N", help="exit with 3 where a run of N words or more is found"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the report; for several files a list of them"
    )
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Check each file; all are read before anything is printed."""
    if chosen.fail_over is not None and not 4 <= chosen.fail_over <= 10_000:
        raise PoetBotError(
            "--fail-over must be a whole number from 4 to 10,000: shorter runs are not reported."
        )
    poet = load(chosen.poet)
    index = OverlapIndex.open(poet.overlap_folder)
    reports = [report(index, _text(name)) for name in chosen.files]
    if chosen.json:
        print(json.dumps(reports if len(reports) > 1 else reports[0], ensure_ascii=False))
    else:
        for name, found in zip(chosen.files, reports, strict=True):
            print(f"{name}: {_sentence(found)}")
    longest = max(found["longest"]["words"] for found in reports)
    return COPIED if chosen.fail_over is not None and longest >= chosen.fail_over else 0


def _text(name: str) -> str:
    if name != "-":
        return read_text(Path(name))
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PoetBotError("Standard input is no UTF-8 text: convert it first.") from error


def _sentence(found: dict[str, Any]) -> str:
    facts = headline(found)
    share = found["fourgrams"]["share_novel"]
    if facts["words"] < 4:
        return (
            f"{found['words']:,} words; nothing of four words or more in common with what this poet has read."
        )
    poems = "1 poem" if facts["poems"] == 1 else f"{facts['poems']:,} poems"
    novel = f"; {share:.0%} of its four-word runs are new" if share is not None else ""
    return (
        f"{found['words']:,} words; longest run shared with what this poet has read: {facts['words']} words, "
        f'"{" ".join(facts["text"].split())}", in {poems}{novel}.'
    )
