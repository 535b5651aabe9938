"""Export a poet as a .zip: the files of its folder and a list of their hashes."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poetbot.errors import Failure, PoetBotError
from poetbot.library.poets import folder_contents
from poetbot.overlap import OverlapIndex
from poetbot.overlap.storage import needs_parent
from poetbot.storage import json_bytes

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest time in a zip, so that the same poet gives the same bytes
_PIECE = 1 << 20


def export_poet(poet: Path, packed: Path, with_poems: bool = False) -> None:
    """Write the poet of a folder to the file `packed`, without the text of its poems unless requested.

    Its overlap index is included completely, even if it refers to that of another poet, so the export works anywhere. Raises
    PoetBotError if the folder can't be read or the file can't be written; then there is no file.
    """
    names = folder_contents.poet_files(poet, with_poems)
    if not set(folder_contents.NEEDED) <= set(names):
        raise PoetBotError("{name} is incomplete. Finish training it first.", name=poet.name)
    listed = {}
    try:
        with (
            complete_overlap(poet) as overlap,
            zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as file,
        ):
            for name in names:
                # Weights are nearly random: compressing them takes long and saves nothing.
                how = zipfile.ZIP_STORED if name.endswith(".safetensors") else zipfile.ZIP_DEFLATED
                source = overlap / name.partition("/")[2] if name.startswith("overlap/") else poet / name
                listed[name] = _add(file, source, f"{poet.name}/{name}", how)
            manifest = json_bytes(
                {"format": folder_contents.FORMAT, "holds": "poet", "name": poet.name, "files": listed},
                indent=1,
            )
            file.writestr(zipfile.ZipInfo(f"{poet.name}/{folder_contents.MANIFEST}", _TIME), manifest)
    except OSError as error:
        packed.unlink(missing_ok=True)
        reason = (error.strerror or str(error)).lower()
        raise Failure(
            "{name} couldn't be packed ({reason}). Make room, then try again.", name=poet.name, reason=reason
        ) from error


@contextmanager
def complete_overlap(poet: Path) -> Iterator[Path]:
    """Yield a folder with the complete overlap index of a poet, even if its own refers to that of another poet."""
    folder = poet / "overlap"
    if not (folder / "index.json").is_file() or not needs_parent(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory() as complete:
        OverlapIndex.open(folder).save(complete)
        yield Path(complete)


def _add(file: zipfile.ZipFile, source: Path, name: str, how: int) -> dict[str, object]:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type, info.external_attr = how, 0o644 << 16
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as data, file.open(info, "w", force_zip64=False) as member:
        while piece := data.read(_PIECE):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return {"bytes": size, "sha256": digest.hexdigest()}
