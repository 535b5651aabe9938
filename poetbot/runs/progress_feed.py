"""The progress of a run for the page: new events are read incrementally and thinned, so that a week of training takes
no more memory than a minute.
"""

import json
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poetbot.messages import Message
from poetbot.runs.progress_log import read_events

_MOST_BINS = 240
_MOST_NOTICES = 3
_MOST_BYTES = 8_000_000  # of history.jsonl
_CLOCK_SECONDS = 60.0
_LEAST_SECONDS = 4.0


@dataclass(frozen=True)
class Epoch:
    """The figures of an epoch, in nats per character or word; `held_out` is None without held-out poems."""

    number: int
    training: float
    held_out: float | None
    sample: str


@dataclass
class Bin:
    """The mean loss of some steps in nats per character or word; they end at `passes` over the poems."""

    passes: float
    nats: float
    steps: int


@dataclass
class RunProgress:
    """The progress of a run. Every value is checked, because a file can be damaged."""

    start_bits: float | None = None  # per character, of the parent on the held-out poems
    parent: str | None = None
    symbols: int | None = None  # size of the vocabulary
    first_sample: str = ""  # written before the first step
    poems: int | None = None  # to train on
    characters: int | None = None
    held_out: int | None = None  # poems
    left_out: int | None = None  # poems, because they are nearly the same as others
    epochs: list[Epoch] = field(default_factory=list)
    steps: list[Bin] = field(default_factory=list)
    notices: list[Message] = field(default_factory=list)
    doing: str = "reading"  # the current activity, as the worker reports it
    since: float | None = None  # start of the activity, by time.time()
    last_event_at: float | None = None  # by time.time()
    passes: float = 0.0
    length: float | None = None  # in epochs, once it is fixed
    rate: float | None = None  # characters or words per second
    unit: str = "characters"
    memory: int | None = None  # bytes
    offset: int = 0  # in progress.jsonl, of the next event
    _stamp: tuple[int, int] | None = None
    _reported_seconds_left: float | None = None
    _clock: deque[tuple[float, float]] = field(default_factory=deque)

    @property
    def share(self) -> float:
        """How much of the run is done, 0 to 1."""
        return min(1.0, self.passes / self.length) if self.length else 0.0

    @property
    def seconds_left(self) -> float | None:
        """The estimated seconds left by the clock, because measuring between the steps takes time too."""
        if self.length is None:
            return None
        if len(self._clock) > 1:
            (began, first), (ended, last) = self._clock[0], self._clock[-1]
            if ended - began >= _LEAST_SECONDS and last > first:
                return max(0.0, self.length - self.passes) * (ended - began) / (last - first)
        return self._reported_seconds_left

    @property
    def start(self) -> float | None:
        """The loss at the start in nats per character or word: the parent's on the held-out poems, or that of chance."""
        if self.start_bits is not None:
            return self.start_bits * math.log(2)
        return math.log(self.symbols) if self.parent is None and self.symbols else None

    @property
    def best(self) -> Epoch | None:
        """The epoch whose weights are kept: the best on the held-out poems, or the last without any."""
        judged = [epoch for epoch in self.epochs if epoch.held_out is not None]
        if not judged:
            return self.epochs[-1] if self.epochs else None
        return min(reversed(judged), key=lambda epoch: epoch.held_out or 0.0)

    def end_of(self, epoch: Epoch) -> float:
        """Return how many epochs had been read at the end of one; the last epoch of a run may be a part of one."""
        return min(float(epoch.number), self.length or math.inf)

    def take(self, event: Mapping[str, Any]) -> None:
        """Update the progress with an event of progress.jsonl."""
        memory, now = _number(event, "memory"), _number(event, "time")
        if memory is not None:
            self.memory = int(memory)
        if now is not None:
            self.last_event_at = now
        if isinstance(event.get("doing"), str):
            self._do(event["doing"], now)
        if (notice := Message.from_data(event.get("notice"))) is not None:
            self.notices = [*(each for each in self.notices if each != notice), notice][-_MOST_NOTICES:]
        if isinstance(event.get("begin"), dict):
            self._begin(event["begin"])
        if isinstance(event.get("start"), dict):
            symbols, sample = _number(event["start"], "symbols"), event["start"].get("sample")
            self.symbols = int(symbols) if symbols and symbols >= 1 else None
            self.first_sample = sample if isinstance(sample, str) else ""
        passes, loss = _number(event, "passes"), _number(event, "loss")
        if passes is not None and loss is not None:
            self._step(event, passes, loss, now)
        if isinstance(event.get("epoch"), dict):  # its last steps may have been too fast to be reported
            number = _number(event["epoch"], "epoch") or 0.0
            self.passes = max(self.passes, min(number, self.length or 0.0))

    def _do(self, doing: str, now: float | None) -> None:
        if doing != self.doing:
            self.doing, self.since = doing, now

    def _begin(self, facts: Mapping[str, Any]) -> None:
        """Start, or continue after a pause."""
        self._clock.clear()
        self._reported_seconds_left = None
        self.notices = []
        self.start_bits = _number(facts, "bits")
        self.parent = facts["parent"] if isinstance(facts.get("parent"), str) else None
        self.poems, self.characters, self.held_out, self.left_out = (
            None if (value := _number(facts, name)) is None else int(value)
            for name in ("training_poems", "training_characters", "validation_poems", "left_out_poems")
        )

    def _step(self, event: Mapping[str, Any], passes: float, loss: float, now: float | None) -> None:
        self._do("training", now)
        self.passes = passes
        self.length, self._reported_seconds_left = _number(event, "epochs"), _number(event, "seconds_left")
        if event.get("unit") in ("characters", "words"):
            self.unit = event["unit"]
        rate = _number(event, f"{self.unit}_per_second")
        if rate is not None:
            self.rate = rate if self.rate is None else 0.8 * self.rate + 0.2 * rate
        while self.steps and self.steps[-1].passes >= passes:
            self.steps.pop()  # a killed run repeats what came after its checkpoint
        self.steps.append(Bin(passes, loss, 1))
        if len(self.steps) > _MOST_BINS:
            self.steps = [_together(*self.steps[k : k + 2]) for k in range(0, len(self.steps), 2)]
        if now is not None:
            while self._clock and (now - self._clock[0][0] > _CLOCK_SECONDS or passes < self._clock[-1][1]):
                self._clock.popleft()
            self._clock.append((now, passes))

    def read_history(self, path: Path) -> None:
        """Read the epochs if the file has changed."""
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == self._stamp or found.st_size > _MOST_BYTES:
                return
            lines = path.read_bytes().splitlines()
        except OSError:
            return
        self._stamp = stamp
        self.epochs = [epoch for line in lines if (epoch := _epoch(line))]


def current_activity(run: RunProgress, begun: float | None, now: float) -> tuple[str, float]:
    """Return the current activity of a run and its seconds so far. `begun` and `now` are by time.time().

    A worker that was started (or resumed) at `begun` and has reported nothing since is reading the poems.
    """
    if begun is not None and (run.last_event_at is None or run.last_event_at < begun):
        return "reading", max(0.0, now - begun)
    return run.doing, 0.0 if run.since is None else max(0.0, now - run.since)


def update_progress(run: RunProgress, poet: Path) -> RunProgress:
    """Return the current progress: `run` with new events, or a new one if the run started over.

    `poet` is the folder of the poet, in training or finished.
    """
    while True:
        found = read_events(poet, run.offset)
        if found.restarted:
            run = RunProgress()
        for event in found.events:
            run.take(event)
        more, run.offset = found.offset > run.offset, found.offset
        if not more:
            break
    run.read_history(poet / "history.jsonl")
    return run


def _together(first: Bin, second: Bin | None = None) -> Bin:
    if second is None:
        return first
    steps = first.steps + second.steps
    return Bin(second.passes, (first.nats * first.steps + second.nats * second.steps) / steps, steps)


def _epoch(line: bytes) -> Epoch | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    number, training = _number(entry, "epoch"), _number(entry, "training_nats")
    if number is None or training is None:
        return None
    sample = entry.get("sample")
    return Epoch(
        int(number), training, _number(entry, "validation_nats"), sample if isinstance(sample, str) else ""
    )


def _number(event: Mapping[str, Any], name: str) -> float | None:
    value = event.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None  # also excludes NaN
