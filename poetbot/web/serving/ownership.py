"""Which visitor owns which open page, running event and file while the app runs.

Gradio serves what it holds to anyone who knows its name. Names are long and random; this is a second lock: a leaked name
opens nothing for another visitor. All records are limited in number. A visitor with too many loses their own oldest one,
never another visitor's.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

MAX_NAME = 100
"""Characters of the name of a page or an event; Gradio's own have 32, gradio_client's 36."""

_MAX_PATH = 4_096
_MAX_RECORDS = {"session": 24, "event": 500, "file": 500}  # per visitor
_MAX_VISITORS = 2_000
_IDLE = 1_800.0  # seconds after which a visitor may have to make room for another

Record = tuple[str, str]
"""A kind, and a name."""


class Ownership:
    """Owners by kind and name. `on_forget` is called with each record that is dropped."""

    def __init__(
        self,
        max_visitors: int = _MAX_VISITORS,
        max_sessions: int = 1_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_visitors, self._max_sessions = max_visitors, max_sessions
        self._clock = clock
        self._owners: dict[Record, str] = {}
        self._records: OrderedDict[str, OrderedDict[Record, None]] = OrderedDict()  # idle visitors first
        self._seen: dict[str, float] = {}
        self._sessions = 0
        self._lock = threading.RLock()
        self.on_forget: Callable[[str, str], None] = lambda kind, name: None

    def claim(self, kind: str, name: str, owner: str) -> bool:
        """Record the owner; return False if it has another, its name is too long, or there is no room."""
        if len(name) > (MAX_NAME if kind != "file" else _MAX_PATH + MAX_NAME):
            return False
        with self._lock:
            known = self._owners.get((kind, name))
            if known is not None:
                if known == owner:
                    self._touch(owner, (kind, name))
                return known == owner
            own = [each for each in self._records.get(owner, ()) if each[0] == kind]
            full = kind == "session" and self._sessions >= self._max_sessions
            if own and (full or len(own) >= _MAX_RECORDS[kind]):
                self._forget(own[0])
            elif (full or (owner not in self._records and len(self._records) >= self._max_visitors)) and (
                not self._make_room(owner)
            ):
                return False
            self._owners[kind, name] = owner
            self._sessions += kind == "session"
            self._touch(owner, (kind, name))
            return True

    def owner(self, kind: str, name: str) -> str | None:
        """Return the owner, None if there is none."""
        with self._lock:
            return self._owners.get((kind, name))

    def may_open(self, session: str, visitor: str) -> bool:
        """Return whether a page is this visitor's or nobody's. Nothing is recorded."""
        return len(session) <= MAX_NAME and self.owner("session", session) in (None, visitor)

    def knows(self, visitor: str) -> bool:
        """Return whether this visitor owns anything."""
        with self._lock:
            return visitor in self._records

    def grant_file(self, path: str, visitor: str) -> bool:
        """Let a visitor read a file, which several may: equal uploads have one path."""
        return self.claim("file", f"{visitor} {path}", visitor)

    def may_read(self, path: str, visitor: str) -> bool:
        """Return whether a visitor may read a file."""
        return self.owner("file", f"{visitor} {path}") is not None

    def _touch(self, owner: str, record: Record) -> None:
        records = self._records.setdefault(owner, OrderedDict())
        records[record] = None
        records.move_to_end(record)
        self._records.move_to_end(owner)
        self._seen[owner] = self._clock()

    def _make_room(self, owner: str) -> bool:
        """Drop visitors who have been idle for long, until there is room; return whether there is."""
        for idle in [each for each in self._records if each != owner]:
            if self._clock() - self._seen[idle] < _IDLE:
                return False
            for record in list(self._records[idle]):
                self._forget(record)
            if self._sessions < self._max_sessions:
                return True
        return False

    def _forget(self, record: Record) -> None:
        owner = self._owners.pop(record)
        del self._records[owner][record]
        self._sessions -= record[0] == "session"
        if not self._records[owner]:
            del self._records[owner], self._seen[owner]
        self.on_forget(*record)


def files_named(data: Any) -> Iterator[str]:
    """Yield the paths of the files in a message, which are written as Gradio reads them."""
    pending = [data]
    while pending:
        each = pending.pop()
        if isinstance(each, dict):
            if isinstance(each.get("path"), str) and ("meta" in each or "url" in each):
                yield each["path"]
            pending.extend(each.values())
        elif isinstance(each, list):
            pending.extend(each)
