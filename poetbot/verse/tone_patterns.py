"""Tone patterns (平仄) of regulated verse, after Wang Li, 詩詞格律 (1962), chapter 2, and 漢語詩律學 (1958), chapter 1.

A line of five characters is of one of four types, told apart by its second character and its last:

    仄仄平平仄  平平仄仄平  平平平仄仄  仄仄仄平平

A line of seven has two characters before it, the second of which differs from the one two places on. The second lines of
couplets oppose the first in tone (對), and the first line of a couplet follows the line before it (粘). So the second
character of the first line, and whether that line rhymes, determine the pattern of a poem: there are four.

The first character is free, in lines of seven also the third (一三五不論), with these bounds: the line 平平仄仄平 needs a
level first character, or a level third one in its place, or else its level tone stands alone (孤平); its third is free. Two
variants count as regular: 平平仄平仄 for 平平平仄仄, and 仄仄仄平仄 for 仄仄平平仄, which needs no remedy. Three level or three
oblique characters at the end don't.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from poetbot.verse.rhyme_books import LEVEL, OBLIQUE

LENGTHS = (5, 7)
"""The characters of a line."""

_EITHER = LEVEL + OBLIQUE
_OPPOSITE = {LEVEL: OBLIQUE, OBLIQUE: LEVEL}
# By the tone of the second character and of the last; ? is free.
_FIVE = {
    (OBLIQUE, OBLIQUE): ("?仄平平仄", "?仄仄平仄"),
    (LEVEL, LEVEL): ("平平?仄平", "仄平平仄平"),
    (LEVEL, OBLIQUE): ("?平平仄仄", "平平仄平仄"),
    (OBLIQUE, LEVEL): ("?仄仄平平",),
}

Tones = Sequence[frozenset[str]]
"""The kinds of tone that each character of a line may have; none if they aren't known, which counts as either."""


class Opening(NamedTuple):
    """How a poem begins: the tone of the first line's second character (平起 or 仄起), and whether that line rhymes."""

    second: str
    rhymes: bool


OPENINGS = tuple(Opening(second, rhymes) for second in _EITHER for rhymes in (False, True))
"""The four standard patterns."""


@cache
def patterns(length: int, opening: Opening, number: int) -> tuple[str, ...]:
    """Return the regular patterns of line `number`, counted from 0: strings of 平 and 仄, one per character."""
    turned = number % 4 in (1, 2)
    second = _OPPOSITE[opening.second] if turned else opening.second
    last = LEVEL if number % 2 or (number == 0 and opening.rhymes) else OBLIQUE
    if length == 7:
        second = _OPPOSITE[second]
        found = ["?" + _OPPOSITE[second] + each for each in _FIVE[second, last]]
    else:
        found = list(_FIVE[second, last])
    expanded = (
        "".join(each) for some in found for each in product(*(_EITHER if c == "?" else c for c in some))
    )
    return tuple(dict.fromkeys(expanded))


def mistakes(tones: Tones, pattern: str) -> int:
    """Return how many characters of a line, or of its beginning, have another tone than the pattern."""
    return sum(bool(kinds) and wanted not in kinds for kinds, wanted in zip(tones, pattern, strict=False))


def is_regular(tones: Tones, found: Sequence[str]) -> bool:
    """Return whether a line follows one of these patterns to its end."""
    return any(len(tones) == len(each) and not mistakes(tones, each) for each in found)


def likely_openings(lines: Mapping[int, Tones], length: int, openings: Sequence[Opening]) -> list[Opening]:
    """Return those of the openings that the lines of a poem, by number, fit best: in most lines, then in most characters."""

    def misfit(opening: Opening) -> tuple[int, int]:
        least = [
            min(mistakes(tones, each) for each in patterns(length, opening, number))
            + abs(len(tones) - length)
            for number, tones in lines.items()
        ]
        return sum(map(bool, least)), sum(least)

    scored = [(misfit(opening), opening) for opening in openings]
    best = min(score for score, _ in scored)
    return [opening for score, opening in scored if score == best]
