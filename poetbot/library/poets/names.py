"""Names of a user's poets, each valid as the name of a folder on every system."""

import json
import unicodedata
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.poets.folder import BUNDLED, poet_folders
from poetbot.storage import Home, json_bytes, write_atomically

_LONGEST = 60
_MOST_BYTES = 200  # of UTF-8: file systems allow 255
_SIGNS = " -_.,'’()&+"
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{k}" for port in ("com", "lpt") for k in range(10))}


def validate_name(name: str) -> str:
    """Return a name as it is stored: NFC, single spaces. Raises PoetBotError if it can't be the name of a folder.

    Allowed are letters, marks and digits of any script, spaces and a few symbols; nothing that a system treats as a path, and no
    invisible character, which would make two names look the same.
    """
    if not isinstance(name, str) or len(name) > 10 * _LONGEST:
        raise PoetBotError("Give the poet a name of 1 to {longest} characters.", longest=_LONGEST)
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(name) <= _LONGEST or len(name.encode(errors="replace")) > _MOST_BYTES:
        raise PoetBotError("Give the poet a name of 1 to {longest} characters.", longest=_LONGEST)
    strange = [sign for sign in name if sign not in _SIGNS and unicodedata.category(sign)[0] not in "LMN"]
    if strange:
        if not strange[0].isprintable():
            raise PoetBotError(
                "A poet's name can have letters, digits, spaces and {signs}. Remove the invisible character.",
                signs=_SIGNS.strip(),
            )
        raise PoetBotError(
            "A poet's name can have letters, digits, spaces and {signs}. Remove {sign}.",
            signs=_SIGNS.strip(),
            sign=strange[0],
        )
    if name[0] in ".-" or name[-1] == "." or not any(sign.isalnum() for sign in name):
        raise PoetBotError("A poet's name must start with a letter or a digit and can't end with a period.")
    if name.split(".")[0].strip().lower() in _RESERVED:
        raise PoetBotError("Windows reserves the name {name}. Choose another one.", name=name)
    return name


def name_key(name: str) -> str:
    """Return a key that is equal for names that some system treats as the same."""
    return unicodedata.normalize("NFC", name.casefold())


def find_poet(home: Home, name: str) -> Path:
    """Return the folder of a bundled poet or of one in this data folder, by name. Raises PoetBotError if there is none."""
    folders = [*poet_folders(BUNDLED), *poet_folders(home.poets)]
    found = next((folder for folder in folders if folder.name == name), None)
    if found is None:
        raise PoetBotError("There is no poet {name} here. Choose one from the list.", name=str(name)[:60])
    return found


def taken_names(home: Home) -> set[str]:
    """Return the keys of all names in use, including those of bundled poets."""
    with home.disk_errors():
        own = [p.name for p in home.poets.iterdir() if p.name[0] != "."] if home.poets.is_dir() else []
    return {name_key(name) for name in (*own, *(folder.name for folder in poet_folders(BUNDLED)))}


def check_available(home: Home, name: str) -> str:
    """Return the name for a new poet. Raises PoetBotError if it is invalid or in use."""
    name = validate_name(name)
    if name_key(name) in taken_names(home):
        raise PoetBotError("There is already a poet called {name}. Choose another name.", name=name)
    return name


def free_name(home: Home, name: str) -> str:
    """Return `name`, followed by the lowest free number if it is in use."""
    keys = taken_names(home)
    tried, number = name, 1
    while name_key(tried) in keys:
        number += 1
        tried = f"{name[: _LONGEST - 6]} {number}"
    return tried


def write_name(poet: Path, name: str) -> None:
    """Write the current or future name of a poet's folder to its card and model card. A damaged card stays as it is.

    The folder's name is the truth; if this is interrupted, only the displayed name is the old one.
    """
    try:
        card = json.loads((poet / "poet.json").read_bytes())
        before, card["name"] = card["name"], name
        if before == name:
            return
        page = poet / "README.md"
        if page.is_file():
            text = page.read_text(encoding="utf-8")
            front, heading, rest = text.partition(f"# The poet {before}\n")
            if heading and (not front or front.endswith("\n")):
                write_atomically(page, f"{front}# The poet {name}\n{rest}".encode())
        write_atomically(poet / "poet.json", json_bytes(card, indent=1))
    except (OSError, ValueError, RecursionError, TypeError, KeyError):
        return
