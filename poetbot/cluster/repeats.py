"""Near-duplicates among the poems of all parts, by the rule of one machine (`corpus/deduplication.py`).

MinHash estimates how much two sets resemble each other, but a stanza hardly resembles the long poem it is from. The rule is
about containment, so the sequences themselves are shuffled, in three steps whose results are files:

1. Each partition of the sequences counts how many of them two poems share. A sequence in more than 25 poems is a commonplace: it
   links each poem only to the next one, although any two of them may share it.
2. A pair is a candidate if it shares enough, assuming that all commonplaces of the shorter one are shared. Candidates are
   compared exactly.
3. The pairs are so few that one process chooses which poems are kept, with the function that one machine uses.

The result depends only on the order of the files, not on partitions or workers.
"""

import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetbot.cluster.files import Place, read_each
from poetbot.cluster.found_poems import KEYS, group_sizes, read_groups, write_groups
from poetbot.cluster.tasks import run_all
from poetbot.corpus.deduplication import SAME, Pairs, repeats_among
from poetbot.corpus.near_duplicates import MIN_SHARED, Keys, are_near, counted, linked_holders

PAIRS = np.dtype([("code", np.uint64), ("shared", np.uint16)])
"""Two poems (the first times the number of poems, plus the second), and how many sequences they share in a partition."""

_AT_A_TIME = 1_000_000  # sequences whose pairs are made at once
_PAIRS = 6_000_000  # that a task compares; they take up to 0.5 GB


@dataclass(frozen=True, eq=False)
class Poems:
    """What is known of the poems of all parts, in order: a digest of their words, their characters, their sequences.

    `starts` (parts + 1,) is where the poems of each part begin; `first` says whether no earlier poem has the same words.
    """

    names: tuple[str, ...]
    starts: NDArray[np.int64]
    digests: Keys
    sizes: NDArray[np.uint32]
    counts: NDArray[np.uint32]
    first: NDArray[np.bool_]

    @classmethod
    def read(cls, folder: Place, names: Sequence[str]) -> "Poems":
        """Return those of the parts with these names."""
        found = [np.load(io.BytesIO((folder / f"{name}.poems").read())) for name in names]
        digests, sizes, counts = (
            np.concatenate([each[name] for each in found]) for name in ("digests", "sizes", "counts")
        )
        starts = np.cumsum([0, *(len(each["digests"]) for each in found)])
        order = np.argsort(digests, kind="stable")
        first = np.zeros(len(digests), np.bool_)
        first[order] = np.append(True, digests[order][1:] != digests[order][:-1])[: len(digests)]
        return cls(tuple(names), starts, digests, sizes, counts, first)

    def __len__(self) -> int:
        return len(self.digests)


def find_repeats(
    folder: Place, names: Sequence[str], partitions: int, seen: Callable[[float], None] | None = None
) -> dict[int, int]:
    """Return the near-duplicates among the poems of all parts, as `corpus.deduplication.find_repeats` does.

    `seen` is called with the share that is done.
    """
    poems = Poems.read(folder, names)
    if len(poems) < 2:
        return {}

    def told(step: int, todo: int, of: int) -> Callable[[int], None]:
        return lambda done: seen((step + 1 - (todo - done) / of) / 2) if seen else None

    todo = [number for number in range(partitions) if not (folder / f"{number:05}.pairs").exists()]
    for _ in run_all(link_poems, todo, poems, partitions, folder, seen=told(0, len(todo), partitions)):
        pass
    ranges = _ranges(partitions, folder)
    left = [groups for groups in ranges if not (folder / f"{groups.start:05}.near").exists()]
    common = _common(poems, partitions, folder)
    for _ in run_all(
        compare_pairs, left, poems, common, partitions, folder, seen=told(1, len(left), len(ranges))
    ):
        pass
    near = np.concatenate(
        [np.frombuffer((folder / f"{groups.start:05}.near").read(), np.int64) for groups in ranges]
    )
    return _chosen(poems, near.reshape(-1, 2))


def link_poems(partition: int, poems: Poems, partitions: int, folder: Place) -> None:
    """Count the shared sequences of one partition, and write the pairs and commonplaces in `partitions` ranges of poems."""
    keys: list[Keys] = [np.zeros(0, np.uint64)]
    holders: list[Keys] = [np.zeros(0, np.uint64)]
    places = [folder / f"{name}.keys" for name in poems.names]
    for start, rows in zip(
        poems.starts.tolist(), _groups(places, range(partition, partition + 1), KEYS), strict=False
    ):
        holder = rows["holder"].astype(np.uint64) + np.uint64(start)
        wanted = poems.first[holder]
        keys.append(rows["key"][wanted])
        holders.append(holder[wanted])
    key, holder = np.concatenate(keys), np.concatenate(holders)
    del keys, holders
    order = np.argsort(key, kind="stable")
    key, holder = key[order], holder[order]
    size = np.uint64(len(poems))
    pairs: list[Any] = [np.zeros(0, np.uint64)]
    shared: list[Any] = [np.zeros(0, np.uint32)]
    common: list[Keys] = [np.zeros(0, np.uint64)]
    low = 0
    while low < len(key):
        high = int(key.searchsorted(key[min(len(key), low + _AT_A_TIME) - 1], "right"))
        left, right, often = linked_holders(key[low:high], holder[low:high])
        codes, counts = counted(left * size + right)
        pairs.append(codes)
        shared.append(counts.astype(np.uint32))
        common.append(often)
        low = high
    del key, holder, order
    codes, counts = np.concatenate(pairs), np.concatenate(shared)
    del pairs, shared
    codes, counts = counted(codes, counts)
    starts = np.array([number * len(poems) // partitions for number in range(partitions)], np.uint64)
    rows = np.empty(len(codes), PAIRS)
    rows["code"], rows["shared"] = codes, np.minimum(counts, 65_535)
    often, times = counted(np.concatenate(common))
    (folder / f"{partition:05}.common").write(
        np.stack([often.astype(np.int64), times.astype(np.int64)]).tobytes()
    )
    bounds = np.append(codes.searchsorted(starts * size), len(codes))
    write_groups(folder / f"{partition:05}.pairs", rows, bounds)


def compare_pairs(
    groups: range, poems: Poems, common: NDArray[np.uint32], partitions: int, folder: Place
) -> None:
    """Compare the candidates whose first poem lies in some of the ranges, and write the near-duplicates.

    `common` is the number of commonplaces of each poem.
    """
    places = [folder / f"{each:05}.pairs" for each in range(partitions)]
    rows = np.concatenate(list(_groups(places, groups, PAIRS)))
    codes, shared = counted(rows["code"], rows["shared"])
    left, right = (part.astype(np.int64) for part in np.divmod(codes, np.uint64(len(poems))))
    shorter = np.where(poems.counts[left] <= poems.counts[right], left, right)
    most = shared.astype(np.int64) + common[shorter]
    maybe = (most >= SAME * poems.counts[shorter]) & (most >= MIN_SHARED)
    left, right = left[maybe], right[maybe]

    @lru_cache(maxsize=20_000)
    def sequences(poem: int) -> Keys:
        part = int(poems.starts.searchsorted(poem, "right")) - 1
        before = int(poems.starts[part])
        start = int(poems.counts[before:poem].sum(dtype=np.int64))
        place = folder / f"{poems.names[part]}.sequences"
        with place.system.open_input_file(place.path) as file:
            return np.frombuffer(file.read_at(8 * int(poems.counts[poem]), 8 * start), np.uint64)

    near = [
        are_near(sequences(one), sequences(other), SAME)
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    ]
    pairs = np.stack([left, right], axis=1)[np.array(near, np.bool_)]
    (folder / f"{groups.start:05}.near").write(pairs.astype(np.int64).tobytes())


def _ranges(partitions: int, folder: Place) -> list[range]:
    """Return groups of pairs, each large enough that a task compares about _PAIRS."""
    places = [folder / f"{number:05}.pairs" for number in range(partitions)]
    sizes = np.sum(list(read_each(lambda place: group_sizes(place, partitions), places)), axis=0)
    tasks = np.cumsum(sizes) // (_PAIRS * PAIRS.itemsize)
    starts = [0, *(1 + np.flatnonzero(np.diff(tasks))).tolist(), partitions]
    return [range(low, high) for low, high in itertools.pairwise(starts)]


def _groups(places: Sequence[Place], groups: range, kind: Any) -> Iterator[Any]:
    """Yield some groups of each file."""
    return read_each(lambda place: read_groups(place, groups, kind), places)


def _common(poems: Poems, partitions: int, folder: Place) -> NDArray[np.uint32]:
    """Return the number of commonplaces of each poem."""
    common = np.zeros(len(poems), np.uint32)
    for number in range(partitions):
        found = np.frombuffer((folder / f"{number:05}.common").read(), np.int64).reshape(2, -1)
        common[found[0]] += found[1].astype(np.uint32)
    return common


def _chosen(poems: Poems, near: NDArray[np.int64]) -> dict[int, int]:
    """Return the repeats, given all pairs of near-duplicates; of poems with the same words only the first is in a pair."""
    alike = np.flatnonzero(np.isin(poems.digests, poems.digests[~poems.first]) & (poems.digests > 0))
    involved = sorted({*near.ravel().tolist(), *alike.tolist()})
    firsts: dict[int, int] = {}
    first_of = {place: firsts.setdefault(int(poems.digests[place]), place) for place in involved}
    beside: dict[int, list[int]] = {}
    for one, other in near.tolist():
        beside.setdefault(one, []).append(other)

    def pairs_of(among: Sequence[int]) -> Pairs:
        here: dict[int, int] = {}
        copies: dict[int, int] = {}
        for position, place in enumerate(among):
            first = here.setdefault(first_of[place], position)
            if first != position:
                copies[position] = first
        pairs = [(here[one], here[other]) for one in here for other in beside.get(one, ()) if other in here]
        return pairs, copies

    sizes = {place: int(poems.sizes[place]) for place in involved}
    return repeats_among(involved, sizes, pairs_of)
