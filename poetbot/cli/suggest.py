"""`suggest POET`: lines chosen from many drafts, a continuation, an ending, or titles for a poem."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from poetbot.cli import form_options, theme_options
from poetbot.cli.options import add_json, add_poet_or_blend, add_writing_options, chosen_poet
from poetbot.cli.receipt_file import receipt_in
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.writing import (
    CachedPoet,
    LineRequest,
    Request,
    passages,
    recreate_suggestion,
    suggest,
    suggest_one_each,
    titles,
    write_ending,
)
from poetbot.writing.endings import ENDING
from poetbot.writing.request import MAX_POEM


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "suggest",
        help="suggest the next line of a poem",
        description="Suggest the next line of a poem, rewrite one of its lines, continue it, or find a title.",
        epilog='Example: %(prog)s english --text "The sea at night" --rng 7',
    )
    add_poet_or_blend(parser)
    parser.add_argument("file", metavar="FILE", nargs="?", help="the poem so far, or - for standard input")
    parser.add_argument("--text", metavar="TEXT", help="the poem so far")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--line", type=int, metavar="N", help="rewrite line N (blank lines count)")
    where.add_argument(
        "--after", type=int, metavar="N", help="insert a line after line N; 0 for a first line"
    )
    where.add_argument("--begun", action="store_true", help="complete the last line")
    where.add_argument(
        "--go-on", type=int, metavar="N", help="write N more lines, in a form at most to its end"
    )
    where.add_argument(
        "--finish", action="store_true", help="write an ending of 1 to 4 lines, or the rest of the form"
    )
    where.add_argument("--titles", action="store_true", help="suggest titles instead of lines")
    parser.add_argument(
        "--ends-in", metavar="WORD", default="", help="end the suggested lines with this word"
    )
    parser.add_argument(
        "--one-each", action="store_true", help="with --blend, suggest the best line of each poet alone"
    )
    parser.add_argument("--count", type=int, default=3, metavar="K", help="how many suggestions (default: 3)")
    parser.add_argument("--drafts", type=int, metavar="D", help="how many drafts to choose from")
    add_writing_options(parser)
    parser.add_argument("--receipt", metavar="FILE", help="recreate the suggestion of this receipt")
    add_json(parser, "suggestions, figures and receipts")
    theme_options.add(parser)
    form_options.add(parser)
    parser.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Suggest, and print what was found."""
    if chosen.blend and chosen.poet and not chosen.file:
        chosen.poet, chosen.file = None, chosen.poet  # the only name is that of the poem
    receipt = receipt_in(Path(chosen.receipt), "suggestions", "suggestion") if chosen.receipt else None
    poet = chosen_poet(chosen.poet, chosen.blend, receipt)
    try:
        index = OverlapIndex.open(poet.overlap_folder)
    except PoetBotError:
        if chosen.guard:
            raise
        index = None
    cached = CachedPoet(poet, index)
    if receipt is not None:
        cached = cached.of_receipt(receipt)
        if ENDING.matches(receipt):
            text = write_ending(cached, ENDING.request_of(receipt, cached.poet)).text
        else:
            text = recreate_suggestion(cached, receipt)
        print(json.dumps({"text": text}, ensure_ascii=False) if chosen.json else text)
        return 0
    rng = int(np.random.default_rng().integers(2**32)) if chosen.rng is None else chosen.rng
    form, poem = form_options.form_of(chosen), _poem(chosen)
    for_one_line = {"--ends-in": chosen.ends_in, "--one-each": chosen.one_each}
    for option, value in for_one_line.items():
        if value and (chosen.titles or chosen.finish or chosen.go_on is not None):
            raise PoetBotError(
                "{option} works with one line at a time. Leave --finish, --go-on and --titles out.",
                option=option,
            )
    if chosen.titles:
        offered = titles(cached, poem, rng=rng, count=chosen.count, theme=theme_options.theme_of(chosen))
        if chosen.json:
            print(json.dumps({"titles": [each.as_json() for each in offered]}, ensure_ascii=False))
        else:
            print("\n".join(each.text for each in offered))
        return 0
    if chosen.finish or chosen.go_on is not None:
        request = Request(
            "",
            chosen.temperature,
            chosen.top_p,
            None,
            chosen.go_on,
            rng,
            guard=chosen.guard,
            script=chosen.script or "",
            theme=theme_options.theme_of(chosen),
        )
        found = passages(
            cached,
            poem,
            request,
            form=form,
            real_words=chosen.real_words,
            count=chosen.count,
            drafts=chosen.drafts,
        ).as_json()
    else:
        before, after = around(poem, chosen.line, chosen.after, begun=chosen.begun)
        for_line = LineRequest(
            before,
            after,
            chosen.temperature,
            chosen.top_p,
            rng,
            count=chosen.count,
            form=form,
            real_words=chosen.real_words,
            guard=chosen.guard,
            script=chosen.script or "",
            ends_in=chosen.ends_in,
            theme=theme_options.theme_of(chosen),
        )
        if chosen.drafts is not None:
            for_line = replace(for_line, drafts=chosen.drafts)
        found = (suggest_one_each if chosen.one_each else suggest)(cached, for_line).as_json()
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
        return 0
    for notice in found["notices"]:
        print(notice, file=sys.stderr)
    for number, each in enumerate(found["suggestions"], 1):
        print(f"{number}  " + each.get("line", each["text"]).replace("\n", "\n   "))
        poet_name = f"{each['receipt']['poet']}; " if chosen.one_each else ""
        print(f"   {poet_name}{_figures(each['figures'])}")
    return 0


def around(poem: str, line: int | None, after: int | None, *, begun: bool) -> tuple[str, str]:
    """Return the poem before and after the requested line. Raises PoetBotError if the poem has no such line."""
    lines = poem.split("\n")
    if begun:
        return poem.rstrip("\n"), ""
    if line is not None:
        if not 1 <= line <= len(lines):
            raise PoetBotError(
                "--line must be an integer from 1 to {lines:,}, the lines of the poem.", lines=len(lines)
            )
        return "".join(each + "\n" for each in lines[: line - 1]), "\n" + "\n".join(lines[line:])
    if after is not None:
        if not 0 <= after <= len(lines):
            raise PoetBotError(
                "--after must be an integer from 0 to {lines:,}, the lines of the poem.", lines=len(lines)
            )
        return "".join(each + "\n" for each in lines[:after]), "\n" + "\n".join(lines[after:])
    return poem if not poem or poem.endswith("\n") else poem + "\n", ""


def _poem(chosen: argparse.Namespace) -> str:
    if chosen.file and chosen.text is not None:
        raise PoetBotError("Give the poem as a file or with --text, not both.")
    if not chosen.file:
        return chosen.text or ""
    if chosen.file == "-":
        data = sys.stdin.buffer.read(4 * MAX_POEM + 1)
    else:
        try:
            with Path(chosen.file).open("rb") as file:
                data = file.read(4 * MAX_POEM + 1)
        except OSError as error:
            raise PoetBotError(
                "{file} can't be read: {reason}.", file=chosen.file, reason=error.strerror
            ) from error
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PoetBotError("The poem must be plain text in UTF-8.") from error


def _figures(figures: dict[str, Any]) -> str:
    """Return the figures in a few words."""
    if "returns" in figures:
        return f"repeats line {figures['returns'] + 1} of the poem"
    if "end_probability" in figures:
        return f"probability of an end here: {figures['end_probability']:.0%}"
    form = figures.get("form") or {}
    if "sentence" in form:
        return str(form["sentence"])
    parts = [f"{figures['bits_per_character']:.2f} bits per character"]
    if figures["copied_words"] is not None:
        parts.append(f"longest copied phrase: {figures['copied_words']} of {figures['words']} words")
    if figures["unknown_words"]:
        parts.append("words it hasn't read: " + ", ".join(figures["unknown_words"][:5]))
    if "syllables" in form:
        parts.append(f"{form['syllables']} of {form['syllables_wanted']} syllables")
    if "scans" in form:
        parts.append("scans" if form["scans"] else "does not scan")
    if "rhymes" in form:
        parts.append("rhymes" if form["rhymes"] else "does not rhyme")
    if form.get("letter") is False:
        parts.append("wrong first letter")
    if form.get("mark") is False:
        parts.append("wrong final mark")
    return "; ".join(parts)
