"""A poem in pieces while it is written, with the marks of what it has in common with the training poems so far."""

import time
from collections.abc import Iterator

from poetbot.overlap import Mark, OverlapIndex, marks
from poetbot.web.serving.fair_scheduler import FairScheduler
from poetbot.writing import FormWriter, Writer

PIECE_SECONDS = 0.1
"""Least time between two pieces: some 300 characters, three seconds of reading."""

_MAX_SECONDS = 1.0  # between two pieces when many write at once; the reader is still busy with the last one
_SENDING = 9  # a piece is written for so many times as long as the last one took to send
_MARKING = 20  # a poem is written for so many times as long as its marks took to find


def pieces(
    writer: Writer | FormWriter, index: OverlapIndex | None, scheduler: FairScheduler
) -> Iterator[tuple[str, list[Mark]]]:
    """Write the poem, and yield from time to time all that is written, with its marks.

    Marks count from the beginning of the first words; without an index there are none. Finding them takes at most one
    part in twenty of the time, and sending pieces, which takes long when many people write, one part in ten.
    """
    seed, written = writer.seed, ""
    found: list[Mark] = []
    next_piece = 0.0
    writing = marking = 0.0  # processor seconds of this poem
    letters = iter(writer)
    scheduler.start_poem()
    while True:
        with scheduler.keep_place():
            began = time.thread_time()
            for piece in letters:
                written += piece
                if time.monotonic() >= next_piece:
                    break
            else:
                return
            wrote = time.thread_time()
            writing += wrote - began
            if index and writing >= _MARKING * marking:
                found = marks(index, seed + written, len(seed), ended=False)
                marking += time.thread_time() - wrote
        sending = time.monotonic()
        yield written, found
        sent = time.monotonic()
        next_piece = sent + min(_MAX_SECONDS, max(PIECE_SECONDS, _SENDING * (sent - sending)))
