"""Measure the seconds from a request to three suggestions at the cursor of unfinished poems.

Each request is one that users make on the Write tab: the next line of a poem, sometimes with a line after the cursor, in a
form, or of real words only. The poet's vocabulary is indexed beforehand, as it is once a page has been open for a minute;
primed states aren't reused between requests, because each poem is different.
"""

import os
import statistics
import sys
import time
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # like the app and the command line

import numpy as np

from benchmarks import figures
from benchmarks.figures import Figure, rounded
from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, Form, LineRequest, Request, suggest, write

TOPIC = "Writing line by line"
QUESTIONS = 40

KINDS: dict[str, dict] = {
    "the next line": {},
    "a line before another": {"after": "\nAnd all the light is gone from me,\n"},
    "real words": {"real_words": True},
    "a rhyme": {"form": Form(rhyme="AABB")},
    "ten syllables and a rhyme": {"form": Form(rhyme="AABB", syllables=10)},
}


def measure(quick: bool = False, name: str = "english", questions: int = 0) -> Iterator[Figure]:
    """Measure requests of each kind; a quick run makes eight of each."""
    poet = load(name)
    index = OverlapIndex.open(poet.overlap_folder)
    count = questions or min(8 if quick else QUESTIONS, full_or_tiny(QUESTIONS, 1))
    poems = [write(poet, Request(lines=1 + 2 * (k % 2), rng=k)).text + "\n" for k in range(count)]
    cached = CachedPoet(poet, index)
    for changes in KINDS.values():  # index the vocabulary once
        suggest(cached, LineRequest("The sea at night\n", drafts=4, **changes))
    everything: list[float] = []
    for kind, changes in KINDS.items():
        seconds, in_form = [], []
        for rng, poem in enumerate(poems):
            cached.forget_states()
            began = time.perf_counter()
            found = suggest(cached, LineRequest(poem, rng=rng, **changes))
            seconds.append(time.perf_counter() - began)
            in_form.append(found.in_form / found.drafts)
            if len(found.suggestions) != 3:
                print(f"only {len(found.suggestions)} suggestions for {poem!r}", file=sys.stderr)
        everything += seconds
        print(
            f"{kind}: {np.median(seconds):.2f} s, {statistics.mean(in_form):.0%} of the drafts in form",
            flush=True,
        )
    what = "three suggestions out of 64 drafts, requests of five kinds"
    of = f"{len(everything)} requests"
    yield Figure(TOPIC, f"{what}, median", rounded(float(np.median(everything))), "s", "≤ 0.3", compared=of)
    late = rounded(float(np.percentile(everything, 95)))
    yield Figure(TOPIC, f"{what}, 95th percentile", late, "s", "≤ 1.5", compared=of)


def main(name: str = "english", questions: str = "0") -> int:
    return figures.report(measure(False, name, int(questions)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
