"""`corpus --manifest FILE`: build a corpus from a folder of books, and report what was left out and why."""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.corpus.loading import corpus_of
from poetbot.corpus.manifest import Manifest, read_manifest
from poetbot.corpus.manifest_corpus import Gathered, authors_of, gather
from poetbot.errors import PoetBotError
from poetbot.poem import Poem
from poetbot.training.split import split
from poetbot.verse.dictionary import all_words

_AUTHORS = 10


def run(chosen: argparse.Namespace) -> int:
    """Build the corpus and print the report. Nothing is written if a book is missing or invalid."""
    manifest = read_manifest(chosen.manifest)
    if bool(chosen.held_out) != bool(manifest.held_out):
        raise PoetBotError(
            f"{manifest.name} holds out no share of its poems. Leave --held-out out."
            if chosen.held_out
            else f"{manifest.name} holds out a share of its poems. Name a file for them with --held-out."
        )

    def draw(poems: Sequence[Poem]) -> Sequence[Poem]:
        assert manifest.held_out is not None
        # As in `train`, so that a run on the same files holds out the same poems.
        rng = np.random.default_rng([manifest.held_out.rng, 1])
        return split(poems, rng, share=manifest.held_out.share).validation

    words = frozenset(all_words()) if manifest.rules.most_odd_words < 1 else frozenset()
    found = gather(manifest, Path(chosen.books), words, draw)
    if not found.poems:
        raise PoetBotError("The rules of the manifest leave no poem. Loosen them, or name more books.")
    if chosen.out:
        write_poems(chosen.out, found.poems)
    if chosen.held_out:
        write_poems(chosen.held_out, found.held_out)
    for notice in found.notices:
        print(notice, file=sys.stderr)
    account = account_of(manifest, found)
    if chosen.json:
        print(json.dumps(account, ensure_ascii=False))
    else:
        _print(account, chosen.out)
    return 0


def account_of(manifest: Manifest, found: Gathered) -> dict[str, object]:
    """Return the report on a corpus as JSON: what was read, included, held out and left out."""
    authors = authors_of(found.poems)
    held = [poem for poem in found.poems if poem.author in manifest.hold_out]
    return {
        "name": manifest.name,
        "licence": manifest.licence,
        "fingerprint": corpus_of(found.poems, manifest.name).fingerprint,
        "read": _counts(found.read),
        "left_out": {reason: _counts(count) for reason, count in found.left_out.items()},
        "poems": len(found.poems),
        "characters": _characters(found.poems),
        "different_characters": len({character for poem in found.poems for character in poem.text}),
        "held_out": _counts((len(held) + len(found.held_out), _characters([*held, *found.held_out]))),
        "authors": [{"author": name or None, "characters": count} for name, count in authors],
        "books": {name: _counts(count) for name, count in found.books.items()},
        "books_left_out": dict(manifest.left_out),
    }


def write_poems(path: str, poems: Sequence[Poem]) -> None:
    """Write poems to a .jsonl, one per line."""
    lines = [json.dumps(poem.as_row(), ensure_ascii=False) + "\n" for poem in poems]
    Path(path).write_text("".join(lines), encoding="utf-8")


def _characters(poems: Iterable[Poem]) -> int:
    return sum(len(poem.text) for poem in poems)


def _counts(count: tuple[int, int]) -> dict[str, int]:
    return {"poems": count[0], "characters": count[1]}


def _print(account: dict[str, Any], out: str | None) -> None:
    def line(count: dict[str, int], what: str) -> str:
        return f"{count['poems']:>9,} poems {count['characters']:>12,} characters  {what}"

    for name, count in account["books"].items():
        print(line(count, name))
    print()
    print(line(account["read"], "found by the filter"))
    for reason, count in account["left_out"].items():
        print(line(count, f"left out: {reason}"))
    print(line(account, "included" + (f", written to {out}" if out else "")))
    print(line(account["held_out"], "held out"))
    print()
    named = [each for each in account["authors"] if each["author"]]
    most = ", ".join(f"{each['author']} ({each['characters']:,})" for each in named[:_AUTHORS])
    print(
        f"{len(named):,} authors, {account['different_characters']:,} different characters; most characters: {most}"
    )
    for name, reason in account["books_left_out"].items():
        print(f"left out: {name}: {reason}")
    print(f"fingerprint {account['fingerprint']}")
