"""The sound shares of a poet's poems and of its training poems, stored with the poet, which may have no texts.

`python -m poetbot study verse POET --human CORPUS --keep` writes the file `verse.json` into the poet's folder. It is
valid only for the weights that it was measured with.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poetbot.finite import is_finite
from poetbot.poets.folder import Poet
from poetbot.storage import json_bytes, write_atomically
from poetbot.study.verse_shares import SHARES, SoundComparison, SoundShares

FILE = "verse.json"
LARGEST = 100_000
"""Maximum size of the file in bytes."""
_MOST = 1_000  # maximum number of entries in a table of counts


@dataclass(frozen=True)
class StoredShares:
    """The shares of the `poet` and of the `human` training poems, and the date of the measurement."""

    when: str
    sides: dict[str, SoundComparison]


def store_shares(poet: Poet, sides: Mapping[str, SoundComparison], when: str) -> None:
    """Write the shares to the poet's folder."""
    kept = {"poet_id": poet.id, "when": when, **{who: side.as_json() for who, side in sides.items()}}
    write_atomically(poet.folder / FILE, json_bytes(kept))


def stored_shares(poet: Poet) -> StoredShares | None:
    """Return the shares stored with a poet, or None if they are missing, unreadable or of other weights."""
    path = poet.folder / FILE
    try:
        if path.stat().st_size > LARGEST:
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["poet_id"] != poet.id:
            return None
        sides = {who: _compared(data[who]) for who in ("poet", "human")}
        return StoredShares(str(data["when"])[:40], sides)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _compared(data: Mapping[str, Any]) -> SoundComparison:
    heard = data["heard"]
    counts: dict[str, Any] = {
        name: {int(key): _count(n) for key, n in list(heard[name].items())[:_MOST]}
        for name in ("syllables", "stanzas")
    }
    return SoundComparison(
        _count(data["given"]),
        SoundShares(
            _count(heard["poems"]),
            _count(heard["lines"]),
            **_shares(heard),
            **counts,
            schemes={str(name)[:20]: _count(n) for name, n in list(heard["schemes"].items())[:_MOST]},
        ),
        SoundShares(**_shares(data["chance"])),
    )


def _shares(data: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: data[name] for name in SHARES}
    for value in found.values():
        if value is not None and not (is_finite(value) and 0 <= value <= 1):
            raise ValueError("no share")
    return found


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("no count")
    return value
