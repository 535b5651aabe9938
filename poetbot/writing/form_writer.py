"""Poems in a form, written line by line: each line is the best of many drafts."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from poetbot.cjk import is_mostly_cjk
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet
from poetbot.poets.interfaces import WritingState
from poetbot.poets.sampling import DEFAULT_TEMPERATURE
from poetbot.poets.word_vocabulary import LINE_END, STANZA_END, Words
from poetbot.writing.chinese_script import ANY
from poetbot.writing.endings import closing_line
from poetbot.writing.form_fit import FormReport, form_report
from poetbot.writing.forms import MAX_LINES, Form
from poetbot.writing.next_line import MAX_DRAFTS, DraftSettings, LineContext, candidates
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.receipt import ReceiptKind
from poetbot.writing.request import Request, clean_seed, validate_flag, validate_integer, validate_theme
from poetbot.writing.theme import NO_THEME, Theme
from poetbot.writing.theme_words import resolved
from poetbot.writing.tone_rules import about_tones
from poetbot.writing.word_sounds import is_chinese
from poetbot.writing.writer import WrittenPoem

DRAFTS = 32


@dataclass(frozen=True)
class FormRequest:
    """A request for a poem in a form with a fixed number of lines. `seed` may contain some of them.

    `drafts` is the number of drafts per line. `stop_after` is set only in receipts: how many characters were written
    when Stop was pressed. With `closes` the last line is one after which the poet finds an end likely; the first receipts
    have no `closes`, and choose it like any other line. With `most_lines`, no more lines are written, even if the form has
    more. The rest is as in a `Request`. Raises PoetBotError for any value out of range.
    """

    form: Form
    seed: str = ""
    temperature: float = DEFAULT_TEMPERATURE
    top_p: float = 1.0
    rng: int = 0
    drafts: int = DRAFTS
    real_words: bool = False
    guard: int = 0
    stop_after: int | None = None
    script: str = ANY
    whole_words: bool = True
    closes: bool = True
    theme: Theme = NO_THEME
    tidy: bool = True
    most_lines: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.form, Form) or self.form.lines is None:
            raise PoetBotError("Set how many lines the form has.")
        checked = Request(
            self.seed,
            self.temperature,
            self.top_p,
            rng=self.rng,
            guard=self.guard,
            stop_after=self.stop_after,
            script=self.script,
            whole_words=self.whole_words,
        )
        for name in ("temperature", "top_p", "rng", "guard", "stop_after", "script"):
            object.__setattr__(self, name, getattr(checked, name))
        object.__setattr__(self, "drafts", validate_integer("drafts", self.drafts, 1, MAX_DRAFTS))
        validate_flag("real_words", self.real_words)
        validate_flag("closes", self.closes)
        validate_flag("tidy", self.tidy)
        if self.most_lines is not None:
            most = validate_integer("lines", self.most_lines, 1, MAX_LINES)
            object.__setattr__(self, "most_lines", most)
        validate_theme(self.theme)


FORM = ReceiptKind(
    "form",
    FormRequest,
    "seed",
    {"form": Form.from_json, "theme": Theme.from_json},
    lambda given: {"form": {}, "whole_words": False, "closes": False, "tidy": False},
)


class FormWriter:
    """Writes one poem. Iterate to get its lines; `poem()` returns the poem so far at any time."""

    def __init__(self, cached: CachedPoet, request: FormRequest) -> None:
        theme, notices = resolved(request.theme, cached.poet, request.script)
        self.cached, self.request = cached, dataclasses.replace(request, theme=theme)
        self.seed, self.notices = clean_seed(request.seed, cached.poet, request.script)
        self.notices += notices
        self._theme = cached.theme_bias(theme)
        self.form = form = readable_form(request.form, cached.poet, request.script)
        self.text = self.seed
        self.bits: list[tuple[float, int]] = []
        """For each drafted line: its surprise in nats, and its number of characters."""
        lines = [line for line in self.seed.split("\n")[:-1] if line.strip()]
        self._lines = dict(enumerate(lines))
        self.notices += about_tones(request.form, form, lines)
        if len(lines) >= (form.lines or 0):
            form.line(len(lines))  # raises, because nothing is left to write
        self._end = form.lines or 0
        if request.most_lines is not None:
            self._end = min(self._end, len(lines) + request.most_lines)
        cached.prepare(form, real_words=request.real_words)  # raises at once for anything impossible

    def __iter__(self) -> Iterator[str]:
        request, given = self.request, len(self.seed)
        state = self.cached.primed(self.seed)
        for number in range(len(self._lines), self._end):
            state = self._write(number, state)
            end = len(self.text) - 1  # the newline is yielded with the next line
            if request.stop_after is not None and end >= len(self.seed) + request.stop_after:
                self.text = self.text[: len(self.seed) + request.stop_after] + "\n"
                end = len(self.text) - 1
            if end > given:
                yield self.text[given:end]
            given = max(given, end)
            if request.stop_after is not None and end >= len(self.seed) + request.stop_after:
                return

    def poem(self, stopped_by: str | None = None) -> WrittenPoem:
        """Return the poem so far. The receipt of an unfinished poem says where it stopped."""
        request = self.request
        text = self.text[:-1] if len(self.text) > len(self.seed) else self.text
        whole = len(self._lines) == self._end
        ended = stopped_by or ("form" if whole and request.stop_after is None else "you")
        if ended == "you" and request.stop_after is None:
            request = dataclasses.replace(request, stop_after=len(text) - len(self.seed))
        return WrittenPoem(
            text,
            len(self.seed),
            request.temperature,
            request.rng,
            ended,
            self.notices,
            FORM.receipt(self.cached.poet, request),
            request.script,
        )

    def report(self) -> FormReport:
        """Return how well the poem fits its form."""
        return form_report(self.text, self.form, self.cached.sounds_by(self.form.rhyme_book))

    def _write(self, number: int, state: WritingState) -> WritingState:
        """Write line `number` after `state`, and return the state after it."""
        request, poet = self.request, self.cached.poet
        form = self.form.line(number)
        begun = self.text.rsplit("\n", 1)[-1]
        if form.begins_stanza and number and not begun and not self.text.endswith("\n\n"):
            self.text += "\n"
            state = _after_reading(poet, state, "\n")
        repeated = None if form.returns is None else self._lines.get(form.returns)
        if repeated is not None and repeated.startswith(begun):
            rest = repeated[len(begun) :] + "\n"
            state = self.cached.primed(self.text + rest) if begun else _after_reading(poet, state, rest)
        else:
            last = request.closes and number + 1 == self.form.lines
            drawn = DraftSettings(
                request.temperature,
                request.top_p,
                (request.rng, number),
                request.real_words,
                request.guard,
                request.whole_words,
                self._theme,
                request.tidy,
                closes=request.tidy and last,
            )
            place = LineContext(state, self.text, "", form, self._lines)
            found = candidates(self.cached, place, drawn, request.drafts)
            best = found[0]
            if last:
                distance = best.figures.fit.distance
                fitting = [each for each in found if each.figures.fit.distance == distance]
                best = closing_line(poet, fitting, 0.0, tidy=request.tidy) or best
            rest = best.draft.text + "\n"
            self.bits.append((best.draft.nats, best.draft.characters))
            state = self.cached.primed(self.text + rest) if best.draft.state is None else best.draft.state
        self.text += rest
        self._lines[number] = begun + rest[:-1]
        return state


def write_in_form(cached: CachedPoet, request: FormRequest) -> tuple[WrittenPoem, FormReport]:
    """Write a complete poem in a form, and report how well it fits."""
    writer = FormWriter(cached, request)
    for _ in writer:
        pass
    return writer.poem(), writer.report()


def form_request_of_receipt(data: Any, poet: Poet) -> FormRequest:
    """Return the request of a receipt. Raises PoetBotError if it isn't one, or is another poet's."""
    return FORM.request_of(data, poet)


def readable_form(form: Form, poet: Poet, script: str) -> Form:
    """Return the form with its acrostic in the poet's script, and without a rhyme book if the poet isn't Chinese."""
    symbols = poet.vocabulary.symbols
    if form.rhyme_book and not (is_mostly_cjk(symbols) and is_chinese(symbols)):
        form = dataclasses.replace(form, rhyme_book="")
    if not form.acrostic:
        return form
    known, _ = clean_seed(form.acrostic, poet, script)
    return dataclasses.replace(form, acrostic=known) if len(known) == len(form.acrostic) else form


def _after_reading(poet: Poet, state: WritingState, text: str) -> WritingState:
    """Return a copy of the state that has also read this text and the line break at its end."""
    state = state.copy()
    ids = poet.vocabulary.ids_of(text)
    if isinstance(poet.vocabulary, Words):
        ids = np.append(ids, np.int32(LINE_END if text.strip() else STANZA_END))
    poet.network.read(ids, state)
    return state
