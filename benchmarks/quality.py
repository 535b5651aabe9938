"""Generate docs/quality.md: the bundled poets, compared with other models of the same poems and with people.

    python -m benchmarks.quality [POET]… [--count N] [--cache FOLDER] [--out FILE]
    python -m benchmarks.quality --poems-only --out FILE

Writes the page to standard output, or to a file. The last section of a file, on the blind readings, stays as it is: people
judge those (`python -m benchmarks.blind_reading`). Nothing is trained: first run `python -m benchmarks.baselines POET` for the
models to compare with, or a poet's table has only the poet. `--poems-only` measures nothing: it writes the three poems of each
poet again, as the app now writes them.
"""

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np
from nltk import bigrams

from benchmarks.baselines import CACHE, COUNT, LINES, TEMPERATURES, cut
from poetbot.cjk import is_mostly_cjk
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, repetition, report, words
from poetbot.poets.folder import Poet, load, poet_folders
from poetbot.study.verse_shares import SoundShares, compared
from poetbot.verse.dictionary import all_words
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.writing import Request, write, write_together

HEAD = """# How good the poets are

This page compares the bundled poets with other models and with people. `make quality` generates it from {count} poems of each
kind, none selected by hand, and trains nothing. The other models were trained on the same poems by
`python -m benchmarks.baselines POET`. `python -m benchmarks.article english` trains the article's network with the article's
method for two hours and adds rows for it. `english`, `modern` and `classic`
have no 5-grams, because NLTK takes too long on millions of characters.

Each poem has at most {lines} lines ({signs} for a Chinese poet) and is written without copy protection and with an empty seed.
"People" are the held-out poems, cut to as many lines.

| column | meaning |
|---|---|
| bits | bits per character on the held-out poems, lower is better; not given for poets of words, which can't be compared |
| real words | share of words that occur at least twice in training, or in the CMU dictionary |
| new | share of four-word sequences that no training poem contains, median poem |
| longest copy | longest phrase copied from a training poem, in words: median poem; maximum |
| distinct-2 | distinct word pairs as a share of all pairs in a poem; low if it repeats itself |
| self-overlap | share of four-word sequences that another of the poems contains too |
| rhymes | share of lines that rhyme with another line of their poem; the share expected by chance for the same lines |
| stanzas | how far the stanza lengths are from people's: 0 the same, 1 completely different (total variation distance) |
"""
COLUMNS = "who | temperature | bits | real words | new | longest copy | distinct-2 | self-overlap | rhymes | stanzas"
POEMS = "Three poems at temperature {temperature}, with the app's copy protection, real words only, and random seeds 1, 2 and 3:"
BLIND_READINGS = "\n## Blind readings\n"
MEASURED = "english"  # the poet that the app's default settings are derived from, and that the article's network is compared with
GUARD, SHOWN = 8, (1, 2, 3)  # the app's default; random seeds
_MOST_SHOWN = 800  # characters of one poem; a line of prose may be a page long

Row = dict[str, Any]


def measured(
    poems: Sequence[str], index: OverlapIndex, known: frozenset[str] | None, people: SoundShares | None
) -> tuple[Row, SoundShares | None]:
    """Return the figures of poems, None for those that can't be computed, and the shares of their sounds."""
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
    except PoetBotError:  # a language without a sound model
        sounds = None
    sound_shares = sounds.heard if sounds else None
    row: Row = {
        "words": None if known is None else sum(word in known for word in every) / len(every),
        "novel": float(np.median(novel)) if novel else None,
        "longest": (float(np.median(longest)), max(longest)),
        "distinct": float(np.mean([len(set(each)) / len(each) for each in pairs if each] or [0])),
        "overlap": repetition([(poem, ()) for poem in poems])["fourgrams"]["share"],
        "rhymes": (sound_shares.rhyming, sounds.chance.rhyming) if sounds and sound_shares else None,
        "stanzas": distance(sound_shares.stanzas, people.stanzas) if sound_shares and people else None,
    }
    return row, sound_shares


def distance(some: dict[int, int], others: dict[int, int]) -> float | None:
    """Return the total variation distance between two counts, each taken as shares."""
    totals = sum(some.values()), sum(others.values())
    if not all(totals):
        return None
    return 0.5 * sum(abs(some.get(k, 0) / totals[0] - others.get(k, 0) / totals[1]) for k in {*some, *others})


def page_of(poet: Poet, count: int, cache: Path) -> str:
    """Return a poet's table, what it means for the app's defaults if this is the default poet, and three of its poems."""
    index = OverlapIndex.open(poet.overlap_folder)
    signs = is_mostly_cjk(poet.vocabulary.symbols)
    lines = LINES[signs]
    known = None if signs else frozenset({w for w, n in poet.words().items() if n > 1} | set(all_words()))
    saved = saved_comparisons(poet, cache)
    rows, people, people_figures = [], None, None
    if saved["people"]:
        people_figures, people = measured(saved["people"][:count], index, known, None)
        rows.append(table_row("people", None, None, people_figures))
    bits = bits_of(poet)
    figures: dict[float, Row] = {}
    for temperature in TEMPERATURES:
        request = Request(temperature=temperature, lines=lines, rng=1)
        poems = [cut(poem.text, lines) for _, poem in sorted(write_together(poet, request, count, index))]
        figures[temperature] = measured(poems, index, known, people)[0]
        rows.append(table_row(f"**{poet.name}**", temperature, bits, figures[temperature]))
    for name, model in saved["models"].items():
        for temperature, poems in model["poems"].items():
            row = measured(poems[:count], index, known, people)[0]
            rows.append(table_row(name, float(temperature), model["bits"], row))
    table = [f"| {COLUMNS} |", "|" + "---|" * (COLUMNS.count("|") + 1), *rows]
    chosen = (
        [defaults(figures, people_figures, count), ""] if poet.name == MEASURED and people_figures else []
    )
    return "\n".join([f"## {poet.name}", "", *table, "", *chosen, three_poems(poet, index)])


def three_poems(poet: Poet, index: OverlapIndex) -> str:
    """Return three poems as the app writes them by default, none selected by hand."""
    guard = PoetRegistry().guard(poet.name, GUARD)
    lines = LINES[is_mostly_cjk(poet.vocabulary.symbols)]
    request = Request(lines=lines, guard=guard, real_words=True)
    shown = [POEMS.format(temperature=request.temperature), ""]
    for rng in SHOWN:
        text = _shortened(write(poet, replace(request, rng=rng), index).text.strip("\n"))
        shown += [f"Seed {rng}:", "", *(f"    {line}".rstrip() for line in text.split("\n")), ""]
    return "\n".join(shown)


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN].rsplit(" ", 1)[0] + " …"


def with_new_poems(page: str) -> str:
    """Return the page with new poems of every poet in place of the old ones."""
    sections = re.split(r"(?m)^(?=## )", page)
    for number, section in enumerate(sections):
        table, caption, _ = section.partition(POEMS.partition("{")[0])
        if caption:
            poet = load(section.split()[1])
            sections[number] = table + three_poems(poet, OverlapIndex.open(poet.overlap_folder)) + "\n"
    return "".join(sections)


def bits_of(poet: Poet) -> float | None:
    """Return a poet's bits per character from its card; lowercase letters only if it knows no others."""
    figures = poet.card["figures"]
    bits: float | None = figures.get("validation_bits_per_character")
    if bits is None and poet.recipe.fold_case and poet.recipe.level == "characters":
        nats = figures.get("validation_nats_per_token")
        bits = None if nats is None else nats / math.log(2)
    return bits


def defaults(rows: dict[float, Row], people: Row, count: int) -> str:
    """Return how far from people's the poems are at each temperature, and what the app's default copy protection does.

    A temperature's distance from people is the sum of the differences of four shares: real words, new sequences, distinct pairs,
    self-overlap.
    """
    shares = ("words", "novel", "distinct", "overlap")
    far = {t: sum(abs(row[each] - people[each]) for each in shares) for t, row in rows.items()}
    nearest, default = min(far, key=lambda t: far[t]), Request().temperature
    each = ", ".join(f"{100 * value:.0f} at {t}" for t, value in far.items())
    closest = min(rows, key=lambda t: (round(abs(t - default), 3), -t))
    return (
        "**The app's defaults and this table.** The differences between the poet's poems and people's in real words, "
        f"new sequences, distinct pairs and self-overlap add up to, in percentage points: {each}. The nearest is {nearest}. The default is {default}, "
        "because readers preferred it ([blind readings](#blind-readings)). Copy "
        f"protection allows phrases of fewer than {GUARD} words from a known poem. The longest in {count} poems at "
        f"{closest}, written without it, has {rows[closest]['longest'][1]} words; in people's poems, it has "
        f"{people['longest'][1]}. So copy protection rarely changes anything, and only blocks phrases longer than "
        "those that people share by chance."
    )


def saved_comparisons(poet: Poet, cache: Path) -> dict[str, Any]:
    """Return what `baselines` and `article` saved for a poet, nothing if that is missing or of other poems."""
    saved: dict[str, Any] = {"people": [], "models": {}}
    for maker in ("baselines", "article"):
        name = poet.name + ("" if maker == "baselines" else f"-{maker}")
        try:
            found = json.loads((cache / f"{name}.json").read_text("utf-8"))
        except OSError:
            found = {}
        if found.get("corpus") != poet.card.get("corpus", {}).get("fingerprint", ""):
            if maker == "baselines" or poet.name == MEASURED:  # only this poet gets two hours
                print(
                    f"{poet.name}: some comparisons are missing. Run python -m benchmarks.{maker}.",
                    file=sys.stderr,
                )
            continue
        saved["people"] = found.get("people", saved["people"])
        saved["models"] |= found["models"]
    return saved


def table_row(who: str, temperature: float | None, bits: float | None, row: Row) -> str:
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
    parser = argparse.ArgumentParser(description="Compare the bundled poets with other models and people.")
    parser.add_argument("poets", nargs="*", metavar="POET", help="default: all bundled poets")
    parser.add_argument(
        "--count", type=int, default=COUNT, help=f"poems at each temperature (default: {COUNT})"
    )
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--out", type=Path)
    parser.add_argument(
        "--poems-only", action="store_true", help="renew the three poems of each poet in --out"
    )
    chosen = parser.parse_args(arguments)
    if chosen.poems_only:
        if not chosen.out:
            parser.error("Name the page with --out.")
        chosen.out.write_text(with_new_poems(chosen.out.read_text("utf-8")), encoding="utf-8")
        return
    names = chosen.poets or [folder.name for folder in poet_folders()]
    parts = [HEAD.format(count=chosen.count, lines=LINES[False], signs=LINES[True])]
    for name in names:
        parts.append(page_of(load(name), chosen.count, chosen.cache))
    page = "\n".join(parts).rstrip("\n") + "\n"
    if chosen.out:
        if chosen.out.is_file():
            page += "".join(chosen.out.read_text("utf-8").partition(BLIND_READINGS)[1:])
        chosen.out.write_text(page, encoding="utf-8")
    else:
        print(page, end="")


if __name__ == "__main__":
    main()
