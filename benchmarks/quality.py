"""docs/quality.md: how good the bundled poets are, beside other models of the same poems and beside people.

    python -m benchmarks.quality [POET]… [--count N] [--cache FOLDER] [--out FILE]

Writes the page to standard output, or to a file. Nothing is trained: what the poets are compared with is made before, by
`python -m benchmarks.baselines POET`; without that a poet's table has the poet alone.
"""

import argparse
import json
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the app and the command line have it

import numpy as np
from nltk import bigrams

from benchmarks.baselines import CACHE, COUNT, LINES, TEMPERATURES, cut
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, repetition, report, words
from poetbot.overlap.copy_guard import is_mostly_cjk
from poetbot.poets.folder import DEFAULT_POET, Poet, load, poet_folders
from poetbot.study.verse_shares import SoundShares, compared
from poetbot.verse.dictionary import all_words
from poetbot.web.serving.poet_registry import Shelf
from poetbot.writing import Request, write, write_together

HEAD = """# How good the poets are

Made by `make quality` ({count} poems of each kind, none chosen by hand); it trains nothing. What the poets are compared
with was trained on the same poems by `python -m benchmarks.baselines POET` and, for `english` alone, the network of the
article done its own way for two hours by `python -m benchmarks.article english`, which writes only 20 poems of each kind.

Each poem has at most {lines} lines ({signs} of a poet of signs) and is written without a guard and without first words.
"People" are the poems that were held out, cut to as many lines.

| column | meaning |
|---|---|
| bits | bits a character on the held-out poems: less is better; none of a poet of words, which cannot be compared |
| real words | share of words met at least twice in training, or in the CMU dictionary |
| new | share of four-word runs that no training poem has, of the poem in the middle |
| longest copy | the longest run of words copied from a training poem: of the poem in the middle; the worst |
| distinct-2 | different pairs of words in a poem, as a share of all its pairs: low where it turns in circles |
| self-overlap | share of four-word runs that another of the poems has too |
| rhymes | share of lines that rhyme with another of their poem, and what chance makes of the same lines |
| stanzas | how far the lengths of stanzas are from people's: 0 the same, 1 wholly others (total variation) |
"""
COLUMNS = "who | temperature | bits | real words | new | longest copy | distinct-2 | self-overlap | rhymes | stanzas"
GUARD, SHOWN = 8, (1, 2, 3)  # as the app has it; the numbers that chance follows from

Row = dict[str, Any]


def measured(
    poems: Sequence[str], index: OverlapIndex, known: frozenset[str] | None, people: SoundShares | None
) -> tuple[Row, SoundShares | None]:
    """Return the figures of poems, None for what cannot be told of them, and what was heard in them."""
    poems = [poem for poem in poems if len(words(poem))]
    if not poems:
        return {}, None
    found = [report(index, poem) for poem in poems]
    longest = [each["longest"]["words"] for each in found]
    novel = [each["fourgrams"]["share_novel"] for each in found if each["fourgrams"]["total"]]
    lists = [words(poem).strings() for poem in poems]
    pairs = [list(bigrams(each)) for each in lists]
    every = [word for each in lists for word in each]
    try:
        sounds = compared(poems, np.random.default_rng(0))
    except PoetBotError:  # a language that nobody listens to
        sounds = None
    heard = sounds.heard if sounds else None
    row: Row = {
        "words": None if known is None else sum(word in known for word in every) / len(every),
        "novel": float(np.median(novel)) if novel else None,
        "longest": (float(np.median(longest)), max(longest)),
        "distinct": float(np.mean([len(set(each)) / len(each) for each in pairs if each] or [0])),
        "overlap": repetition([(poem, 0) for poem in poems])["fourgrams"]["share"],
        "rhymes": (heard.rhyming, sounds.chance.rhyming) if sounds and heard else None,
        "stanzas": distance(heard.stanzas, people.stanzas) if heard and people else None,
    }
    return row, heard


def distance(some: dict[int, int], others: dict[int, int]) -> float | None:
    """Return the total variation distance between two counts, each taken as shares."""
    totals = sum(some.values()), sum(others.values())
    if not all(totals):
        return None
    return 0.5 * sum(abs(some.get(k, 0) / totals[0] - others.get(k, 0) / totals[1]) for k in {*some, *others})


def page_of(poet: Poet, count: int, cache: Path) -> str:
    """Return a poet's table, what the app's defaults follow from if it begins with that poet, and three of its poems."""
    index, shelf = OverlapIndex.open(poet.overlap_folder), Shelf()
    signs = is_mostly_cjk(poet.vocabulary.symbols)
    lines = LINES[signs]
    known = None if signs else frozenset({w for w, n in poet.words().items() if n > 1} | set(all_words()))
    made = kept(poet, cache)
    rows, people, theirs = [], None, None
    if made["people"]:
        theirs, people = measured(made["people"][:count], index, known, None)
        rows.append(line_of("people", None, None, theirs))
    bits = bits_of(poet)
    own: dict[float, Row] = {}
    for temperature in TEMPERATURES:
        request = Request(temperature=temperature, lines=lines, rng=1)
        poems = [cut(poem.text, lines) for _, poem in sorted(write_together(poet, request, count, index))]
        own[temperature] = measured(poems, index, known, people)[0]
        rows.append(line_of(f"**{poet.name}**", temperature, bits, own[temperature]))
    for name, model in made["models"].items():
        for temperature, poems in model["poems"].items():
            row = measured(poems[:count], index, known, people)[0]
            rows.append(line_of(name, float(temperature), model["bits"], row))
    table = [f"| {COLUMNS} |", "|" + "---|" * (COLUMNS.count("|") + 1), *rows]
    asked = Request(lines=lines, guard=shelf.guard(poet.name, GUARD))
    shown = []
    for rng in SHOWN:
        text = write(poet, replace(asked, rng=rng), index).text.strip("\n")
        shown += [f"rng {rng}:", "", *(f"    {line}".rstrip() for line in text.split("\n")), ""]
    told = f"Three poems at temperature {asked.temperature}, guarded as in the app, rng 1, 2 and 3:"
    chosen = [defaults(own, theirs, count), ""] if poet.name == DEFAULT_POET and theirs else []
    return "\n".join([f"## {poet.name}", "", *table, "", *chosen, told, "", *shown])


def bits_of(poet: Poet) -> float | None:
    """Return a poet's bits a character as its card has them, small letters only where it knows no others."""
    figures = poet.card["figures"]
    bits: float | None = figures.get("validation_bits_per_character")
    if bits is None and poet.recipe.fold_case and poet.recipe.level == "characters":
        nats = figures.get("validation_nats_per_token")
        bits = None if nats is None else nats / math.log(2)
    return bits


def defaults(own: dict[float, Row], people: Row, count: int) -> str:
    """Return why the app begins with the temperature and the guard it has, or that the temperature does not follow.

    How far a temperature is from people is the sum of the differences of four shares: real words, new runs, distinct
    pairs, self-overlap.
    """
    shares = ("words", "novel", "distinct", "overlap")
    far = {t: sum(abs(row[each] - people[each]) for each in shares) for t, row in own.items()}
    nearest, usual = min(far, key=lambda t: far[t]), Request().temperature
    each = ", ".join(f"{100 * value:.0f} at {t}" for t, value in far.items())
    begins = (
        f"So it begins at {usual}."
        if nearest == usual
        else f"Nearest is {nearest}, but it begins at {usual}."
    )
    return (
        "**What the app begins with, and this table.** The differences between the poet's poems and people's in "
        "real words, new runs, distinct pairs and self-overlap, added up, are in percentage points: "
        f"{each}. {begins} Its guard allows runs of fewer than {GUARD} words of a known poem. The "
        f"longest in {count} poems at {usual}, written without a guard, has {own[usual]['longest'][1]}; in the poems "
        f"of people it has {people['longest'][1]}. So the guard seldom has anything to do, and forbids what nobody shares "
        "by chance."
    )


def kept(poet: Poet, cache: Path) -> dict[str, Any]:
    """Return what `baselines` and `article` keep for a poet, nothing where that is missing or of other poems."""
    made: dict[str, Any] = {"people": [], "models": {}}
    for maker in ("baselines", "article"):
        name = poet.name + ("" if maker == "baselines" else f"-{maker}")
        try:
            told = json.loads((cache / f"{name}.json").read_text("utf-8"))
        except OSError:
            told = {}
        if told.get("corpus") != poet.card.get("corpus", {}).get("fingerprint", ""):
            if maker == "baselines" or poet.name == DEFAULT_POET:  # two hours are for one poet
                print(f"{poet.name}: compared with less; see python -m benchmarks.{maker}.", file=sys.stderr)
            continue
        made["people"] = told.get("people", made["people"])
        made["models"] |= told["models"]
    return made


def line_of(who: str, temperature: float | None, bits: float | None, row: Row) -> str:
    """Return a row of the table."""

    def share(value: float | None) -> str:
        return "–" if value is None else f"{100 * value:.1f} %"

    longest, rhymes, stanzas = row.get("longest"), row.get("rhymes"), row.get("stanzas")
    cells = [
        who,
        "–" if temperature is None else f"{temperature}",
        "–" if bits is None else f"{bits:.3f}",
        share(row.get("words")),
        share(row.get("novel")),
        f"{longest[0]:g}; {longest[1]}" if longest else "–",
        share(row.get("distinct")),
        share(row.get("overlap")),
        f"{share(rhymes[0])}; {share(rhymes[1])}" if rhymes else "–",
        "–" if stanzas is None else f"{stanzas:.2f}",
    ]
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Say how good the bundled poets are.")
    parser.add_argument("poets", nargs="*", metavar="POET", help="all bundled poets without")
    parser.add_argument(
        "--count", type=int, default=COUNT, help=f"poems at each temperature (default: {COUNT})"
    )
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    names = chosen.poets or [folder.name for folder in poet_folders()]
    parts = [HEAD.format(count=chosen.count, lines=LINES[False], signs=LINES[True])]
    for name in names:
        parts.append(page_of(load(name), chosen.count, chosen.cache))
    page = "\n".join(parts).rstrip("\n") + "\n"
    if chosen.out:
        chosen.out.write_text(page, encoding="utf-8")
    else:
        print(page, end="")


if __name__ == "__main__":
    main()
