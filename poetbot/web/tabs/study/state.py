"""What a visitor's page stores for the Study tab; nothing of it is written to disk."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from poetbot.study.verse_shares import SoundComparison

_POETS = 4  # whose poems are stored; the least recently used go first


@dataclass
class Studied:
    """Poems that poets wrote to be studied, by the poet's id, and the sound shares compared last."""

    shares: tuple[str, dict[str, SoundComparison]] | None = None
    _poems: OrderedDict[str, list[str]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def poems(self, poet_id: str) -> list[str]:
        """Return what this poet wrote to be studied; empty if nothing yet."""
        with self._lock:
            if poet_id in self._poems:
                self._poems.move_to_end(poet_id)
            return self._poems.get(poet_id, [])

    def keep(self, poet_id: str, poems: list[str]) -> None:
        """Store what this poet wrote."""
        with self._lock:
            self._poems[poet_id] = poems
            self._poems.move_to_end(poet_id)
            while len(self._poems) > _POETS:
                self._poems.popitem(last=False)
