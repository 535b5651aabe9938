"""An ending for a poem: one to four lines, the last of which closes it.

Each line is chosen from many drafts, like any suggested line. After a line, the poet itself says how natural an end of
the poem would be: by the probability of the poem marker. A line closes the poem if this is likely and the line ends with
a full stop or the like, and the fewer lines have been written, the likelier it must be.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.poem import MARKER
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.writing.chinese_script import ANY, given
from poetbot.writing.forms import LineForm
from poetbot.writing.last_line import ends_sentence
from poetbot.writing.next_line import MAX_DRAFTS, DraftSettings, LineContext, candidates
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.ranking import Ranked
from poetbot.writing.receipt import Receipt, ReceiptKind
from poetbot.writing.request import (
    MAX_POEM,
    Request,
    clean_seed,
    validate_flag,
    validate_integer,
    validate_theme,
)
from poetbot.writing.surprise import surprise_of
from poetbot.writing.theme import NO_THEME, Theme
from poetbot.writing.theme_words import resolved

DRAFTS = 32
LIKELY_END = (0.25, 0.1, 0.05, 0.0)
"""The probability of an end after each line from which on the poem ends there: the last line is the last anyway."""
END_WEIGHT = 0.15
"""Penalty of a line that closes the poem, per bit of surprise at an end after it (`ranking.py` has the others)."""
STOP_WEIGHT = 0.1
"""Penalty of such a line per bit of surprise at its last mark and line end: a stop in mid-phrase is surprising."""

_BEFORE = 2_000  # characters of the poem so far that count


@dataclass(frozen=True)
class EndingRequest:
    """A request for an ending of the poem `before`, as in a `LineRequest`. Raises PoetBotError for any value out of range."""

    before: str
    temperature: float = DEFAULT_TEMPERATURE
    top_p: float = 1.0
    rng: int = 0
    drafts: int = DRAFTS
    real_words: bool = False
    guard: int = 0
    script: str = ANY
    theme: Theme = NO_THEME
    tidy: bool = True

    def __post_init__(self) -> None:
        before = self.before
        if not isinstance(before, str) or not before.strip():
            raise PoetBotError("There is no poem yet. Write a few lines first.")
        if len(before) > MAX_POEM:
            raise PoetBotError("The poem must be text of at most {most:,} characters.", most=MAX_POEM)
        before = before.replace("\r\n", "\n").replace("\r", "\n")[-_BEFORE:]
        object.__setattr__(self, "before", before if before.endswith("\n") else before + "\n")
        checked = Request(
            "", self.temperature, self.top_p, rng=self.rng, guard=self.guard, script=self.script
        )
        for name in ("temperature", "top_p", "rng", "guard", "script"):
            object.__setattr__(self, name, getattr(checked, name))
        object.__setattr__(self, "drafts", validate_integer("drafts", self.drafts, 1, MAX_DRAFTS))
        validate_flag("real_words", self.real_words)
        validate_flag("tidy", self.tidy)
        validate_theme(self.theme)


ENDING = ReceiptKind(
    "ending",
    EndingRequest,
    "before",
    {"theme": Theme.from_json},
    lacking=lambda given: {"before": "", "tidy": False},
)


class EndingWriter:
    """Writes an ending. Iterate to get its lines; `text` is what is written so far, without a line end behind it."""

    def __init__(self, cached: CachedPoet, request: EndingRequest) -> None:
        theme, about_theme = resolved(request.theme, cached.poet, request.script)
        self.cached, self.request = cached, replace(request, theme=theme)
        self.notices: tuple[Message, ...]
        self._before, self.notices = clean_seed(request.before, cached.poet, request.script)
        self.notices += about_theme
        self._theme = cached.theme_bias(theme)
        self._lines: list[str] = []
        self.end_bits = 0.0
        """How surprising an end of the poem is to the poet after the last line."""

    @property
    def text(self) -> str:
        """The lines written so far, in the requested script."""
        return given("\n".join(self._lines), self.request.script)

    @property
    def receipt(self) -> Receipt:
        """The receipt of the whole ending."""
        return ENDING.receipt(self.cached.poet, self.request)

    def __iter__(self) -> Iterator[str]:
        request, cached = self.request, self.cached
        before, state = self._before, cached.primed(self._before)
        for number, likely in enumerate(LIKELY_END):
            is_last = number == len(LIKELY_END) - 1
            drawn = DraftSettings(
                request.temperature,
                request.top_p,
                (request.rng, number),
                request.real_words,
                request.guard,
                theme=self._theme,
                tidy=request.tidy,
                closes=request.tidy and is_last,
            )
            place = LineContext(state, before, "", LineForm(number, begins_stanza=False), {})
            found = candidates(cached, place, drawn, min(MAX_DRAFTS, request.drafts * (1 + is_last)))
            best = closing_line(cached.poet, found, likely, tidy=request.tidy)
            line = (best or found[0]).draft
            self._lines.append(line.text)
            if best is not None:
                self.end_bits = end_bits(cached.poet, line.state)
            yield self.text
            if best is not None:
                return
            before += line.text + "\n"
            state = cached.primed(before) if line.state is None else line.state


def closing_line(poet: Poet, found: list[Ranked], likely: float, *, tidy: bool) -> Ranked | None:
    """Return the draft that closes the poem best, None if an end is not as `likely` after any.

    At a probability of 0 any line will do, but one with a full stop or the like is preferred. With `tidy` a stop where the
    poet doesn't expect one makes a line worse.
    """
    bits = {id(each): end_bits(poet, each.draft.state) for each in found}
    closing = [each for each in found if ends_sentence(each.line)]
    if likely:
        closing = [each for each in closing if bits[id(each)] <= -math.log2(likely)]
    elif not closing:
        closing = found

    def penalty(each: Ranked) -> float:
        stop = STOP_WEIGHT * each.draft.end_nats / math.log(2) if tidy else 0.0
        return each.figures.penalty + END_WEIGHT * bits[id(each)] + stop

    return min(closing, key=penalty, default=None)


def end_bits(poet: Poet, state: WritingState | None) -> float:
    """Return how surprising an end of the poem is to the poet in this state after a line end, in bits."""
    if state is None:
        return math.inf
    ids = poet.vocabulary.ids
    marker = ids[MARKER] if MARKER in ids else ids[MARKER[0]]
    (nats,), _ = surprise_of(state.logits[:1], [marker], 1.0)
    return float(nats) / math.log(2)


def write_ending(cached: CachedPoet, request: EndingRequest) -> EndingWriter:
    """Write a whole ending, and return its writer."""
    writer = EndingWriter(cached, request)
    for _ in writer:
        pass
    return writer
