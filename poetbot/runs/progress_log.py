"""New events of a run: progress.jsonl is read from an offset, never from the start."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOST_BYTES = 1_000_000  # at once
_TAIL = 64_000


@dataclass(frozen=True)
class NewEvents:
    """New events in order, and the offset in bytes of the next one. `restarted`: the run started over."""

    events: list[dict[str, Any]]
    offset: int
    restarted: bool = False


def read_events(poet: Path, offset: int = 0) -> NewEvents:
    """Return the events of a training run after `offset`, at most a megabyte.

    A half-written line is left for the next time, and a damaged one is skipped. If the file is shorter than `offset`,
    the run started over, and is read from its beginning.
    """
    try:
        with (poet / "job" / "progress.jsonl").open("rb") as file:
            size = file.seek(0, 2)
            restarted = offset > size
            start = 0 if restarted else max(0, offset)
            file.seek(start)
            data = file.read(_MOST_BYTES)
    except OSError:
        return NewEvents([], 0, offset > 0)
    end = data.rfind(b"\n") + 1
    if end == 0 and len(data) == _MOST_BYTES:
        end = len(data)  # none of our lines is this long: skip it
    return NewEvents(_events(data[:end]), start + end, restarted)


def latest_events(poet: Path) -> NewEvents:
    """Return the last events for a page that was just opened; earlier epochs are in history.jsonl."""
    try:
        size = (poet / "job" / "progress.jsonl").stat().st_size
    except OSError:
        return NewEvents([], 0)
    # Usually in the middle of a line, which is skipped as damaged.
    return read_events(poet, max(0, size - _TAIL))


def _events(data: bytes) -> list[dict[str, Any]]:
    events = []
    for line in data.splitlines():
        try:
            event = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(event, dict):
            events.append(event)
    return events
