"""`corpus FILE…`: find the poems in files and folders."""

import argparse
import dataclasses
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from poetbot.cli import corpus_manifest
from poetbot.cli.engine_options import add_engine, on_cluster, refuse, step_bar
from poetbot.cli.options import add_json
from poetbot.cli.reading_options import add_reading_options, reading_bar, reading_of, wanted_of
from poetbot.corpus.chinese_regular_verse import regular_verse, without_rare_characters
from poetbot.corpus.deduplication import find_repeats
from poetbot.corpus.loading import PIECES, ParsedFile, parse_files
from poetbot.documents.records import displayable
from poetbot.errors import PoetBotError
from poetbot.installation import check_cluster_installed
from poetbot.settings import Settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "corpus",
        help="find the poems in raw text",
        description="Find the poems in raw text, and label every block of lines. Poems in tables and lists aren't filtered.",
        epilog="Example: %(prog)s book.txt my-poems/ --out poems.jsonl",
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="text (.txt, .md, any other ending), documents (.docx, .odt, .epub, .pdf), web pages (.html), tables and "
        "lists of poems (.csv, .json, .jsonl), WordPress exports (.xml), or folders of these",
    )
    parser.add_argument(
        "--out",
        metavar="poems.jsonl",
        help="write the poems here, one per line; with --engine ray also a folder of Parquet files",
    )
    parser.add_argument(
        "--deduplicate",
        action="store_true",
        help="keep only the longest of poems that are nearly the same, or the first if they are equally long",
    )
    add_engine(parser)
    parser.add_argument(
        "--pieces",
        choices=PIECES,
        default="poems",
        help="cut the text into these; sections and lines keep everything (default: poems)",
    )
    parser.add_argument(
        "--regular",
        metavar="N,N",
        help="keep only Chinese poems whose lines all have this many characters, such as 5,7; one verse line per row",
    )
    parser.add_argument(
        "--seldom",
        type=int,
        default=1,
        metavar="N",
        help="leave out poems with a character that occurs in fewer than N poems",
    )
    parser.add_argument(
        "--manifest",
        metavar="manifest.toml",
        help="build a corpus from many books by the rules in this file instead (docs/corpora.md)",
    )
    parser.add_argument(
        "--books",
        metavar="FOLDER",
        default=".",
        help="the folder with the books of the manifest (default: this folder)",
    )
    parser.add_argument(
        "--held-out", metavar="poems.jsonl", help="write the poems that the manifest holds out here"
    )
    add_reading_options(parser)
    add_json(parser, "blocks and poems")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Find the poems in the files. A file that can't be read is left out and named if others can be."""
    if bool(chosen.files) == bool(chosen.manifest):
        raise PoetBotError("Give files or --manifest, not both.")
    cluster = on_cluster(chosen)
    if chosen.manifest:
        if cluster or chosen.deduplicate:
            raise PoetBotError(
                "--manifest doesn't work with --engine ray or --deduplicate. Leave one of them out."
            )
        return corpus_manifest.run(chosen)
    if cluster:
        return _run_on_cluster(chosen)
    reading = reading_of(chosen, chosen.pieces)
    lengths = _lengths(chosen.regular)
    if not 1 <= chosen.seldom <= 1000:
        raise PoetBotError("--seldom must be an integer from 1 to 1,000.")
    out = Path(chosen.out) if chosen.out else None
    with reading_bar() as seen:
        everything = parse_files(chosen.files, chosen.pieces, wanted_of(chosen), reading, seen, out)
    found = _kept(everything.files, lengths, chosen.seldom)
    if chosen.deduplicate:
        found = _without_repeats(found)
    poems = [poem for file in found for poem in file.poems]
    characters = sum(len(poem.text) for poem in poems)
    if chosen.out:
        corpus_manifest.write_poems(chosen.out, poems)
    for notice in everything.notices:
        print(notice, file=sys.stderr)
    if chosen.json:
        files = [
            {
                "name": file.name,
                "blocks": [block._asdict() for block in file.blocks],
                "poems": [
                    {"title": poem.title, "start_line": poem.start_line, "end_line": poem.end_line}
                    for poem in file.poems
                ],
            }
            for file in found
        ]
        counts = {
            "poems": len(poems),
            "characters": characters,
            "left_out": list(map(str, everything.left_out)),
        }
        print(json.dumps({"files": files, **counts}, ensure_ascii=False))
        return 0
    for file in found:
        _print(file, chosen.pieces)
    print(
        f"{len(poems):,} {chosen.pieces}, {characters:,} characters"
        + (f", written to {chosen.out}" if chosen.out else "")
    )
    return 0


def _run_on_cluster(chosen: argparse.Namespace) -> int:
    """Find the poems on a Ray cluster."""
    refuse(chosen, "seldom", "held_out")
    if not chosen.out:
        raise PoetBotError("With --engine ray, name a folder or a .jsonl with --out.")
    how_read = reading_of(chosen, chosen.pieces)
    lengths = _lengths(chosen.regular)
    check_cluster_installed()
    from poetbot.cluster.connection import connected
    from poetbot.cluster.corpus import find_poems
    from poetbot.cluster.found_poems import HowToRead

    seconds = Settings.in_force().reading_seconds
    how = HowToRead(chosen.pieces, wanted_of(chosen), how_read, lengths, seconds)
    with connected(chosen.address), step_bar() as seen:
        found = find_poems(chosen.files, chosen.out, how, chosen.deduplicate, seen)
    for notice in (*found.left_out, *found.notices):
        print(notice, file=sys.stderr)
    if chosen.json:
        print(json.dumps(dataclasses.asdict(found), ensure_ascii=False))
        return 0
    repeats = f", {found.repeats:,} near-duplicates left out" if chosen.deduplicate else ""
    print(
        f"{found.poems:,} {chosen.pieces}, {found.characters:,} characters from {found.files:,} files{repeats}, "
        f"written to {chosen.out}"
    )
    return 0


def _without_repeats(files: Sequence[ParsedFile]) -> list[ParsedFile]:
    """Return the files without the poems that are nearly the same as another."""
    repeats = find_repeats([poem for file in files for poem in file.poems])
    starts = itertools.accumulate((len(file.poems) for file in files), initial=0)
    return [
        dataclasses.replace(
            file, poems=tuple(poem for place, poem in enumerate(file.poems, start) if place not in repeats)
        )
        for file, start in zip(files, starts, strict=False)
    ]


def _lengths(given: str | None) -> tuple[int, ...]:
    """Return the lengths of `--regular`, empty without it. Raises PoetBotError if they are invalid."""
    lengths = tuple(int(part) for part in (given or "").split(",") if part.strip().isdecimal())
    if given is not None and not (
        0 < len(lengths) == given.count(",") + 1 and all(1 <= n <= 20 for n in lengths)
    ):
        raise PoetBotError(
            "--regular must be numbers of characters from 1 to 20, separated by commas, such as 5,7."
        )
    return lengths


def _kept(files: Sequence[ParsedFile], lengths: tuple[int, ...], fewest: int) -> list[ParsedFile]:
    """Return the files with only regular poems (if lengths are given) and without rare characters."""
    poems = [regular_verse(file.poems, lengths) if lengths else list(file.poems) for file in files]
    common = {id(poem) for poem in without_rare_characters([poem for each in poems for poem in each], fewest)}
    return [
        dataclasses.replace(file, poems=tuple(poem for poem in each if id(poem) in common))
        for file, each in zip(files, poems, strict=True)
    ]


def _print(file: ParsedFile, pieces: str) -> None:
    where = f" in {len(file.blocks):,} blocks" if file.text is not None and pieces == "poems" else ""
    print(f"{file.name}: {len(file.poems):,} {pieces}{where}")
    for block in file.blocks:
        print(f"  {block.start_line:>7}–{block.end_line:<7}  {block.label:<9} {block.reason}")
    if file.text is not None:
        return
    for poem in file.poems:
        named = displayable(poem.title or "untitled") + (
            f", {displayable(poem.author)}" if poem.author else ""
        )
        print(f"  {poem.start_line:>7}–{poem.end_line:<7}  poem      {named}, {len(poem.text):,} characters")
