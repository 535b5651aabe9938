"""Metre: the foot of a line of English verse, and the number of feet.

Each syllable is in a strong or a weak position of a metre. The stress in the dictionary fits some positions better
than others: a stressed syllable of a longer word in a weak position violates the metre (after Halle & Keyser
1971, *English Stress: Its Form, Its Growth, and Its Role in Verse*), other mismatches are common in verse
(promotion and demotion: Attridge 1982, *The Rhythms of English Poetry*), and cost less. The metre of a line is the one with the lowest cost per syllable, iambs first
if equal; beyond a limit it has none. The first iamb may be inverted, a weak syllable may be added or missing
after the last strong one, and the first anapaest may lack one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from poetbot.verse.alliteration import UNSTRESSED
from poetbot.verse.sounds import possible_syllables, pronunciations
from poetbot.verse.word_letters import spoken

FEET = {"iambic": "ws", "trochaic": "sw", "anapaestic": "wws", "dactylic": "sww"}
"""Each foot with its weak and strong positions."""
FEWEST, MOST = 2, 8
"""The possible numbers of feet of a line."""
MOST_LINES = 200
MOST_WORDS = 40
"""Maximum number of words of a line. A longer one is not verse and is not scanned."""

# The cost of a syllable in a weak and in a strong position: for a longer word by its stress in the dictionary
# ("1" primary, "2" secondary, "0" none), for a monosyllable by whether verse stresses it often ("c") or seldom ("f").
COSTS = {"1": (1.0, 0.0), "2": (0.3, 0.0), "0": (0.0, 0.4), "c": (0.35, 0.0), "f": (0.0, 0.2)}
_LICENCE = 0.3  # of a variation from the plain metre
LIMIT = 0.13
"""The highest cost per syllable at which a line still has a metre."""
_NO_WAY = 1e9
_KEPT = 20_000


class Metre(NamedTuple):
    """The foot of a line, one of FEET, the number of `feet`, and the cost per syllable (0 is a perfect fit)."""

    foot: str
    feet: int
    cost: float


Pattern = tuple[str, int, str, float]
"""A foot, the number of feet, the positions of a line, and the cost of this variation."""


class PoemMetre(NamedTuple):
    """The foot that fits most lines: `fitting` of `lines`, and the counts of these by number of feet, largest first."""

    foot: str
    feet: tuple[tuple[int, int], ...]
    fitting: int
    lines: int


def metre(line: str) -> Metre | None:
    """Return the metre of a line, or None if no metre fits or it has no words or too many."""
    return min(metres(line), key=lambda each: round(each.cost, 9), default=None)


def metres(line: str) -> list[Metre]:
    """Return every metre that fits a line, each with its lowest cost, iambs first."""
    return _fitting(line, _patterns())


def scans(line: str, foot: str, feet: int) -> bool:
    """Return whether a metre, one of FEET with a number of feet, is among the `metres` that fit a line."""
    return bool(_fitting(line, _patterns_of(foot, feet)))


def _fitting(line: str, patterns: Iterable[Pattern]) -> list[Metre]:
    """Return those of the metres that fit a line, each with its lowest cost."""
    words = spoken(line)
    if not 1 <= len(words) <= MOST_WORDS:
        return []
    sounds = [stresses_of(word) for word in words]
    if not all(sounds):
        return []  # a word of another script
    low, high = (sum(pick(map(len, each)) for each in sounds) for pick in (min, max))
    found: dict[tuple[str, int], float] = {}
    for foot, feet, places, licence in patterns:
        if low <= len(places) <= high:
            cost = (_fit(sounds, places) + licence) / len(places)
            if cost <= LIMIT and cost < found.get((foot, feet), _NO_WAY):
                found[foot, feet] = cost
    return [Metre(foot, feet, cost) for (foot, feet), cost in found.items()]


def metre_of(poem: str) -> PoemMetre | None:
    """Return the metre of a poem by all of its lines, or None if most lines do not share one.

    A foot counts more the better it fits. At most 200 lines are scanned.
    """
    lines = [line for line in poem.split("\n") if spoken(line)][:MOST_LINES]
    fits: dict[str, list[Metre]] = {foot: [] for foot in FEET}
    for line in lines:
        best: dict[str, Metre] = {}
        for each in metres(line):
            if each.foot not in best or each.cost < best[each.foot].cost:
                best[each.foot] = each
        for foot, each in best.items():
            fits[foot].append(each)
    foot = max(FEET, key=lambda name: sum(2 * LIMIT - each.cost for each in fits[name]))
    if 2 * len(fits[foot]) <= len(lines):
        return None
    feet = Counter(each.feet for each in fits[foot])
    return PoemMetre(foot, tuple(feet.most_common()), len(fits[foot]), len(lines))


@lru_cache(maxsize=1)
def _patterns() -> tuple[Pattern, ...]:
    return tuple(
        (foot, feet, places, licence)
        for foot in FEET
        for feet in range(FEWEST, MOST + 1)
        for places, licence in variants(foot, feet)
    )


@lru_cache(maxsize=64)
def _patterns_of(foot: str, feet: int) -> tuple[Pattern, ...]:
    return tuple(each for each in _patterns() if each[:2] == (foot, feet))


def variants(foot: str, feet: int) -> Iterator[tuple[str, float]]:
    """Yield the positions of a line with this many feet, plain and with the usual variations, and their cost."""
    plain = FEET[foot] * feet
    yield plain, 0.0
    if foot == "iambic":
        yield plain + "w", _LICENCE / 2
        yield "sw" + plain[2:], _LICENCE
        yield "sw" + plain[2:] + "w", 1.5 * _LICENCE
    elif foot == "anapaestic":
        yield plain[1:], _LICENCE / 2
        yield plain + "w", _LICENCE
        yield plain[1:] + "w", 1.5 * _LICENCE
    else:
        yield plain[:-1], _LICENCE / 2
        if foot == "dactylic":
            yield plain[:-2], _LICENCE / 2


def _fit(sounds: list[tuple[str, ...]], places: str) -> float:
    """Return the lowest cost of these words in these positions over their pronunciations."""
    costs = {0: 0.0}
    for ways in sounds:
        after: dict[int, float] = {}
        for at, cost in costs.items():
            for way in ways:
                end = at + len(way)
                if end > len(places):
                    continue
                there = cost + sum(
                    COSTS[stress][place == "s"] for stress, place in zip(way, places[at:end], strict=True)
                )
                if there < after.get(end, _NO_WAY):
                    after[end] = there
        costs = after
    return costs.get(len(places), _NO_WAY)


@lru_cache(maxsize=_KEPT)
def stresses_of(word: str) -> tuple[str, ...]:
    """Return the stresses of each pronunciation of a word in verse, as keys of the costs, or () if it has none."""
    found = dict.fromkeys(_plain_stresses(word))
    if not found:
        return ()
    fewest, most = possible_syllables(word)
    for stresses in list(found):
        if len(stresses) > fewest:
            for k, stress in enumerate(stresses):
                if stress == "0":  # a weak vowel that verse may elide
                    rest = stresses[:k] + stresses[k + 1 :]
                    found["c" if len(rest) == 1 else rest] = None
        if len(stresses) < most and word.endswith("ed"):
            found[("1" if stresses == "c" else stresses) + "0"] = None
    return tuple(found)


def usual_stresses(word: str) -> tuple[str, ...]:
    """Return those of the stresses of a word that have as many syllables as its usual pronunciation."""
    found = _plain_stresses(word)
    return tuple(each for each in dict.fromkeys(found) if 0 < len(each) == len(found[0]))


def _plain_stresses(word: str) -> list[str]:
    """Return the stresses of each pronunciation of a word, without what verse may elide or pronounce."""
    found = []
    for phones in pronunciations(word):
        stresses = "".join(phone[-1] for phone in phones if phone[-1].isdigit())
        if len(stresses) == 1:
            stresses = "f" if word in UNSTRESSED else "c"
        found.append(stresses)
    return found
