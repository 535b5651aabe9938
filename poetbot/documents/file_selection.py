"""Files and folders that were given: which files are read, in which order, and what they are called."""

import mimetypes
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from poetbot.documents.records import shown
from poetbot.errors import PoetBotError

MOST_FILES = 10_000
"""Files brought at once at most; together they may be as large as one file may be alone."""

_MOST_ENTRIES = 100_000  # files and folders that are looked at
_NO_TEXT = ("image", "audio", "video", "font")
_OF_THE_SYSTEM = ("desktop.ini", "thumbs.db")
_OF_AN_OPEN_DOCUMENT = "~$"
_OF_A_POET = "poet.json"


@dataclass(frozen=True)
class GivenFile:
    """A file to read, and its name as it may be shown: below a folder that was given, its path from there."""

    path: Path
    name: str
    bytes: int = 0


@dataclass
class Given:
    """The files, in the order in which they are read, and sentences about what was left out without being read."""

    files: list[GivenFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def files_in(given: Sequence[Path], out: Path | None = None) -> Given:
    """Return the files that were given and those in the folders that were given, each once.

    A folder is walked with all folders inside it, by name, so that the same files come in the same order on every
    machine. Links are followed; a folder that is met again is not walked again. Hidden files, the folders of poets and
    `out`, where the result goes, are passed over; pictures, sounds and videos are left out by the ending of their names.
    Raises PoetBotError where a name is missing, where there are too many files or none at all.
    """
    if not 0 < len(given) <= MOST_FILES:
        raise PoetBotError(f"{len(given):,} files were given: give from 1 to {MOST_FILES:,} at once.")
    found = Given()
    met: set[tuple[int, int]] = set()
    if out and out.exists():
        _is_new(out.stat(), met)
    for path in given:
        stat = stat_of(path, folder=True)
        if not path.is_dir():
            if _is_new(stat, met):
                found.files.append(GivenFile(path, path.name, stat.st_size))
            continue
        before = len(found.files)
        _walk(path, found, met)
        if len(found.files) == before:
            found.left_out.append(f"Left out: {nothing_in(path)}")
    if not found.files:
        raise PoetBotError(nothing_in(given[0]))
    return found


def stat_of(path: Path, *, folder: bool = False) -> os.stat_result:
    """Return what the system says of a file, or perhaps a folder. Raises PoetBotError where it is neither."""
    name = shown(str(path), 200)
    try:
        there = path.exists()
    except OSError:  # a name longer than any system takes
        there = False
    if not there:
        raise PoetBotError(f"There is no file {name}: check the name and the folder.")
    if not path.is_file() and not (folder and path.is_dir()):
        raise PoetBotError(f"{name} is no file: give the name of a text file.")
    return path.stat()


def nothing_in(folder: Path) -> str:
    """Return the sentence about a folder in which no file can be read."""
    return (
        f"{shown(str(folder), 200)} holds no file that can be read: give a folder with texts, Word documents or "
        "tables of poems in it."
    )


def unreadable(path: str, error: OSError) -> str:
    """Return the sentence about a file or folder that the system does not let us read."""
    reason = (error.strerror or str(error)).lower()
    return f"{shown(path, 200)} cannot be read ({reason}): check that you may open it."


def _walk(folder: Path, found: Given, met: set[tuple[int, int]]) -> None:
    """Add the files of a folder and of those inside it."""
    known = f"{shown(str(folder), 200)} holds"
    no_text = entries = 0
    # Names are put together with those of the folders above, from the last folder of the path that was given.
    waiting = [(folder, PurePath(folder.name))]
    while waiting:
        path, name = waiting.pop()
        try:
            stat = path.stat()
            if path.is_dir():
                if _is_new(stat, met):
                    inside = sorted(_visible(path), reverse=True)
                    if _OF_A_POET in inside:
                        continue
                    entries += len(inside)
                    if entries > _MOST_ENTRIES:
                        raise PoetBotError(
                            f"{known} more than {_MOST_ENTRIES:,} files and folders: give the folders in it that hold poems."
                        )
                    waiting += [(path / each, name / each) for each in inside]
            elif not path.is_file():
                found.left_out.append(
                    f"Left out: {shown(str(name), 200)} is no file: give the name of a text file."
                )
            elif _is_no_text(path.name):
                no_text += 1
            elif _is_new(stat, met):
                found.files.append(GivenFile(path, name.as_posix(), stat.st_size))
                if len(found.files) > MOST_FILES:
                    raise PoetBotError(
                        f"{known} more than {MOST_FILES:,} files, the most at once: give the folders in it one by one."
                    )
        except OSError as error:
            found.left_out.append(f"Left out: {unreadable(str(name), error)}")
    if no_text:
        found.left_out.append(
            f"Left out: {no_text:,} pictures, sounds or videos in {shown(str(folder), 200)}."
        )


def _visible(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number > _MOST_ENTRIES:
                yield entry.name  # so many that the folder is refused
                return
            name = entry.name
            if (
                name[0] != "."
                and not name.startswith(_OF_AN_OPEN_DOCUMENT)
                and name.lower() not in _OF_THE_SYSTEM
            ):
                yield name


def _is_no_text(name: str) -> bool:
    kind, packed = mimetypes.guess_type(name)
    return kind is not None and not packed and kind.split("/")[0] in _NO_TEXT


def _is_new(stat: os.stat_result, met: set[tuple[int, int]]) -> bool:
    """Return whether a file or folder is met for the first time; some systems give them no number to tell by."""
    key = (stat.st_dev, stat.st_ino)
    if not stat.st_ino:
        return True
    new = key not in met
    met.add(key)
    return new
