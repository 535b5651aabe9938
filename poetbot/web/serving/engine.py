"""The engine that writes everybody's poems: one thread, which works on all requests step by step.

Each request runs as a greenlet. When it has the network read an id for each of its rows, it is set aside, and the engine
resumes the others. The rows that wait for the same network are then read as one batch, which requests join and leave
between steps (continuous batching: Yu et al. 2022, "Orca: A Distributed Serving System for Transformer-Based Generative
Models", OSDI). So the weights are read once for all, and no threads compete for Python's lock. A network that is exact
gives each row the same result in any batch; others read each request by itself.

Where more rows wait than one batch holds, they are taken by rank. The person who has had the least service so far comes first (least
attained service, Kleinrock 1976, *Queueing Systems II*, ch. 4; the foreground-background queue of Nuyens & Wierman 2008,
*Performance Evaluation* 65, 286-307). So the beginning of a poem, which a reader waits for, comes first, and long work
continues in between. After half a second of service everybody is equal and served in turn. Suggestions, which a person
sees only when the last of them is ready, come before poems that have begun. Waiting counts too (delay-dependent priority,
Kleinrock 1964, *Naval Research Logistics Quarterly* 11, 329-341), so that newcomers can't keep anybody waiting forever. The
order affects when a step runs, never what is written.
"""

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from queue import SimpleQueue
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from greenlet import getcurrent, greenlet

from poetbot.poets.interfaces import WritingNetwork, WritingState
from poetbot.poets.network import Ids, State
from poetbot.web.gradio_compat import current_page

_T = TypeVar("_T")

_MOST_ROWS = 96  # of a batch
_EQUAL = 0.5  # seconds of service after which everybody is equal
_SHORT = 2.0  # seconds of service after which suggestions rank with poems
_WAITED = 0.2  # seconds of service that a second of waiting makes up for
_IDLE = 1.0  # seconds without work after which a person's service counts from 0 again
_FIRST_STEPS = 24  # of a poem, which come before everything else: a reader sees it begin
_READ_AT_ONCE = 16  # ids of a sequence, some hundredths of a second
_MAX_PEOPLE = 4_096  # who are remembered


@dataclass
class _Account:
    """The service that one person has had since they were last idle."""

    served: float = 0.0  # seconds
    last: float = 0.0
    jobs: int = 0


class _Step(NamedTuple):
    """Ids `[rows]` for a network to read into a state."""

    network: WritingNetwork
    ids: Ids
    state: WritingState


@dataclass(eq=False)
class _Job:
    """A request. Its next `first_steps` steps come first. `suggests` is when it was made, if a person waits for its last step."""

    work: Callable[[], Any]
    account: _Account
    context: Context
    since: float  # when it began to wait for its turn
    first_steps: int
    suggests: float | None
    future: Future[Any] = field(default_factory=Future)
    runs: greenlet | None = None
    step: _Step | None = None
    error: BaseException | None = None

    @property
    def rows(self) -> int:
        """How many rows it adds to a batch."""
        return len(self.step.ids) if self.step else 1


class WritingEngine:
    """Runs work that writes with poets. `person` returns the person for whom a thread works."""

    def __init__(
        self, person: Callable[[], object] | None = None, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._person = person or served_person
        self._clock = clock
        self._new: SimpleQueue[_Job] = SimpleQueue()
        self._accounts: OrderedDict[object, _Account] = OrderedDict()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._hub: greenlet | None = None
        self._job: _Job | None = None  # the one that runs now

    def run(self, work: Callable[[], _T], *, begins: bool = False, suggests: bool = False) -> _T:
        """Return what `work` returns, or raise what it raises. The first steps of what `begins` come before everything else.

        What `suggests` comes before poems that have begun, in the order of the requests.
        """
        if threading.current_thread() is self._thread:
            return work()
        now = self._clock()
        with self._lock:
            job = _Job(
                work,
                self._account(self._person()),
                copy_context(),
                now,
                _FIRST_STEPS if begins else 0,
                now if suggests else None,
            )
            job.account.jobs += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="writing", daemon=True)
                self._thread.start()
        self._new.put(job)
        return job.future.result()

    def iterate(self, pieces: Iterator[_T]) -> Iterator[_T]:
        """Yield what an iterator yields, running each of its steps in the engine."""
        over = object()
        while (piece := self.run(lambda: next(pieces, over))) is not over:
            yield cast(_T, piece)

    def step(self, network: WritingNetwork, ids: Ids, state: WritingState) -> None:
        """Have a network read one id per row, updating `state` in place, together with what others wait for."""
        if threading.current_thread() is not self._thread:
            self.run(partial(self.step, network, ids, state))
            return
        job, hub = self._job, self._hub
        assert job is not None and hub is not None
        job.step = _Step(network, ids, state)
        hub.switch()
        if job.error is not None:
            error, job.error = job.error, None
            raise error

    def pause(self) -> None:
        """Let other jobs run, in work that isn't a step of a network."""
        if threading.current_thread() is self._thread and self._hub is not None:
            self._hub.switch()

    def _serve(self) -> None:
        """Run jobs forever."""
        self._hub = getcurrent()
        jobs: list[_Job] = []
        while True:
            while not jobs or not self._new.empty():
                jobs.append(self._new.get())
            going = self._next(jobs)
            self._read([job for job in going if job.step])
            for job in going:
                self._resume(job)
            jobs = [job for job in jobs if not job.future.done()]

    def _next(self, jobs: list[_Job]) -> list[_Job]:
        """Return the jobs to resume now: those with the lowest rank that fit into a batch."""
        if sum(job.rows for job in jobs) <= _MOST_ROWS:
            return jobs
        chosen: list[_Job] = []
        rows = 0
        for job in sorted(jobs, key=self._rank):
            if not chosen or rows + job.rows <= _MOST_ROWS:
                chosen.append(job)
                rows += job.rows
        return chosen

    def _rank(self, job: _Job) -> float:
        """Return the rank of a job; the lowest comes first. Waiting counts equally for everybody who waits."""
        if job.suggests is not None and job.account.served < _SHORT:
            return _WAITED * job.suggests - 0.5
        return (-1.0 if job.first_steps else min(job.account.served, _EQUAL)) + _WAITED * job.since

    def _read(self, jobs: list[_Job]) -> None:
        """Have the networks read what these jobs wait for."""
        by_network: defaultdict[int, list[_Job]] = defaultdict(list)
        for job in jobs:
            assert job.step is not None
            by_network[id(job.step.network) if job.step.network.exact else id(job)].append(job)
        for together in by_network.values():
            began = self._clock()
            try:
                _read_batch([job.step for job in together if job.step])
            except BaseException as error:  # it belongs to those who asked
                for job in together:
                    job.error = error
            share = (self._clock() - began) / sum(job.rows for job in together)
            for job in together:
                job.account.served += share * job.rows
                job.step = None

    def _resume(self, job: _Job) -> None:
        """Resume a job until its next step or its end."""
        began = self._clock()
        if job.runs is None:  # it keeps its place in the order, because it hasn't had a step
            job.runs = greenlet(partial(_run, job))
            job.runs.gr_context = job.context
        else:
            job.since = began
            job.first_steps = max(0, job.first_steps - 1)
        self._job = job
        job.runs.switch()
        self._job = None
        now = self._clock()
        job.account.served += now - began
        if job.runs.dead:
            with self._lock:
                job.account.last = now
                job.account.jobs -= 1

    def _account(self, person: object) -> _Account:
        account = self._accounts.setdefault(person, _Account())
        self._accounts.move_to_end(person)
        if not account.jobs and self._clock() - account.last > _IDLE:
            account.served = 0.0
        while len(self._accounts) > _MAX_PEOPLE:
            self._accounts.popitem(last=False)
        return account


def _run(job: _Job) -> None:
    """Do the work of a job, and tell who waits for it."""
    try:
        found = job.work()
    except BaseException as error:
        job.future.set_exception(error)
    else:
        job.future.set_result(found)


def _read_batch(steps: list[_Step]) -> None:
    """Read steps of one network as one batch."""
    network = steps[0].network
    if len(steps) == 1:
        network.step(steps[0].ids, steps[0].state)
        return
    states = [cast(State, step.state) for step in steps]  # that of every exact network
    together = states[0].joined(states)
    network.step(np.concatenate([step.ids for step in steps]), together)
    together.split_into(states)


class BatchedNetwork:
    """A poet's network whose steps the engine runs; in everything else it is that network."""

    def __init__(self, network: WritingNetwork, engine: WritingEngine) -> None:
        self._network, self._engine = network, engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._network, name)

    def step(self, ids: Any, state: Any) -> None:
        """Read one id per row."""
        self._engine.step(self._network, ids, state)

    def read(self, ids: Any, state: Any, skipped: int = 0, trail: Any = None) -> None:
        """Read a sequence, in parts between which other jobs can run."""
        if skipped or trail is not None or not self._network.exact:
            self._network.read(ids, state, skipped, trail)
            return
        for first in range(0, len(ids), _READ_AT_ONCE):
            self._network.read(ids[first : first + _READ_AT_ONCE], state)
            self._engine.pause()


def served_person() -> object:
    """Return whose work this thread does: an open page, or the thread itself if no page asked for it."""
    return current_page() or threading.get_ident()
