"""A fair scheduler for writing: many people share few processors, and nobody has to wait for another person's 64 drafts.

The unit of work is a network's step: a fraction of a millisecond for one poem, a few for many drafts. Each step needs a
place, of which there are as many as processors. If all are taken, the next free one goes to the person who has had the
least service so far (least attained service, Kleinrock 1976, *Queueing Systems II*, ch. 4; the foreground-background queue
of Nuyens & Wierman 2008, *Performance Evaluation* 65, 286-307). So the beginning of a poem, which a reader waits for, comes
first, and long work continues in between. After half a second of service everybody is equal and served in turn. Suggestions,
which a person sees only when the last of them is ready, come before poems that have begun (`suggesting`). Waiting counts too
(delay-dependent priority, Kleinrock 1964, *Naval Research Logistics Quarterly* 11, 329-341), so that newcomers can't keep anybody
waiting forever. Scheduling affects when a step runs, never what is written.

Handing a place on costs as much as a step or more, and all threads compete for Python's lock. So a thread keeps its place for
some steps (`keep_place`), and for longer if nobody who waits comes before it.
"""

import heapq
import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from poetbot.poets.interfaces import WritingNetwork
from poetbot.web.gradio_compat import current_page
from poetbot.writing.batch_writer import processors

_EQUAL = 0.5  # seconds of service after which everybody is equal
_SHORT = 2.0  # seconds of service after which suggestions rank with poems
_WAITED = 0.2  # seconds of service that a second of waiting makes up for
_MAX_HOLD = 0.02  # seconds that a thread keeps its place
_IDLE = 1.0  # seconds without work after which a person's service counts from 0 again
_FIRST_STEPS = 24  # of a poem, which come before everything else: a reader sees it begin
_MAX_PEOPLE = 4_096  # who are remembered


@dataclass
class _Account:
    """The service that one person has had since they were last idle."""

    served: float = 0.0  # seconds
    last: float = 0.0
    working: int = 0  # threads that wait or work
    first_steps: int = 0  # left


class _Thread(threading.local):
    """The place of one thread: the account it is charged to, and since when; whether it keeps the place."""

    account: _Account | None = None
    since: float = 0.0
    keeps: bool = False
    asked: float | None = None  # when somebody asked for the suggestions that it makes


class FairScheduler:
    """Gives places to the person who has had the least service. `person` returns the person for whom a thread works."""

    def __init__(
        self,
        places: int | None = None,
        person: Callable[[], object] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._free = processors() if places is None else places
        self._person = person or served_person
        self._clock = clock
        self._lock = threading.Lock()
        self._thread = _Thread()
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._accounts: OrderedDict[object, _Account] = OrderedDict()

    def start_poem(self) -> None:
        """Let the first steps of a new poem come before everything else."""
        person = self._person()
        with self._lock:
            self._account(person).first_steps = _FIRST_STEPS

    @contextmanager
    def keep_place(self) -> Iterator[None]:
        """Let this thread keep its place between steps, for some hundredths of a second at a time.

        Not for a thread that waits for others that need places too: they might wait for its own.
        """
        self._thread.keeps = True
        try:
            yield
        finally:
            self._thread.keeps = False
            self._leave()

    @contextmanager
    def suggesting(self) -> Iterator[None]:
        """Let this thread come before poems that have begun, in the order of the requests, and keep its place."""
        self._thread.asked = self._clock()
        try:
            with self.keep_place():
                yield
        finally:
            self._thread.asked = None

    @contextmanager
    def turn(self, *, reading: bool = False) -> Iterator[None]:
        """Hold a place while the block runs. It may wait for people who have had less service.

        `reading` is the first words of a poem, after which some steps have priority.
        """
        thread = self._thread
        if thread.account is None:
            self._enter(reading)
        try:
            yield
        finally:
            assert thread.account is not None
            if thread.asked is None:
                left = thread.account.first_steps - 1
                thread.account.first_steps = _FIRST_STEPS if reading else max(0, left)
            if not thread.keeps or (self._clock() - thread.since >= _MAX_HOLD and self._is_overtaken()):
                self._leave()

    def _enter(self, reading: bool) -> None:
        """Take a place, and wait if none is free."""
        person = self._person()
        ready: threading.Event | None = None
        with self._lock:
            account = self._account(person)
            account.working += 1
            rank = self._rank(account, reading)
            if self._free:
                self._free -= 1
            else:
                ready = threading.Event()
                heapq.heappush(self._waiting, (rank, next(self._order), ready))
        if ready is not None:
            ready.wait()
        self._thread.account, self._thread.since = account, self._clock()

    def _rank(self, account: _Account, reading: bool = False) -> float:
        """Return the rank of this thread; the lowest comes first. Waiting counts equally for everybody who waits."""
        asked = self._thread.asked
        if asked is not None and account.served < _SHORT:
            return _WAITED * asked - 0.5
        rank = -1.0 if reading or account.first_steps else min(account.served, _EQUAL)
        return rank + _WAITED * self._clock()

    def _is_overtaken(self) -> bool:
        """Charge this thread for its place so far, and return whether somebody who waits comes before it."""
        account, now = self._thread.account, self._clock()
        assert account is not None
        with self._lock:
            account.served += now - self._thread.since
            self._thread.since = now
            return bool(self._waiting) and self._waiting[0][0] <= self._rank(account)

    def _leave(self) -> None:
        """Give back the place of this thread, if it has one."""
        account = self._thread.account
        if account is None:
            return
        now = self._clock()
        with self._lock:
            account.served += now - self._thread.since
            account.last = now
            account.working -= 1
            self._thread.account = None
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()  # it takes over this place
            else:
                self._free += 1

    def _account(self, person: object) -> _Account:
        account = self._accounts.setdefault(person, _Account())
        self._accounts.move_to_end(person)
        if not account.working and self._clock() - account.last > _IDLE:
            account.served = 0.0
        while len(self._accounts) > _MAX_PEOPLE:
            self._accounts.popitem(last=False)
        return account


class ScheduledNetwork:
    """A poet's network whose steps are scheduled; in everything else it is that network."""

    def __init__(self, network: WritingNetwork, scheduler: FairScheduler) -> None:
        self._network, self._scheduler = network, scheduler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def step(self, ids: Any, state: Any) -> None:
        """Read one id per row."""
        with self._scheduler.turn():
            self._network.step(ids, state)

    def read(self, ids: Any, state: Any, *more: Any, **also: Any) -> None:
        """Read a sequence."""
        with self._scheduler.turn(reading=True):
            self._network.read(ids, state, *more, **also)


def served_person() -> object:
    """Return whose work this thread does: an open page, or the thread itself if no page asked for it."""
    return current_page() or threading.get_ident()
