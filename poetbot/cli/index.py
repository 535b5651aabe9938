"""`index PATH…`: an overlap index of any poems, in shards, for `check`."""

import argparse
import itertools
import json
import sys
from pathlib import Path

from poetbot.cli.engine_options import add_engine, on_cluster, step_bar
from poetbot.cli.options import add_json
from poetbot.cli.reading_options import reading_bar
from poetbot.corpus.loading import read_poems
from poetbot.errors import PoetBotError
from poetbot.installation import check_cluster_installed
from poetbot.overlap.shards import SHARD_WORDS, build_shards, take_up, write_header
from poetbot.overlap.storage import SHARDS_HEADER
from poetbot.settings import Settings

_FEWEST, _MOST = 10_000, 50_000_000  # words of a shard


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "index",
        help="index poems, to check texts against them without a poet",
        description="Make an overlap index of the poems in files and folders. `check` takes its folder instead of a poet.",
        epilog="Example: %(prog)s books/ --out books.index",
    )
    parser.add_argument(
        "files",
        metavar="PATH",
        nargs="+",
        help="files and folders as for `corpus`; with --engine ray also Parquet files, globs and URLs",
    )
    parser.add_argument("--out", metavar="FOLDER", required=True, help="write the index here")
    parser.add_argument(
        "--shard-words",
        type=int,
        default=SHARD_WORDS,
        metavar="N",
        help=f"words in a shard, at most (default: {SHARD_WORDS:,})",
    )
    add_engine(parser)
    add_json(parser, "the numbers of shards, poems and words")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Index the poems. A run that stopped goes on with the shards that are missing."""
    if not _FEWEST <= chosen.shard_words <= _MOST:
        raise PoetBotError(f"--shard-words must be an integer from {_FEWEST:,} to {_MOST:,}.")
    if "://" in chosen.out:
        raise PoetBotError("An index can't be written to a URL. Name a folder with --out.")
    out = Path(chosen.out)
    if (out / SHARDS_HEADER).exists():
        raise PoetBotError(f"{out} is a finished index. Choose another folder, or delete it.")
    notices: tuple[str, ...]
    if on_cluster(chosen):
        check_cluster_installed()
        from poetbot.cluster.connection import connected
        from poetbot.cluster.index import build_index

        with connected(chosen.address), step_bar() as told:
            sizes, notices = build_index(
                chosen.files, out, chosen.shard_words, Settings.in_force().reading_seconds, told
            )
    else:
        with reading_bar() as seen:
            corpus = read_poems(chosen.files, seen=seen, out=out)
        take_up(out, itertools.chain(["local", chosen.shard_words], corpus.poems))
        sizes, notices = build_shards(corpus.poems, out, chosen.shard_words), tuple(map(str, corpus.notices))
        write_header(out, sizes)
    for notice in notices:
        print(notice, file=sys.stderr)
    counts = {
        "shards": len(sizes),
        "poems": sum(size.poems for size in sizes),
        "words": sum(size.words for size in sizes),
        "left_out": [notice for notice in notices if notice.startswith("Left out")],
    }
    if chosen.json:
        print(json.dumps(counts, ensure_ascii=False))
    else:
        print(
            f"{counts['poems']:,} poems, {counts['words']:,} words in {len(sizes):,} shards, written to {out}"
        )
    return 0
