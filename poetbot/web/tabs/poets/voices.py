"""The lines by which the Poets tab introduces the bundled poets. After a change of their weights, write them again:

python -m poetbot.web.tabs.poets.voices
"""

import json
from functools import cache
from pathlib import Path

from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import BUNDLED, CURIOSITIES, load, poet_folders
from poetbot.writing import Request, write

REQUEST = Request(temperature=0.6, lines=3, rng=2, guard=6)
"""The same for all poets, so nobody chose among their lines."""

_STORED = Path(__file__).with_suffix(".json")


@cache
def voices() -> dict[str, str]:
    """Return the stored lines by poet."""
    stored: dict[str, str] = json.loads(_STORED.read_text("utf-8"))
    return stored


def voice_of(name: str) -> str:
    """Let a bundled poet write its lines."""
    poet = load(BUNDLED / name)
    return write(poet, REQUEST, OverlapIndex.open(poet.overlap_folder)).text


if __name__ == "__main__":
    lines = {each.name: voice_of(each.name) for each in poet_folders() if each.name not in CURIOSITIES}
    _STORED.write_text(json.dumps(lines, ensure_ascii=False, indent=1) + "\n", "utf-8")
