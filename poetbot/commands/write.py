"""`write POET`: write poems, each with its overlap report and its receipt."""

import argparse
import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import Poet, load
from poetbot.writing import Request, Writer, WrittenPoem, request_of_receipt

MAX_COUNT = 10_000


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "write",
        help="write with a poet",
        description="Write with a poet. Without --characters or --lines a poem ends where the poet ends it.",
        epilog='Example: python -m poetbot write english --seed "The sea at night" --lines 8 --rng 7',
    )
    parser.add_argument("poet", metavar="POET", help="a poet's name or folder")
    parser.add_argument("--seed", default="", metavar="TEXT", help="first words, which the poet goes on from")
    parser.add_argument("--temperature", type=float, default=0.7, help="0 (steady) to 2 (wild); default 0.7")
    parser.add_argument("--top-p", type=float, default=1.0, help="keep only the likeliest share (default 1)")
    parser.add_argument(
        "--characters", type=int, metavar="N", help="write N characters and on to the line's end"
    )
    parser.add_argument("--lines", type=int, metavar="N", help="write N lines")
    parser.add_argument("--count", type=int, default=1, metavar="K", help="write K poems")
    parser.add_argument(
        "--rng", type=int, metavar="N", help="number that all chance follows from (default: drawn)"
    )
    parser.add_argument("--receipt", metavar="FILE", help="write the poem of this receipt again")
    parser.add_argument("--json", action="store_true", help="print poems, receipts and overlap as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the poems, streaming them where no JSON is asked for."""
    poet = load(chosen.poet)
    if not 1 <= chosen.count <= MAX_COUNT:
        raise PoetBotError(f"--count must be a whole number from 1 to {MAX_COUNT:,}.")
    if chosen.receipt:
        first = request_of_receipt(_receipt(Path(chosen.receipt)), poet)
    else:
        drawn = int(np.random.default_rng().integers(2**32)) if chosen.rng is None else chosen.rng
        first = Request(chosen.seed, chosen.temperature, chosen.top_p, chosen.characters, chosen.lines, drawn)
    poems = []
    for k in range(chosen.count):
        poem = _write(poet, dataclasses.replace(first, rng=first.rng + k), aloud=not chosen.json)
        poems.append(poem)
        if not chosen.json:
            print("\n" + ("%\n" if k + 1 < chosen.count else ""), end="")
    if chosen.json:
        index = OverlapIndex.open(poet.overlap_folder)
        print(json.dumps({"poems": [_with_overlap(index, poem) for poem in poems]}, ensure_ascii=False))
    return 0


def _write(poet: Poet, request: Request, *, aloud: bool) -> WrittenPoem:
    writer = Writer(poet, request)
    if aloud:
        for notice in writer.notices:
            print(notice, file=sys.stderr)
        print(writer.seed, end="", flush=True)
    for piece in writer:
        if aloud:
            print(piece, end="", flush=True)
    return writer.poem()


def _with_overlap(index: OverlapIndex, poem: WrittenPoem) -> dict[str, Any]:
    return {**poem.as_json(), "overlap": report(index, poem.text, poem.seed_characters)}


def _receipt(path: Path) -> Any:
    """Read a receipt, or the receipt inside what `write --json` printed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PoetBotError(
            f"The receipt {path} cannot be read: give the JSON that came with a poem."
        ) from error
    if isinstance(data, dict) and isinstance(data.get("poems"), list) and data["poems"]:
        data = data["poems"][0]
    return data.get("receipt", data) if isinstance(data, dict) else data
