"""Find out which of two poets a reader prefers without knowing which wrote what: pairs of poems with the same opening.

python -m benchmarks.blind_reading write POET POET --out pairs.md --key key.json
    Writes a pair of poems for each opening, and the key that says which poet wrote which. Give the reader only pairs.md.
python -m benchmarks.blind_reading count key.json answers.txt
    Counts the answers: a line for each pair, such as "7 A", "7 B", or "7 =" if neither is better.

`modern:12` stands for the best of twelve poems by `modern`, as the app chooses it, and `modern@0.7` for `modern` at that temperature.
`modern/any` writes about anything, not about its first words.
"""

import argparse
import json
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.sizes import full_or_tiny
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.writing import CachedPoet, Request, Theme, write_best_of

OPENINGS = (
    "The morning train is full of coats",
    "In the kitchen the radio talks",
    "Since you died",
    "The cat has taken the warm chair",
    "Today I am forty",
    "My mother's hands smelled of onions",
    "Nobody on this bus looks up",
    "It rained on the parking lot",
    "We painted the baby's room",
    "The phone rings in an empty house",
    "At the supermarket I forgot",
    "My father never said",
    "The dog knows before I do",
    "Snow on the schoolyard",
    "I kept your letters in a shoe box",
    "The old men play cards",
    "Sunday, and the neighbours sing",
    "She waits outside the hospital",
    "There is a crack in the blue cup",
    "I learned to swim",
    "The baker lights his window",
    "After the party",
    "Our street is being torn up",
    "The last leaf on the pear tree",
    "You asked me what I want",
    "The night nurse hums",
    "I watched the planes",
    "Grandmother counts her buttons",
    "The garden is too big for one",
    "When the power went out",
)[: full_or_tiny(None, 2)]
LINES = 12
GUARD = 8  # the app's default, like the temperature and real words


def poems_of(poet: str) -> list[str]:
    """Return one poem for each opening, written with the app's default settings. Poem k has rng k.

    `poet` is a name or a folder, with "@0.7" behind it for that temperature, then ":12" for the best of twelve, with
    rng 1000 k + 1000 and the eleven after it, and then "/any" if the opening isn't the theme.
    """
    found = re.fullmatch(r"(.*?)(?:@([\d.]+))?(?::(\d+))?(/any)?", poet)
    assert found is not None
    temperature = float(found[2] or DEFAULT_TEMPERATURE)
    loaded = load(found[1])
    cached, drafts = CachedPoet(loaded, OverlapIndex.open(loaded.overlap_folder)), int(found[3] or 1)
    texts = []
    for k, opening in enumerate(OPENINGS):
        rng = k if drafts == 1 else 1000 * (k + 1)
        theme = Theme() if found[4] else Theme().or_opening(opening)
        request = Request(
            opening, temperature, lines=LINES, rng=rng, guard=GUARD, theme=theme, real_words=True
        )
        texts.append(write_best_of(cached, request, drafts)[0].poem.text)
    return texts


def pairs(poets: list[str], rng: int) -> tuple[str, list[list[str]]]:
    """Return the pairs of poems as Markdown, and which poet wrote A and B of each."""
    first, second = (poems_of(poet) for poet in poets)
    swapped = np.random.default_rng(rng).random(len(OPENINGS)) < 0.5
    page, key = [], []
    for k, swap in enumerate(swapped.tolist()):
        shown = [(poets[0], first[k]), (poets[1], second[k])]
        if swap:
            shown.reverse()
        key.append([poet for poet, _ in shown])
        page.append(
            f"## {k + 1}\n\n"
            + "\n\n".join(f"{name}\n\n{indented(text)}" for name, (_, text) in zip("AB", shown, strict=True))
        )
    return "\n\n".join(page) + "\n", key


def indented(text: str) -> str:
    """Return a poem as a block of Markdown."""
    return "\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n"))


def tally(key: list[list[str]], answers: str) -> Counter[str]:
    """Return how often each poet was preferred; "neither" counts the ties. Raises SystemExit if a pair has no answer."""
    found = {
        int(number): choice
        for number, choice in re.findall(r"^\W*(\d+)\W+([AB=])\s*$", answers, re.MULTILINE)
    }
    if missing := [k + 1 for k in range(len(key)) if k + 1 not in found]:
        raise SystemExit(f"No answer for the pairs {missing}.")
    return Counter(
        "neither" if found[k + 1] == "=" else each["AB".index(found[k + 1])] for k, each in enumerate(key)
    )


def run(
    description: str | None,
    poets: int | str,
    sheet: Callable[[list[str], int], tuple[str, list[list[str]]]],
    count: Callable[[list[list[str]], str], None],
) -> int:
    """Run the commands `write` and `count` of a blind reading. `sheet` returns the page and its key."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    writes = commands.add_parser("write")
    writes.add_argument("poets", nargs=poets, help="names or folders of poets, or what the description says")
    writes.add_argument("--out", type=Path, required=True)
    writes.add_argument("--key", type=Path, required=True)
    writes.add_argument("--rng", type=int, default=0)
    counts = commands.add_parser("count")
    counts.add_argument("key", type=Path)
    counts.add_argument("answers", type=Path)
    given = parser.parse_args()
    if given.command == "write":
        page, key = sheet(given.poets, given.rng)
        given.out.write_text(page, encoding="utf-8")
        given.key.write_text(json.dumps(key), encoding="utf-8")
    else:
        count(json.loads(given.key.read_text("utf-8")), given.answers.read_text("utf-8"))
    return 0


def _print_count(key: list[list[str]], answers: str) -> None:
    counted = tally(key, answers)
    for poet, times in counted.most_common():
        print(f"{poet}: {times} of {sum(counted.values())}")


def main() -> int:
    return run(__doc__, 2, pairs, _print_count)


if __name__ == "__main__":
    raise SystemExit(main())
