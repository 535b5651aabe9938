"""Import a poet from a .zip of any origin: the result is a valid poet or an error.

Names, kinds and sizes of all members are checked first, then the declared shapes of all arrays, from the first bytes of each,
before anything is written. The files are then written to a temporary folder beside the poets, hashes are compared, the folder
is loaded like any poet, and only then it is renamed. Nothing is ever run or unpickled, and names in the file are never used as
paths: only names of files that a poet has are accepted.
"""

import contextlib
import hashlib
import json
import secrets
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from poetbot.errors import Failure, PoetBotError
from poetbot.isolated_process import call
from poetbot.library.poets import folder_contents, names
from poetbot.library.poets.folder_contents import POEMS
from poetbot.library.poets.tensor_shapes import check_shapes
from poetbot.library.poets.trash import library_lock
from poetbot.messages import Message
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.storage import Home
from poetbot.writing.word_vectors import stored_vectors

_MOST_MEMBERS = 100
_MOST_DIRECTORY = 100_000  # bytes of the list of members
_PIECE = 1 << 20
_END = struct.Struct("<4s4H2LH")  # the record at a zip's end (APPNOTE.TXT 6.3.10, 4.3.16)

Members = dict[str, zipfile.ZipInfo]


def import_poet(home: Home, packed: Path, mark: str = "") -> str:
    """Import the poet of a .zip file and return its name, followed by a number if the name is in use.

    It is unpacked in a hidden folder with this `mark`, or a random one. Raises PoetBotError if the file isn't an exported poet or is
    incomplete, the disk is full, or a visitor of a served app has no space for it.
    """
    with _opened(packed) as file:
        members = _members(file)
        name, listed = _listed(file, members)
        check_shapes(lambda name, most: _first_bytes(file, members[name], most), _sizes(members))
        home.check_quota(sum(_sizes(members).values()), poets=1)
        shelf = home.create(home.poets)
        if shutil.disk_usage(shelf).free < 1.1 * sum(_sizes(members).values()):
            raise Failure("There isn't enough room on the disk for this poet. Make room, then try again.")
        new = shelf / f".new-{mark or secrets.token_hex(8)}"
        try:
            with home.disk_errors():
                for part, info in members.items():
                    _write(file, info, new / part, listed[part])
            of_card = _read(new)
            return _move_to_library(home, new, name or of_card)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def import_in_subprocess(home: Home, packed: Path) -> str:
    """Do the same in another process, which is ended after `reading_seconds`; its output is removed."""
    mark = secrets.token_hex(8)
    try:
        return call(_unpack_into, str(home.root), str(packed), mark)
    finally:
        shutil.rmtree(home.poets / f".new-{mark}", ignore_errors=True)


def _unpack_into(root: str, packed: str, mark: str) -> str:
    return import_poet(Home(Path(root)), Path(packed), mark)


def _refused(why: Message) -> PoetBotError:
    return PoetBotError("This file can't be imported: {why}. Download the poet again.", why=why)


@contextlib.contextmanager
def _opened(packed: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with packed.open("rb") as raw:
            _check_end(raw)
            with zipfile.ZipFile(raw) as file:
                yield file
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError) as error:
        raise _refused(
            Message("it is damaged, locked with a password, or packed in an unusual way")
        ) from error
    except OSError as error:
        raise PoetBotError("The file couldn't be read. Choose it again.") from error


def _check_end(raw: IO[bytes]) -> None:
    """Refuse a file with a long list of members before reading the list, which could fill the memory."""
    size = raw.seek(0, 2)
    if size > folder_contents.MOST_BYTES:
        raise _refused(Message("it is larger than {most:,} MB", most=folder_contents.MOST_BYTES // 1_000_000))
    raw.seek(max(0, size - _END.size - 20))
    tail = raw.read()
    if len(tail) < _END.size or tail[-_END.size :][:4] != b"PK\5\6":
        raise _refused(Message("it isn't a .zip file"))
    if tail[:4] == b"PK\6\7" and len(tail) > _END.size:
        raise _refused(Message("it is packed in an unusual way"))
    _, _, _, _, count, directory, _, comment = _END.unpack(tail[-_END.size :])
    if count > _MOST_MEMBERS or directory > _MOST_DIRECTORY or comment:
        raise _refused(Message("it contains other things than a poet"))


def _members(file: zipfile.ZipFile) -> Members:
    """Return the members by their name in the poet's folder, after checking names and sizes."""
    infos = [info for info in file.infolist() if not info.filename.endswith("/")]
    tops = {info.filename.partition("/")[0] for info in infos}
    inside = len(tops) == 1 and all("/" in info.filename for info in infos)
    members: Members = {}
    for info in infos:
        name = info.filename.partition("/")[2] if inside else info.filename
        most = (
            folder_contents.MOST_JSON if name == folder_contents.MANIFEST else folder_contents.max_size(name)
        )
        kind = stat.S_IFMT(info.external_attr >> 16)
        if most is None or kind not in (0, stat.S_IFREG):
            raise _refused(Message("it contains other things than a poet"))
        if name in members:
            raise _refused(Message("it contains a file twice"))
        if info.file_size > most:
            raise _refused(Message("part of it is too large"))
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refused(Message("it is damaged, locked with a password, or packed in an unusual way"))
        members[name] = info
    if sum(_sizes(members).values()) > folder_contents.MOST_BYTES:
        raise _refused(Message("it is larger than {most:,} MB", most=folder_contents.MOST_BYTES // 1_000_000))
    if not {*folder_contents.NEEDED, folder_contents.MANIFEST} <= members.keys():
        raise _refused(Message("part of the poet is missing"))
    return members


def _sizes(members: Members) -> dict[str, int]:
    return {name: info.file_size for name, info in members.items()}


def _listed(file: zipfile.ZipFile, members: Members) -> tuple[str, dict[str, str]]:
    """Return the name and the hashes in the manifest, and remove it from the members."""
    info = members.pop(folder_contents.MANIFEST)
    try:
        manifest = json.loads(_first_bytes(file, info, folder_contents.MOST_JSON))
        if manifest["format"] != folder_contents.FORMAT or manifest["holds"] != "poet":
            raise _refused(Message("another version of PoetBot made it"))
        listed = {name: (row["bytes"], row["sha256"]) for name, row in manifest["files"].items()}
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise _refused(Message("its list of files is damaged")) from error
    if listed.keys() != members.keys() or any(listed[n][0] != i.file_size for n, i in members.items()):
        raise _refused(Message("its list of files doesn't match its content"))
    name = manifest.get("name")
    return name if isinstance(name, str) else "", {part: str(digest) for part, (_, digest) in listed.items()}


def _first_bytes(file: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    with file.open(info) as member:
        return member.read(most)


def _write(file: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, digest: str) -> None:
    """Write a member to `path`, never more than its declared size. Raises PoetBotError if its hash differs."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = hashlib.sha256()
    with file.open(info) as member, path.open("xb") as out:
        while piece := member.read(_PIECE):
            found.update(piece)
            out.write(piece)
    if found.hexdigest() != digest:
        raise _refused(Message("part of it was changed after it was packed"))


def _read(new: Path) -> str:
    """Load a folder like any poet, with all its files; return the name on its card. Raises PoetBotError."""
    try:
        poet = load(new)
        for path in (new / "epochs").glob("*"):
            load(new, folder_contents.epoch_of(f"epochs/{path.name}"))
        if (new / "overlap").is_dir():
            OverlapIndex.open(new / "overlap")
        poet.words()
        stored_vectors(new)
        for name in ("history.jsonl", POEMS):
            _check_lines(new / name)
    except PoetBotError as error:
        # The error names a folder that the user has never seen.
        raise _refused(Message("the poet in it is damaged")) from error
    if poet.card.get("id") not in (None, poet.id):
        raise _refused(Message("its card is that of another poet"))
    return str(poet.card.get("name") or "poet")


def _check_lines(path: Path) -> None:
    if not path.exists():
        return
    try:
        with path.open(encoding="utf-8") as lines:
            good = all(isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError) as error:
        raise PoetBotError("{name} is damaged. Download the poet again.", name=path.name) from error
    if not good:
        raise PoetBotError("{name} is damaged. Download the poet again.", name=path.name)


def _move_to_library(home: Home, new: Path, name: str) -> str:
    try:
        name = names.validate_name(name)
    except PoetBotError:
        name = "A poet"
    with library_lock(home):
        name = names.free_name(home, name)
        names.write_name(new, name)
        new.rename(home.poets / name)
    return name
