"""Find poems that are nearly the same: copies, variants, and excerpts of a longer one.

A poem is represented by the set of its three-word sequences. Two poems are near-duplicates if they share at least a quarter of the
sequences of the shorter one, so a stanza printed alone is a duplicate of the whole poem. This is containment (Broder 1997, "On the
resemblance and containment of documents"), counted exactly: a few million sequences can be sorted in a second, so MinHash isn't
needed.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.poem import Poem

RUN_WORDS = 3
"""Words per sequence. A variant with every tenth word changed keeps 0.9³ = 73 % of its three-word sequences."""

CONTAINMENT = 1 / 4
"""Share of the shorter poem's runs that makes two poems near-duplicates; in 5,000 classic poems no unrelated pair shares 0.23."""

MIN_SHARED = 5
"""Minimum number of shared sequences, so that one common phrase doesn't link tiny poems."""

# A run that stands in hundreds of poems is a commonplace ("in the night"): each poem is then compared with the
# next ones that hold it, not with all, which keeps the work linear. Families of copies still meet, link by link.
_NEIGHBOURS = 24
_AT_A_TIME = 250_000  # runs, with up to 24 pairs each, of which a few hundred MB are made
_TOLD_EVERY = 250

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ")

Codes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Keys = npt.NDArray[np.uint64]


def near_duplicate_groups(poems: Sequence[Poem | str]) -> list[int]:
    """Return one group number for each of `poems`; near-duplicates, also indirect ones, have the same number.

    Numbers count from 0 in order of first appearance. The same poems in the same order always give the same numbers. Case,
    punctuation and line breaks don't matter. 10,000 poems of 200 words take about 3 seconds.
    """
    parent = list(range(len(poems)))
    for one, other in near_duplicate_pairs(poems):
        _unite(parent, one, other)
    names: dict[int, int] = {}
    return [names.setdefault(_root(parent, number), len(names)) for number in range(len(poems))]


def near_duplicate_pairs(
    poems: Sequence[Poem | str],
    containment: float = CONTAINMENT,
    seen: Callable[[float], None] | None = None,
    copies: dict[int, int] | None = None,
) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions in `poems` that share at least this share of the shorter one's sequences.

    Poems with the same words are paired only with the first of them; with `copies`, the position of each and of that first one is
    stored before any pair is yielded. A sequence in hundreds of poems links each only to the next ones. Poems without words aren't
    paired. `seen` is called with the share of the poems read.
    """
    word_numbers: dict[str, int] = {}
    first_with: dict[
        bytes, int
    ] = {}  # by a digest of its words: the words of all poems are half a large file
    owners: list[int] = []
    tokens: list[Numbers] = []
    for number, poem in enumerate(poems):
        if seen and number % _TOLD_EVERY == 0:
            seen(number / len(poems))
        text = poem if isinstance(poem, str) else poem.text
        ids = np.array([word_numbers.setdefault(w, len(word_numbers)) for w in _words(text)], dtype=np.int32)
        # One poem represents all with equal words, so a thousand copies cost no more than one.
        first = first_with.setdefault(hashlib.blake2b(ids.data, digest_size=20).digest(), number)
        if first == number:
            owners.append(number)
            tokens.append(ids)
        elif ids.size and copies is not None:
            copies[number] = first
        elif ids.size:
            yield first, number
    keys, holders, sizes = _runs(tokens)
    del tokens, word_numbers, first_with
    for left, right in _near_pairs(keys, holders, sizes, containment):
        yield owners[left], owners[right]


class WordHashes(dict[str, int]):
    """A 64-bit hash for each word, the same on every machine, computed when it is first asked for."""

    def __missing__(self, word: str) -> int:
        found = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        self[word] = found
        return found


def hashed_words(text: str, hashes: WordHashes) -> Keys:
    """Return the hash of each word of a text."""
    found = _words(text)
    return np.fromiter(map(hashes.__getitem__, found), np.uint64, len(found))


def distinct_sequences(words: Keys) -> Keys:
    """Return the keys of the distinct sequences of some words, ascending."""
    count = max(words.size - RUN_WORDS + 1, 0)
    key = np.zeros(count, np.uint64)
    for place in range(RUN_WORDS if count else 0):
        key = _mixed(key + words[place : place + count] + np.uint64(1))
    key.sort()
    return key[np.append(True, key[1:] != key[:-1])[:count]]


def are_near(one: Keys, other: Keys, containment: float = CONTAINMENT) -> bool:
    """Return whether two poems, given their distinct sequences, share this much of the shorter one's."""
    short, long = sorted((one, other), key=len)
    places = np.minimum(long.searchsorted(short), max(0, len(long) - 1))
    shared = int(np.count_nonzero(long[places] == short)) if len(short) else 0
    return shared >= containment * len(short) and shared >= MIN_SHARED


def linked_holders(keys: Keys, holders: Keys) -> tuple[Keys, Keys, Keys]:
    """Return the pairs of holders that share sequences, given the (key, holder) of all sequences sorted by both.

    The result is (left, right) for each shared sequence, and the holders of the commonplaces: sequences with so many
    holders that each is paired only with the next.
    """
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: keys.size])
    counts = np.diff(np.append(starts, keys.size))
    often = np.repeat(counts, counts)
    left: list[Keys] = []
    right: list[Keys] = []
    places = np.flatnonzero(often > 1)
    for step in range(1, _NEIGHBOURS + 1):
        places = places[: np.searchsorted(places, keys.size - step)]
        places = places[keys[places + step] == keys[places]]
        if not places.size:
            break
        left.append(holders[places])
        right.append(holders[places + step])
        places = places[often[places] <= _NEIGHBOURS + 1]
    nothing = np.zeros(0, holders.dtype)
    common = holders[often > _NEIGHBOURS + 1]
    return np.concatenate([nothing, *left]), np.concatenate([nothing, *right]), common


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFC", text).casefold().translate(_APOSTROPHES))


def _runs(tokens: Sequence[Numbers]) -> tuple[Keys, Numbers, Codes]:
    """Return the distinct sequences of all poems as (keys, holders), sorted by key then holder, and each poem's count."""
    counts = [max(ids.size - RUN_WORDS + 1, 0) for ids in tokens]
    keys = np.zeros(sum(counts), dtype=np.uint64)
    begin = 0
    for ids, count in zip(tokens, counts, strict=True):
        key = keys[begin : begin + count]
        for place in range(RUN_WORDS if count else 0):
            key[:] = _mixed(key + ids[place : place + count].astype(np.uint64) + np.uint64(1))
        begin += count
    holders = np.repeat(np.arange(len(tokens), dtype=np.int32), counts)
    order = np.argsort(keys, kind="stable")
    keys, holders = keys[order], holders[order]
    del order
    is_first = np.ones(keys.size, dtype=bool)
    is_first[1:] = (keys[1:] != keys[:-1]) | (holders[1:] != holders[:-1])
    keys, holders = keys[is_first], holders[is_first]
    return keys, holders, np.bincount(holders, minlength=len(tokens))


def _mixed(key: Keys) -> Keys:
    """Scramble 64-bit keys (the finaliser of SplitMix64), so that different sequences practically never collide."""
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


def _near_pairs(keys: Keys, holders: Numbers, sizes: Codes, containment: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs of poems, by position in `sizes`, that share enough of the shorter one's sequences.

    Every sequence is compared with the next ones, so there may be many more pairs than sequences; they are therefore counted for one
    part of the poems at a time.
    """
    poems = sizes.size
    part = np.cumsum(sizes) // _AT_A_TIME  # of each poem
    for number in np.unique(part):
        first, last = np.searchsorted(part, (number, number + 1))
        places = np.flatnonzero((holders >= first) & (holders < last))
        pairs: list[Codes] = []
        counts: list[Codes] = []
        for step in range(1, _NEIGHBOURS + 1):
            places = places[: np.searchsorted(places, keys.size - step)]
            # If a sequence differs this many places further on, it differs beyond that, too.
            places = places[keys[places + step] == keys[places]]
            if not places.size:
                break
            pair, count = counted(holders[places].astype(np.int64) * poems + holders[places + step])
            pairs.append(pair)
            counts.append(count)
        if not pairs:
            continue
        pair, shared = counted(np.concatenate(pairs), np.concatenate(counts))
        left, right = pair // poems, pair % poems
        smaller = np.minimum(sizes[left], sizes[right])
        near = (shared >= containment * smaller) & (shared >= MIN_SHARED)
        yield from zip(left[near].tolist(), right[near].tolist(), strict=True)


def counted(codes: Any, weights: Any = None) -> tuple[Any, Any]:
    """Return the distinct integers `codes`, sorted, and for each its number of occurrences (or the sum of its weights)."""
    order = np.argsort(codes)
    codes = codes[order]
    starts = np.flatnonzero(np.append(True, codes[1:] != codes[:-1])[: codes.size])
    if weights is None or not codes.size:
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
