"""A fair scheduler with continuous batching: many people share few processors, and steps that wait are computed together.

The unit of work is a network's step: a fraction of a millisecond for one poem, a few for many drafts. Each step needs a
place, of which there are as many as processors. If all are taken, the next free one goes to the person who has had the
least service so far (least attained service, Kleinrock 1976, *Queueing Systems II*, ch. 4; the foreground-background queue
of Nuyens & Wierman 2008, *Performance Evaluation* 65, 286-307). So the beginning of a poem, which a reader waits for, comes
first, and long work continues in between. After half a second of service everybody is equal and served in turn.

A step reads all weights, whatever the number of rows. So whoever gets a place also takes the steps of the same network that
wait, in their order, and computes them as one batch (continuous batching: Yu et al. 2022, "Orca: A Distributed Serving
System for Transformer-Based Generative Models", OSDI; that the thread at work does what the others wait for is flat
combining: Hendler et al. 2010, SPAA). Only exact networks are batched, whose rows don't depend on each other. Scheduling
affects when a step runs, never what is written.
"""

import heapq
import itertools
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from poetbot.poets.interfaces import WritingNetwork, WritingState
from poetbot.poets.network import Ids, State
from poetbot.web.gradio_compat import current_page
from poetbot.writing.batch_writer import processors

_EQUAL = 0.5  # seconds of service after which everybody is equal, so that nobody starves
_IDLE = 1.0  # seconds without work after which a person's service counts from 0 again
_FIRST_STEPS = 24  # of a poem, which come before everything else: a reader sees it begin
_MAX_PEOPLE = 4_096  # who are remembered
_MAX_ROWS = (
    32  # of a batch, unless one step has more: beyond them a step takes as much longer as there are rows
)


@dataclass
class _Account:
    """The service that one person has had since they were last idle."""

    served: float = 0.0  # seconds
    last: float = 0.0
    working: int = 0  # threads that wait or work
    first_steps: int = 0  # left


@dataclass(frozen=True)
class _Step:
    """A step of a network: the ids that its rows read, and their state."""

    network: WritingNetwork
    ids: Ids
    state: WritingState

    def joins(self, other: "_Step") -> bool:
        """Return whether two steps can be computed as one."""
        return (
            self.network is other.network
            and self.network.exact
            and isinstance(self.state, State)
            and isinstance(other.state, State)
        )


@dataclass
class _Entry:
    """Someone who has a place or waits for one, with the `step` that they want to be computed, if it is one."""

    account: _Account
    step: _Step | None
    ready: threading.Event = field(default_factory=threading.Event)
    batch: list["_Entry"] = field(
        default_factory=list
    )  # what to compute with the place, empty if another has done it
    error: BaseException | None = None


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
        self._order = itertools.count()
        self._waiting: list[tuple[float, int, _Entry]] = []
        self._accounts: OrderedDict[object, _Account] = OrderedDict()

    def start_poem(self) -> None:
        """Let the first steps of a new poem come before everything else."""
        person = self._person()
        with self._lock:
            self._account(person).first_steps = _FIRST_STEPS

    @contextmanager
    def turn(self, *, reading: bool = False) -> Iterator[None]:
        """Hold a place while the block runs. It may wait for people who have had less service.

        `reading` is the first words of a poem, after which some steps have priority.
        """
        entry = self._enter(None, reading)
        began = self._clock()
        try:
            yield
        finally:
            self._leave([entry], began)

    def step(self, network: WritingNetwork, ids: Ids, state: WritingState) -> None:
        """Compute a step of a network, perhaps as a part of a batch, and perhaps in another thread."""
        entry = self._enter(_Step(network, ids, state), reading=False)
        batch = entry.batch
        if not batch:
            if entry.error is not None:
                raise entry.error
            return
        began = self._clock()
        error: BaseException | None = None
        try:
            _compute([each.step for each in batch if each.step])
        except BaseException as caught:
            error = caught
            raise
        finally:
            self._leave(batch, began)
            for each in batch:
                if each is not entry:
                    each.batch, each.error = [], error
                    each.ready.set()

    def _enter(self, step: _Step | None, reading: bool) -> _Entry:
        """Take a place, and wait if none is free; or wait until another has computed the step."""
        person = self._person()
        with self._lock:
            account = self._account(person)
            account.working += 1
            rank = -1.0 if reading or account.first_steps else min(account.served, _EQUAL)
            account.first_steps = _FIRST_STEPS if reading else max(0, account.first_steps - 1)
            entry = _Entry(account, step)
            if self._free:
                self._free -= 1
                entry.batch = [entry]
                return entry
            heapq.heappush(self._waiting, (rank, next(self._order), entry))
        entry.ready.wait()
        return entry

    def _leave(self, batch: list[_Entry], began: float) -> None:
        """Give the place to the next who waits, with all that can be computed together."""
        now = self._clock()
        rows = sum(_rows(each) for each in batch)
        with self._lock:
            for each in batch:
                each.account.served += (now - began) * _rows(each) / rows
                each.account.last = now
                each.account.working -= 1
            if not self._waiting:
                self._free += 1
                return
            _, _, following = heapq.heappop(self._waiting)
            following.batch = [following, *self._joining(following)]
        following.ready.set()

    def _joining(self, first: _Entry) -> list[_Entry]:
        """Take those out of the queue whose steps are computed with the first one."""
        if first.step is None:
            return []
        found, left, rows = [], [], _rows(first)
        while self._waiting:
            item = heapq.heappop(self._waiting)
            entry = item[2]
            if entry.step and first.step.joins(entry.step) and rows + _rows(entry) <= _MAX_ROWS:
                found.append(entry)
                rows += _rows(entry)
            else:
                left.append(item)
        self._waiting = left  # in order, which is a heap
        return found

    def _account(self, person: object) -> _Account:
        account = self._accounts.setdefault(person, _Account())
        self._accounts.move_to_end(person)
        if not account.working and self._clock() - account.last > _IDLE:
            account.served = 0.0
        while len(self._accounts) > _MAX_PEOPLE:
            self._accounts.popitem(last=False)
        return account


def _rows(entry: _Entry) -> int:
    return len(entry.step.ids) if entry.step else 1


def _compute(steps: list[_Step]) -> None:
    """Compute steps that join as one."""
    network = steps[0].network
    if len(steps) == 1:
        network.step(steps[0].ids, steps[0].state)
        return
    states = [each.state for each in steps if isinstance(each.state, State)]
    whole = State.stacked(states)
    network.step(np.concatenate([each.ids for each in steps]), whole)
    whole.unstack(states)


class ScheduledNetwork:
    """A poet's network whose steps are scheduled; in everything else it is that network."""

    def __init__(self, network: WritingNetwork, scheduler: FairScheduler) -> None:
        self._network, self._scheduler = network, scheduler

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def step(self, ids: Ids, state: Any) -> None:
        """Read one id per row."""
        self._scheduler.step(self._network, ids, state)

    def read(self, ids: Ids, state: Any, *more: Any, **also: Any) -> None:
        """Read a sequence."""
        with self._scheduler.turn(reading=True):
            self._network.read(ids, state, *more, **also)


def served_person() -> object:
    """Return whose work this thread does: an open page, or the thread itself if no page asked for it."""
    return current_page() or threading.get_ident()
