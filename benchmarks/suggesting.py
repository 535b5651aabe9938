"""Measure the seconds from a request to three suggestions at the cursor of unfinished poems.

Each request is one that users make on the Write tab: the next line of a poem, sometimes with a line after the cursor, in a
form, or of real words only. The poet's vocabulary is indexed beforehand, as it is once a page has been open for a minute;
primed states aren't reused between requests, because each poem is different.
"""

import os
import statistics
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Form, LineRequest, Request, suggest, write

QUESTIONS = 40
MEDIAN, AT_95 = 0.7, 1.5  # seconds

KINDS: dict[str, dict] = {
    "the next line": {},
    "a line before another": {"after": "\nAnd all the light is gone from me,\n"},
    "real words": {"real_words": True},
    "a rhyme": {"form": Form(rhyme="AABB")},
    "ten syllables and a rhyme": {"form": Form(rhyme="AABB", syllables=10)},
}


def main(name: str = "english", questions: str = str(QUESTIONS)) -> int:
    poet = load(name)
    index = OverlapIndex.open(poet.overlap_folder)
    count = int(questions)
    poems = [write(poet, Request(lines=1 + 2 * (k % 2), rng=k)).text + "\n" for k in range(count)]
    cached = CachedPoet(poet, index)
    for changes in KINDS.values():  # index the vocabulary once
        suggest(cached, LineRequest("The sea at night\n", drafts=4, **changes))
    print(f"{'seconds to three suggestions':<32}{'median':>8}{'95th':>8}{'max':>8}  in form")
    everything: list[float] = []
    for kind, changes in KINDS.items():
        seconds, in_form = [], []
        for rng, poem in enumerate(poems):
            cached = _fresh(cached)
            began = time.perf_counter()
            found = suggest(cached, LineRequest(poem, rng=rng, **changes))
            seconds.append(time.perf_counter() - began)
            in_form.append(found.in_form / found.drafts)
            if len(found.suggestions) != 3:
                print(f"only {len(found.suggestions)} suggestions for {poem!r}", file=sys.stderr)
        everything += seconds
        print(f"{kind:<32}{_row(seconds)}  {statistics.mean(in_form):.0%} of the drafts", flush=True)
    median, slow = float(np.median(everything)), float(np.percentile(everything, 95))
    met = median <= MEDIAN and slow <= AT_95
    print(f"{'all':<32}{_row(everything)}")
    print(f"bar: {MEDIAN} s at the median, {AT_95} s at the 95th percentile: {'met' if met else 'missed'}")
    return 0 if met else 1


def _fresh(cached: CachedPoet) -> CachedPoet:
    """Return a cached poet without primed states, but with the indexed vocabulary."""
    new = CachedPoet(cached.poet, cached.index)
    for kept in ("sounds", "lexicon", "_spellings"):
        if kept in cached.__dict__:
            new.__dict__[kept] = cached.__dict__[kept]
    return new


def _row(seconds: list[float]) -> str:
    return "".join(f"{f:8.2f}" for f in (np.median(seconds), np.percentile(seconds, 95), max(seconds)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
