"""The poets that the app offers: those in one folder, each read when it is first asked for and kept."""

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.overlap.guard import mostly_signs
from poetbot.poets.folder import BUNDLED, Poet, load, poet_folders

log = logging.getLogger(__name__)

_LONGEST_OF_SIGNS = 7  # a line of verse in Chinese is five or seven signs


@dataclass
class Shelf:
    """Poets by the name of their folder. A poet that was trained on since it was read is read again."""

    root: Path = BUNDLED
    _kept: dict[str, tuple[int, Poet, OverlapIndex | None]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def names(self) -> list[str]:
        """Return the names of all poets, in order."""
        return [folder.name for folder in poet_folders(self.root)]

    def poet(self, name: str) -> Poet:
        """Return a poet, ready to write. Raises PoetBotError where there is none of that name."""
        return self._entry(name)[1]

    def index(self, name: str) -> OverlapIndex | None:
        """Return what the poet has read, None where its folder has no index of it."""
        return self._entry(name)[2]

    def guard(self, name: str, words: int) -> int:
        """Return the guard that allows this poet no copied run of so many words; 0 where it has no index.

        Of a poet of signs, each of which is a word, it is at most 7: no run of more than six.
        """
        if not words or self.index(name) is None:
            return 0
        return min(words, _LONGEST_OF_SIGNS) if mostly_signs(self.poet(name).vocabulary.symbols) else words

    def warm(self) -> None:
        """Read the first poet in the background, so that the first poem does not wait for it."""
        threading.Thread(target=self._read_first, daemon=True).start()

    def _read_first(self) -> None:
        try:
            for name in self.names()[:1]:
                self.poet(name)
        except Exception:  # whoever asks for the poet will be told
            log.debug("The first poet could not be read ahead.", exc_info=True)

    def _entry(self, name: str) -> tuple[int, Poet, OverlapIndex | None]:
        names = self.names()
        # Only names of this shelf: a name from outside must not become a path.
        if not isinstance(name, str) or name not in names:
            known = ", ".join(names) or "none yet"
            raise PoetBotError(f"There is no poet {str(name)[:60]!r} here; there are: {known}.")
        folder = self.root / name
        with self._lock:
            changed = (folder / "poet.json").stat().st_mtime_ns
            entry = self._kept.get(name)
            if entry is None or entry[0] != changed:
                poet = load(folder)
                _ = poet.empty_seed, poet.id  # computed now, so that the first character comes at once
                entry = self._kept[name] = (changed, poet, _index(poet))
            return entry


def _index(poet: Poet) -> OverlapIndex | None:
    try:
        return OverlapIndex.open(poet.overlap_folder)
    except PoetBotError as error:
        log.info("No overlap index: %s", error)
        return None
