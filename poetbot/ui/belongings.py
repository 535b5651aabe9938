"""What belongs to whom while the app runs: pages that are open, requests under way, files on their way in or out.

Gradio gives what it keeps to whoever names it. Its names are long and made by chance, so this is a second lock on the
door: a name that one visitor was told does not open anything for another.
"""

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

_MOST = 50_000  # of each kind
_PATH = re.compile(rb'"path":\s*("(?:[^"\\]|\\.){1,4096}")')


class Belongings:
    """Owners by name, of which those used last are remembered."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._owners: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._lock = threading.Lock()

    def give(self, kind: str, name: str, owner: str) -> None:
        """Note that something belongs to `owner`, if it is nobody's yet."""
        with self._lock:
            self._owners.setdefault((kind, name), owner)
            self._owners.move_to_end((kind, name))
            while len(self._owners) > self._most:
                self._owners.popitem(last=False)

    def owner(self, kind: str, name: str) -> str | None:
        """Return whose it is."""
        with self._lock:
            return self._owners.get((kind, name))

    def opens(self, session: str, visitor: str) -> bool:
        """Return whether a page is this visitor's; one that nobody has opened yet becomes theirs."""
        self.give("session", session, visitor)
        return self.owner("session", session) == visitor

    def share(self, path: str, visitor: str) -> None:
        """Note that a visitor was told of a file. Two who bring the same file are told the same path."""
        self.give("file", f"{visitor} {path}", visitor)

    def has(self, path: str, visitor: str) -> bool:
        """Return whether the visitor was told of that file."""
        return self.owner("file", f"{visitor} {path}") is not None


def files_told(message: bytes) -> Iterator[str]:
    """Yield the paths of files that a message to a page names."""
    for found in _PATH.finditer(message):
        try:
            yield json.loads(found[1])
        except ValueError:
            continue


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
