"""Measure how often poems follow their form, and what the form costs in novelty and probability.

Writes poems of each form with rng 1, 2, 3 …, and for each one as many lines without a form, chosen from as many drafts with
the same seeds. A form with a metre is compared with the same form without it. Surprise is the poet's own, over everything
it wrote, without the rules of the form.
`python -m benchmarks.forms english 10` writes ten poems of each form instead of a hundred; for a Chinese poet, as in
`python -m benchmarks.forms tang`, the forms are Chinese.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Form, FormRequest, FormWriter, form_named
from poetbot.writing.form_fit import FormReport
from poetbot.writing.forms import CHINESE, NAMED
from poetbot.writing.word_sounds import ChineseSounds

TOPIC = "Forms"
POEMS = 100
SONNETS = 20  # at most: each is as long as five haiku
HIDDEN = "春夏秋冬 山水有情 風花雪月 長相思兮 一路平安 天高地遠 青山不老 明月清風".split()  # noqa: SIM905
ACROSTICS = "RAIN SEAS LAMP BIRD HOME SNOW TIDE WIND LOVE MOON".split()  # noqa: SIM905

LONGER = 1.15
"""Maximum ratio of bits per character with a form to without one."""

Part = tuple[str, Callable[[FormReport], tuple[int, int]], float]
RHYMES: Part = ("pairs that rhyme", lambda found: found.rhymes, 0.9)
METRE: Part = ("lines that scan", lambda found: found.metre, 0.85)
LETTERS: Part = ("first letters", lambda found: found.letters, 1.0)
SYLLABLES: Part = ("lines with their syllables", lambda found: found.syllables, 0.95)
SIGNS: Part = ("lines with their characters", lambda found: found.syllables, 1.0)
TONES: Part = ("lines with regular tones", lambda found: found.tones, 1.0)
MARKS: Part = ("lines with their marks", lambda found: found.marks, 1.0)

Kind = tuple[Callable[[int], Form], tuple[Part, ...]]
KINDS: dict[str, Kind] = {
    "haiku": (lambda rng: NAMED["haiku"], (SYLLABLES,)),
    "ABAB": (lambda rng: NAMED["quatrain"], (RHYMES,)),
    "AABB": (lambda rng: NAMED["couplets"], (RHYMES,)),
    "acrostic": (lambda rng: Form(acrostic=ACROSTICS[rng % len(ACROSTICS)]), (LETTERS,)),
    "couplets": (lambda rng: form_named("couplets", metre="iambic", syllables=(8,)), (METRE, RHYMES)),
    "ballad": (lambda rng: NAMED["ballad"], (METRE, RHYMES)),
    "limerick": (lambda rng: NAMED["limerick"], (METRE, RHYMES)),
    "sonnet": (lambda rng: NAMED["sonnet"], (METRE, RHYMES)),
}
CHINESE_KINDS: dict[str, Kind] = {
    **{name: (lambda rng, name=name: NAMED[name], (SIGNS, MARKS, RHYMES, TONES)) for name in CHINESE},
    **{
        f"{name} without tones": (
            lambda rng, name=name: form_named(name, rhyme_book="none"),
            (SIGNS, MARKS, RHYMES),
        )
        for name in CHINESE
    },
    "藏头": (
        lambda rng: form_named("七绝", acrostic=HIDDEN[rng % len(HIDDEN)]),
        (LETTERS, SIGNS, MARKS, RHYMES, TONES),
    ),
}


def measure(
    quick: bool = False, name: str = "english", count: int = 0, kinds: Sequence[str] = ()
) -> Iterator[Figure]:
    """Measure `count` poems of each kind; a quick run writes five."""
    poet, count = load(name), count or (5 if quick else POEMS)
    index = OverlapIndex.open(poet.overlap_folder)
    cached = CachedPoet(poet, index)
    known = CHINESE_KINDS if isinstance(cached.sounds, ChineseSounds) else KINDS
    for kind in kinds or known:
        yield from measured(
            cached, index, kind, known[kind], min(count, SONNETS) if kind == "sonnet" else count
        )


def measured(cached: CachedPoet, index: OverlapIndex, kind: str, known: Kind, count: int) -> Iterator[Figure]:
    """Measure poems of one kind, and as many without the form or without its metre."""
    form_of, parts = known
    counted = np.zeros((len(parts), 2), int)
    rows: dict[str, list[tuple[float, int, float, int]]] = {"form": [], "free": []}
    for rng in range(1, count + 1):
        form = form_of(rng)
        free = replace(form, metre="") if form.metre else Form(stanzas=form.stanzas)
        for way, asked in (("form", form), ("free", free)):
            writer = FormWriter(cached, FormRequest(asked, rng=rng))
            for _ in writer:
                pass
            text = writer.poem().text
            bits = sum(nats for nats, _ in writer.bits) / np.log(2)
            rows[way].append((bits, sum(n for _, n in writer.bits), *_novel(report(index, text))))
            if way == "form":
                found = writer.report()
                counted += [part(found) for _, part, _ in parts]
    what = f"{kind} by `{cached.poet.name}`"
    for (part, _, bar), (had, wanted) in zip(parts, counted.tolist(), strict=True):
        of = f"{had:,} of {wanted:,}, {count} poems"
        share = round(100 * had / wanted, 1)
        yield Figure(TOPIC, f"{what}: {part}", share, "%", f"≥ {100 * bar:.0f}", compared=of)
    tables = {way: np.array(each) for way, each in rows.items()}
    bits, novel = (
        {way: float(each[:, k].sum() / each[:, k + 1].sum()) for way, each in tables.items()} for k in (0, 2)
    )
    plain = "without the metre" if form.metre else "without a form"
    yield Figure(
        TOPIC,
        f"{what}: bits per character",
        round(100 * (bits["form"] / bits["free"] - 1), 1),
        f"% more than {plain}",
        f"≤ {100 * (LONGER - 1):.0f}",
        compared=f"{bits['form']:.3f} and {bits['free']:.3f}",
    )
    yield Figure(
        TOPIC,
        f"{what}: new four-word sequences",
        f"{novel['form']:.2%}",
        "",
        "no fewer",
        novel["form"] >= novel["free"],
        compared=f"{plain} {novel['free']:.2%}",
    )


def _novel(overlap: dict) -> tuple[float, int]:
    """Return how many four-word sequences are new, and how many there are."""
    total = overlap["fourgrams"]["total"]
    return (overlap["fourgrams"]["share_novel"] or 0.0) * total, total


def main(name: str = "english", poems: str = "0", *kinds: str) -> int:
    return figures.report(measure(False, name, int(poems), kinds))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
