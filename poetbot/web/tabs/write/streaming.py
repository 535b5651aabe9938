"""A poem in pieces while it is written, with the marks of what it has in common with the training poems so far."""

import time
from collections.abc import Iterator

from poetbot.overlap import Mark, OverlapIndex, marks
from poetbot.web.serving.engine import WritingEngine
from poetbot.writing import FormWriter, Writer

PIECE_SECONDS = 0.1
"""Least time between two pieces: some 300 characters, three seconds of reading."""

_MAX_SECONDS = 1.0  # between two pieces when many write at once; the reader is still busy with the last one
_SENDING = 9  # a piece is written for so many times as long as the last one took to send
_GROWTH = 1.25  # of a poem between two searches for marks, so that they take time in proportion to its length


def pieces(
    writer: Writer | FormWriter, index: OverlapIndex | None, engine: WritingEngine
) -> Iterator[tuple[str, list[Mark]]]:
    """Write the poem, and yield from time to time all that is written, with its marks.

    Marks count from the beginning of the first words; without an index there are none. Sending pieces, which takes long
    when many people write, takes at most one part in ten of the time.
    """
    seed, written = writer.seed, ""
    found: list[Mark] = []
    next_piece, next_marks = 0.0, 0.0
    letters = iter(writer)

    def go_on() -> tuple[str, bool]:
        """Return what is written until the next piece is due, and whether the poem has ended."""
        new = ""
        for piece in letters:
            new += piece
            if time.monotonic() >= next_piece:
                return new, False
        return new, True

    ended = False
    while not ended:
        new, ended = engine.run(go_on, begins=not written)
        if ended:
            return
        written += new
        if index and len(written) >= next_marks:
            found = marks(index, seed + written, len(seed), ended=False)
            next_marks = _GROWTH * len(written)
        sending = time.monotonic()
        yield written, found
        sent = time.monotonic()
        next_piece = sent + min(_MAX_SECONDS, max(PIECE_SECONDS, _SENDING * (sent - sending)))
