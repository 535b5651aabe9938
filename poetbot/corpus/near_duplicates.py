"""Which poems are nearly the same: copies, variants, and excerpts of a longer one.

A poem is taken as the set of its three-word runs. Two poems are near-duplicates where they share at least a
quarter of the runs of the shorter one, so a stanza printed alone counts as a duplicate of the whole poem. That is
containment (Broder 1997, "On the resemblance and containment of documents"), here counted exactly: a few million
runs sort in a second, so there is nothing to estimate with MinHash.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from poetbot.corpus.poem import Poem

RUN_WORDS = 3
"""Words of a run. A variant with every tenth word changed still keeps 0.9³ = 73 % of its three-word runs."""

CONTAINMENT = 1 / 4
"""Share of the shorter poem's runs that makes two poems near-duplicates; in 5,000 classic poems no unrelated pair shares 0.23."""

MIN_SHARED = 5
"""Runs that must be shared at least, so that tiny poems are not tied together by one common phrase."""

# A run that stands in hundreds of poems is a commonplace ("in the night"): each poem is then compared with the
# next ones that hold it, not with all, which keeps the work linear. Families of copies still meet, link by link.
_NEIGHBOURS = 24
_TOLD_EVERY = 250

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ")

Codes = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]


def near_duplicate_groups(poems: Sequence[Poem | str]) -> list[int]:
    """Return one group number for each of `poems`; near-duplicates, and whatever they chain to, share a number.

    Numbers count from 0 in order of first appearance. The same poems in the same order always give the same
    numbers. Case, punctuation and line breaks do not matter. 10,000 poems of 200 words take about 3 seconds.
    """
    parent = list(range(len(poems)))
    for one, other in near_duplicate_pairs(poems):
        _unite(parent, one, other)
    names: dict[int, int] = {}
    return [names.setdefault(_root(parent, number), len(names)) for number in range(len(poems))]


def near_duplicate_pairs(
    poems: Sequence[Poem | str], containment: float = CONTAINMENT, seen: Callable[[float], None] | None = None
) -> Iterator[tuple[int, int]]:
    """Yield pairs of places in `poems` that share at least this share of the shorter one's runs.

    Of poems with the same words, each is paired with the first alone; a run in hundreds of poems ties each to the next
    ones only. Poems without words are paired with nothing. `seen` is told the share of the poems that were read.
    """
    word_numbers: dict[str, int] = {}
    first_with: dict[bytes, int] = {}
    owners: list[int] = []
    tokens: list[Codes] = []
    for number, poem in enumerate(poems):
        if seen and number % _TOLD_EVERY == 0:
            seen(number / len(poems))
        text = poem if isinstance(poem, str) else poem.text
        ids = np.array([word_numbers.setdefault(w, len(word_numbers)) for w in _words(text)], dtype=np.int64)
        # Equal words: one of them stands for all, so a thousand copies cost no more than one.
        first = first_with.setdefault(ids.tobytes(), number)
        if first == number:
            owners.append(number)
            tokens.append(ids)
        elif ids.size:
            yield first, number
    keys, holders, sizes = _runs(tokens)
    for left, right in _near_pairs(keys, holders, sizes, containment):
        yield owners[left], owners[right]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES))


def _runs(tokens: Sequence[Codes]) -> tuple[Keys, Codes, Codes]:
    """Return the distinct runs of all poems as (keys, holders), sorted by key then holder, and each poem's count."""
    keys: list[Keys] = []
    holders: list[Codes] = []
    for number, ids in enumerate(tokens):
        count = ids.size - RUN_WORDS + 1
        if count < 1:
            continue
        key = np.zeros(count, dtype=np.uint64)
        for place in range(RUN_WORDS):
            key = _mixed(key + ids[place : place + count].astype(np.uint64) + np.uint64(1))
        keys.append(key)
        holders.append(np.full(count, number, dtype=np.int64))
    if not keys:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing.astype(np.uint64), nothing, np.zeros(len(tokens), dtype=np.int64)
    all_keys, all_holders = np.concatenate(keys), np.concatenate(holders)
    order = np.argsort(all_keys, kind="stable")
    all_keys, all_holders = all_keys[order], all_holders[order]
    fresh = np.ones(all_keys.size, dtype=bool)
    fresh[1:] = (all_keys[1:] != all_keys[:-1]) | (all_holders[1:] != all_holders[:-1])
    all_keys, all_holders = all_keys[fresh], all_holders[fresh]
    return all_keys, all_holders, np.bincount(all_holders, minlength=len(tokens))


def _mixed(key: Keys) -> Keys:
    """Scramble 64-bit keys (the finaliser of SplitMix64), so that different runs practically never share one."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def _near_pairs(keys: Keys, holders: Codes, sizes: Codes, containment: float) -> Iterable[tuple[int, int]]:
    """Yield the pairs of poems, by their place in `sizes`, that share enough of the shorter one's runs."""
    poems = sizes.size
    pairs: list[Codes] = []
    counts: list[Codes] = []
    for step in range(1, _NEIGHBOURS + 1):
        together = np.flatnonzero(keys[step:] == keys[:-step])
        if not together.size:
            break
        pair, count = _counted(holders[together] * poems + holders[together + step])
        pairs.append(pair)
        counts.append(count)
    if not pairs:
        return []
    pair, shared = _counted(np.concatenate(pairs), np.concatenate(counts))
    left, right = pair // poems, pair % poems
    smaller = np.minimum(sizes[left], sizes[right])
    near = (shared >= containment * smaller) & (shared >= MIN_SHARED)
    return zip(left[near].tolist(), right[near].tolist(), strict=True)


def _counted(codes: Codes, weights: Codes | None = None) -> tuple[Codes, Codes]:
    """Return the distinct `codes`, sorted, and for each its number of occurrences (or the sum of its weights)."""
    order = np.argsort(codes)
    codes = codes[order]
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
    if weights is None:
        return codes[starts], np.diff(np.append(starts, codes.size))
    return codes[starts], np.add.reduceat(weights[order], starts)


def _root(parent: list[int], number: int) -> int:
    while parent[number] != number:
        parent[number] = parent[parent[number]]
        number = parent[number]
    return number


def _unite(parent: list[int], one: int, other: int) -> None:
    low, high = sorted((_root(parent, one), _root(parent, other)))
    parent[high] = low
