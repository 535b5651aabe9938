"""A poem and the marker that precedes it in the training stream."""

import dataclasses
from dataclasses import dataclass

MARKER = "++++\n"
"""Put before every poem of the stream. The network sees it; a reader never does."""

MARK = MARKER.rstrip("\n")
"""The marker as a line of text, without its line end."""

UNKNOWN_AUTHOR = "unknown"
"""The author of poems without one, in a poet's card."""

_MARK_AND_SPACE = MARK + " \t"


@dataclass(frozen=True)
class Poem:
    """One poem. Line numbers are 1-based and inclusive in the file `source`, where they are known."""

    text: str
    title: str | None = None
    author: str | None = None
    source: str | None = None
    start_line: int | None = None
    end_line: int | None = None

    def as_row(self) -> dict[str, str | int]:
        """Return the fields that are known, as a line of a .jsonl holds them."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value is not None}


def without_marker(text: str) -> tuple[str, int]:
    """Return `text` without the poem marker, and how many lines it was taken from.

    A line that is nothing but the mark goes as a whole; from a line that merely ends in it, the mark is cut off,
    because the network could not tell either from the true marker.
    """
    if MARK not in text:
        return text, 0
    kept: list[str] = []
    touched = 0
    for line in text.split("\n"):
        if line.rstrip().endswith(MARK):
            touched += 1
            line = line.rstrip().rstrip(_MARK_AND_SPACE)
            if not line:
                continue
        kept.append(line)
    return "\n".join(kept), touched
