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
from poetbot.writing import (
    CachedPoet,
    FormRequest,
    FormWriter,
    WrittenPoem,
    form_request_of_receipt,
    write_best_in_form,
)
from poetbot.writing.chinese_script import given, given_lines
from poetbot.writing.form_fit import FormReport


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
            theme=theme_options.theme_of(chosen, chosen.seed if chosen.about_seed else ""),
        )
    index = OverlapIndex.open(poet.overlap_folder)
    cached, poems = CachedPoet(poet, index), []
    if chosen.best_of > 1:
        return _write_best(cached, first, chosen.best_of, index, as_json=chosen.json)
    for number in range(chosen.count):
        if number and not chosen.json:
            print("%")
        writer = FormWriter(cached, replace(first, rng=first.rng + number))
        _write(writer, aloud=not chosen.json, notices=not number)
        poem = writer.poem()
        if chosen.json:
            poems.append(_as_json(poem, writer.report(), index))
    if chosen.json:
        print(json.dumps({"poems": poems}, ensure_ascii=False))
    return 0


def _as_json(poem: WrittenPoem, fit: FormReport, index: OverlapIndex) -> dict[str, Any]:
    overlap = report(index, poem.text, poem.seed_characters)
    return {**poem.as_json(), "form": fit.as_json(), "overlap": overlap}


def _write_best(
    cached: CachedPoet, request: FormRequest, count: int, index: OverlapIndex, *, as_json: bool
) -> int:
    best = write_best_in_form(cached, request, count)[0]
    assert best.form is not None
    if as_json:
        found = {**_as_json(best.poem, best.form, index), "ranking": best.ranking_as_json()}
        print(json.dumps({"poems": [found]}, ensure_ascii=False))
        return 0
    print_poem(best.poem)
    if not best.form.met:
        print(best.form.sentence(), file=sys.stderr)
    return 0


def print_poem(poem: WrittenPoem) -> None:
    """Print a finished poem, and its notices on standard error."""
    print(*poem.notices, sep="\n", end="\n" * bool(poem.notices), file=sys.stderr)
    print(poem.given)


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
