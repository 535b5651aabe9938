"""`write POET`: write poems, each with its overlap report and its receipt."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.cli import form_options, theme_options, write_form
from poetbot.cli.options import add_json, add_poet_or_blend, add_writing_options, chosen_poet
from poetbot.cli.receipt_file import receipt_in
from poetbot.cli.write_form import print_poem
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import Poet
from poetbot.writing import (
    MAX_BEST_OF,
    CachedPoet,
    Request,
    Writer,
    WrittenPoem,
    request_of_receipt,
    write_best_of,
    write_together,
)
from poetbot.writing.chinese_script import given, given_lines
from poetbot.writing.form_writer import FORM
from poetbot.writing.receipt import poet_of_receipt

MAX_COUNT = 10_000


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "write",
        help="write with a poet",
        description="Write with a poet. Without --characters or --lines the poet decides where a poem ends.",
        epilog='Example: %(prog)s english --seed "The sea at night" --lines 8 --rng 7',
    )
    add_poet_or_blend(parser)
    parser.add_argument(
        "--epoch",
        type=int,
        metavar="E",
        help="write with the weights from epoch E of its training, if they are stored",
    )
    parser.add_argument("--seed", default="", metavar="TEXT", help="the opening, which the poet continues")
    add_writing_options(parser)
    parser.add_argument(
        "--characters",
        type=int,
        metavar="N",
        help="write at most N characters, ending after a line or a word",
    )
    parser.add_argument("--lines", type=int, metavar="N", help="write N lines")
    parser.add_argument(
        "--count",
        type=int,
        default=1,
        metavar="K",
        help="write K poems at once; poem k (from 0) has random seed N + k",
    )
    parser.add_argument(
        "--best-of",
        type=int,
        default=1,
        metavar="N",
        help=f"write N poems at once and print the best (at most {MAX_BEST_OF})",
    )
    parser.add_argument("--receipt", metavar="FILE", help="recreate the poem of this receipt")
    add_json(parser, "poems, receipts and overlap")
    theme_options.add(parser).add_argument(
        "--about-seed",
        action="store_true",
        help="without --about: write about the words of the seed, in English, as the app does",
    )
    form_options.add(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the poems. One is streamed; several are printed in order, each as soon as those before it are done."""
    receipt = receipt_in(Path(chosen.receipt), "poems", "poem") if chosen.receipt else None
    poet = chosen_poet(chosen.poet, chosen.blend, receipt, chosen.epoch)
    if not 1 <= chosen.count <= MAX_COUNT:
        raise PoetBotError("--count must be an integer from 1 to {most:,}.", most=MAX_COUNT)
    if not 1 <= chosen.best_of <= MAX_BEST_OF:
        raise PoetBotError("--best-of must be an integer from 1 to {most:,}.", most=MAX_BEST_OF)
    if chosen.best_of > 1 and (chosen.count > 1 or chosen.receipt):
        raise PoetBotError("--best-of prints one new poem. Leave --count and --receipt out.")
    if receipt is not None:
        poet = poet_of_receipt(receipt, poet)
    drawn = int(np.random.default_rng().integers(2**32)) if chosen.rng is None else chosen.rng
    if form_options.asked(chosen) or FORM.matches(receipt):
        return write_form.run(chosen, poet, receipt, drawn)
    if receipt is not None:
        first = request_of_receipt(receipt, poet)
    else:
        first = Request(
            chosen.seed,
            chosen.temperature,
            chosen.top_p,
            chosen.characters,
            chosen.lines,
            drawn,
            guard=chosen.guard,
            script=chosen.script or "",
            theme=theme_options.theme_of(chosen, chosen.seed if chosen.about_seed else ""),
            real_words=chosen.real_words,
        )
    needs_index = chosen.json or first.guard or chosen.best_of > 1
    index = OverlapIndex.open(poet.overlap_folder) if needs_index else None
    if index and chosen.best_of > 1:
        return _write_best(CachedPoet(poet, index), first, chosen.best_of, index, as_json=chosen.json)
    if chosen.count == 1:
        poems = [_write(poet, first, index, aloud=not chosen.json)]
    else:
        poems = _write_together(poet, first, chosen.count, index, aloud=not chosen.json)
    if chosen.json and index:
        print(json.dumps({"poems": [_with_overlap(index, poem) for poem in poems]}, ensure_ascii=False))
    return 0


def _write_best(
    cached: CachedPoet, request: Request, count: int, index: OverlapIndex, *, as_json: bool
) -> int:
    best = write_best_of(cached, request, count)[0]
    if as_json:
        found = {**_with_overlap(index, best.poem), "ranking": best.ranking_as_json()}
        print(json.dumps({"poems": [found]}, ensure_ascii=False))
    else:
        print_poem(best.poem)
    return 0


def _write(poet: Poet, request: Request, index: OverlapIndex | None, *, aloud: bool) -> WrittenPoem:
    writer = Writer(poet, request, index)
    if aloud:
        for notice in writer.notices:
            print(notice, file=sys.stderr)
        print(given(writer.seed, request.script), end="", flush=True)
    for piece in given_lines(writer, request.script):
        if aloud:
            print(piece, end="", flush=True)
    if aloud:
        print()
    return writer.poem()


def _write_together(
    poet: Poet, request: Request, count: int, index: OverlapIndex | None, *, aloud: bool
) -> list[WrittenPoem]:
    poems: dict[int, WrittenPoem] = {}
    printed = 0
    for number, poem in write_together(poet, request, count, index):
        poems[number] = poem
        while aloud and printed in poems:
            if not printed:
                print(*poem.notices, sep="\n", end="\n" * bool(poem.notices), file=sys.stderr)
            print(poems[printed].given, flush=True)
            printed += 1
            if printed < count:
                print("%")
    return [poems[number] for number in range(count)]


def _with_overlap(index: OverlapIndex, poem: WrittenPoem) -> dict[str, Any]:
    return {**poem.as_json(), "overlap": report(index, poem.text, poem.seed_characters)}
