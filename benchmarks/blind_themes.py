"""Find out whether a reader who doesn't know the theme of a poem finds it among five.

python -m benchmarks.blind_themes write POET --out sheet.md --key key.json
    Writes two poems about each of twenty themes, and the key. Give the reader only sheet.md.
python -m benchmarks.blind_themes count key.json answers.txt
    Counts the right answers: a line for each poem, such as "7 C".
"""

import re

import numpy as np

from benchmarks.blind_reading import GUARD, indented, run
from benchmarks.sizes import full_or_tiny
from benchmarks.theme import LINES, THEMES
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.writing import Request, Theme, write

POEMS = full_or_tiny(2, 1)  # about each theme
CHOICES = "ABCDE"


def sheet(poets: list[str], rng: int) -> tuple[str, list[list[str]]]:
    """Return the poems in random order, each with five themes below it, as Markdown, and the letters of the right ones."""
    poet, chance = load(poets[0]), np.random.default_rng(rng)
    index = OverlapIndex.open(poet.overlap_folder)
    page, key = [], []
    for number, each in enumerate(chance.permutation(len(THEMES) * POEMS).tolist()):
        right = each // POEMS
        theme = Theme(THEMES[right])
        request = Request("", rng=each, lines=LINES, guard=GUARD, theme=theme, real_words=True)
        others = [k for k in range(len(THEMES)) if k != right]
        shown = chance.permutation([right, *chance.choice(others, len(CHOICES) - 1, replace=False)]).tolist()
        themes = "\n".join(f"{letter}: {THEMES[k]}" for letter, k in zip(CHOICES, shown, strict=True))
        page.append(f"## {number + 1}\n\n{indented(write(poet, request, index).text)}\n\n{themes}")
        key.append([CHOICES[shown.index(right)]])
    return "\n\n".join(page) + "\n", key


def _print_count(key: list[list[str]], answers: str) -> None:
    found = dict(re.findall(r"^\W*(\d+)\W+([A-E])\s*$", answers, re.MULTILINE))
    right = sum(found.get(str(number)) == letter for number, (letter,) in enumerate(key, 1))
    print(f"{right} of {len(key)} themes found")


def main() -> int:
    return run(__doc__, 1, sheet, _print_count)


if __name__ == "__main__":
    raise SystemExit(main())
