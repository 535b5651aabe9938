"""The data folder: where poets of one's own, their corpora and their training runs live."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from poetbot.errors import PoetBotError

_VISITORS = "visitors"
_LEAST_ROOM = 500_000  # bytes; less than any poet takes


@dataclass(frozen=True)
class Home:
    """A data folder. Its parts are paths only; `make` and `made` make them, for this person alone."""

    root: Path

    @staticmethod
    def of_this_person() -> "Home":
        """Return the data folder of whoever runs this: POETBOT_HOME, or where the system keeps such things."""
        chosen = os.environ.get("POETBOT_HOME")
        return Home(Path(chosen).absolute() if chosen else platformdirs.user_data_path("poetbot", False))

    def visitor(self, key: str) -> "Home":
        """Return the data folder of one visitor of an app that is served to others. `key` is a name of ours, never theirs."""
        return Home(self.root / _VISITORS / key)

    @property
    def machine(self) -> "Home":
        """The home whose queue this one waits in: its own, or that of the app whose visitor it belongs to."""
        return Home(self.root.parent.parent) if self.root.parent.name == _VISITORS else self

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
        """What a person brought."""
        return self.root / "corpora"

    @property
    def jobs(self) -> Path:
        """Training runs, a folder each."""
        return self.root / "jobs"

    @property
    def trash(self) -> Path:
        """Poets that were deleted and can still be had back."""
        return self.root / "trash"

    def made(self, part: Path) -> Path:
        """Return `part`, a folder of this home, made if it is not there. Raises PoetBotError where it cannot be."""
        with self.disk_errors():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        return part

    def full(self) -> bool:
        """Return whether the disk has no room left for anything."""
        try:
            return shutil.disk_usage(self.root).free < _LEAST_ROOM
        except OSError:
            return False

    @contextmanager
    def disk_errors(self) -> Iterator[None]:
        """Say in a sentence what the disk would not do."""
        try:
            yield
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise PoetBotError(
                f"PoetBot's folder {self.root} cannot be written to ({reason}): make room, change who may write "
                "there, or name another folder in POETBOT_HOME."
            ) from error
