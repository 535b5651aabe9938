"""A poem in the making, piece by piece, with the marks of what it shares so far."""

import time
from collections.abc import Iterator

from poetbot.overlap import Mark, OverlapIndex, marks
from poetbot.writing import FormWriter, Writer

PIECE_SECONDS = 0.1
"""Between two pieces: some 300 characters, three seconds of reading."""

_SHARE = 20  # marking takes at most one part in so many of the time


def pieces(writer: Writer | FormWriter, index: OverlapIndex | None) -> Iterator[tuple[str, list[Mark]]]:
    """Write the poem, giving out from time to time what is written so far, and its marks.

    The marks are of the seed and what is written together. They are found anew once the poet has written twenty times
    as long as that took last, so that a long poem is not held up; without an index there are none.
    """
    seed, written = writer.seed, ""
    found: list[Mark] = []
    sent = due = 0.0
    for piece in writer:
        written += piece
        now = time.monotonic()
        if now - sent < PIECE_SECONDS and sent:
            continue
        if index and now >= due:
            found = marks(index, seed + written, len(seed), ended=False)
            took = time.monotonic() - now
            due = now + _SHARE * took
        yield written, found
        sent = time.monotonic()
