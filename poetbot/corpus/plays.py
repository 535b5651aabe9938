"""Find plays from headings: which headings name a speaker, and how far each play extends.

A title is rarely repeated, and a tune that many Chinese poems are named after is repeated at random or several times in a row; the
names in a play take turns.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

_NEAR = 12
"""Maximum number of other names before a speaker's name is repeated."""
_BETWEEN = 6
"""Maximum number of headings between two names of one play, such as people who speak only once."""
_SPEECHES = 4
"""Minimum number of speeches in a play; at least half of its headings begin one."""

_NAME = re.compile(r"[^_(\[]+")


@dataclass(frozen=True)
class Plays:
    """Where the speakers of a text are named, in lines from 1."""

    speakers: frozenset[int]
    """Lines with the name of a speaker."""
    begins: tuple[int, ...]
    """First line with a name, for each play in order."""
    ends: tuple[int, ...]
    """Last line with a name."""

    def __contains__(self, line: int) -> bool:
        """Whether a line is in a play, between the names of two speakers."""
        play = bisect_right(self.begins, line) - 1
        return play >= 0 and line <= self.ends[play]


def find_plays(headings: Sequence[tuple[int, str]]) -> Plays:
    """Return the plays in the headings of a text, each with its line, in order."""
    turns: list[str] = []
    turn_of: list[int] = []
    for _, text in headings:
        name = heading_name(text)
        if not turns or turns[-1] != name:
            turns.append(name)
        turn_of.append(len(turns) - 1)
    comes_back = _comes_back(turns)
    spoken = [place for place, turn in enumerate(turn_of) if comes_back[turn]]
    lines: set[int] = set()
    begins: list[int] = []
    ends: list[int] = []
    for play in _runs(spoken):
        names = {turns[turn_of[place]] for place in play}
        if len(names) > 1 and len(play) >= _SPEECHES and 2 * len(play) > play[-1] - play[0]:
            lines.update(headings[place][0] for place in play)
            begins.append(headings[play[0]][0])
            ends.append(headings[play[-1]][0])
    return Plays(frozenset(lines), tuple(begins), tuple(ends))


def heading_name(text: str) -> str:
    """Return the name in a heading, without a direction after it: `MARY (_to_ TEIG)`."""
    match = _NAME.match(text)
    return match[0].rstrip(" .:") if match else ""


def _comes_back(turns: Sequence[str]) -> list[bool]:
    """Return for each turn whether others' turns are between it and the same name nearby."""
    found = [False] * len(turns)
    latest: dict[str, int] = {}
    for turn, name in enumerate(turns):
        before = latest.get(name)
        if name and before is not None and turn - before <= _NEAR:
            found[before] = found[turn] = True
        latest[name] = turn
    return found


def _runs(places: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for place in places:
        if not runs or place - runs[-1][-1] > _BETWEEN + 1:
            runs.append([])
        runs[-1].append(place)
    return runs
