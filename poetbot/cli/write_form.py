"""`write POET --form …`: poems in a form, each with a report on how well it fits."""

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

from poetbot.cli import form_options, theme_options
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import Poet
from poetbot.writing import CachedPoet, FormRequest, FormWriter, form_request_of_receipt
from poetbot.writing.chinese_script import given, given_lines


def run(chosen: argparse.Namespace, poet: Poet, receipt: Any, rng: int) -> int:
    """Write the poems one after the other, poem k with rng + k. Without --json each is streamed line by line."""
    if receipt is not None:
        first = form_request_of_receipt(receipt, poet)
    else:
        if chosen.characters is not None:
            raise PoetBotError("A form sets the number of lines. Leave --characters out.")
        first = FormRequest(
            form_options.form_of(chosen, chosen.lines),
            chosen.seed,
            chosen.temperature,
            chosen.top_p,
            rng,
            real_words=chosen.real_words,
            guard=chosen.guard,
            script=chosen.script or "",
            theme=theme_options.theme_of(chosen),
        )
    index = OverlapIndex.open(poet.overlap_folder)
    cached, poems = CachedPoet(poet, index), []
    for number in range(chosen.count):
        if number and not chosen.json:
            print("%")
        writer = FormWriter(cached, replace(first, rng=first.rng + number))
        _write(writer, aloud=not chosen.json, notices=not number)
        poem = writer.poem()
        poems.append(
            {
                **poem.as_json(),
                "form": writer.report().as_json(),
                "overlap": report(index, poem.text, poem.seed_characters) if chosen.json else None,
            }
        )
    if chosen.json:
        print(json.dumps({"poems": poems}, ensure_ascii=False))
    return 0


def _write(writer: FormWriter, *, aloud: bool, notices: bool) -> None:
    if aloud:
        if notices:
            print(*writer.notices, sep="\n", end="\n" * bool(writer.notices), file=sys.stderr)
        print(given(writer.seed, writer.request.script), end="", flush=True)
    for piece in given_lines(writer, writer.request.script):
        if aloud:
            print(piece, end="", flush=True)
    if aloud:
        print()
        if not writer.report().met:
            print(writer.report().sentence(), file=sys.stderr)
