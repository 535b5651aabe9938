"""Writing in a metre: which words may follow in a line so that `metre.scans` will say that it scans.

The costs are those of `metre.py`, word by word. A line is written in the plain metre, an iambic one possibly with its first
foot inverted, an anapaestic one possibly without its first syllable. A syllable after the last strong one isn't written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from poetbot.verse.metre import COSTS, FEET, LIMIT, stresses_of, usual_stresses, variants

_GRAIN = 1e-4
"""Less than the smallest cost. A line keeps as much below the limit, so that rounding can't matter."""


@dataclass(frozen=True)
class Scansion:
    """A place in a line that is written in a metre. Where two are equal, the same words may follow.

    `left` are the ways to continue: the positions that are left, such as "wsws", and what they may cost at most.
    """

    left: tuple[tuple[str, float], ...]

    @property
    def is_lost(self) -> bool:
        """Whether the line is longer than its metre, or has a word of another script."""
        return not self.left

    @property
    def may_end(self) -> bool:
        """Whether the line may end here."""
        return any(not places for places, _ in self.left)

    @property
    def may_go_on(self) -> bool:
        """Whether another word may follow."""
        return any(places for places, _ in self.left)

    def takes(self, ways: tuple[str, ...]) -> bool:
        """Return whether a word may follow, given the stresses of each of its pronunciations."""
        return any(_cost(way, places) < most for places, most in self.left for way in ways)

    def ends_after(self, ways: tuple[str, ...]) -> bool:
        """Return whether a word may follow and end the line."""
        return any(
            len(way) == len(places) and _cost(way, places) < most
            for places, most in self.left
            for way in ways
        )

    def after(self, word: str) -> "Scansion":
        """Return the place after a word.

        It is pronounced as usual if that fits, else as verse may pronounce it. If no pronunciation fits, because a person
        typed the word, the rest of the line must fit without any cost.
        """
        return _after(self, word)

    def after_all(self, words: Iterable[str]) -> "Scansion":
        """Return the place after several words."""
        place = self
        for word in words:
            if place.is_lost:
                break
            place = place.after(word)
        return place


@lru_cache(maxsize=64)
def scansion(foot: str, feet: int) -> Scansion:
    """Return the beginning of a line in a metre, one of FEET with a number of feet."""
    return Scansion(
        tuple(
            sorted(
                (places, round(LIMIT * len(places) - licence - _GRAIN, 4))
                for places, licence in variants(foot, feet)
                if places[-1] == FEET[foot][-1]
            )
        )
    )


def _cost(way: str, places: str) -> float:
    """Return the cost of a pronunciation in the first of the positions left; infinite if it is too long."""
    if len(way) > len(places):
        return float("inf")
    return sum(COSTS[stress][place == "s"] for stress, place in zip(way, places, strict=False))


@lru_cache(maxsize=20_000)
def _after(place: Scansion, word: str) -> Scansion:
    costs: dict[str, float] = {}
    for ways in (usual_stresses(word), stresses_of(word)):
        costs = _left_after(place, ways)
        if fitting := {places: most for places, most in costs.items() if most > 0}:
            return Scansion(tuple(sorted(fitting.items())))
    nearest = max(costs.values(), default=0.0)
    return Scansion(tuple(sorted((places, _GRAIN) for places, most in costs.items() if most == nearest)))


def _left_after(place: Scansion, ways: tuple[str, ...]) -> dict[str, float]:
    """Return what the positions left after a word may cost at most, by positions; negative if it doesn't fit."""
    found: dict[str, float] = {}
    for places, most in place.left:
        for way in ways:
            if len(way) <= len(places):
                rest = places[len(way) :]
                found[rest] = max(found.get(rest, -float("inf")), round(most - _cost(way, places), 4))
    return found
