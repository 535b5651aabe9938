"""What belongs to whom while the app runs: pages that are open, requests under way, files on their way in or out.

Gradio gives what it keeps to whoever names it. Its names are long and made by chance, so this is a second lock on the
door: a name that one visitor was told does not open anything for another. Everything is bounded, and whoever has too
much loses their own oldest record, never another's.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any

LONGEST_NAME = 100
"""Characters of the name of a page or a request; gradio's own have 32, gradio_client's 36."""

_LONGEST_PATH = 4_096
_MOST = {"session": 24, "event": 500, "file": 500}  # of one visitor
_MOST_VISITORS = 2_000
_IDLE = 1_800.0  # seconds after which a visitor's place may go to another, where all are taken

Record = tuple[str, str]
"""A kind, and a name."""


class Belongings:
    """Owners by name. `forgotten` is told of each record that goes."""

    def __init__(
        self,
        most_visitors: int = _MOST_VISITORS,
        most_sessions: int = 1_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_visitors, self._most_sessions = most_visitors, most_sessions
        self._clock = clock
        self._owners: dict[Record, str] = {}
        self._records: OrderedDict[str, OrderedDict[Record, None]] = OrderedDict()  # the idle first
        self._seen: dict[str, float] = {}
        self._sessions = 0
        self._lock = threading.RLock()
        self.forgotten: Callable[[str, str], None] = lambda kind, name: None

    def give(self, kind: str, name: str, owner: str) -> bool:
        """Note that something belongs to `owner`; return False where it is another's, too long, or there is no room."""
        if len(name) > (LONGEST_NAME if kind != "file" else _LONGEST_PATH + LONGEST_NAME):
            return False
        with self._lock:
            known = self._owners.get((kind, name))
            if known is not None:
                if known == owner:
                    self._touch(owner, (kind, name))
                return known == owner
            own = [each for each in self._records.get(owner, ()) if each[0] == kind]
            full = kind == "session" and self._sessions >= self._most_sessions
            if own and (full or len(own) >= _MOST[kind]):
                self._forget(own[0])
            elif (full or (owner not in self._records and len(self._records) >= self._most_visitors)) and (
                not self._make_room(owner)
            ):
                return False
            self._owners[kind, name] = owner
            self._sessions += kind == "session"
            self._touch(owner, (kind, name))
            return True

    def owner(self, kind: str, name: str) -> str | None:
        """Return whose it is."""
        with self._lock:
            return self._owners.get((kind, name))

    def opens(self, session: str, visitor: str) -> bool:
        """Return whether a page is this visitor's or nobody's; nothing is noted."""
        return len(session) <= LONGEST_NAME and self.owner("session", session) in (None, visitor)

    def knows(self, visitor: str) -> bool:
        """Return whether anything is this visitor's."""
        with self._lock:
            return visitor in self._records

    def share(self, path: str, visitor: str) -> bool:
        """Note that a visitor may have a file. Two who bring the same file have the same path."""
        return self.give("file", f"{visitor} {path}", visitor)

    def has(self, path: str, visitor: str) -> bool:
        """Return whether the visitor may have that file."""
        return self.owner("file", f"{visitor} {path}") is not None

    def _touch(self, owner: str, record: Record) -> None:
        records = self._records.setdefault(owner, OrderedDict())
        records[record] = None
        records.move_to_end(record)
        self._records.move_to_end(owner)
        self._seen[owner] = self._clock()

    def _make_room(self, owner: str) -> bool:
        """Forget the visitor who has been idle longest, if that is long enough; return whether room was made."""
        for idle in [each for each in self._records if each != owner]:
            if self._clock() - self._seen[idle] < _IDLE:
                return False
            for record in list(self._records[idle]):
                self._forget(record)
            if self._sessions < self._most_sessions:
                return True
        return False

    def _forget(self, record: Record) -> None:
        owner = self._owners.pop(record)
        del self._records[owner][record]
        self._sessions -= record[0] == "session"
        if not self._records[owner]:
            del self._records[owner], self._seen[owner]
        self.forgotten(*record)


def files_named(data: Any) -> Iterator[str]:
    """Yield the paths of files that a message from a page names, in the form in which gradio takes them."""
    waiting = [data]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(each.get("path"), str) and ("meta" in each or "url" in each):
                yield each["path"]
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
