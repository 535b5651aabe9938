"""`corpus FILE…`: find the poems in raw text."""

import argparse
import dataclasses
import json
from pathlib import Path

from poetbot.corpus.blocks import find_blocks
from poetbot.corpus.reading import PIECES, pieces_of, read_text


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "corpus",
        help="find the poems in raw text",
        description="Find the poems in raw text, and say of every block what it was taken for.",
        epilog="Example: python -m poetbot corpus book.txt --out poems.jsonl",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="text files, UTF-8 or UTF-16")
    parser.add_argument("--out", metavar="poems.jsonl", help="write the poems here, one a line")
    parser.add_argument(
        "--pieces",
        choices=PIECES,
        default="poems",
        help="cut the text into these; sections and lines leave nothing out (default: poems)",
    )
    parser.add_argument("--json", action="store_true", help="print blocks and poems as JSON")
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Filter the files; nothing is written where one of them is bad."""
    found = []
    for path in map(Path, chosen.files):
        text = read_text(path)
        blocks = find_blocks(text) if chosen.pieces == "poems" else []
        found.append((path.name, blocks, pieces_of(text, chosen.pieces, path.name)))
    rows = [
        {key: value for key, value in dataclasses.asdict(poem).items() if value is not None}
        for _, _, poems in found
        for poem in poems
    ]
    characters = sum(len(row["text"]) for row in rows)
    if chosen.out:
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]
        Path(chosen.out).write_text("".join(lines), encoding="utf-8")
    if chosen.json:
        files = [
            {
                "name": name,
                "blocks": [dataclasses.asdict(block) for block in blocks],
                "poems": [
                    {"title": poem.title, "start_line": poem.start_line, "end_line": poem.end_line}
                    for poem in poems
                ],
            }
            for name, blocks, poems in found
        ]
        print(json.dumps({"files": files, "poems": len(rows), "characters": characters}, ensure_ascii=False))
        return 0
    for name, blocks, poems in found:
        where = f" in {len(blocks):,} blocks" if chosen.pieces == "poems" else ""
        print(f"{name}: {len(poems):,} {chosen.pieces}{where}")
        for block in blocks:
            print(f"  {block.start_line:>7}–{block.end_line:<7}  {block.label:<9} {block.reason}")
    print(
        f"{len(rows):,} {chosen.pieces}, {characters:,} characters"
        + (f", written to {chosen.out}" if chosen.out else "")
    )
    return 0
