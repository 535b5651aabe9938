"""Chinese verse with as many characters in every line (齊言), laid out a line (句) to a row, its mark at the end.

Collections print such verse in couplets, in one run or in rows, and mark lost characters and editors' notes with signs
of their own. A poet that is to write lines of five or seven learns from poems that are laid out in one way.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from poetbot.poem import Poem

MARKS = "，。？！"
"""The marks that may end a line; those that part a couplet otherwise (、；：) are taken for the comma they stand for."""

_LIKE_A_COMMA = str.maketrans(
    {"、": "，", "；": "，", "：": "，", ",": "，", ";": "，", ":": "，", ".": "。", "?": "？", "!": "！"}
)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_LINE = re.compile(rf"([{_HAN}]+)([{MARKS}])\s*")


def regular_verse(poems: Iterable[Poem], lengths: Collection[int]) -> list[Poem]:
    """Return those of `poems` that are regular, each line of the length of all, which is one of `lengths`.

    Every line ends in one of MARKS and stands in a row of its own; lines come in couplets, at least two of them. Poems
    with anything else in them (□ for a lost character, brackets, letters) are left out.
    """
    found = []
    for poem in poems:
        lines = _lines_of(poem.text)
        sizes = {len(line) - len(MARKS[0]) for line in lines}
        if len(lines) >= 4 and len(lines) % 2 == 0 and len(sizes) == 1 and sizes <= set(lengths):
            found.append(dataclasses.replace(poem, text="\n".join(lines)))
    return found


def without_rare_characters(poems: Sequence[Poem], fewest: int) -> list[Poem]:
    """Return the `poems` whose every character stands in at least `fewest` of them.

    A character met once cannot be learnt, but its place in the vocabulary costs as much as any other's.
    """
    in_poems = Counter(character for poem in poems for character in set(poem.text))
    return [poem for poem in poems if all(in_poems[character] >= fewest for character in set(poem.text))]


def _lines_of(text: str) -> list[str]:
    """Return the lines with their marks; none where the text holds anything else."""
    text = text.strip().translate(_LIKE_A_COMMA)
    lines = []
    at = 0
    while at < len(text):
        match = _LINE.match(text, at)
        if match is None:
            return []
        lines.append(match[1] + match[2])
        at = match.end()
    return lines
