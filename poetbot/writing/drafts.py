"""Many drafts of one line at once from one state, each with its surprise.

Every draft has its own random generator, seeded with the request's number and the draft's. So one draft of many can be
recreated alone, in at least four rows, from which on the products of a row round the same (`batch_writer.py`).

Two figures are summed over the characters, both under the poet's own distribution without any rules: the surprise,
-log p, and the expected surprise of a character drawn at this temperature. At temperature 1 the second is the entropy.
A line whose two sums are close is typical of the poet (Meister, Pimentel, Wiher & Cotterell 2023, "Locally Typical
Sampling", TACL 11, 102-121).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.cjk import is_mostly_cjk
from poetbot.overlap.copy_guard import CopyGuard
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.sampling import sample, sample_rows
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.poets.word_vocabulary import LINE_END, POEM_END, STANZA_END, Words
from poetbot.writing.constraints import ConstraintSet, constraints_of
from poetbot.writing.form_rules import Rule
from poetbot.writing.indentation import Layout
from poetbot.writing.surprise import surprise_of
from poetbot.writing.token_healing import End, end_of
from poetbot.writing.writer import min_rows

LONGEST = 240
"""Characters after which a line is abandoned."""

_CONTEXT = 80  # characters before the line that constraints may look at
_GUARDED = 1_000  # characters before the line in which a copied phrase may begin
_TRIES = 8  # attempts to find a character that the guard allows


@dataclass(eq=False)
class Draft:
    """A draft of a line. `text` is the part that was written, without the newline.

    `nats` and `expected` are sums over `characters` characters, including the newline. `state` is the state after the
    newline. `worst` is the surprise of its least likely unit in nats, `end_nats` that of the line end with the marks before
    it. A draft that found no end within the rules isn't
    `complete` and has no state. A `loose` one was written without the form, because the form left no way to continue.
    """

    number: int
    text: str = ""
    nats: float = 0.0
    expected: float = 0.0
    characters: int = 0
    complete: bool = False
    state: WritingState | None = None
    loose: bool = False
    worst: float = 0.0
    end_nats: float = 0.0

    @property
    def nats_per_character(self) -> float:
        """The mean surprise."""
        return self.nats / max(1, self.characters)

    @property
    def excess(self) -> float:
        """How much more surprising than expected the draft is, in nats per character; negative if it is duller."""
        return (self.nats - self.expected) / max(1, self.characters)


@dataclass(eq=False)
class _Row:
    """A draft being written: the whole line, the text before it, and the place before its last word."""

    draft: Draft
    before: str
    line: str
    rng: np.random.Generator
    rules: Sequence[Rule]
    pending: str = ""  # the end of the line that the network hasn't read
    watch: Any = None  # the position of the guard
    last_word: "_Place | None" = None
    first: Draft | None = None  # before its last word was rewritten


@dataclass(eq=False)
class _Place:
    """A place in a draft to return to."""

    states: WritingState  # of several rows
    number: int  # of this one among them
    line: str
    pending: str
    text: str
    nats: float
    expected: float
    characters: int
    worst: float
    watch: Any


@dataclass(frozen=True, eq=False)
class DraftWriter:
    """Writes drafts. `before` is the poem so far; its last line may be unfinished.

    `ending` returns the rule for the last word of a line, given the line before that word. If it is set, the last word
    of each draft that doesn't `fit` is rewritten under that rule.
    """

    poet: Poet
    before: str
    temperature: float
    top_p: float
    rng: tuple[int, ...]
    rules: Sequence[Rule] = ()
    ending: Callable[[str], Rule | None] | None = None
    fits: Callable[[str], bool] = field(default=lambda line: True)
    guard: CopyGuard | None = None
    whole_words: bool = True

    def drafts(self, start: WritingState, numbers: Sequence[int]) -> list[Draft]:
        """Return a draft for each number, starting from a one-row state."""
        line = self.before.rsplit("\n", 1)[-1]
        before = self.before[: len(self.before) - len(line)][-_CONTEXT:]
        watch = self.guard.start(self.before[-_GUARDED:]) if self.guard else None
        pending = self._end.pending
        rows = [
            _Row(
                Draft(number),
                before,
                line,
                np.random.default_rng([*self.rng, number]),
                self.rules,
                pending,
                watch,
            )
            for number in numbers
        ]
        self._write(start, rows)
        return [row.draft for row in rows]

    def _write(self, start: WritingState, rows: list[_Row]) -> None:
        self._run(
            start.repeated(max(min_rows(self.poet.network), len(rows))),
            rows,
            keep_places=self.ending is not None,
        )
        if self.ending is None:
            return
        rewritten = []
        for row in rows:
            place = row.last_word
            if place is None or (row.draft.complete and self.fits(row.line)):
                continue
            rule = self.ending(place.line)
            if rule is not None:
                rewritten.append((row, place, rule))
        if not rewritten:
            return
        state = start.repeated(max(min_rows(self.poet.network), len(rewritten)))
        for number, (row, place, rule) in enumerate(rewritten):
            state.put(number, place.states.take([place.number]))
            row.line, row.pending, row.watch = place.line, place.pending, place.watch
            row.rules = [*self.rules, rule]
            row.first = row.draft
            row.draft = Draft(
                row.first.number,
                place.text,
                place.nats,
                place.expected,
                place.characters,
                worst=place.worst,
            )
        self._run(state, [row for row, _, _ in rewritten], keep_places=False)
        for row, _, _ in rewritten:
            if not row.draft.complete and row.first is not None:
                row.draft = row.first

    def _run(self, state: WritingState, rows: list[_Row], *, keep_places: bool) -> None:
        """Write each of the rows, which are the first of the state, to its end."""
        network, vocabulary = self.poet.network, self.poet.vocabulary
        least = min_rows(network)
        default = ConstraintSet(constraints_of(vocabulary, "\n", open_end=False))
        end = self._end
        first = (
            ConstraintSet(constraints_of(vocabulary, self.before, open_end=False, end=end))
            if end.whole_word
            else default
        )
        ends, layout = _line_ends(self.poet), Layout(vocabulary)
        going = list(rows)
        while going:
            logits = state.logits[: len(going)]
            free = logits.copy()  # before any rule
            ready = []
            for place, row in enumerate(going):
                known = row.line[: len(row.line) - len(row.pending)]
                if end.whole_word and not row.draft.characters:
                    first.forbid(self.before, logits[place])
                else:
                    default.forbid(row.before + known or "\n", logits[place])
                ends.forbid(row.line, logits[place])
                for rule in row.rules:
                    rule.forbid(row.line, logits[place], row.pending)
                if row.pending and isinstance(vocabulary, Subwords):
                    logits[place][~vocabulary.beginning_as(row.pending)] = -np.inf
                if logits[place].max() > -np.inf and row.draft.characters < LONGEST:
                    ready.append(place)
            if len(ready) < len(going):
                free = free[ready]
                going, state = _only(ready, going, state, least)
            if not going:
                return
            some = state.logits[: len(going)]
            margins = [place for place, row in enumerate(going) if layout.at_margin(row.line)]
            if margins:
                some = some.copy()
                for place in margins:
                    some[place] = layout.drawn_from(some[place], self.temperature)
            rngs = [row.rng for row in going]
            drawn = sample_rows(some, self.temperature, self.top_p, rngs, exact=network.exact)
            if self.guard:
                drawn = [
                    self._guarded(row, state.logits[place], drawn[place]) for place, row in enumerate(going)
                ]
            pieces = [
                self._piece(row, number) if number >= 0 else ""
                for row, number in zip(going, drawn, strict=True)
            ]
            if keep_places:
                _keep_places(going, pieces, state, free, self.guard)
            surprise, expected = (each.tolist() for each in surprise_of(free, drawn, self.temperature))
            for row, number, piece, nats, likely in zip(
                going, drawn, pieces, surprise, expected, strict=True
            ):
                if number < 0:
                    continue
                draft = row.draft
                if self.guard and row.watch:
                    row.watch = self.guard.after(row.watch, piece) if piece else row.watch
                draft.nats += nats
                draft.worst = max(draft.worst, nats)
                draft.end_nats = nats + draft.end_nats * (not _has_word(piece))
                draft.expected += likely
                draft.characters += len(piece)
                row.pending = row.pending[len(vocabulary.piece(number, "")) :] if row.pending else ""
                if piece[-1:] == "\n":
                    draft.complete = True
                else:
                    draft.text += piece
                    row.line += piece
            if min(drawn) < 0:
                left = [place for place, number in enumerate(drawn) if number >= 0]
                drawn = [drawn[place] for place in left]
                going, state = _only(left, going, state, least)
                if not going:
                    return
            read = np.zeros(len(state.logits), np.int32)
            read[: len(going)] = drawn
            network.step(read, state)
            ended = [place for place, row in enumerate(going) if row.draft.complete]
            if ended:
                for place in ended:
                    going[place].draft.state = state.take([place])
                left = [place for place in range(len(going)) if not going[place].draft.complete]
                going, state = _only(left, going, state, least)

    @cached_property
    def _end(self) -> End:
        return end_of(self.poet, self.before, whole_words=self.whole_words)

    def _piece(self, row: _Row, number: int) -> str:
        """Return what an id adds to a row's line."""
        return self.poet.vocabulary.piece(number, row.before + row.line)[len(row.pending) :]

    def _guarded(self, row: _Row, logits: npt.NDArray[np.float32], number: int) -> int:
        """Return the drawn id, or another that the guard allows; -1 if none is found in a few tries."""
        for _ in range(_TRIES):
            piece = self._piece(row, number)
            if not piece or self.guard is None or row.watch is None:
                return number
            if self.guard.after(row.watch, piece) is not None:
                return number
            logits[number] = -np.inf
            if logits.max() == -np.inf:
                break
            number = sample(logits, self.temperature, self.top_p, row.rng, exact=self.poet.network.exact)
        return -1


class _LineEnds:
    """A line isn't empty, and ends with a newline and nothing else."""

    def __init__(self, ends: list[int], never: list[int]) -> None:
        self._ends, self._never = ends, never

    def forbid(self, line: str, logits: npt.NDArray[np.float32]) -> None:
        """Forbid the end of a line without text."""
        if self._never:
            logits[self._never] = -np.inf
        if not line.strip():
            logits[self._ends] = -np.inf


def _line_ends(poet: Poet) -> _LineEnds:
    if isinstance(poet.vocabulary, Words):
        return _LineEnds([LINE_END], [STANZA_END, POEM_END])
    return _LineEnds([poet.vocabulary.ids["\n"]], [])


def _only(
    places: list[int], rows: list[_Row], state: WritingState, least: int
) -> tuple[list[_Row], WritingState]:
    """Return the rows at these places, in a state of at least so many rows."""
    if places:
        state = state.take([*places, *[0] * (least - len(places))])
    return [rows[place] for place in places], state


def _keep_places(
    rows: list[_Row],
    pieces: list[str],
    state: WritingState,
    free: npt.NDArray[np.float32],
    guard: CopyGuard | None,
) -> None:
    """Remember the place of every row whose piece begins a word. `free` `[rows, ids]` are the logits before any rule."""
    begin = [
        place
        for place, (row, piece) in enumerate(zip(rows, pieces, strict=True))
        if (piece[:1].isalnum() and (_before_word(row.line) or is_mostly_cjk((piece[:1],))))
        or (piece[:1] == " " and piece[1:2].isalnum())
    ]
    if not begin:
        return
    kept = state.take(begin)
    kept.logits[:] = free[begin]
    for number, place in enumerate(begin):
        row, draft = rows[place], rows[place].draft
        # A unit of a space and a word: the space is a part of the line that the network hasn't read yet.
        space = " " if pieces[place][0] == " " else ""
        watch = guard.after(row.watch, space) if space and guard and row.watch else row.watch
        row.last_word = _Place(
            kept,
            number,
            row.line + space,
            row.pending + space,
            draft.text + space,
            draft.nats,
            draft.expected,
            draft.characters + len(space),
            draft.worst,
            watch,
        )


def _has_word(piece: str) -> bool:
    return any(map(str.isalnum, piece))


def _before_word(line: str) -> bool:
    """Return whether a letter after this line would begin a word. An apostrophe inside a word separates nothing."""
    inside = line[-1:] in ("'", "’") and line[-2:-1].isalnum()
    return not inside and not line[-1:].isalnum()
