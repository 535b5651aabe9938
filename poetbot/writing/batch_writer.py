"""Many poems at once: one step of the network reads a character of each.

The rows are divided among threads, each with its own batch: NumPy releases Python's lock during a product, and two
batches wait for each other less than the two halves of one product. A row whose poem has ended takes the next poem, or
is dropped if none is left.

If the network isn't exact, rounding in a row's products can depend on the number of rows and on its position among them,
differently from library to library and processor to processor. Then a receipt records the position of its poem and the
number of rows (`places`), and the poem is recreated in as many rows, of which one counts. As poems
end, rows are removed only down to a multiple of four, which keeps receipts short.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field, replace

import numpy as np

from poetbot.cores import available_cores
from poetbot.messages import Message
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.sampling import sample_rows
from poetbot.writing.poem_state import PoemState
from poetbot.writing.real_words import real_words_of
from poetbot.writing.request import MAX_ROWS, Request, clean_seed
from poetbot.writing.theme_bias import ThemeBias
from poetbot.writing.theme_words import resolved
from poetbot.writing.token_healing import end_of
from poetbot.writing.writer import WrittenPoem, draw, guard_of, min_rows, poem_of, primed

_MIN_ROWS_PER_THREAD = 8  # fewer aren't worth another thread
_MOST_THREADS = 4

Ended = deque[tuple[int, WrittenPoem]]


def write_together(
    poet: Poet, request: Request, count: int, index: OverlapIndex | None = None
) -> Iterator[tuple[int, WrittenPoem]]:
    """Write `count` poems, poem k with rng + k, and yield (k, poem) as each one ends, in no particular order.

    Raises PoetBotError if a number is too large, or if a guard is requested and the poet has no overlap index.
    """
    theme, notices = resolved(request.theme, poet, request.script)
    request = replace(request, theme=theme)
    waiting = deque(
        (k, replace(request, rng=request.rng + k, together=not poet.network.exact)) for k in range(count)
    )
    threads = max(1, min(available_cores(), _MOST_THREADS, count // _MIN_ROWS_PER_THREAD))
    rows = min(MAX_ROWS, -(-count // threads))
    batches = _Batches(poet, request, index, waiting, notices)
    ended: Ended = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            running: set[Future[None]] = {
                pool.submit(copy_context().run, batches.run, rows, ended) for _ in range(threads)
            }
            while running:
                done, running = wait(running, timeout=0.05, return_when=FIRST_COMPLETED)
                for each in done:
                    each.result()
                while ended:
                    yield ended.popleft()
        finally:
            batches.stopped = True


@dataclass
class _Row:
    """A poem being written, its generator, and its positions so far (see `Request.places`)."""

    number: int
    request: Request
    page: PoemState
    rng: np.random.Generator
    steps: int = 0
    places: list[tuple[int, int, int]] = field(default_factory=list)

    def record_place(self, rows: int, place: int) -> None:
        """Record its position from now on."""
        if not self.places or self.places[-1][1:] != (rows, place):
            self.places.append((self.steps, rows, place))


class _Batches:
    """What the batches of all threads share."""

    def __init__(
        self,
        poet: Poet,
        request: Request,
        index: OverlapIndex | None,
        waiting: deque[tuple[int, Request]],
        notices: tuple[Message, ...],
    ) -> None:
        self.stopped = False
        self._poet, self._request, self._waiting = poet, request, waiting
        self._seed, self._notices = clean_seed(request.seed, poet, request.script)
        self._notices += notices
        self._theme = ThemeBias(poet, request.theme) if request.theme else None
        self._real_words = real_words_of(poet) if request.real_words else None
        self._end = end_of(poet, self._seed, whole_words=request.whole_words)
        self._guard = guard_of(poet, request.guard, index)
        self._start = primed(poet, self._seed)

    def run(self, rows: int, ended: Ended) -> None:
        """Write poems in this many rows until none is waiting, and append each to `ended`."""
        batch = [row for _ in range(rows) if (row := self._next())]
        network = self._poet.network
        state = self._start.repeated(max(min_rows(network), len(batch)))
        self._note_places(batch, state)
        read = np.zeros(len(state.logits), dtype=np.int32)
        while batch and not self.stopped:
            for place, row in enumerate(batch):
                if row.page.wants_state:
                    row.page.keep(state.take([place]))
            read[: len(batch)] = self._drawn(batch, state)
            network.step(read, state)
            for row in batch:
                row.steps += 1
            if any(row.page.stopped_by for row in batch):
                state = self._after_ends(batch, state, ended)
                self._note_places(batch, state)
                read = np.zeros(len(state.logits), dtype=np.int32)

    def _next(self) -> _Row | None:
        try:
            number, request = self._waiting.popleft()
        except IndexError:
            return None
        page = PoemState(
            self._poet.vocabulary,
            request,
            self._seed,
            self._guard,
            self._end,
            self._theme,
            self._real_words,
        )
        return _Row(number, request, page, np.random.default_rng(request.rng))

    def _drawn(self, batch: list[_Row], state: WritingState) -> list[int]:
        """Draw an id for each row and add it to its poem."""
        request, exact, logits = self._request, self._poet.network.exact, state.logits
        ready = [place for place, row in enumerate(batch) if row.page.forbid(logits[place])]
        some = logits[: len(batch)] if len(ready) == len(batch) else logits[ready]
        pages = [batch[place].page for place in ready]
        if changed := [number for number, page in enumerate(pages) if page.changes_logits]:
            some = some.copy()
            for number in changed:
                some[number] = pages[number].drawn_from(some[number])
        rngs = [batch[place].rng for place in ready]
        drawn = dict(
            zip(ready, sample_rows(some, request.temperature, request.top_p, rngs, exact=exact), strict=True)
        )
        for place, row in enumerate(batch):
            if place not in drawn:
                row.page.stuck()
            if place not in drawn or not row.page.add(drawn[place]):
                drawn[place] = draw(row.page, state, place, request, row.rng, exact=exact) or 0
        return [drawn[place] for place in range(len(batch))]

    def _after_ends(self, batch: list[_Row], state: WritingState, ended: Ended) -> WritingState:
        """Emit the poems that have ended, and return the state of the remaining and new ones."""
        for place in reversed(range(len(batch))):
            row = batch[place]
            if not row.page.stopped_by:
                continue
            request = replace(row.request, places=tuple(row.places))
            ended.append((row.number, poem_of(self._poet, request, row.page, self._notices)))
            if following := self._next():
                batch[place] = following
                state.put(place, self._start)
                continue
            last = batch.pop()
            if last is not row:
                batch[place] = last
                state.put(place, state.take([len(batch)]))
        least = min_rows(self._poet.network)
        rows = max(1, -(-len(batch) // least)) * least
        return state.take(list(range(rows))) if rows < len(state.logits) else state

    def _note_places(self, batch: list[_Row], state: WritingState) -> None:
        if self._poet.network.exact:
            return
        for place, row in enumerate(batch):
            row.record_place(len(state.logits), place)
