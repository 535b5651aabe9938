"""The poets that the app offers: the bundled ones and each person's own, read when first asked for and kept."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.overlap.copy_guard import is_mostly_cjk
from poetbot.poets.folder import BUNDLED, CURIOSITIES, Poet, kept_epochs, load, poet_folders
from poetbot.settings import Settings
from poetbot.web.serving.fair_scheduler import TakingTurns, Turns
from poetbot.web.serving.visitors import UnknownVisitor, Visitors
from poetbot.writing import CachedPoet

log = logging.getLogger(__name__)

_LONGEST_OF_SIGNS = 7  # a line of verse in Chinese is five or seven signs


@dataclass
class _Read:
    """Poets that were read, by their folder. One that was trained on since then is read again."""

    entries: OrderedDict[tuple[Path, int | None], tuple[int, CachedPoet]] = field(default_factory=OrderedDict)
    looking: threading.Lock = field(default_factory=threading.Lock)
    reading: threading.Lock = field(default_factory=threading.Lock)
    turns: Turns = field(default_factory=Turns)

    def get(self, folder: Path, epoch: int | None = None) -> tuple[int, CachedPoet]:
        changed = (folder / "poet.json").stat().st_mtime_ns
        if entry := self._known((folder, epoch), changed):
            return entry
        with self.reading:  # one at a time; who wants a poet that is known does not wait for it
            if entry := self._known((folder, epoch), changed):
                return entry
            poet = load(folder, epoch)
            _ = poet.empty_seed, poet.id  # computed now, so that the first character comes at once
            poet.__dict__["network"] = TakingTurns(poet.network, self.turns)
            entry = (changed, CachedPoet(poet, _index(poet)))
            with self.looking:
                self.entries[folder, epoch] = entry
                self.entries.move_to_end((folder, epoch))
                self._make_room(Settings.in_force())
            return entry

    def _make_room(self, limits: Settings) -> None:
        """Let go of the poets that were not used for longest, where they are too many, or their weights too large."""
        sizes = [_weights(desk.poet) for _, desk in self.entries.values()]
        while len(sizes) > 1 and (
            len(sizes) > limits.poets_in_memory or sum(sizes) > limits.poets_mb * 10**6
        ):
            self.entries.popitem(last=False)
            del sizes[0]

    def _known(self, key: tuple[Path, int | None], changed: int) -> tuple[int, CachedPoet] | None:
        with self.looking:
            entry = self.entries.get(key)
            if entry is None or entry[0] != changed:
                return None
            self.entries.move_to_end(key)
            return entry


@dataclass
class Shelf:
    """Poets by the name of their folder: those in `root`, which everybody has, then those in `own`."""

    root: Path = BUNDLED
    visitors: Visitors = field(default_factory=Visitors)
    own: Path | None = None
    _read: _Read = field(default_factory=_Read, repr=False, compare=False)

    def of(self, request: gr.Request | None) -> "Shelf":
        """Return the shelf with the poets of whoever sent this request; with everybody's alone where that is unknown."""
        try:
            return replace(self, own=self.visitors.home(request).poets)
        except UnknownVisitor:
            return replace(self, own=None)

    @property
    def turns(self) -> Turns:
        """Whose turn it is to write; all shelves of an app have the same."""
        return self._read.turns

    def has(self, name: str | None) -> bool:
        """Return whether there is such a poet, or has kept its weights of that epoch."""
        poet, epoch = of_epoch(name) if isinstance(name, str) else ("", None)
        folder = self._folders().get(poet)
        return folder is not None and (epoch is None or epoch in kept_epochs(folder))

    def names(self) -> list[str]:
        """Return the names of all poets: everybody's in order, one's own, and last the curiosities."""
        folders = self._folders()
        return sorted(folders, key=lambda name: name in CURIOSITIES and folders[name].parent == self.root)

    def folder(self, name: str) -> Path | None:
        """Return the folder of a poet, None where there is none of that name."""
        return self._folders().get(name)

    def poet(self, name: str) -> Poet:
        """Return a poet, ready to write. Raises PoetBotError where there is none of that name."""
        return self._entry(name)[1].poet

    def index(self, name: str) -> OverlapIndex | None:
        """Return what the poet has read, None where its folder has no index of it."""
        return self._entry(name)[1].index

    def desk(self, name: str) -> CachedPoet:
        """Return a poet at its desk, with what it worked out for forms and suggestions before."""
        return self._entry(name)[1]

    def guard(self, name: str, words: int) -> int:
        """Return the guard that allows this poet no copied run of so many words; 0 where it has no index.

        Of a poet of signs, each of which is a word, it is at most 7: no run of more than six.
        """
        if not words or self.index(name) is None:
            return 0
        return min(words, _LONGEST_OF_SIGNS) if is_mostly_cjk(self.poet(name).vocabulary.symbols) else words

    def warm(self) -> None:
        """Read the first poet in the background, so that the first poem does not wait for it."""
        threading.Thread(target=self._read_first, daemon=True).start()

    def _read_first(self) -> None:
        try:
            for name in self.names()[:1]:
                self.poet(name)
        except Exception:  # whoever asks for the poet will be told
            log.debug("The first poet could not be read ahead.", exc_info=True)

    def _folders(self) -> dict[str, Path]:
        own = {folder.name: folder for folder in poet_folders(self.own)} if self.own else {}
        everybodys = {folder.name: folder for folder in poet_folders(self.root)}
        return everybodys | {name: folder for name, folder in own.items() if name not in everybodys}

    def _entry(self, name: str) -> tuple[int, CachedPoet]:
        folders = self._folders()
        poet, epoch = of_epoch(name) if isinstance(name, str) else ("", None)
        # Only names of this shelf: a name from outside must not become a path.
        if poet not in folders:
            raise PoetBotError(
                "There is no poet {name} here. There are: {names}.",
                name=str(name)[:60],
                names=", ".join(folders) or "-",
            )
        return self._read.get(folders[poet], epoch)


def _weights(poet: Poet) -> int:
    return sum(tensor.nbytes for tensor in poet.tensors.values())


def at_epoch(name: str, epoch: int | None) -> str:
    """Return how a poet is called as it was after an epoch of its training. No poet's own name has an @ in it."""
    return name if epoch is None else f"{name}@{epoch}"


def of_epoch(name: str) -> tuple[str, int | None]:
    """Return the poet and the epoch that `at_epoch` made a name of."""
    poet, at, epoch = name.rpartition("@")
    return (
        (poet, int(epoch))
        if at and epoch.isascii() and epoch.isdecimal() and len(epoch) < 7
        else (name, None)
    )


def _index(poet: Poet) -> OverlapIndex | None:
    try:
        index = OverlapIndex.open(poet.overlap_folder)
        _ = index.guides  # made now, with the ranks, so that the first report does not wait for them
        return index
    except PoetBotError as error:
        log.info("No overlap index: %s", error)
        return None
