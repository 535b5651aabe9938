"""`corpus FILE…`: find the poems in files and folders."""

import argparse
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from poetbot.cli import corpus_manifest
from poetbot.cli.options import add_json
from poetbot.cli.reading_options import add_reading_options, reading_bar, reading_of, wanted_of
from poetbot.corpus.chinese_regular_verse import regular_verse, without_rare_characters
from poetbot.corpus.loading import PIECES, ParsedFile, parse_files
from poetbot.documents.records import displayable
from poetbot.errors import PoetBotError


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "corpus",
        help="find the poems in raw text",
        description="Find the poems in raw text, and say of every block what it was taken for. Poems of a table or a "
        "list are taken as they are.",
        epilog="Example: python -m poetbot corpus book.txt my-poems/ --out poems.jsonl",
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="*",
        help="text (.txt, .md, any other ending), documents (.docx, .odt, .epub, .pdf), web pages (.html), tables and "
        "lists of poems (.csv, .json, .jsonl), WordPress exports (.xml), or folders of these",
    )
    parser.add_argument("--out", metavar="poems.jsonl", help="write the poems here, one a line")
    parser.add_argument(
        "--pieces",
        choices=PIECES,
        default="poems",
        help="cut the text into these; sections and lines leave nothing out (default: poems)",
    )
    parser.add_argument(
        "--regular",
        metavar="N,N",
        help="of Chinese verse only poems whose lines all have so many characters, as in 5,7; each line gets a row",
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
        help="gather a corpus from many books by the rules of this file instead (docs/corpora.md)",
    )
    parser.add_argument(
        "--books", metavar="FOLDER", default=".", help="where the books of a manifest are (default: here)"
    )
    parser.add_argument(
        "--held-out", metavar="poems.jsonl", help="write the poems that a manifest holds out by a share here"
    )
    add_reading_options(parser)
    add_json(parser, "blocks and poems")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Find the poems of the files; what cannot be read is left out and named where others can."""
    if bool(chosen.files) == bool(chosen.manifest):
        raise PoetBotError("Give files or --manifest, and not both.")
    if chosen.manifest:
        return corpus_manifest.run(chosen)
    reading = reading_of(chosen, chosen.pieces)
    lengths = _lengths(chosen.regular)
    if not 1 <= chosen.seldom <= 1000:
        raise PoetBotError("--seldom must be a whole number from 1 to 1,000.")
    out = Path(chosen.out) if chosen.out else None
    with reading_bar() as seen:
        everything = parse_files(chosen.files, chosen.pieces, wanted_of(chosen), reading, seen, out)
    found = _kept(everything.files, lengths, chosen.seldom)
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


def _lengths(given: str | None) -> tuple[int, ...]:
    """Return the lengths of `--regular`, none where it was not asked for. Raises PoetBotError for anything else."""
    lengths = tuple(int(part) for part in (given or "").split(",") if part.strip().isdecimal())
    if given is not None and not (
        0 < len(lengths) == given.count(",") + 1 and all(1 <= n <= 20 for n in lengths)
    ):
        raise PoetBotError(
            "--regular must be the characters of a line, from 1 to 20, parted by commas, as in 5,7."
        )
    return lengths


def _kept(files: Sequence[ParsedFile], lengths: tuple[int, ...], fewest: int) -> list[ParsedFile]:
    """Return the files with the poems that are regular (where lengths are given) and have no seldom characters."""
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
        named = displayable(poem.title or "without a title") + (
            f", {displayable(poem.author)}" if poem.author else ""
        )
        print(f"  {poem.start_line:>7}–{poem.end_line:<7}  poem      {named}, {len(poem.text):,} characters")
