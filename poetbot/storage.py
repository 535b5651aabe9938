"""Files on the disk: the data folder with a user's poets, corpora and training runs, atomic writes, and locks."""

import datetime
import errno
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import platformdirs
from filelock import FileLock, Timeout

from poetbot.errors import PoetBotError
from poetbot.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
"""The folder with the package, from which subprocesses are started."""

LOCK_TIMEOUT = 2.0
"""Seconds to wait for a lock that should be free: a process that checks a lock holds it for a moment."""
_CHECK_TIMEOUT = 0.02
"""Seconds after which a lock counts as held. Two processes that check at once hold it for less."""
_NO_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP}
_VISITORS = "visitors"
_LEAST_ROOM = 500_000  # bytes; less than any poet takes


def subprocess_environment(**variables: str) -> dict[str, str]:
    """Return the environment of a Python process that imports this package, with these variables added."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", **variables}


def json_bytes(value: Any, indent: int | None = None) -> bytes:
    """Return plain data as JSON in UTF-8 with a final newline; without `indent`, as short as possible."""
    separators = (",", ":") if indent is None else None
    return (json.dumps(value, ensure_ascii=False, indent=indent, separators=separators) + "\n").encode()


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a power cut, sees the old one or the new one and nothing in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_durably(temporary, data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def write_durably(path: Path, data: bytes) -> None:
    """Write a file and wait until it is on the disk."""
    with path.open("wb") as file:
        file.write(data)
        sync_file(file)


def sync_file(file: IO[Any]) -> None:
    """Wait until what was written to an open file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "nt":  # Windows can't open a folder
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Locked(Exception):
    """Another process holds the lock. Not an OSError, as filelock's own is: nothing is wrong with the disk."""


@contextmanager
def hold_lock(path: Path, timeout: float = 0.0) -> Iterator[None]:
    """Hold the lock of a file. The system releases it when the process ends, however it ends.

    Raises Locked if another process holds it, OSError, and PoetBotError if the disk can't lock files: a mere file
    in place of a lock would outlive a killed process.
    """
    lock = _file_lock(path, timeout)
    try:
        lock.acquire()
    except Timeout:
        raise Locked from None
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
            raise
        raise PoetBotError(
            "The disk with PoetBot's folder can't lock files. Set POETBOT_HOME to a folder on a local disk."
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_locked(path: Path) -> bool:
    """Return whether some process holds the lock of a file."""
    if not path.exists():
        return False
    lock = _file_lock(path, _CHECK_TIMEOUT)
    try:
        lock.acquire(poll_interval=_CHECK_TIMEOUT / 4)
    except Timeout:
        return True
    except (OSError, NotImplementedError):
        return False  # deleted meanwhile, or on a disk where nobody can hold one
    lock.release()
    return False


def _file_lock(path: Path, timeout: float) -> FileLock:
    return FileLock(path, timeout=timeout, thread_local=False, fallback_to_soft=False)


def dated_id(when: datetime.datetime) -> str:
    """Return a new id that sorts by time, to the microsecond: several users may ask in the same second."""
    return f"{when:%Y%m%d-%H%M%S}-{when.microsecond:05x}{secrets.token_hex(2)[:3]}"


@dataclass(frozen=True)
class Home:
    """A data folder. Its properties are paths; `create` creates them, readable by this user alone."""

    root: Path

    @staticmethod
    def default() -> "Home":
        """Return the data folder of this user: POETBOT_HOME, or the system's folder for application data."""
        chosen = os.environ.get("POETBOT_HOME")
        return Home(Path(chosen).absolute() if chosen else platformdirs.user_data_path("poetbot", False))

    def visitor(self, key: str) -> "Home":
        """Return the data folder of a visitor of an app that is served to others. `key` is PoetBot's, never from outside."""
        return Home(self.root / _VISITORS / key)

    @property
    def machine(self) -> "Home":
        """The data folder with the training queue: this one, or that of the app whose visitor it belongs to."""
        return Home(self.root.parent.parent) if self.is_visitor else self

    @property
    def is_visitor(self) -> bool:
        """Whether it belongs to a visitor of an app that is served to others; limits apply then."""
        return self.root.parent.name == _VISITORS

    def visitors(self) -> list["Home"]:
        """Return the data folders of all visitors."""
        try:
            return [Home(path) for path in sorted((self.root / _VISITORS).iterdir()) if path.is_dir()]
        except OSError:
            return []

    @property
    def poets(self) -> Path:
        """Finished poets, a folder each."""
        return self.root / "poets"

    @property
    def corpora(self) -> Path:
        """Corpora, a folder each."""
        return self.root / "corpora"

    @property
    def jobs(self) -> Path:
        """Training runs, a folder each."""
        return self.root / "jobs"

    @property
    def trash(self) -> Path:
        """Deleted poets that can still be restored."""
        return self.root / "trash"

    @property
    def signed_in(self) -> Path:
        """Browsers that are signed in to an app that is served to users, a file each."""
        return self.root / "signed-in"

    @property
    def temporary(self) -> Path:
        """Uploads and downloads, kept for some hours; the only files that the app may serve."""
        return self.root / "gradio"

    @property
    def private(self) -> list[Path]:
        """Everything that must never be served as a file."""
        folders = (self.poets, self.corpora, self.jobs, self.trash, self.signed_in, self.root / _VISITORS)
        databases = [self.root / f"poems.sqlite{part}" for part in ("", "-wal", "-shm")]
        return [*folders, self.root / "index.sqlite", *databases]

    def create(self, part: Path) -> Path:
        """Return `part`, a folder of this home, created if needed. Raises PoetBotError if it can't be."""
        with self.disk_errors():
            _make_private(self.root)
            _make_private(part)
            if self.is_visitor:
                self.root.parent.chmod(0o700)  # version 0.1 let all users of the machine list it
        return part

    def is_full(self) -> bool:
        """Return whether the disk is full."""
        try:
            return shutil.disk_usage(self.root).free < _LEAST_ROOM
        except OSError:
            return False

    def check_quota(self, size: int = 0, poets: int = 0, corpora: int = 0) -> None:
        """Raise PoetBotError if a visitor can't add so many bytes, poets and corpora.

        Call it before adding anything to a home. Without visitors only the disk is a limit.
        """
        if not self.is_visitor:
            return
        limits = Settings.in_force()
        if not self.root.is_dir() and len(self.machine.visitors()) >= limits.visitors:
            raise PoetBotError("PoetBot has as many visitors as it can take. Try again in a few days.")
        if poets and _count(self.poets) + _count(self.trash) + poets > limits.visitor_poets:
            raise PoetBotError(
                "You can have at most {most:,} poets here, including the trash. Delete one permanently first.",
                most=limits.visitor_poets,
            )
        if corpora and _count(self.corpora) + corpora > limits.visitor_corpora:
            raise PoetBotError(
                "You can have at most {most:,} corpora here. Delete one first.", most=limits.visitor_corpora
            )
        if folder_size(self.root) + size > limits.visitor_mb * 10**6:
            raise PoetBotError(
                "This would exceed your limit of {most:,} MB here. Delete what you no longer need.",
                most=limits.visitor_mb,
            )
        if size and folder_size(self.root.parent) + size > limits.visitors_gb * 10**9:
            raise PoetBotError("The space for PoetBot's visitors is full. Try again in a few days.")

    @contextmanager
    def disk_errors(self) -> Iterator[None]:
        """Turn an OSError into a PoetBotError that says what to do."""
        try:
            yield
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            if self.is_visitor:  # who need not know where it lies
                raise PoetBotError(
                    "PoetBot can't write to its disk ({reason}). Tell whoever runs it.", reason=reason
                ) from error
            raise PoetBotError(
                "PoetBot can't write to its folder {folder} ({reason}). Make room, change its permissions, or set POETBOT_HOME to another folder.",
                folder=self.root,
                reason=reason,
            ) from error


def _make_private(folder: Path) -> None:
    """Create a folder and its parents for this user alone; `mkdir(parents=True)` would make the parents readable."""
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def folder_size(folder: Path) -> int:
    """Return the size in bytes of the files below a folder; links don't count."""
    total = 0
    with suppress(OSError):
        for path in folder.rglob("*"):
            with suppress(OSError):
                if path.is_file() and not path.is_symlink():
                    total += path.stat().st_size
    return total


def _count(folder: Path) -> int:
    try:
        return sum(not path.name.startswith(".") for path in folder.iterdir())
    except OSError:
        return 0
