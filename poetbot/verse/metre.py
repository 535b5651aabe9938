"""Metre: which foot a line of English verse goes by, and how many of them it has.

The rule. Each syllable stands in a strong or a weak place of a metre. Stress as the dictionary has it fits some places
better than others: a stressed syllable of a longer word in a weak place is what metre forbids (after Halle & Keyser
1971, *English Stress: Its Form, Its Growth, and Its Role in Verse*), other mismatches are what verse does at times
(promotion and demotion: Attridge 1982, *The Rhythms of English Poetry*), and cost less. A line's metre is the one that costs least a syllable, iambs before others where
it is equal; beyond a limit it has none. The first foot of iambs may be turned round, a weak syllable may follow
the last strong one or be missing after it, and the first foot of anapaests may lack one.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from poetbot.verse.alliteration import UNSTRESSED
from poetbot.verse.sounds import possible_syllables, pronunciations
from poetbot.verse.word_letters import spoken

FEET = {"iambic": "ws", "trochaic": "sw", "anapaestic": "wws", "dactylic": "sww"}
"""Each foot with its weak and strong places."""
FEWEST, MOST = 2, 8
"""Feet of a line."""
MOST_LINES = 200
MOST_WORDS = 40
"""Words of a line beyond which it is no verse and not scanned."""

# What a syllable costs in a weak place and in a strong one: of a longer word by its stress in the dictionary ("1" main,
# "2" lesser, "0" none), of a word of one syllable by whether verse often stresses it ("c") or seldom ("f").
_COSTS = {"1": (1.0, 0.0), "2": (0.3, 0.0), "0": (0.0, 0.4), "c": (0.35, 0.0), "f": (0.0, 0.2)}
_LICENCE = 0.3  # of a line that is not the plain metre
_LIMIT = 0.13  # a syllable
_NO_WAY = 1e9
_KEPT = 20_000


class Metre(NamedTuple):
    """The foot of a line, one of FEET, how many `feet` it has, and what it costs a syllable (0 is a perfect fit)."""

    foot: str
    feet: int
    cost: float


class PoemMetre(NamedTuple):
    """The foot that fits most of a poem: `fitting` of its `lines`, and how many of these have so many feet, the most first."""

    foot: str
    feet: tuple[tuple[int, int], ...]
    fitting: int
    lines: int


def metre(line: str) -> Metre | None:
    """Return the metre of a line; None where no metre fits, or there are no words, or too many."""
    return min(metres(line), key=lambda each: round(each.cost, 9), default=None)


def metres(line: str) -> list[Metre]:
    """Return every metre that fits a line, each with its least cost, iambs first."""
    words = spoken(line)
    if not 1 <= len(words) <= MOST_WORDS:
        return []
    sounds = [_stresses(word) for word in words]
    if not all(sounds):
        return []  # a word of another script
    low, high = (sum(pick(map(len, each)) for each in sounds) for pick in (min, max))
    found: dict[tuple[str, int], float] = {}
    for foot, feet, places, licence in _patterns():
        if low <= len(places) <= high:
            cost = (_fit(sounds, places) + licence) / len(places)
            if cost <= _LIMIT and cost < found.get((foot, feet), _NO_WAY):
                found[foot, feet] = cost
    return [Metre(foot, feet, cost) for (foot, feet), cost in found.items()]


def metre_of(poem: str) -> PoemMetre | None:
    """Return the metre of a poem, heard in all of its lines together; None where most of them have none in common.

    A foot is worth more the better it fits. At most 200 lines are looked at.
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
    foot = max(FEET, key=lambda name: sum(2 * _LIMIT - each.cost for each in fits[name]))
    if 2 * len(fits[foot]) <= len(lines):
        return None
    feet = Counter(each.feet for each in fits[foot])
    return PoemMetre(foot, tuple(feet.most_common()), len(fits[foot]), len(lines))


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, int, str, float], ...]:
    return tuple(
        (foot, feet, places, licence)
        for foot in FEET
        for feet in range(FEWEST, MOST + 1)
        for places, licence in _variants(foot, feet)
    )


def _variants(foot: str, feet: int) -> Iterator[tuple[str, float]]:
    """Return the places of a line of so many feet, plain and with the licences that verse takes, with their cost."""
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
    """Return the least that these words cost in these places, each said in the way that costs least."""
    costs = {0: 0.0}
    for ways in sounds:
        after: dict[int, float] = {}
        for at, cost in costs.items():
            for way in ways:
                end = at + len(way)
                if end > len(places):
                    continue
                there = cost + sum(
                    _COSTS[stress][place == "s"] for stress, place in zip(way, places[at:end], strict=True)
                )
                if there < after.get(end, _NO_WAY):
                    after[end] = there
        costs = after
    return costs.get(len(places), _NO_WAY)


@lru_cache(maxsize=_KEPT)
def _stresses(word: str) -> tuple[str, ...]:
    """Return the stresses of each way to say a word, as keys of the costs; () where it has no sound."""
    found: dict[str, None] = {}
    for phones in pronunciations(word):
        stresses = "".join(phone[-1] for phone in phones if phone[-1].isdigit())
        if len(stresses) == 1:
            stresses = "f" if word in UNSTRESSED else "c"
        found[stresses] = None
    if not found:
        return ()
    fewest, most = possible_syllables(word)
    for stresses in list(found):
        if len(stresses) > fewest:
            for k, stress in enumerate(stresses):
                if stress == "0":  # a weak vowel that verse may swallow
                    rest = stresses[:k] + stresses[k + 1 :]
                    found["c" if len(rest) == 1 else rest] = None
        if len(stresses) < most and word.endswith("ed"):
            found[("1" if stresses == "c" else stresses) + "0"] = None
    return tuple(found)
