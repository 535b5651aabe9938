"""`corpus … --engine ray`: the poems of any number of files, found on a cluster.

The files are divided into parts, and each part becomes a Parquet file. Finished parts stay in a separate folder until the end,
so a run that stopped can continue.
"""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from poetbot import __version__
from poetbot.cluster.files import InputFile, Place, list_files, read_each
from poetbot.cluster.found_poems import HowToRead, Part, find_part, poems_of, read_table, table_bytes
from poetbot.cluster.repeats import Poems, find_repeats
from poetbot.cluster.tasks import run_all, what_is_finished
from poetbot.errors import PoetBotError

PART_BYTES = 16_000_000
"""Bytes of files in a part: about ten seconds of work, so little is lost if a node dies."""

_MOST_FILES = 500  # of a part
_WORDS = 1 / 4  # per byte of text, at most
_SEQUENCES = 6_000_000  # in a partition: they are sorted in 0.4 GB
_UNFINISHED = "unfinished"
_PLAN = "plan.json"

Seen = Callable[[str, float], None]


@dataclass(frozen=True)
class Found:
    """What a run found: counts, the names of the Parquet files, and notices for the user about what was left out."""

    files: int
    poems: int
    characters: int
    repeats: int
    parts: tuple[str, ...]
    left_out: tuple[str, ...]
    notices: tuple[str, ...]


def find_poems(
    given: Sequence[str], out: str, how: HowToRead, deduplicate: bool = False, seen: Seen | None = None
) -> Found:
    """Find the poems in files, folders, globs and URLs, and write them to `out`: a folder of Parquet files, or one .jsonl.

    With `deduplicate`, near-duplicates are left out. `seen` is called with the name of a step and its share that is done. The
    same command continues a run that stopped. Raises PoetBotError if there is nothing to read or `out` is in use.
    """
    target = Place.of(out)
    single = out.endswith(".jsonl")
    folder = Place.of(f"{out}.parts") if single else target
    files = list(list_files(given, folder))
    partitions = _partitions(files) if deduplicate else 0
    how = dataclasses.replace(how, partitions=partitions)
    work = folder / _UNFINISHED
    _take_up(folder, work, files, how)
    parts = divide(files)
    poems_to = work if deduplicate or single else folder
    with what_is_finished(target, work, parts):
        _read_parts(parts, how, work, poems_to, seen)
        repeats: dict[int, int] = {}
        if deduplicate:
            repeats = find_repeats(
                work,
                [part.name for part in parts],
                partitions,
                lambda share: seen("near-duplicates", share) if seen else None,
            )
            _write_kept(parts, repeats, work, work if single else folder, seen)
        found = _found(parts, repeats, work, (target.name,) if single else None)
        if single:
            _join(target, [work / f"{part.name}{'.kept' if deduplicate else ''}.parquet" for part in parts])
    (folder if single else work).remove()
    return found


def _read_parts(
    parts: Sequence[Part], how: HowToRead, work: Place, poems_to: Place, seen: Seen | None
) -> None:
    """Find the poems of each part that isn't finished."""
    todo = [part for part in parts if not (work / f"{part.name}.json").exists()]
    singles: list[Part] = []

    def lost(part: Part) -> Sequence[Part]:
        singles.append(part)
        return ()

    def told(done: int) -> None:
        if seen:
            seen("reading", 1 - (len(todo) - done) / len(parts))

    for _ in run_all(find_part, todo, how, work, poems_to, lost=lost, seen=told):
        pass
    for part in singles:
        _read_singly(part, how, work, poems_to)


def _found(
    parts: Sequence[Part], repeats: dict[int, int], work: Place, names: tuple[str, ...] | None
) -> Found:
    """Return what a finished run found; without `names`, its files are those of the parts. Raises PoetBotError if nothing could be read."""
    places = [work / f"{part.name}.json" for part in parts]
    summaries = [json.loads(summary) for summary in read_each(Place.read, places)]
    left_out = [notice for each in summaries for notice in each["left_out"]]
    files = sum(each["files"] for each in summaries)
    if not files:
        work.remove()
        raise PoetBotError(
            "None of the {count:,} files can be read. The first: {why}", count=len(left_out), why=left_out[0]
        )
    dropped = _characters(repeats, work, parts) if repeats else 0
    return Found(
        files=files,
        poems=sum(each["poems"] for each in summaries) - len(repeats),
        characters=sum(each["characters"] for each in summaries) - dropped,
        repeats=len(repeats),
        parts=names or tuple(f"{part.name}.parquet" for part in parts),
        left_out=tuple(left_out),
        notices=tuple(notice for each in summaries for notice in each["notices"])[:20],
    )


def divide(files: Sequence[InputFile]) -> list[Part]:
    """Return the files in parts of about PART_BYTES, in order."""
    parts: list[list[InputFile]] = []
    size = PART_BYTES
    for file in files:
        if size + file.size > PART_BYTES or len(parts[-1]) >= _MOST_FILES:
            parts.append([])
            size = 0
        parts[-1].append(file)
        size += file.size
    return [Part(number, tuple(each)) for number, each in enumerate(parts)]


def _partitions(files: Sequence[InputFile]) -> int:
    return max(1, round(sum(file.size for file in files) * _WORDS / _SEQUENCES))


def _take_up(folder: Place, work: Place, files: Sequence[InputFile], how: HowToRead) -> None:
    """Start a run in a folder, or continue the same one. Raises PoetBotError if the folder has something else."""
    plan = hashlib.sha256(repr((__version__, how)).encode())
    for file in files:
        plan.update(f"{file.name}\0{file.size}\0{file.changed}\n".encode())
    mine = {"plan": plan.hexdigest()}
    if (work / _PLAN).exists():
        if json.loads((work / _PLAN).read()) != mine:
            raise PoetBotError(
                "{folder} has the unfinished result of other files or options. Delete it, or choose another folder.",
                folder=folder.path,
            )
        return
    if folder.names():
        raise PoetBotError("{folder} isn't empty. Choose another folder.", folder=folder.path)
    (work / _PLAN).write(json.dumps(mine).encode())


def _read_singly(part: Part, how: HowToRead, work: Place, poems_to: Place) -> None:
    """Read a part that kept ending its workers: each file alone, then the part without the bad files."""
    bad: list[InputFile] = []
    trial = work / "trial"
    each = [Part(number, (file,)) for number, file in enumerate(part.files)]

    def lost(alone: Part) -> Sequence[Part]:
        bad.extend(alone.files)
        return ()

    if len(each) > 1:
        for _ in run_all(find_part, each, dataclasses.replace(how, partitions=0), trial, trial, lost=lost):
            pass
    else:
        bad = list(part.files)
    trial.remove()
    good = Part(part.number, tuple(file for file in part.files if file not in bad))
    for _ in run_all(find_part, [good], how, work, poems_to):
        pass
    summary = work / f"{part.name}.json"
    found = json.loads(summary.read())
    found["left_out"] += [f"Left out: {file.name} ended every worker that read it." for file in bad]
    summary.write(json.dumps(found).encode())


def _write_kept(
    parts: Sequence[Part], repeats: dict[int, int], work: Place, folder: Place, seen: Seen | None
) -> None:
    """Write the poems of each part without the repeats."""
    starts = Poems.read(work, [part.name for part in parts]).starts
    dropped = np.array(sorted(repeats), np.int64)
    jobs = []
    for part, low, high in zip(parts, starts[:-1], starts[1:], strict=True):
        inside = dropped[dropped.searchsorted(low) : dropped.searchsorted(high)] - low
        name = f"{part.name}.kept.parquet" if folder == work else f"{part.name}.parquet"
        jobs.append((work / f"{part.name}.parquet", folder / name, tuple(inside.tolist())))
    for _ in run_all(write_kept, jobs, seen=lambda done: seen("writing", done / len(jobs)) if seen else None):
        pass


def write_kept(job: tuple[Place, Place, tuple[int, ...]]) -> None:
    """Write a Parquet file of poems without those in some rows."""
    source, target, dropped = job
    table = read_table(source)
    kept = np.ones(len(table), np.bool_)
    kept[list(dropped)] = False
    target.write(table_bytes(table.filter(kept)))


def _characters(repeats: dict[int, int], work: Place, parts: Sequence[Part]) -> int:
    sizes = Poems.read(work, [part.name for part in parts]).sizes
    return int(sizes[list(repeats)].sum(dtype=np.int64))


def _join(target: Place, sources: Sequence[Place]) -> None:
    """Write the poems of Parquet files to one .jsonl."""
    with target.writing() as file:
        for source in sources:
            for poem in poems_of(read_table(source)):
                file.write((json.dumps(poem.as_row(), ensure_ascii=False) + "\n").encode())
