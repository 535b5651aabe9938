"""Count the poems that end with a full stop or the like, have stray indents, or leave a quotation mark or a bracket open.

python -m benchmarks.tidy POET [POET ...]
    Writes sixty poems of fourteen lines without the rules of `poetbot/writing/tidy_lines.py`, and the same sixty with them.
    An indent is stray if it is of one or two spaces and fewer than three lines of the poem have it.
"""

import argparse
import os
from collections import Counter
from collections.abc import Sequence

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from benchmarks.sizes import full_or_tiny
from poetbot.poets.folder import load
from poetbot.writing import Request, write_together
from poetbot.writing.last_line import ends_sentence
from poetbot.writing.paired_marks import unclosed

POEMS, LINES = full_or_tiny((60, 14), (2, 3))
_RNG = 100
_FEWEST = 3


def has_stray_indent(poem: str) -> bool:
    """Return whether one or two lines of a poem are indented by one or two spaces."""
    indents = Counter(len(line) - len(line.lstrip(" ")) for line in poem.split("\n") if line.strip())
    return any(0 < indents[width] < _FEWEST for width in (1, 2))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Count tidy poems, with the rules and without.")
    parser.add_argument("poets", nargs="+", metavar="POET")
    for name in parser.parse_args(arguments).poets:
        poet = load(name)
        for tidy in (False, True):
            request = Request(lines=LINES, rng=_RNG, tidy=tidy, closes=tidy)
            poems = [poem.text.rstrip() for _, poem in write_together(poet, request, POEMS)]
            print(
                f"{name} {'with' if tidy else 'without'} the rules, {POEMS} poems: "
                f"{sum(map(ends_sentence, poems))} end with a stop, "
                f"{sum(map(has_stray_indent, poems))} have a stray indent, "
                f"{sum(bool(unclosed(poem)) for poem in poems)} leave a mark open"
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
