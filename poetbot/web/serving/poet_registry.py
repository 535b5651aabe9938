"""The poets that the app offers, the bundled ones and each visitor's own: loaded when first needed, then cached."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeGuard

import gradio as gr

from poetbot.cjk import is_mostly_cjk
from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.overlap import OverlapIndex
from poetbot.poets.blend import Part, blended, parts_of, shared_vocabulary
from poetbot.poets.folder import (
    BUNDLED,
    CURIOSITIES,
    DEFAULT_POET,
    DEFAULT_POETS,
    Poet,
    kept_epochs,
    load,
    load_vocabulary,
    poet_folders,
)
from poetbot.poets.interfaces import WritingVocabulary
from poetbot.settings import Settings
from poetbot.web.serving import free_memory
from poetbot.web.serving.engine import BatchedNetwork, WritingEngine
from poetbot.web.serving.visitors import UnknownVisitor, Visitors
from poetbot.writing import CachedPoet, Form
from poetbot.writing.chinese_script import ANY
from poetbot.writing.form_writer import readable_form
from poetbot.writing.forms import FREE
from poetbot.writing.theme_bias import load_for_themes

log = logging.getLogger(__name__)

_MOST_BLENDS = 2  # cached, each of which keeps its poets in memory
_MOST_VOCABULARIES = 100  # cached
_MAX_CHINESE_GUARD = 7  # characters: a line of Chinese verse has five or seven


@dataclass
class _Cache:
    """Loaded poets by folder and epoch. A poet that has been trained since then is loaded again."""

    entries: OrderedDict[tuple[Path, int | None], tuple[int, CachedPoet]] = field(default_factory=OrderedDict)
    blends: OrderedDict[tuple[object, ...], CachedPoet] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    loading: threading.Lock = field(default_factory=threading.Lock)
    engine: WritingEngine = field(default_factory=WritingEngine)

    def get(self, folder: Path, epoch: int | None = None) -> tuple[int, CachedPoet]:
        changed = _last_change(folder)
        if entry := self._known((folder, epoch), changed):
            return entry
        with self.loading:  # one at a time; cached poets do not wait for it
            if entry := self._known((folder, epoch), changed):
                return entry
            poet = load(folder, epoch)
            _ = poet.empty_seed, poet.id  # computed now, so that the first poem starts at once
            poet.__dict__["network"] = BatchedNetwork(poet.network, self.engine)
            # The index is opened when it is needed, because it takes more memory than all else.
            entry = (changed, CachedPoet(poet, partial(_index, poet)))
            with self.lock:
                self.entries[folder, epoch] = entry
                self.entries.move_to_end((folder, epoch))
                self._make_room(Settings.in_force())
            return entry

    def blend(self, found: Sequence[tuple[int, CachedPoet]], parts: tuple[Part, ...]) -> CachedPoet:
        """Return the blend of poets, which were got from this cache with the times of their last change."""
        key = tuple(
            (part, each.poet.folder, changed) for part, (changed, each) in zip(parts, found, strict=True)
        )
        with self.lock:
            if key in self.blends:
                self.blends.move_to_end(key)
                return self.blends[key]
        blend = blended([each.poet for _, each in found], parts)
        _ = blend.empty_seed  # computed now, so that the first poem starts at once
        whose = next(each for _, each in found if each.poet.overlap_folder == blend.overlap_folder)
        cached = CachedPoet(blend, lambda: whose.index)
        cached.parts = tuple(each for _, each in found)  # with what is cached for them already
        with self.lock:
            self.blends[key] = cached
            while len(self.blends) > _MOST_BLENDS:
                self.blends.popitem(last=False)
        return cached

    def _make_room(self, limits: Settings) -> None:
        """Drop the least recently used poets if there are too many or they are too large."""
        sizes = [_weights(cached.poet) for _, cached in self.entries.values()]
        while len(sizes) > 1 and (
            len(sizes) > limits.poets_in_memory or sum(sizes) > limits.poets_mb * 10**6
        ):
            self.entries.popitem(last=False)
            del sizes[0]

    def _known(self, key: tuple[Path, int | None], changed: int) -> tuple[int, CachedPoet] | None:
        with self.lock:
            entry = self.entries.get(key)
            if entry is None or entry[0] != changed:
                return None
            self.entries.move_to_end(key)
            return entry


@dataclass
class PoetRegistry:
    """Poets by the name of their folder: those in `root`, which everybody can use, then those in `own`."""

    root: Path = BUNDLED
    visitors: Visitors = field(default_factory=Visitors)
    own: Path | None = None
    _cache: _Cache = field(default_factory=_Cache, repr=False, compare=False)

    def of(self, request: gr.Request | None) -> "PoetRegistry":
        """Return the poets for the visitor who sent this request: only the shared ones if the visitor is unknown."""
        try:
            return replace(self, own=self.visitors.home(request).poets)
        except UnknownVisitor:
            return replace(self, own=None)

    @property
    def engine(self) -> WritingEngine:
        """The engine that writes for all visitors."""
        return self._cache.engine

    def has(self, name: str | None) -> bool:
        """Return whether there is a poet of this name, with the weights of that epoch if it names one, or all of a blend."""
        if is_blend(name):
            try:
                return all(self.has(part.poet) for part in parts_of(name))
            except PoetBotError:
                return False
        poet, epoch = of_epoch(name) if isinstance(name, str) else ("", None)
        folder = self._folders().get(poet)
        return folder is not None and (epoch is None or epoch in kept_epochs(folder))

    def names(self) -> list[str]:
        """Return the names of all poets: the shared ones, the visitor's own, and the curiosities last."""
        folders = self._folders()
        return sorted(folders, key=lambda name: name in CURIOSITIES and folders[name].parent == self.root)

    def default(self, language: Locale) -> str | None:
        """Return the poet that a page in this language begins with, None if there are no poets."""
        names = self.names()
        wanted = (DEFAULT_POETS.get(language.key), DEFAULT_POET, *names)
        return next((name for name in wanted if name in names), None)

    def folder(self, name: str) -> Path | None:
        """Return the folder of a poet, None if there is none of this name."""
        return self._folders().get(name)

    def poet(self, name: str) -> Poet:
        """Return a poet, ready to write. Raise PoetBotError if there is none of this name."""
        return self.cached_poet(name).poet

    def symbols(self, name: str) -> tuple[str, ...]:
        """Return the symbols of a poet's vocabulary, without loading its weights. Raise PoetBotError if there is none of this name."""
        folders = self._folders()
        poet, _ = of_epoch(name)
        return _vocabulary(folders[poet]).symbols if poet in folders else self.poet(name).vocabulary.symbols

    def index(self, name: str) -> OverlapIndex | None:
        """Return the overlap index of a poet, None if its folder has none."""
        return self.cached_poet(name).index

    def cached_poet(self, name: str) -> CachedPoet:
        """Return a poet with what is cached for forms and suggestions. `name` may be a blend, as `blend_name` returns it."""
        if is_blend(name):
            parts = parts_of(name)
            return self._cache.blend([self._entry(part.poet) for part in parts], parts)
        return self._entry(name)[1]

    def ready_poet(
        self, name: str, form: Form = FREE, *, real_words: bool = False, script: str = ANY
    ) -> CachedPoet:
        """Return `cached_poet(name)` with all that lines of a form need, computed in this thread: the engine's writes for everybody.

        Raises PoetBotError if the poet can't write this form.
        """
        cached = self.cached_poet(name)
        cached.prepare(readable_form(form, cached.poet, script), real_words=real_words)
        return cached

    def blendable(self, name: str | None) -> list[str]:
        """Return the names of the poets that share a vocabulary with this one; none for one of an earlier epoch."""
        found: dict[str, WritingVocabulary] = {}
        for each, folder in self._folders().items():
            with suppress(PoetBotError):  # deleted meanwhile, or damaged
                found[each] = _vocabulary(folder)
        if name not in found:
            return []
        own = found.pop(name)
        return [each for each in self.names() if each in found and shared_vocabulary(own, found[each])]

    def guard(self, name: str, words: int) -> int:
        """Return the copy guard to use when a visitor asks for one of `words` words: 0 if the poet has no index.

        In Chinese each character is a word, and the guard is at most 7: it allows no phrase of more than six.
        """
        if not words or any(self.index(each) is None for each in _names_of(name)):
            return 0
        return min(words, _MAX_CHINESE_GUARD) if is_mostly_cjk(self.poet(name).vocabulary.symbols) else words

    def warm(self) -> None:
        """Load the first poet in the background, so that the first poem does not wait for it."""
        threading.Thread(target=self._load_first, daemon=True).start()

    def _load_first(self) -> None:
        try:
            for name in self.names()[:1]:
                self.index(name)
                load_for_themes(self.poet(name))
        except Exception:  # the error is raised when the poet is used
            log.debug("The first poet could not be loaded ahead.", exc_info=True)

    def _folders(self) -> dict[str, Path]:
        own = {folder.name: folder for folder in poet_folders(self.own)} if self.own else {}
        everybodys = {folder.name: folder for folder in poet_folders(self.root)}
        return everybodys | {name: folder for name, folder in own.items() if name not in everybodys}

    def _entry(self, name: str) -> tuple[int, CachedPoet]:
        folders = self._folders()
        poet, epoch = of_epoch(name) if isinstance(name, str) else ("", None)
        # Only known names: a name from outside must not become a path.
        if poet not in folders:
            raise PoetBotError(
                "There is no poet {name} here. There are: {names}.",
                name=str(name)[:60],
                names=", ".join(folders) or "-",
            )
        return self._cache.get(folders[poet], epoch)


def _last_change(folder: Path) -> int:
    """Return when a poet was last changed. Raises PoetBotError if it is gone."""
    try:
        return (folder / "poet.json").stat().st_mtime_ns
    except OSError as error:
        raise PoetBotError(
            "The poet {name} no longer exists. Choose another one.", name=folder.name
        ) from error


def _vocabulary(folder: Path) -> WritingVocabulary:
    """Return the vocabulary of a poet, without loading its weights. Raises PoetBotError if it is gone or damaged."""
    return _read_vocabulary(folder, _last_change(folder))


@lru_cache(maxsize=_MOST_VOCABULARIES)
def _read_vocabulary(folder: Path, changed: int) -> WritingVocabulary:
    return load_vocabulary(folder)


def is_blend(name: object) -> TypeGuard[str]:
    """Return whether a name is that of a blend. No poet's own name has a colon."""
    return isinstance(name, str) and ":" in name


def _names_of(name: str) -> list[str]:
    """Return the poets of a blend, or the poet itself. Raises PoetBotError if the blend can't be read."""
    return [part.poet for part in parts_of(name)] if is_blend(name) else [name]


def _weights(poet: Poet) -> int:
    return sum(tensor.nbytes for tensor in poet.tensors.values())


def at_epoch(name: str, epoch: int | None) -> str:
    """Return the name of a poet as it was after an epoch of training. No poet's own name has an @."""
    return name if epoch is None else f"{name}@{epoch}"


def of_epoch(name: str) -> tuple[str, int | None]:
    """Return the poet and the epoch in a name made by `at_epoch`."""
    poet, at, epoch = name.rpartition("@")
    return (
        (poet, int(epoch))
        if at and epoch.isascii() and epoch.isdecimal() and len(epoch) < 7
        else (name, None)
    )


def _index(poet: Poet) -> OverlapIndex | None:
    try:
        index = OverlapIndex.open(poet.overlap_folder)
        _ = index.guides  # computed now, so that the first report does not wait for them
        free_memory.trim()
        return index
    except PoetBotError as error:
        log.info("No overlap index: %s", error)
        return None
