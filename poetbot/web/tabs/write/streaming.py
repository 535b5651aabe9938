"""A poem in the making, piece by piece, with the marks of what it shares so far."""

import time
from collections.abc import Iterator
from contextlib import nullcontext

from poetbot.overlap import Mark, OverlapIndex, marks
from poetbot.web.serving.fair_scheduler import FairScheduler
from poetbot.writing import FormWriter, Writer

PIECE_SECONDS = 0.1
"""Between two pieces: some 300 characters, three seconds of reading."""

_MOST_SECONDS = 1.0  # between two pieces, where many write at once: a reader is still busy with the last
_AWAY = 9  # so giving pieces out takes at most one part in ten of the time, as long as that does it
_SHARE = 20  # marking takes at most one part in so many of the time


def pieces(
    writer: Writer | FormWriter, index: OverlapIndex | None, scheduler: FairScheduler
) -> Iterator[tuple[str, list[Mark]]]:
    """Write the poem, giving out from time to time what is written so far, and its marks.

    The marks are of the seed and what is written together. They are found anew once the poet has written twenty times
    as long as that took so far, so that a long poem is not held up; without an index there are none. Pieces are larger
    where giving one out takes long, because many people's are given out at once.
    """
    seed, written = writer.seed, ""
    found: list[Mark] = []
    next_piece = 0.0
    writing = marking = 0.0  # seconds of this poem's own work, not of the clock
    letters = iter(writer)
    # Who writes in a form waits for threads that draft, and must not keep a place that they need.
    at_work = scheduler.keep_place if isinstance(writer, Writer) else nullcontext
    scheduler.start_poem()
    while True:
        with at_work():
            began = time.thread_time()
            for piece in letters:
                written += piece
                if time.monotonic() >= next_piece:
                    break
            else:
                return
            wrote = time.thread_time()
            writing += wrote - began
            if index and writing >= _SHARE * marking:
                found = marks(index, seed + written, len(seed), ended=False)
                marking += time.thread_time() - wrote
        given = time.monotonic()
        yield written, found
        back = time.monotonic()
        next_piece = back + min(_MOST_SECONDS, max(PIECE_SECONDS, _AWAY * (back - given)))
