"""One part of a corpus: the poems of some files, as a Parquet file, and the sequences by which near-duplicates are found."""

import contextlib
import io
import json
import signal
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from poetbot.cluster.files import InputFile, Place
from poetbot.corpus.chinese_regular_verse import regular_verse
from poetbot.corpus.loading import parse_file
from poetbot.corpus.near_duplicates import Keys, WordHashes, distinct_sequences, hashed_words
from poetbot.corpus.parts import Reading
from poetbot.documents.records import FieldChoice
from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import Poem

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("text", "title", "author", "source")),
        *((name, pa.int32()) for name in ("start_line", "end_line")),
    ]
)
"""The columns of a part: the fields of a poem."""

KEYS = np.dtype([("key", np.uint64), ("holder", np.uint32)])
"""A sequence, and the number in its part of a poem that has it."""


@dataclass(frozen=True)
class HowToRead:
    """How files are read, and for how many seconds each; `lengths` as in `regular_verse`, empty for any verse.

    `partitions` is the number of parts into which sequences are divided to find near-duplicates; 0 to find none.
    """

    pieces: str = "poems"
    wanted: FieldChoice = field(default_factory=FieldChoice)
    reading: Reading = Reading.FILTER
    lengths: tuple[int, ...] = ()
    seconds: int = 300
    partitions: int = 0


@dataclass(frozen=True)
class Part:
    """The files of one part, and its number."""

    number: int
    files: tuple[InputFile, ...]

    @property
    def name(self) -> str:
        """The name of its files, without extension."""
        return f"part-{self.number:05}"


def find_part(part: Part, how: HowToRead, folder: Place, poems_to: Place) -> None:
    """Read the files of a part and write its poems. Its summary, written last, says that it is complete.

    A file that can't be read within its time is left out and named.
    """
    poems: list[Poem] = []
    left_out: list[str] = []
    notices: list[str] = []
    for file in part.files:
        try:
            with time_limit(how.seconds, file.name):
                found = parse_file(file.contents(), file.plain_name, how.pieces, how.wanted, how.reading)
        except PoetBotError as error:
            left_out.append(f"Left out: {error}")
            continue
        except MemoryError:
            left_out.append(f"Left out: {file.name} needs more memory than a worker has.")
            continue
        poems += regular_verse(found.poems, how.lengths) if how.lengths else found.poems
        notices += map(str, found.notices)
    (poems_to / f"{part.name}.parquet").write(as_parquet(poems))
    if how.partitions:
        _write_sequences(poems, part, how.partitions, folder)
    summary = {
        "files": len(part.files) - len(left_out),
        "poems": len(poems),
        "characters": sum(len(poem.text) for poem in poems),
        "left_out": left_out,
        "notices": notices[:20],
    }
    (folder / f"{part.name}.json").write(json.dumps(summary).encode())


def as_parquet(poems: Sequence[Poem]) -> bytes:
    """Return poems as a Parquet file."""
    columns = [
        pa.array([getattr(poem, name) for poem in poems], SCHEMA.field(name).type) for name in SCHEMA.names
    ]
    return table_bytes(pa.table(columns, schema=SCHEMA))


def table_bytes(table: Any) -> bytes:
    """Return a table as a Parquet file."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def read_table(place: Place) -> Any:
    """Return the poems of a Parquet file as a table."""
    return pq.read_table(pa.BufferReader(place.read()), schema=SCHEMA)


def poems_of(table: Any) -> list[Poem]:
    """Return the poems of a table. Raises ValueError if one has no text."""
    if table.column("text").null_count:
        raise ValueError("a row has no text")
    return [Poem(**row) for row in table.to_pylist()]


def _write_sequences(poems: Sequence[Poem], part: Part, partitions: int, folder: Place) -> None:
    """Write the sequences of each poem, and all of them by partition.

    Three files: `.sequences`, uint64, poem after poem; `.poems`, an .npz with a digest of its words, its characters and
    its number of sequences for each; `.keys`, rows of KEYS with the sequences and their poems, in a group for each partition.
    """
    hashes = WordHashes()
    digests = np.zeros(len(poems), np.uint64)
    keys: list[Keys] = [np.zeros(0, np.uint64)]
    for number, poem in enumerate(poems):
        words = hashed_words(poem.text, hashes)
        digests[number] = _digest(words)
        keys.append(distinct_sequences(words))
    counts = np.array([len(each) for each in keys[1:]], np.uint32)
    every = np.concatenate(keys)
    (folder / f"{part.name}.sequences").write(every.tobytes())
    sizes = np.array([len(poem.text) for poem in poems], np.uint32)
    buffer = io.BytesIO()
    np.savez(buffer, digests=digests, sizes=sizes, counts=counts)
    (folder / f"{part.name}.poems").write(buffer.getvalue())
    holders = np.repeat(np.arange(len(poems), dtype=np.uint32), counts)
    order = np.argsort(every, kind="stable")
    bounds = np.append(every.searchsorted(partition_starts(partitions), sorter=order), len(every))
    rows = np.empty(len(every), KEYS)
    rows["key"], rows["holder"] = every[order], holders[order]
    write_groups(folder / f"{part.name}.keys", rows, bounds)


def _digest(words: Keys) -> int:
    """Return a 64-bit digest of some words; 0 for none."""
    if not len(words):
        return 0
    import hashlib

    return int.from_bytes(hashlib.blake2b(words.tobytes(), digest_size=8).digest(), "little") or 1


def partition_starts(partitions: int) -> Keys:
    """Return the smallest key of each partition."""
    return np.array([number * (1 << 64) // partitions for number in range(partitions)], np.uint64)


def write_groups(place: Place, rows: Any, bounds: Any) -> None:
    """Write rows with the places of their groups, each between two neighbours in `bounds`."""
    at = 8 * len(bounds) + bounds.astype(np.int64) * rows.itemsize
    with place.writing() as file:
        file.write(at.tobytes())
        file.write(rows.data)


def read_groups(place: Place, groups: range, kind: Any) -> Any:
    """Return consecutive groups that `write_groups` wrote: rows of a NumPy type."""
    with place.system.open_input_file(place.path) as file:
        low, *_, high = np.frombuffer(
            file.read_at(8 * (len(groups) + 1), 8 * groups.start), np.int64
        ).tolist()
        return np.frombuffer(file.read_at(high - low, low), kind)


def group_sizes(place: Place, count: int) -> Any:
    """Return the sizes of all groups of a file, in bytes (count,)."""
    with place.system.open_input_file(place.path) as file:
        return np.diff(np.frombuffer(file.read_at(8 * (count + 1), 0), np.int64))


@contextlib.contextmanager
def time_limit(seconds: int, name: str) -> Iterator[None]:
    """Raise PoetBotError if what is done inside takes longer.

    A signal stops Python code and regular expressions. If other code doesn't react, the worker ends, and its files are read singly.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise PoetBotError.of(
            Message(
                "{name} takes more than {count:,} s to read. Split it into smaller files.",
                name=name,
                count=seconds,
            )
        )

    before = signal.signal(signal.SIGALRM, stop)
    last = threading.Timer(2 * seconds, _end_worker)
    last.daemon = True
    last.start()
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        last.cancel()


def _end_worker() -> None:
    import os

    os._exit(1)
