"""Chinese verse with equally long lines (齊言), laid out with one line (句) per row, ending in its punctuation mark.

Collections print such verse in couplets, in one run or in rows, and use various symbols for lost characters and editors' notes. A
poet of five- or seven-character lines learns from poems with one layout.
"""

import dataclasses
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from poetbot.poem import Poem

MARKS = "，。？！"
"""The marks that can end a line; other marks within a couplet (、；：) are replaced by the comma they stand for."""

_LIKE_A_COMMA = str.maketrans(
    {"、": "，", "；": "，", "：": "，", ",": "，", ";": "，", ":": "，", ".": "。", "?": "？", "!": "！"}
)
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_LINE = re.compile(rf"([{_HAN}]+)([{MARKS}])\s*")


def regular_verse(poems: Iterable[Poem], lengths: Collection[int]) -> list[Poem]:
    """Return the regular ones of `poems`: all lines have the same length, which is one of `lengths`.

    Every line ends in one of MARKS and is a row; lines form couplets, at least two of them. Poems with anything else (□ for a lost
    character, brackets, letters) are left out.
    """
    found = []
    for poem in poems:
        lines = _lines_of(poem.text)
        sizes = {len(line) - len(MARKS[0]) for line in lines}
        if len(lines) >= 4 and len(lines) % 2 == 0 and len(sizes) == 1 and sizes <= set(lengths):
            found.append(dataclasses.replace(poem, text="\n".join(lines)))
    return found


def without_rare_characters(poems: Sequence[Poem], fewest: int) -> list[Poem]:
    """Return the `poems` in which every character occurs in at least `fewest` of them.

    A character that occurs once can't be learned, but it takes as much space in the vocabulary as any other.
    """
    in_poems = Counter(character for poem in poems for character in set(poem.text))
    return [poem for poem in poems if all(in_poems[character] >= fewest for character in set(poem.text))]


def _lines_of(text: str) -> list[str]:
    """Return the lines with their marks; none if the text contains anything else."""
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
