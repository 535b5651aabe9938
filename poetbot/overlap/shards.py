"""An overlap index in shards: folders with an index each, of consecutive poems, that answer as one index of all poems would.

Each shard has a bounded number of words, so shards are built side by side, and a check needs little memory: all arrays are
memory-mapped, also those that an index alone computes at first use (`suffix_array.py`).

`shards.json`, written last, names the shards in the order of their poems, with the numbers of their poems and words. Until then,
`plan.json` says of which poems they are.
"""

import functools
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from poetbot import __version__
from poetbot.errors import PoetBotError
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.longest_matches import Matches, longest_runs, phrases
from poetbot.overlap.poem_catalog import OF, WHOSE
from poetbot.overlap.report_types import Occurrences
from poetbot.overlap.sources import MOST_SOURCES, describe, occurrences, sources
from poetbot.overlap.storage import SHARDS_HEADER
from poetbot.poem import Poem
from poetbot.storage import json_bytes, write_atomically

SHARD_WORDS = 2_000_000
"""Words in a shard, at most: sorting takes the short path up to here, and building needs 0.3 GB."""

PLAN = "plan.json"
FORMAT = 1
_MAPPED = {"suffixes": np.uint32, "ranks": np.uint32, "guides": np.uint64}
_CHECKED = 997  # one rank in this many is checked
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")

Places = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class ShardSize:
    """The folder of a shard, below the index, and how much is in it; `parents` are the poems of a parent."""

    name: str
    poems: int
    words: int
    parents: int = 0


@dataclass(frozen=True, eq=False)
class ShardMatches:
    """What a shard has of the words (m,) of a text: the longest match from each, and how often it occurs. Both int64 (m,)."""

    lengths: Places
    often: Places


@dataclass(frozen=True, eq=False)
class Wanted:
    """Phrases (k,) that a shard has: their first words, their numbers of words, and whether only whole lines count."""

    firsts: Places
    counts: Places
    lines: NDArray[np.bool_]


class Shards(Protocol):
    """Consecutive shards, wherever they are."""

    def known(self, characters: str) -> set[str]:
        """Return which of these Chinese characters were read."""

    def match(self, keys: Keys) -> list[ShardMatches]:
        """Return what each shard has of the words of a text, given their keys (m,)."""

    def find(self, keys: Keys, wanted: Sequence[Wanted]) -> list[list[Occurrences]]:
        """Return, for each shard, the occurrences of the phrases wanted from it. Poems are counted from its first."""


class MappedShards:
    """Shards on this machine, memory-mapped. They are opened at first use, so that the caller of an actor gets the error of a damaged one."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._last: tuple[bytes | None, list[tuple[Places, Matches]]] = (None, [])

    @functools.cached_property
    def indexes(self) -> list[OverlapIndex]:
        """The index of each shard. Raises PoetBotError if one is damaged."""
        return [open_shard(folder) for folder in self._folders]

    def known(self, characters: str) -> set[str]:
        """Return which of these Chinese characters were read."""
        return {each for index in self.indexes for each in index.known(characters)}

    def match(self, keys: Keys) -> list[ShardMatches]:
        """Return what each shard has of the words of a text, given their keys (m,)."""
        return [
            ShardMatches(runs.lengths, _often(index, ids))
            for index, (ids, runs) in zip(self.indexes, self._runs(keys), strict=True)
        ]

    def find(self, keys: Keys, wanted: Sequence[Wanted]) -> list[list[Occurrences]]:
        """Return, for each shard, the occurrences of the phrases wanted from it. Poems are counted from its first."""
        return [
            _found(index, runs, some)
            for index, (_, runs), some in zip(self.indexes, self._runs(keys), wanted, strict=True)
        ]

    def _runs(self, keys: Keys) -> list[tuple[Places, Matches]]:
        """Return the word ids and matches in each shard, which are kept for the second of the two questions about a text."""
        last, found = self._last
        if last != keys.tobytes():
            found = []
            for index in self.indexes:
                ids = index.ids(keys)
                found.append((ids, longest_runs(index, ids)))
            self._last = keys.tobytes(), found
        return found


def save_shard(index: OverlapIndex, folder: Path) -> ShardSize:
    """Write an index as a shard, with the arrays that are memory-mapped instead of computed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind in _MAPPED.items():
        np.save(
            folder / f"mapped_{name}.npy",
            np.ascontiguousarray(getattr(index, name), kind),
            allow_pickle=False,
        )
    index.save(folder)
    return size_of(index, folder.name)


def size_of(index: OverlapIndex, name: str) -> ShardSize:
    """Return how much is in a shard."""
    parents = int((index.catalogue.poems[:, WHOSE] == OF.index("parent")).sum())
    return ShardSize(name, index.poem_count, index.word_count, parents)


def open_shard(folder: Path) -> OverlapIndex:
    """Return the index of a shard, all of it memory-mapped. Raises PoetBotError if it is damaged."""
    index = OverlapIndex.open(folder)
    size = len(index.order)
    for name, kind in _MAPPED.items():
        try:
            array = np.load(folder / f"mapped_{name}.npy", mmap_mode="r", allow_pickle=False)
        except Exception as error:  # for a broken header NumPy raises whatever Python's parser does
            raise _damaged(folder) from error
        expected = -(-size // 16) if name == "guides" else size
        if array.dtype != kind or array.shape != (expected,):
            raise _damaged(folder)
        index.__dict__[name] = np.asarray(array)
    some = np.arange(0, size, _CHECKED)
    if size and (
        int(index.suffixes.max()) >= size or not np.array_equal(index.ranks[index.suffixes[some]], some)
    ):
        raise _damaged(folder)
    return index


def take_up(folder: Path, plan: Iterable[object]) -> None:
    """Start an index in a folder, or continue the same one; `plan` is all that decides what is in its shards.

    Raises PoetBotError if the folder has something else.
    """
    digest = hashlib.sha256(__version__.encode())
    for each in plan:
        digest.update(f"{each!r}\n".encode())
    mine = json_bytes({"plan": digest.hexdigest()})
    at = folder / PLAN
    if at.exists():
        if at.read_bytes() != mine:
            raise PoetBotError(
                "{folder} has the unfinished result of other files or options. Delete it, or choose another folder.",
                folder=folder,
            )
        return
    if folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir()):
        raise PoetBotError("{folder} isn't empty. Choose another folder.", folder=folder)
    write_atomically(at, mine)


def write_header(folder: Path, shards: Sequence[ShardSize]) -> None:
    """Write `shards.json`, which completes the index."""
    rows = [{"name": s.name, "poems": s.poems, "words": s.words, "parents": s.parents} for s in shards]
    header = {"format": FORMAT, "holds": "overlap index in shards", "shards": rows}
    write_atomically(folder / SHARDS_HEADER, json_bytes(header, indent=1))
    (folder / PLAN).unlink(missing_ok=True)


def read_header(folder: Path) -> list[ShardSize]:
    """Return the shards of an index. Raises PoetBotError if it isn't one."""
    try:
        header = json.loads((folder / SHARDS_HEADER).read_bytes())
        shards = [ShardSize(**row) for row in header["shards"]]
        numbers = [n for each in shards for n in (each.poems, each.words, each.parents)]
        if header["format"] != FORMAT or not shards or any(type(n) is not int or n < 0 for n in numbers):
            raise ValueError("another format")
        if any(Path(each.name).name != each.name or each.name in ("", ".", "..") for each in shards):
            raise ValueError("a shard elsewhere")
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise PoetBotError(
            "{folder} isn't an overlap index in shards. Make it again with `index`.", folder=folder
        ) from error
    return shards


def is_sharded(folder: Path) -> bool:
    """Return whether a folder is an overlap index in shards."""
    return (folder / SHARDS_HEADER).is_file()


def divided(poems: Iterable[Poem], most_words: int = SHARD_WORDS) -> Iterator[list[Poem]]:
    """Yield the poems in groups of at most `most_words` words, in order; a longer poem is alone."""
    group: list[Poem] = []
    size = 0
    for poem in poems:
        count = len(_WORD.findall(poem.text))  # as the report counts, or more where there are apostrophes
        if group and size + count > most_words:
            yield group
            group, size = [], 0
        group.append(poem)
        size += count
    if group:
        yield group


def build_shards(
    poems: Iterable[Poem], folder: Path, most_words: int = SHARD_WORDS, prefix: str = ""
) -> list[ShardSize]:
    """Build the shards of these poems below `folder`. Those that are complete already are kept."""
    sizes: list[ShardSize] = []
    for number, group in enumerate(divided(poems, most_words)):
        at = folder / f"{prefix}{number:05}"
        if (at / "index.json").exists():
            sizes.append(size_of(OverlapIndex.open(at), at.name))
        else:
            sizes.append(save_shard(OverlapIndex.build(group), at))
    return sizes


def joined(parts: Sequence[tuple[int, Occurrences]]) -> Occurrences:
    """Return the occurrences of a phrase in several shards, each given with the number of poems before it.

    The twenty sources are those that one index chooses (`sources.describe`): one in every poem before a second in any.
    """
    firsts: list[dict[str, Any]] = []
    repeats: list[dict[str, Any]] = []
    for number, (before, part) in enumerate(parts):
        met: set[int] = set()
        for place, source in enumerate(part["sources"]):
            row = {**source, "poem": source["poem"] + before, "at": (number, place)}
            (repeats if source["poem"] in met else firsts).append(row)
            met.add(source["poem"])
    chosen = sorted((firsts + repeats)[:MOST_SOURCES], key=lambda row: row["at"])
    for row in chosen:
        del row["at"]
    return {
        "count": sum(part["count"] for _, part in parts),
        "poems": sum(part["poems"] for _, part in parts),
        "sources": chosen,  # type: ignore[typeddict-item]
    }


def _often(index: OverlapIndex, ids: Places) -> Places:
    often = index.buckets[ids + 1].astype(np.int64) - index.buckets[ids]
    return np.where(ids < 0, 0, often)


def _found(index: OverlapIndex, runs: Matches, wanted: Wanted) -> list[Occurrences]:
    lows, highs = runs.lows[wanted.firsts].copy(), runs.highs[wanted.firsts].copy()
    longer = np.flatnonzero(runs.lengths[wanted.firsts] > wanted.counts)
    lows[longer], highs[longer] = phrases(index, runs, wanted.firsts[longer], wanted.counts[longer])
    found: list[Occurrences] = [{"count": 0, "poems": 0, "sources": []} for _ in lows]
    spans = np.flatnonzero(~wanted.lines)
    for place, each in zip(spans.tolist(), sources(index, lows[spans], highs[spans]), strict=True):
        found[place] = each
    lines = np.flatnonzero(wanted.lines)
    phrase, positions = occurrences(index, lows[lines], highs[lines])
    are = index.are_lines(positions, wanted.counts[lines][phrase])
    for place, each in zip(
        lines.tolist(), describe(index, phrase[are], positions[are], len(lines)), strict=True
    ):
        found[place] = each
    return found


def _damaged(folder: Path) -> PoetBotError:
    return PoetBotError("The shard {folder} is damaged. Delete it and run `index` again.", folder=folder)
