"""Fair turns at writing: many people on few processors, and nobody waits behind somebody's sixty-four drafts.

A network's step is the unit of work: a fraction of a millisecond for one poem, a few for many drafts. Before each one
whoever writes takes a place, of which there are as many as processors; where all are taken, the next goes to the person
who has had the least so far (least attained service, Kleinrock 1976, *Queueing Systems II*, ch. 4; the foreground-
background queue of Nuyens & Wierman 2008, *Performance Evaluation* 65, 286-307). So a poem that begins comes first, which
is what a reader waits for, and long work goes on in between. From half a second on all count alike and go in turn. What
is written does not change: only when each step is taken.

To hand a place on costs as much as a step or more, and Python's own lock is fought for by all who run. So a thread that
writes one poem sits: it keeps its place for some steps and what lies between them.
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

_ALIKE = 0.5  # seconds of service from which on all count alike, so that nobody is put off for ever
_SITTING = 0.02  # seconds that a place is kept for, at most
_IDLE = 1.0  # seconds without work after which a person begins anew
_FIRST_STEPS = 24  # behind the first words, which come before everything: a reader sees that the poem begins
_MOST = 4_096  # people who are remembered


@dataclass
class _Account:
    """What one person has had, in seconds, since when they last had nothing to do."""

    served: float = 0.0
    last: float = 0.0
    working: int = 0  # threads that wait or work
    first_steps: int = 0  # that are left


class _Own(threading.local):
    """What one thread has: a place, for whose account and since when, and whether it keeps it between steps."""

    account: _Account | None = None
    since: float = 0.0
    sits: bool = False


class Turns:
    """Places at the processors, given to the person who has had the least. `person` says whose work a thread does."""

    def __init__(
        self,
        places: int | None = None,
        person: Callable[[], object] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._free = processors() if places is None else places
        self._person = person or asking
        self._clock = clock
        self._lock = threading.Lock()
        self._own = _Own()
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, threading.Event]] = []
        self._accounts: OrderedDict[object, _Account] = OrderedDict()

    def begins(self) -> None:
        """Say that a poem begins: its first steps come before everything."""
        person = self._person()
        with self._lock:
            self._account(person).first_steps = _FIRST_STEPS

    @contextmanager
    def sitting(self) -> Iterator[None]:
        """Let this thread keep its place from step to step, for some hundredths of a second at a time.

        Not for a thread that waits for others that take turns, too: they might wait for its place.
        """
        self._own.sits = True
        try:
            yield
        finally:
            self._own.sits = False
            self._leave()

    @contextmanager
    def turn(self, *, reading: bool = False) -> Iterator[None]:
        """Hold a place while the block runs, after waiting for it where others have had less.

        After `reading`, which is what first words are to a network, some steps come first.
        """
        own = self._own
        if own.account is None:
            self._enter(reading)
        try:
            yield
        finally:
            if not own.sits or self._clock() - own.since >= _SITTING:
                self._leave()

    def _enter(self, reading: bool) -> None:
        """Take a place, and wait for it where there is none."""
        person = self._person()
        ready: threading.Event | None = None
        with self._lock:
            account = self._account(person)
            account.working += 1
            rank = -1.0 if reading or account.first_steps else min(account.served, _ALIKE)
            account.first_steps = _FIRST_STEPS if reading else max(0, account.first_steps - 1)
            if self._free:
                self._free -= 1
            else:
                ready = threading.Event()
                heapq.heappush(self._waiting, (rank, next(self._order), ready))
        if ready is not None:
            ready.wait()
        self._own.account, self._own.since = account, self._clock()

    def _leave(self) -> None:
        """Give the place back, if this thread has one."""
        account = self._own.account
        if account is None:
            return
        now = self._clock()
        with self._lock:
            account.served += now - self._own.since
            account.last = now
            account.working -= 1
            self._own.account = None
            if self._waiting:
                heapq.heappop(self._waiting)[2].set()  # the place goes from hand to hand
            else:
                self._free += 1

    def _account(self, person: object) -> _Account:
        account = self._accounts.setdefault(person, _Account())
        self._accounts.move_to_end(person)
        if not account.working and self._clock() - account.last > _IDLE:
            account.served = 0.0
        while len(self._accounts) > _MOST:
            self._accounts.popitem(last=False)
        return account


class TakingTurns:
    """A poet's network of which each step takes a turn; in everything else it is that network."""

    def __init__(self, network: WritingNetwork, turns: Turns) -> None:
        self._network, self._turns = network, turns

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def step(self, ids: Any, state: Any) -> None:
        """Read one id a row, in turn."""
        with self._turns.turn():
            self._network.step(ids, state)

    def read(self, ids: Any, state: Any, *more: Any, **also: Any) -> None:
        """Read a sequence, in turn."""
        with self._turns.turn(reading=True):
            self._network.read(ids, state, *more, **also)


def asking() -> object:
    """Return who asked for what this thread is doing: an open page, as gradio knows it; the thread where nobody did."""
    return current_page() or threading.get_ident()
