"""A process with a folder on a node of a cluster: an actor holds both, and reads and writes the files for the caller.

The actor doesn't know what the process does. If the actor ends, the standard input of the process ends too, and then the process
must end.
"""

import contextlib
import importlib.util
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from poetbot import __version__
from poetbot.storage import subprocess_environment

CHUNK = 8_000_000  # bytes of a file that are sent at once
SNAPSHOT = ".snapshot"
_LAST_WORDS = 4_000  # bytes
_LOG = "log"


@dataclass(frozen=True)
class FileStamp:
    """What changes when a file is written or replaced."""

    size: int
    changed: int  # nanoseconds


@dataclass(frozen=True)
class NodeFacts:
    """What a node has: its name, the versions of Python and PoetBot, and which of the libraries asked for it lacks."""

    host: str
    python: str
    poetbot: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class NodeState:
    """The files of the process by path, and its exit code and what it printed last, once it has ended."""

    files: Mapping[str, FileStamp]
    code: int | None
    last_words: str


class NodeProcess:
    """Runs on a node. Paths are relative to its folder, with slashes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="poetbot-"))
        self._process: subprocess.Popen[bytes] | None = None

    @staticmethod
    def facts(libraries: Sequence[str] = ()) -> NodeFacts:
        """Return the facts of this node."""
        missing = tuple(name for name in libraries if importlib.util.find_spec(name) is None)
        python = ".".join(platform.python_version_tuple()[:2])
        return NodeFacts(platform.node(), python, __version__, missing)

    def write(self, path: str, data: bytes, offset: int = 0) -> None:
        """Write a file, or the part of it that begins at `offset`; folders are created."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            file.write(data)

    def snapshot(self, paths: Sequence[str]) -> dict[str, FileStamp]:
        """Keep files as they are now in `.snapshot/`, until the next call; return their stamps, without files that are gone.

        The snapshot consists of links, so it takes no time and hardly any space. A checkpoint can be read even after it is deleted.
        """
        shutil.rmtree(self.folder / SNAPSHOT, ignore_errors=True)
        found = {}
        for path in paths:
            kept = self.folder / SNAPSHOT / path
            kept.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                try:
                    kept.hardlink_to(self.folder / path)
                except FileNotFoundError:
                    raise
                except OSError:  # a disk without links
                    shutil.copyfile(self.folder / path, kept)
                    shutil.copystat(self.folder / path, kept)
                found[path] = _stamp(kept.stat())
        return found

    def read(self, path: str, offset: int, size: int) -> bytes:
        """Return a part of a file."""
        with (self.folder / path).open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def start(self, module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start `python -m module` in the folder, with variables added to the environment."""
        with (self.folder / _LOG).open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self.folder,
                env={**subprocess_environment(), **environment},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def state(self) -> NodeState:
        """Return the state of the process and of its files; temporary files, which begin with a dot, are left out."""
        code = (
            None if self._process is None else self._process.poll()
        )  # asked before the files, so the files of an ended process are final
        files = dict(self._files())
        words = b""
        if code is not None:
            words = self.read(_LOG, max(0, files[_LOG].size - _LAST_WORDS), _LAST_WORDS)
        return NodeState(files, code, words.decode(errors="replace"))

    def stop(self) -> None:
        """Ask the process to end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Kill the process if it runs, and delete the folder."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _files(self) -> Iterator[tuple[str, FileStamp]]:
        for root, folders, names in os.walk(self.folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not name.startswith("."):
                    path = Path(root, name)
                    with contextlib.suppress(OSError):  # gone meanwhile
                        yield path.relative_to(self.folder).as_posix(), _stamp(path.stat())


def _stamp(found: os.stat_result) -> FileStamp:
    return FileStamp(found.st_size, found.st_mtime_ns)
