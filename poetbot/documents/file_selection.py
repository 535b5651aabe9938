"""Select the files to read from given files and folders, their order and their displayed names."""

import mimetypes
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from poetbot.documents.records import displayable
from poetbot.errors import PoetBotError
from poetbot.messages import Message

MAX_FILES = 10_000
"""Maximum number of files at once; together they can be as large as one file alone."""

_MOST_ENTRIES = 100_000  # files and folders to look through
_NO_TEXT = ("image", "audio", "video", "font")
_OF_THE_SYSTEM = ("desktop.ini", "thumbs.db")
_OF_AN_OPEN_DOCUMENT = "~$"
OF_A_POET = "poet.json"
"""The file that marks the folder of a poet, which isn't read."""


@dataclass(frozen=True)
class SelectedFile:
    """A file to read, and its displayed name: inside a given folder, the path from there."""

    path: Path
    name: str
    bytes: int = 0


@dataclass
class FileSelection:
    """The files in reading order, and notices about what was left out unread."""

    files: list[SelectedFile] = field(default_factory=list)
    left_out: list[Message] = field(default_factory=list)


def select_files(given: Sequence[Path], out: Path | None = None) -> FileSelection:
    """Return the given files and those in the given folders, each once.

    Folders are walked recursively, by name, so that the order is the same on every machine. Links are followed; a folder that was
    already visited is skipped. Hidden files, the folders of poets and `out`, the path of the result, are skipped; pictures, sounds and
    videos are left out by extension. Raises PoetBotError if a name doesn't exist, or there are too many files or none.
    """
    if not 0 < len(given) <= MAX_FILES:
        raise PoetBotError(
            "You selected {count:,} files. Select 1 to {most:,} at a time.", count=len(given), most=MAX_FILES
        )
    found = FileSelection()
    met: set[tuple[int, int]] = set()
    if out and out.exists():
        _is_new(out.stat(), met)
    for path in given:
        stat = stat_file(path, folder=True)
        if not path.is_dir():
            if _is_new(stat, met):
                found.files.append(SelectedFile(path, path.name, stat.st_size))
            continue
        before = len(found.files)
        _walk(path, found, met)
        if len(found.files) == before:
            found.left_out.append(Message("Left out: {error}", error=nothing_readable_in(path)))
    if not found.files:
        raise PoetBotError.of(nothing_readable_in(given[0]))
    return found


def stat_file(path: Path, *, folder: bool = False) -> os.stat_result:
    """Return the status of a file or folder. Raises PoetBotError if it is neither."""
    name = displayable(str(path), 200)
    try:
        there = path.exists()
    except OSError:  # a name that is too long for the system
        there = False
    if not there:
        raise PoetBotError("There is no file {name}. Check the name and the folder.", name=name)
    if not path.is_file() and not (folder and path.is_dir()):
        raise PoetBotError("{name} isn't a file. Give the name of a text file.", name=name)
    return path.stat()


def nothing_readable_in(folder: Path) -> Message:
    """Return the error for a folder in which no file can be read."""
    return Message(
        "{folder} has no file that can be read. Choose a folder with texts, Word documents or tables of poems.",
        folder=displayable(str(folder), 200),
    )


def unreadable(path: str, error: OSError) -> Message:
    """Return the error for a file or folder that isn't readable."""
    return Message(
        "{path} can't be read ({reason}). Check that you may open it.",
        path=displayable(path, 200),
        reason=(error.strerror or str(error)).lower(),
    )


def _walk(folder: Path, found: FileSelection, met: set[tuple[int, int]]) -> None:
    """Add the files of a folder and its subfolders."""
    shown_folder = displayable(str(folder), 200)
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
                    if OF_A_POET in inside:
                        continue
                    entries += len(inside)
                    if entries > _MOST_ENTRIES:
                        raise PoetBotError(
                            "{folder} has more than {most:,} files and folders. Choose the folders in it that contain poems.",
                            folder=shown_folder,
                            most=_MOST_ENTRIES,
                        )
                    waiting += [(path / each, name / each) for each in inside]
            elif not path.is_file():
                found.left_out.append(
                    Message(
                        "Left out: {error}",
                        error=Message(
                            "{name} isn't a file. Give the name of a text file.",
                            name=displayable(str(name), 200),
                        ),
                    )
                )
            elif is_no_text(path.name):
                no_text += 1
            elif _is_new(stat, met):
                found.files.append(SelectedFile(path, name.as_posix(), stat.st_size))
                if len(found.files) > MAX_FILES:
                    raise PoetBotError(
                        "{folder} has more than {most:,} files, which is the limit. Choose the folders in it one by one.",
                        folder=shown_folder,
                        most=MAX_FILES,
                    )
        except OSError as error:
            found.left_out.append(Message("Left out: {error}", error=unreadable(str(name), error)))
    if no_text:
        found.left_out.append(
            Message(
                "Left out: {count:,} images, sounds or videos in {folder}.",
                count=no_text,
                folder=shown_folder,
            )
        )


def _visible(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number > _MOST_ENTRIES:
                yield entry.name  # too many, so the folder will be refused
                return
            if not is_hidden(entry.name):
                yield entry.name


def is_hidden(name: str) -> bool:
    """Return whether a file or folder of this name is hidden, or belongs to the system or an open document."""
    return name[0] == "." or name.startswith(_OF_AN_OPEN_DOCUMENT) or name.lower() in _OF_THE_SYSTEM


def is_no_text(name: str) -> bool:
    """Return whether the extension is that of a picture, a sound, a video or a font."""
    kind, packed = mimetypes.guess_type(name)
    return kind is not None and not packed and kind.split("/")[0] in _NO_TEXT


def _is_new(stat: os.stat_result, met: set[tuple[int, int]]) -> bool:
    """Return whether a file or folder is new; on some systems they have no number to tell by."""
    key = (stat.st_dev, stat.st_ino)
    if not stat.st_ino:
        return True
    new = key not in met
    met.add(key)
    return new
