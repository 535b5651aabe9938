"""`index … --engine ray` and `check INDEX … --engine ray`: shards are built and searched in parallel."""

import dataclasses
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import ray

from poetbot.cluster.corpus import divide
from poetbot.cluster.files import InputFile, Place, list_files
from poetbot.cluster.found_poems import Part, poems_of, read_table, time_limit
from poetbot.cluster.tasks import results, run_all, what_is_finished
from poetbot.corpus.loading import parse_file
from poetbot.errors import Failure, PoetBotError
from poetbot.overlap.report_types import Occurrences
from poetbot.overlap.sharded_report import ShardedIndex
from poetbot.overlap.shards import (
    PLAN,
    Keys,
    MappedShards,
    ShardMatches,
    ShardSize,
    Wanted,
    build_shards,
    read_header,
    take_up,
    write_header,
)
from poetbot.poem import Poem

_PARQUET = ".parquet"


def build_index(
    given: Sequence[str],
    out: Path,
    shard_words: int,
    seconds: int,
    seen: Callable[[str, float], None] | None = None,
) -> tuple[list[ShardSize], tuple[str, ...]]:
    """Index the poems of files, folders, globs and URLs in a folder that every node can reach.

    Returns the shards and notices about what was left out. What is finished is kept, so the same command continues a run
    that stopped. `seen` is called with the name of the step and its share that is done. Raises PoetBotError if `out` has
    something else, and Failure if this machine doesn't see there what the nodes wrote.
    """
    place = Place.of(str(out))
    files = list(list_files(given, place))
    take_up(out, ["cluster", shard_words, seconds, *((file.name, file.size, file.changed) for file in files)])
    parts = divide(files)
    done = [part for part in parts if (out / f"{part.name}.json").exists()]
    todo = [part for part in parts if part not in done]
    lost: list[str] = []
    given_up: list[Part] = []

    def give_up(part: Part) -> Sequence[Part]:
        given_up.append(part)
        lost.extend(f"Left out: {file.name} ended every worker that read it." for file in part.files)
        return ()

    def told(number: int) -> None:
        if seen:
            seen("indexing", (len(done) + number) / len(parts))

    sizes: list[ShardSize] = []
    left_out: list[str] = []
    with what_is_finished(place, place, parts, lost):
        for _ in run_all(index_part, todo, out.absolute(), shard_words, seconds, lost=give_up, seen=told):
            pass
        # Listed, because a network drive may remember that a file was missing.
        there = place.names()
        for part in parts:
            if f"{part.name}.json" in there:
                found = json.loads((place / f"{part.name}.json").read())
                sizes += [ShardSize(**row) for row in found["shards"]]
                left_out += found["left_out"]
            elif part not in given_up:
                raise Failure(
                    "The nodes wrote shards that aren't in {folder} on this machine. Choose a folder that all nodes share.",
                    folder=out,
                )
    if not sizes:
        for name in (PLAN, *(f"{part.name}.json" for part in parts)):
            (out / name).unlink(missing_ok=True)
        raise PoetBotError("There are no poems in these files. Choose files with verse in them.")
    write_header(out, sizes)
    for part in parts:
        (out / f"{part.name}.json").unlink(missing_ok=True)
    return sizes, (*left_out, *lost)


def index_part(part: Part, out: Path, shard_words: int, seconds: int) -> None:
    """Index the poems of some files, in shards of their own. Its summary, written last, says that it is complete."""
    left_out: list[str] = []
    poems = itertools.chain.from_iterable(_poems(file, seconds, left_out) for file in part.files)
    sizes = build_shards(poems, out, shard_words, f"{part.name}-")
    summary = {"shards": [dataclasses.asdict(size) for size in sizes], "left_out": left_out}
    Place.of(str(out / f"{part.name}.json")).write(json.dumps(summary).encode())


def _poems(file: InputFile, seconds: int, left_out: list[str]) -> Iterator[Poem]:
    try:
        if file.name.endswith(_PARQUET):
            return iter(poems_of(read_table(file.place)))
        with time_limit(seconds, file.name):
            return iter(parse_file(file.contents(), file.plain_name).poems)
    except (PoetBotError, OSError, ValueError, pa.ArrowException) as error:
        left_out.append(
            f"Left out: {error if isinstance(error, PoetBotError) else f'{file.name} is damaged.'}"
        )
        return iter(())


class RayShards:
    """Shards that actors on a cluster hold, each some consecutive ones."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Open the shards in as many actors as the cluster has cores."""
        cores = max(1, min(len(folders), int(ray.cluster_resources().get("CPU", 1))))
        ends = [number * len(folders) // cores for number in range(cores + 1)]
        self._slices = [slice(low, high) for low, high in itertools.pairwise(ends)]
        actor = ray.remote(  # they take no core, else they would wait for one while another job has it
            num_cpus=0, scheduling_strategy="SPREAD", max_restarts=-1, max_task_retries=3
        )(MappedShards)
        self._actors = [actor.remote(folders[some]) for some in self._slices]

    def known(self, characters: str) -> set[str]:
        """Return which of these Chinese characters were read."""
        return set().union(*results([actor.known.remote(characters) for actor in self._actors]))

    def match(self, keys: Keys) -> list[ShardMatches]:
        """Return what each shard has of the words of a text, given their keys (m,)."""
        return list(itertools.chain(*results([actor.match.remote(keys) for actor in self._actors])))

    def find(self, keys: Keys, wanted: Sequence[Wanted]) -> list[list[Occurrences]]:
        """Return, for each shard, the occurrences of the phrases wanted from it."""
        asked = [
            actor.find.remote(keys, wanted[some])
            for actor, some in zip(self._actors, self._slices, strict=True)
        ]
        return list(itertools.chain(*results(asked)))


def open_on_cluster(folder: Path) -> ShardedIndex:
    """Return the index in a folder that every node can reach, opened by actors. Raises PoetBotError if it isn't one."""
    sizes = read_header(folder)
    return ShardedIndex(RayShards([folder.absolute() / size.name for size in sizes]), tuple(sizes))
