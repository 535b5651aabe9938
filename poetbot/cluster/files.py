"""Files that every node can reach: in a shared folder or an object store, also compressed (.gz, .zst).

A path is a local path or a URL that pyarrow knows, such as s3://bucket/poems or gs://bucket/poems.
"""

import contextlib
import fnmatch
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
from pyarrow import fs

from poetbot.documents.decoding import MAX_BYTES
from poetbot.documents.file_selection import OF_A_POET, is_hidden, is_no_text, unreadable
from poetbot.errors import PoetBotError

COMPRESSED = (".gz", ".zst")
"""Extensions of compressed files. The extension before it names the format inside."""

_GLOB = set("*?[")
_READS = 16  # from an object store at the same time


@dataclass(frozen=True)
class Place:
    """A file or folder: its file system and its path there."""

    system: Any
    path: str

    @classmethod
    def of(cls, given: str) -> "Place":
        """Return the place of a path or URL. Raises PoetBotError if no file system is known by that name."""
        if "://" not in given:
            return cls(fs.LocalFileSystem(), Path(given).absolute().as_posix())
        try:
            return cls(*fs.FileSystem.from_uri(given))
        except (pa.ArrowInvalid, OSError) as error:
            raise PoetBotError(
                "PoetBot can't open {url}. Give a folder, or a URL such as s3://bucket/poems.",
                url=given[:200],
            ) from error

    def __truediv__(self, name: str) -> "Place":
        return Place(self.system, f"{self.path.rstrip('/')}/{name}")

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name

    @property
    def is_local(self) -> bool:
        """Whether it is in the file system of this machine, perhaps a shared one."""
        return isinstance(self.system, fs.LocalFileSystem)

    def exists(self) -> bool:
        """Return whether there is a file or folder."""
        return bool(self.system.get_file_info(self.path).type != fs.FileType.NotFound)

    def read(self) -> bytes:
        """Return the contents of a file as they are stored."""
        with self.system.open_input_file(self.path) as file:
            return bytes(file.read())

    def write(self, data: bytes) -> None:
        """Write a file so that a reader sees all of it or nothing."""
        with self.writing() as file:
            file.write(data)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Any]:
        """Open a file for writing. It appears when it is complete."""
        if not self.is_local:
            with self.system.open_output_stream(self.path) as file:  # an object only appears when complete
                yield file
            return
        self.system.create_dir(str(PurePosixPath(self.path).parent))
        part = f"{self.path}.{uuid.uuid4().hex[:8]}.part"  # two nodes may do the same task
        try:
            with self.system.open_output_stream(part) as file:
                yield file
            self.system.move(part, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                self.system.delete_file(part)
            raise

    def names(self) -> set[str]:
        """Return the names of what is in this folder; nothing if there is no such folder."""
        selector = fs.FileSelector(self.path, allow_not_found=True)
        return {entry.base_name for entry in self.system.get_file_info(selector)}

    def remove(self) -> None:
        """Delete a file or folder, if it exists."""
        kind = self.system.get_file_info(self.path).type
        if kind == fs.FileType.Directory:
            self.system.delete_dir(self.path)
        elif kind == fs.FileType.File:
            self.system.delete_file(self.path)


def read_each(read: Callable[[Place], Any], places: Sequence[Place]) -> Iterator[Any]:
    """Yield what `read` returns for each place: one after the other from a disk, many at once from an object store."""
    if all(place.is_local for place in places):
        yield from map(read, places)  # 20 µs each, and eight times as much with threads
        return
    with ThreadPoolExecutor(_READS) as pool:
        yield from pool.map(read, places)


@dataclass(frozen=True)
class InputFile:
    """A file to read: its place, the name that poems and notices give it, and its stored size and date."""

    place: Place
    name: str
    size: int
    changed: int

    @property
    def plain_name(self) -> str:
        """The name without .gz or .zst, by which its format is known."""
        return (
            self.name[: -len(PurePosixPath(self.name).suffix)]
            if self.name.endswith(COMPRESSED)
            else self.name
        )

    def contents(self) -> bytes:
        """Return the contents, unpacked; at most one byte more than the limit of a file. Raises PoetBotError."""
        try:
            with self.place.system.open_input_stream(self.place.path, compression="detect") as file:
                return bytes(file.read(MAX_BYTES + 1))
        except OSError as error:
            raise PoetBotError.of(unreadable(self.name, error)) from error


def list_files(given: Sequence[str], out: Place | None = None) -> Iterator[InputFile]:
    """Yield the files of paths, folders, globs and URLs, each once, in the order in which one machine reads them.

    In a glob, * also matches /. What `select_files` skips is skipped, and what is in `out`, the folder of the result. Raises
    PoetBotError for a path without any file.
    """
    met: set[tuple[str, str]] = set()
    for path in given:
        found = sorted(_files_of(path), key=lambda file: PurePosixPath(file.name).parts)
        if not found:
            raise PoetBotError("There is no file {name}. Check the name and the folder.", name=path[:200])
        for file in found:
            key = (file.place.system.type_name, file.place.path)
            ours = out and key[0] == out.system.type_name and key[1].startswith(f"{out.path}/")
            if key not in met and not ours:
                met.add(key)
                yield file


def _files_of(given: str) -> Iterator[InputFile]:
    whole = Place.of(given)
    plain = list(itertools.takewhile(lambda part: not _GLOB & set(part), PurePosixPath(whole.path).parts))
    base = Place(whole.system, str(PurePosixPath(*plain)))
    try:
        info = base.system.get_file_info(base.path)
        if info.type == fs.FileType.File:
            yield InputFile(base, base.name, info.size or 0, info.mtime_ns or 0)
        if info.type != fs.FileType.Directory:
            return
        entries = [
            entry
            for entry in base.system.get_file_info(fs.FileSelector(base.path, recursive=True))
            if entry.type == fs.FileType.File
        ]
    except OSError as error:
        raise PoetBotError.of(unreadable(given, error)) from error
    poets = {PurePosixPath(entry.path).parent for entry in entries if entry.base_name == OF_A_POET}
    for entry in entries:
        path = PurePosixPath(entry.path)
        inside = path.relative_to(base.path)
        wanted = base.path == whole.path or fnmatch.fnmatchcase(entry.path, whole.path)
        if wanted and not (
            any(map(is_hidden, inside.parts)) or is_no_text(path.name) or poets & {*path.parents}
        ):
            name = f"{base.name}/{inside}"
            yield InputFile(Place(base.system, entry.path), name, entry.size or 0, entry.mtime_ns or 0)
