"""The state of one poem while it is written: its text, what may not follow, what is final, and when it ends.

It doesn't know the network: the caller draws an id from the logits after `forbid`, and passes it to `add`. Text that
has been shown is never taken back. So a newline, and anything that may be the beginning of a poem marker, is held back
until the next character shows that the poem continues. With a guard, so are the last words before a phrase that may
become too long, because they may have to be rewritten. A poem with a maximum length is shown up to where it may end
(`length_limit.py`).
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from poetbot.overlap.copy_guard import CopyGuard
from poetbot.poem import MARKER
from poetbot.poets.interfaces import WritingState, WritingVocabulary
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.writing.constraints import ConstraintSet, constraints_of
from poetbot.writing.indentation import Layout
from poetbot.writing.last_line import is_closed
from poetbot.writing.length_limit import Length
from poetbot.writing.real_words import RealWords
from poetbot.writing.request import Request
from poetbot.writing.theme_bias import ThemeBias
from poetbot.writing.tidy_lines import tidy_lines
from poetbot.writing.token_healing import NOTHING_PENDING, End

BOUND = 5_000
"""Characters after which a poem without a length ends at the next newline, because a poet may never find an end."""

_LONGEST_LINE = 400
"""Characters that a poem without a maximum length may continue past its length in search of a newline."""

_WORDS = 3
"""Words at the end of a phrase that can be rewritten, the last one first."""

_TRIES = 8
"""How many attempts at one word are made before the previous word is rewritten (each forbids one more first letter), and how
many attempts at a unit before all units that lead to no word are forbidden."""


@dataclass
class _Anchor:
    """The place before a word that may have to be rewritten, and the state there."""

    length: int
    firm: int
    watch: Any  # the position of the guard
    state: WritingState | None = None
    first: int = -1  # the id drawn here
    tries: int = 0
    forbidden: set[int] = field(default_factory=set)
    pending: str = ""


class PoemState:
    """The text of one poem being written. `text` begins with the seed; its first `shown` characters have been shown."""

    def __init__(
        self,
        vocabulary: WritingVocabulary,
        request: Request,
        seed: str,
        guard: CopyGuard | None = None,
        end: End = NOTHING_PENDING,
        theme: ThemeBias | None = None,
        real_words: RealWords | None = None,
    ) -> None:
        self.text = seed
        self.shown = len(seed)
        self.stopped_by: str | None = None
        self.wants_state = False
        """Whether the next state must be kept (`keep`), because the poem may return here."""
        self.back: WritingState | None = None
        """The state to continue from after `add` or `stuck` took words back. It must be copied."""
        self.seed_characters = len(seed)
        self._request = request
        self._vocabulary = vocabulary
        open_end = request.lines is None and request.characters is None
        self._constraints = ConstraintSet(constraints_of(vocabulary, seed, open_end=open_end, end=end))
        self._endless = (
            ConstraintSet(constraints_of(vocabulary, seed, open_end=False, end=end))
            if guard or request.closes
            else self._constraints
        )
        self._pending = end.pending  # the end of the seed, which the first units include
        self._layout = Layout(vocabulary)
        tidy = tidy_lines(vocabulary)
        self._tidy = tidy if request.tidy else None
        self._last_line = tidy.last_line if tidy and request.closes else None
        self._last_from = -1  # where the last line begins, once the poet has found an end
        self._last = -1, False  # where the line begins, and whether it is the last of the requested ones
        bounded = request.characters is not None and request.at_most
        self._length = Length(len(seed), request.characters or 0) if bounded else None
        self._refused = -1  # where the guard last rejected a word
        self._firm = len(seed)  # characters that belong to the poem, unless they are rewritten
        self._forbidden: set[int] = set()  # at this place
        self._anchors: list[_Anchor] = []
        self._theme = theme
        self._real_words = real_words
        self._no_words: set[int] = set()  # ids drawn at this place that lead to no word
        self._any_word_at = -1  # where nothing that leads to a word may follow
        self._guard = guard
        if guard:
            self._watch = guard.start(seed)
            self._look_ahead(new_word=True)
        self.stopped_by = self._end()

    @property
    def changes_logits(self) -> bool:
        """Whether `drawn_from` has an effect here."""
        return self._theme is not None or self._layout.at_margin(self.text)

    def drawn_from(self, logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the logits `[ids]` to draw from, after `forbid`: with the theme and the indentation (`indentation.py`)."""
        if self._theme is not None:
            logits = logits.copy()
            self._theme.add(self.text, logits, self._pending)
        if self._layout.at_margin(self.text):
            return self._layout.drawn_from(logits, self._request.temperature)
        return logits

    def forbid(self, logits: npt.NDArray[np.float32]) -> bool:
        """Forbid in the logits `[ids]` what must not follow. Return False if nothing is left."""
        constraints = self._endless if self._refused >= 0 or self._last_from >= 0 else self._constraints
        if self._pending and isinstance(self._vocabulary, Subwords):
            constraints.forbid(self.text[: -len(self._pending)], logits)
            logits[~self._vocabulary.beginning_as(self._pending)] = -np.inf
        else:
            constraints.forbid(self.text, logits)
        if self._real_words and self._no_words:
            self._forbid_no_words(self._real_words, logits)
        if not self._pending:
            if self._tidy:
                self._tidy.forbid(self.text, logits)
            if self._last_line and self._is_last():
                self._last_line.forbid(self.text, logits)
        if not self._forbidden:
            return not self._pending or bool(logits.max() > -np.inf)
        logits[list(self._forbidden)] = -np.inf
        return bool(logits.max() > -np.inf)

    def _forbid_no_words(self, real_words: RealWords, logits: npt.NDArray[np.float32]) -> None:
        """Forbid the ids that were drawn and led to no word. After several of them, forbid all ids that lead to no word.

        If no id is left, anything may follow: a slur may be the only word that begins this way.
        """
        logits[list(self._no_words)] = -np.inf
        if len(self._no_words) < _TRIES:
            return
        free = logits.copy()
        real_words.forbid(self._line, logits, self._pending)
        if logits.max() == -np.inf:
            logits[:] = free
            self._any_word_at = len(self.text)

    @property
    def _line(self) -> str:
        """The line so far."""
        return self.text[self.text.rfind("\n") + 1 :]

    def _leads_to_a_word(self, drawn: int, piece: str) -> bool:
        """Return whether a piece may follow, and remember the id if it may not."""
        real_words = self._real_words
        if real_words is None or piece[:1] == MARKER[0] or self._any_word_at == len(self.text):
            return True
        if real_words.allows(self.text, piece):
            return True
        self._no_words.add(drawn)
        return False

    def add(self, drawn: int) -> bool:
        """Add the drawn id to the poem, and return whether the network should read it.

        Otherwise the caller must draw again, from the same logits or, if `back` is set, from those of that state.
        """
        piece = self._vocabulary.piece(drawn, self.text)
        if piece[:1] == MARKER[0] and not self._may_end():
            self._last_from = len(self.text)
            return False
        if self._pending:
            if len(piece) <= len(self._pending):
                self._pending = self._pending[len(piece) :]
                return True
            piece = piece[len(self._pending) :]
        if not self._leads_to_a_word(drawn, piece):
            return False
        if self._guard and not self._guarded(self._guard, drawn, piece):
            return False
        self._pending = ""
        self._no_words.clear()
        self.text += piece
        if self._guard and not self._watch.in_word:
            self._look_ahead(self._new_word)
        self._settle(piece)
        self.stopped_by = self._end()
        if self.stopped_by and not self._length:
            self._end_by(self.stopped_by)
        return True

    def keep(self, state: WritingState) -> None:
        """Keep the state after the current text. It must not be shared."""
        self._anchors[-1].state = state
        self.wants_state = False

    def _guarded(self, guard: CopyGuard, drawn: int, piece: str) -> bool:
        watch = guard.after(self._watch, piece)
        if watch is None:
            self._refused = len(self.text)
        elif piece[-1:] == "\n" and "\n" in self.text[self._refused :].strip("\n"):
            self._refused = -1  # a rejected word is no reason to end before another line
        if watch is not None:
            if self._anchors and self._anchors[-1].length == len(self.text):
                self._anchors[-1].first = drawn
            self._new_word = self._watch.in_word
            self._watch = watch
            if self._forbidden:
                self._forbidden = set()
        elif self._anchors and guard.goes_on(self._watch, piece):
            self._write_again()
        else:  # the whole word was drawn here, or its start is unknown
            self._forbidden.add(drawn)
        return watch is not None

    def _write_again(self) -> None:
        """Return to the start of the word, and forbid its first letter there."""
        anchor = self._anchors[-1]
        if anchor.tries == _TRIES:
            self.stuck()
            return
        anchor.tries += 1
        anchor.forbidden.add(anchor.first)
        self._return_to(anchor)

    def stuck(self) -> None:
        """Return to the previous word, because none is possible here. Without one, the poem ends."""
        if self._anchors:
            last = self._anchors.pop()
            self._return_to(last)
        if self._anchors:
            self._write_again()
        else:
            self.back = None
            self._end_by("guard")

    def _return_to(self, anchor: _Anchor) -> None:
        self.text = self.text[: anchor.length]
        self._no_words.clear()
        self._any_word_at = -1
        if self._last_from > anchor.length:
            self._last_from = -1
        self._firm, self._watch, self._forbidden = anchor.firm, anchor.watch, anchor.forbidden
        self.back, self._pending = anchor.state, anchor.pending

    def _look_ahead(self, new_word: bool) -> None:
        """Between two words: remember this place if a phrase may become too long before it can be left."""
        guard = self._guard
        if guard is None or not guard.near(self._watch, _WORDS):
            self._anchors.clear()
            return
        if not new_word and self._anchors:
            self._anchors.pop()  # one place per word, the one just before it
        self._anchors.append(_Anchor(len(self.text), self._firm, self._watch, pending=self._pending))
        self._forbidden = self._anchors[-1].forbidden
        del self._anchors[:-_WORDS]
        self.wants_state = True

    def _may_end(self) -> bool:
        """Return whether the poet may end the poem where it draws a marker, rather than after one more line."""
        return not self._last_line or self.text[-1:] != "\n" or is_closed(self.text)

    def _is_last(self) -> bool:
        """Return whether the line being written is the last one."""
        if self._last_from >= 0:
            return True
        if self._request.lines is None:
            return False
        start = self.text.rfind("\n") + 1
        if self._last[0] != start:
            self._last = start, self._lines(start) >= self._request.lines - 1
        return self._last[1]

    def _settle(self, piece: str) -> None:
        """Determine what certainly belongs to the poem, and what may be shown."""
        text, firm = self.text, self._firm
        before = text[firm - 1 : firm] if firm else ""
        if "\n" not in piece and before not in ("", "\n") and firm + len(piece) == len(text):
            self._firm = len(text)
        else:
            held = text[firm:]
            line = held.rsplit("\n", 1)[-1]
            at_line_start = "\n" in held or before in ("", "\n")
            if line and not (at_line_start and MARKER.startswith(line)):
                self._firm = len(text)
        if self._length and self._length.reached(text):
            self._show(self._length.cut(text))
        elif self._length:
            self._show(self._length.certain(text, self._anchors[0].length if self._anchors else len(text)))
        else:
            self._show(min(self._firm, self._anchors[0].firm) if self._anchors else self._firm)

    def _show(self, end: int) -> None:
        """Show the text up to `end`, or to where the user stopped."""
        self.shown = end
        if self._request.stop_after is not None:
            # Several characters may be shown at once, and a recorded stop may lie between them.
            self.shown = min(end, self.seed_characters + self._request.stop_after)

    def _end_by(self, reason: str) -> None:
        """End the poem here and show all of it. `reason` counts unless the user stopped before."""
        self._show(self._firm)
        self.stopped_by = "you" if self._is_stopped() else reason

    def _is_stopped(self) -> bool:
        """Return whether the user stopped here."""
        after = self._request.stop_after
        return after is not None and self.shown - self.seed_characters >= after

    def _end(self) -> str | None:
        """Return what ends the poem here, or None."""
        request, written = self._request, self._firm - self.seed_characters
        if self._is_stopped():
            return "you"
        if self._length:
            return "characters" if self._length.reached(self.text) else None
        open_end = request.lines is None and request.characters is None
        if self.text[-1:] == "\n" and self._firm < len(self.text):
            held = self.text[self._firm :]
            if 0 <= self._last_from < self._firm:
                return "marker"
            if held == MARKER or self.text[max(self._firm - 1, 0) :].endswith("\n" + MARKER):
                return "marker"
            if request.lines is not None and self._lines() >= request.lines:
                return "lines"
            if request.characters is not None and written >= request.characters:
                return "characters"
            if open_end and written >= BOUND:
                return "bound"
        if request.lines is not None:
            limit = request.lines * _LONGEST_LINE
        else:
            limit = (request.characters or BOUND) + _LONGEST_LINE
        return "bound" if written >= limit else None

    def _lines(self, end: int | None = None) -> int:
        """Count the lines written up to `end`: those with text, including the one that the seed began."""
        begun = self.text.rfind("\n", 0, self.seed_characters) + 1
        written = self.text[begun : self._firm if end is None else end]
        return sum(1 for line in written.split("\n") if line.strip())
