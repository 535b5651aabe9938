"""Keeps a folder here equal to one on a node. Whatever happens to the node, its last state is here.

Each file, and each new folder, such as that of a checkpoint, is put in place by a single rename, so nothing is ever incomplete.
Files that the node deletes during a copy can still be read from a snapshot.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from poetbot.cluster.node_process import CHUNK, SNAPSHOT, FileStamp
from poetbot.cluster.placement import PlacedProcess
from poetbot.storage import sync_folder, write_atomically, write_durably


class Mirror:
    """A folder here and `folder` on a node. `log` is a file that only grows; `fetch` returns its new lines."""

    def __init__(
        self, node: PlacedProcess, folder: str, here: Path, log: str, ignored: frozenset[str]
    ) -> None:
        self._node, self._folder, self._here, self._log, self._ignored = node, folder, here, log, ignored
        self._known: dict[str, FileStamp] = {}
        self._offset = 0

    def send(self) -> None:
        """Copy the files here to the node, except the log, those to be ignored, and temporary ones."""
        for file in sorted(self._here.rglob("*")):
            path = file.relative_to(self._here)
            hidden = any(part.startswith(".") for part in path.parts)
            if file.is_file() and not hidden and path.as_posix() not in (self._log, *self._ignored):
                send_file(self._node, file, f"{self._folder}/{path.as_posix()}")
        self._known = self._wanted(self._node.state().files)

    def fetch(self, files: Mapping[str, FileStamp]) -> bytes:
        """Copy what changed on the node, and return the new whole lines of the log, as many as there are."""
        there = self._wanted(files)
        changed = [path for path in there if self._known.get(path) != there[path]]
        if changed:
            self._fetch_files(changed)
        for path in [path for path in self._known if path not in there]:
            self._delete(path)
        return self._new_lines(files)

    def _fetch_files(self, paths: list[str]) -> None:
        taken = self._wanted(self._node.snapshot([f"{self._folder}/{path}" for path in paths]))
        new: dict[PurePosixPath, list[str]] = {}  # folders that aren't here yet, with their files
        for path in sorted(taken, key=lambda path: taken[path].changed):
            folder = PurePosixPath(path).parent
            if (self._here / folder).is_dir():
                write_atomically(self._here / path, self._read(path, taken[path].size))
                self._known[path] = taken[path]
            else:
                new.setdefault(folder, []).append(path)
        for folder, inside in new.items():
            if all(path in taken for path in paths if PurePosixPath(path).parent == folder):
                self._fetch_folder(folder, {path: taken[path] for path in inside})

    def _wanted(self, files: Mapping[str, FileStamp]) -> dict[str, FileStamp]:
        found = {
            path.removeprefix(f"{self._folder}/"): stamp
            for path, stamp in files.items()
            if path.startswith(f"{self._folder}/")
        }
        return {path: each for path, each in found.items() if path not in (self._log, *self._ignored)}

    def _fetch_folder(self, folder: PurePosixPath, taken: Mapping[str, FileStamp]) -> None:
        """Copy a folder under another name, then rename it."""
        target = self._here / folder
        hidden = target.with_name(f".{target.name}")
        shutil.rmtree(hidden, ignore_errors=True)
        hidden.mkdir(parents=True)
        for path, stamp in taken.items():
            write_durably(hidden / PurePosixPath(path).name, self._read(path, stamp.size))
        sync_folder(hidden)
        hidden.rename(target)
        sync_folder(target.parent)
        self._known.update(taken)

    def _read(self, path: str, size: int) -> bytes:
        """Return a file of the snapshot."""
        kept = f"{SNAPSHOT}/{self._folder}/{path}"
        return b"".join(self._node.read(kept, offset, CHUNK) for offset in range(0, size, CHUNK))

    def _delete(self, path: str) -> None:
        file = self._here / path
        file.unlink(missing_ok=True)
        del self._known[path]
        if file.parent != self._here and not any(file.parent.iterdir()):
            file.parent.rmdir()

    def _new_lines(self, files: Mapping[str, FileStamp]) -> bytes:
        path = f"{self._folder}/{self._log}"
        size = files[path].size if path in files else 0
        data = b""
        while self._offset + len(data) < size:
            piece = self._node.read(path, self._offset + len(data), CHUNK)
            if not piece:
                break
            data += piece
        data = data[: data.rfind(b"\n") + 1]
        self._offset += len(data)
        return data


def send_file(node: PlacedProcess, file: Path, path: str) -> None:
    """Copy a file to a node."""
    for offset, piece in _pieces(file):
        node.write(path, piece, offset)


def _pieces(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as opened:
        offset = 0
        while (piece := opened.read(CHUNK)) or not offset:
            yield offset, piece
            offset += len(piece)
            if not piece:
                return
