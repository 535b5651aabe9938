"""The copy guard, which keeps a poet from copying long phrases from its training poems.

It follows a text from left to right, one character at a time. A character is rejected if with it the last n words would
occur in the index. The unfinished word counts as it is: wherever the text is cut, it contains no copied phrase of n
words. Words are those of the report (`tokens.py`), so the report confirms what the guard allows.

For every known phrase that ends with the last complete word, the guard keeps the interval in the index, and each new
word narrows it. So a word costs a few binary searches, and a letter nothing unless a phrase of n - 1 words precedes it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.overlap.index import OverlapIndex
from poetbot.overlap.normalization import (
    CJK,
    HYPHENS,
    KIND,
    LETTER,
    NEEDS_CARE,
    OTHER,
    code_points,
    kinds_of,
    may_be_hyphenated,
)
from poetbot.overlap.tokens import words

SHORTEST_LINE = 4  # words: anybody may write a shorter line
_CARE = -1  # a character that may change its neighbours or be several letters


class Run(NamedTuple):
    """A phrase of `words` words that was read. Its occurrences are [low, high) in the index."""

    words: int
    low: int
    high: int


class GuardState(NamedTuple):
    """The guard's position in a text. It is immutable, so that one can return to it."""

    runs: tuple[Run, ...]  # those that end just before `tail`, the longest first
    tail: str  # the text after the last word that is certainly complete
    given: int  # how many characters of `tail` were typed
    plain: int  # LETTER or CJK if `tail` is one word of plain letters or one plain character, OTHER if it is empty, else _CARE

    @property
    def in_word(self) -> bool:
        """Whether the text may end within a word."""
        return bool(self.tail) and self.tail[-1] not in HYPHENS and not self.tail[-1].isspace()


class CopyGuard(Protocol):
    """What follows a text and rejects copied phrases. Its positions have `in_word`, as in `GuardState`."""

    def start(self, seed: str) -> Any:
        """Return the position after a seed, which may contain any phrase."""

    def after(self, watch: Any, piece: str) -> Any:
        """Return the position after `piece`, or None if it is rejected."""

    def near(self, watch: Any, words: int) -> bool:
        """Return, between two words, whether this many more words could complete a phrase."""

    def goes_on(self, watch: Any, piece: str) -> bool:
        """Return whether `piece` continues the word before it."""


class Guard:
    """Rejects characters that would complete a phrase of `n` words from the index.

    With `lines`, also those that would complete a whole line of a poem, of four words or more. Raises PoetBotError
    unless `n` is a positive integer.
    """

    def __init__(self, index: OverlapIndex, n: int, *, lines: bool = False) -> None:
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise PoetBotError("The limit on copied phrases must be 1 word or more.")
        self.n, self.lines = n, lines
        self._index = index
        self._suffixes, self._ranks = memoryview(index.suffixes.data), memoryview(index.ranks.data)

    def start(self, seed: str) -> GuardState:
        """Return the position after a seed, which may contain any phrase."""
        watch = GuardState((), "", 0, OTHER)
        for character in seed:
            watch = self._read(watch, character, given=True) or watch
        return watch

    def after(self, watch: GuardState, piece: str) -> GuardState | None:
        """Return the position after `piece`, or None if it is rejected."""
        for character in piece:
            following = self._read(watch, character, given=False)
            if following is None:
                return None
            watch = following
        return watch

    def near(self, watch: GuardState, words: int) -> bool:
        """Return, between two words, whether this many more words could complete a phrase."""
        runs = self._whole(watch) if watch.tail else watch.runs
        return self.n <= words or bool(runs and runs[0].words >= self.n - words)

    def goes_on(self, watch: GuardState, piece: str) -> bool:
        """Return whether `piece` continues the word before it."""
        if not watch.in_word or not piece or watch.plain == CJK:
            return False
        return _kind(piece[0]) not in (OTHER, CJK) and piece[0] not in HYPHENS

    def _read(self, watch: GuardState, character: str, *, given: bool) -> GuardState | None:
        runs, tail, mine, plain = watch
        kind = _kind(character)
        if tail and tail[-1] in HYPHENS and (kind in (LETTER, CJK) or character in HYPHENS):
            runs, tail, mine, plain = (
                self._whole(watch),
                "",
                0,
                OTHER,
            )  # a hyphen within a line separates words
        if character in HYPHENS and not tail:
            kind = OTHER
        if kind == OTHER:
            if plain == _CARE and may_be_hyphenated(tail + character):
                return GuardState(runs, tail + character, mine + given, _CARE)
            return GuardState(self._whole(watch), "", 0, OTHER) if tail else watch
        if plain != _CARE and kind in (LETTER, CJK):
            if tail and (plain == CJK or kind == CJK):  # the word before it is complete
                runs, tail, mine = self._whole(watch), "", 0
            tail, mine = tail + character, mine + given
            if not mine and self._completes(runs, tail):
                return None
            return GuardState(runs, tail, mine, kind)
        tail, mine = tail + character, mine + given
        return GuardState(runs, tail, mine, _CARE) if self._passes(runs, tail, mine) else None

    def _whole(self, watch: GuardState) -> tuple[Run, ...]:
        """Return the phrases that end with the last word of the tail."""
        if watch.plain != _CARE:
            return self._extended(watch.runs, watch.tail)
        runs = watch.runs
        for word, _ in _split(watch.tail):
            runs = self._extended(runs, word)
        return runs

    def _passes(self, runs: tuple[Run, ...], tail: str, given: int) -> bool:
        """Return whether no word of a tail completes a phrase, apart from words with a typed character."""
        for word, start in _split(tail):
            if start >= given and self._completes(runs, word):
                return False
            runs = self._extended(runs, word)
        return True

    def _completes(self, runs: tuple[Run, ...], word: str) -> bool:
        if self.n == 1:
            return self._index.interval(word) is not None
        if not runs or (
            runs[0].words < self.n - 1 and not (self.lines and runs[0].words >= SHORTEST_LINE - 1)
        ):
            return False
        place = self._index.interval(word)
        if place is None:
            return False
        for run in runs:
            if run.words == self.n - 1:
                if self._narrowed(run, place):
                    return True
            elif self.lines and run.words >= SHORTEST_LINE - 1:
                longer = self._narrowed(run, place)
                if longer and self._holds_a_line(longer):
                    return True
        return False

    def _extended(self, runs: tuple[Run, ...], word: str) -> tuple[Run, ...]:
        place = self._index.interval(word)
        if place is None or self.n == 1:
            return ()
        longer = (self._narrowed(run, place) for run in runs if run.words < self.n - 1)
        return (*(run for run in longer if run), Run(1, *place))

    def _narrowed(self, run: Run, place: tuple[int, int]) -> Run | None:
        """Return the part of a phrase that is followed by the word with this interval, or None."""
        length = run.words
        low = self._first(run.low, run.high, length, place[0])
        if low == run.high or self._ranks[self._suffixes[low] + length] >= place[1]:
            return None
        return Run(length + 1, low, self._first(low + 1, run.high, length, place[1]))

    def _first(self, low: int, high: int, length: int, rank: int) -> int:
        """Return the first place in [low, high] whose suffix, `length` words on, has at least this rank."""
        suffixes, ranks = self._suffixes, self._ranks
        while low < high:
            middle = (low + high) // 2
            if ranks[suffixes[middle] + length] < rank:
                low = middle + 1
            else:
                high = middle
        return low

    def _holds_a_line(self, run: Run) -> bool:
        """Return whether an occurrence of a phrase is a whole line."""
        begins = self._index.suffixes[run.low : run.high]
        return bool(self._index.are_lines(begins, np.full(len(begins), run.words)).any())


class JointState(NamedTuple):
    """The positions of several guards in one text."""

    states: tuple[GuardState, ...]

    @property
    def in_word(self) -> bool:
        """Whether the text may end within a word."""
        return self.states[0].in_word


class JointGuard:
    """Several guards, each with its own index: what one of them rejects is rejected."""

    def __init__(self, guards: Sequence[Guard]) -> None:
        self._guards = tuple(guards)

    def start(self, seed: str) -> JointState:
        """Return the position after a seed, which may contain any phrase."""
        return JointState(tuple(guard.start(seed) for guard in self._guards))

    def after(self, watch: JointState, piece: str) -> JointState | None:
        """Return the position after `piece`, or None if it is rejected."""
        found = []
        for guard, state in zip(self._guards, watch.states, strict=True):
            following = guard.after(state, piece)
            if following is None:
                return None
            found.append(following)
        return JointState(tuple(found))

    def near(self, watch: JointState, words: int) -> bool:
        """Return, between two words, whether this many more words could complete a phrase."""
        return any(guard.near(state, words) for guard, state in zip(self._guards, watch.states, strict=True))

    def goes_on(self, watch: JointState, piece: str) -> bool:
        """Return whether `piece` continues the word before it."""
        return self._guards[0].goes_on(watch.states[0], piece)


@lru_cache(maxsize=100_000)
def _kind(character: str) -> int:
    """Return LETTER, CJK or OTHER, or _CARE for a character that normalisation may change."""
    (kind,) = kinds_of(code_points(character)).tolist()
    return kind & KIND if not kind & NEEDS_CARE and kind & KIND in (LETTER, CJK, OTHER) else _CARE


@lru_cache(maxsize=1000)
def _split(tail: str) -> tuple[tuple[str, int], ...]:
    """Return the words of a tail as written, each with its offset."""
    found = words(tail)
    return tuple(
        (tail[start:end], start)
        for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)
    )
