"""Measure how often poems follow their form, and what the form costs in novelty and probability.

Writes poems of each form with rng 1, 2, 3 …, and for each one as many lines without a form, chosen from as many drafts with
the same seeds. A form with a metre is compared with the same form without it. Surprise is the poet's own, over everything
it wrote, without the rules of the form.
`python -m benchmarks.forms english 10` writes ten poems of each form instead of a hundred; for a Chinese poet, as in
`python -m benchmarks.forms tang`, the forms are Chinese.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Form, FormRequest, FormWriter, form_named
from poetbot.writing.form_fit import FormReport
from poetbot.writing.forms import CHINESE, NAMED
from poetbot.writing.word_sounds import ChineseSounds

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


def main(name: str = "english", poems: str = str(POEMS), *kinds: str) -> int:
    poet = load(name)
    index = OverlapIndex.open(poet.overlap_folder)
    cached = CachedPoet(poet, index)
    all_met = True
    known = CHINESE_KINDS if isinstance(cached.sounds, ChineseSounds) else KINDS
    for kind in kinds or known:
        form_of, parts = known[kind]
        count = min(int(poems), SONNETS) if kind == "sonnet" else int(poems)
        counted, whole = np.zeros((len(parts), 2), int), 0
        measured: dict[str, list[tuple[float, int, float, int]]] = {"form": [], "free": []}
        began = time.perf_counter()
        for rng in range(1, count + 1):
            form = form_of(rng)
            free = replace(form, metre="") if form.metre else Form(stanzas=form.stanzas)
            for way, asked in (("form", form), ("free", free)):
                writer = FormWriter(cached, FormRequest(asked, rng=rng))
                for _ in writer:
                    pass
                text = writer.poem().text
                overlap = report(index, text)
                bits = sum(nats for nats, _ in writer.bits) / np.log(2)
                measured[way].append((bits, sum(n for _, n in writer.bits), *_novel(overlap)))
                if way == "form":
                    found = writer.report()
                    counted += [part(found) for _, part, _ in parts]
                    whole += found.met
        seconds = (time.perf_counter() - began) / count
        print(
            f"{kind}: {count} poems, {seconds:.1f} s for each pair; {whole} wholly in form",
            flush=True,
        )
        for (what, _, bar), (had, wanted) in zip(parts, counted.tolist(), strict=True):
            share = had / wanted
            all_met &= _judged(f"  {what}", f"{had} of {wanted}, {share:.1%}", f"{bar:.0%}", share >= bar)
        figures = {way: np.array(rows) for way, rows in measured.items()}
        bits = {way: rows[:, 0].sum() / rows[:, 1].sum() for way, rows in figures.items()}
        novel = {way: rows[:, 2].sum() / rows[:, 3].sum() for way, rows in figures.items()}
        told = f"{bits['form']:.3f} beside {bits['free']:.3f}, {bits['form'] / bits['free'] - 1:+.1%}"
        all_met &= _judged(
            "  bits per character", told, f"+{LONGER - 1:.0%}", bits["form"] <= LONGER * bits["free"]
        )
        told = f"{novel['form']:.2%} beside {novel['free']:.2%}"
        all_met &= _judged("  four-word runs that are new", told, "no fewer", novel["form"] >= novel["free"])
    return 0 if all_met else 1


def _novel(overlap: dict) -> tuple[float, int]:
    """Return how many four-word sequences are new, and how many there are."""
    total = overlap["fourgrams"]["total"]
    return (overlap["fourgrams"]["share_novel"] or 0.0) * total, total


def _judged(what: str, told: str, bar: str, met: bool) -> bool:
    print(f"{what:<34}{told:<34}bar {bar}: {'met' if met else 'missed'}", flush=True)
    return met


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
