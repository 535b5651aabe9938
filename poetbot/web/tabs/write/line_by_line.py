"""Writing line by line: suggestions at the cursor, going on with the poem, titles, and what follows every edit."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypeAlias, TypedDict

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.overlap import report
from poetbot.overlap.written_words import typed_parts
from poetbot.web.components import poem_view
from poetbot.web.serving.poet_registry import PoetRegistry, is_blend
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.form_panel import FormFields, form_fit, form_of
from poetbot.web.tabs.write.poem_page import MAX_COMPARED
from poetbot.web.tabs.write.tab import Controls, PoemSettings, no_poets, with_settings
from poetbot.writing import (
    CachedPoet,
    EndingRequest,
    EndingWriter,
    Form,
    FormRequest,
    FormWriter,
    LineRequest,
    Request,
    Theme,
    continuations,
    suggest,
    suggest_one_each,
    titles,
)
from poetbot.writing.chinese_script import answering_script, given
from poetbot.writing.form_writer import FORM
from poetbot.writing.forms import FREE
from poetbot.writing.line_sounds import LineSounds, line_sounds
from poetbot.writing.ranking import LineFigures
from poetbot.writing.receipt import Receipt
from poetbot.writing.request import MAX_SEED
from poetbot.writing.rhymes import all_rhymes, likeliest
from poetbot.writing.suggestions import MAX_SUGGESTIONS
from poetbot.writing.theme import NO_THEME
from poetbot.writing.theme_words import resolved

MORE_LINES = 4
MAX_RHYMES = 14  # of each kind
_LEAST_COPIED = 4  # words
_MAX_TURN = 1_000

Visitor: TypeAlias = gr.Request | None


@dataclass(frozen=True)
class LineQuestion:
    """A place in the poem for which lines are suggested; `turn` counts how often they were asked for.

    The lines end in the word `ends_in`.
    """

    before: str
    after: str = ""
    form: FormFields = field(default_factory=FormFields)
    turn: int = 0
    theme: Theme = NO_THEME
    ends_in: str = ""


@dataclass(frozen=True)
class RhymeQuestion:
    """A word to rhyme with, and the poem before the line that should end with the rhyme."""

    word: str
    before: str = ""
    theme: Theme = NO_THEME


@dataclass(frozen=True)
class GoOn:
    """A poem to continue, by four lines or (`finish`) to its end, in its form if it has one."""

    before: str
    form: FormFields = field(default_factory=FormFields)
    finish: bool = False
    theme: Theme = NO_THEME


@dataclass(frozen=True)
class TitleQuestion:
    """A poem, the poet that wrote it if one did, and its theme."""

    text: str
    poet: str = ""
    theme: Theme = NO_THEME


@dataclass(frozen=True)
class Comparison:
    """A poem to compare. The figures leave out the parts [start, end) that were `typed`.

    `sounds`: the page shows the syllables and the rhyme of each line.
    """

    text: str
    poet: str = ""
    typed: list[list[int]] = field(default_factory=list)
    form: FormFields = field(default_factory=FormFields)
    sounds: bool = False


class SuggestedLine(TypedDict):
    """A suggestion: what to insert, the whole line, the poet of a blend that wrote it alone, and what it misses of its form."""

    text: str
    line: str
    by: str
    note: str
    receipt: Receipt


class SuggestedLines(TypedDict):
    """Suggestions, and what a screen reader says of them."""

    poet: str
    lines: list[SuggestedLine]
    notice: str
    status: str


class FoundRhymes(TypedDict):
    """Words that rhyme, the best first, and a sentence that says so."""

    perfect: list[str]
    near: list[str]
    status: str


class Continued(TypedDict):
    """What was written so far; with `more`, the rest follows. `notice` says what couldn't be had of the theme.

    With `one_stanza` the page takes the blank lines out.
    """

    poet: str
    text: str
    receipt: Receipt | None
    notice: str
    more: NotRequired[bool]
    one_stanza: NotRequired[bool]


class Titles(TypedDict):
    """Suggested titles."""

    titles: list[str]


class Compared(TypedDict):
    """The marks of a poem, the paragraph below it, the lines of its form, 0 for any, and if asked for, what `line_sounds` returns."""

    marks: list[tuple[int, int, str]]
    overlap_html: str
    lines: int
    sounds: NotRequired[list[LineSounds | None] | None]


def wire(controls: Controls, session: gr.State, shelf: PoetRegistry, language: Locale) -> None:
    """Connect what the page asks at the cursor and after each edit."""
    handlers, c = Handlers(shelf, language), controls
    html, lines = c.page.html, c.page.mailbox("lines-answers")
    side_by_side: dict[str, Any] = {"trigger_mode": "multiple"}
    writing: dict[str, Any] = {**side_by_side, "concurrency_id": "writing"}
    lines.on(html.suggest, with_settings(handlers.suggest), LineQuestion, c.settings, **writing)
    c.page.mailbox("rhymes-answers").on(
        html.rhymes, handlers.rhymes, RhymeQuestion, [c.poet, c.script], **writing
    )
    lines.on(html.go_on, with_settings(handlers.go_on), GoOn, [*c.settings, session], **writing)
    html.cancel(handlers.cancel, [session], None, api_visibility="private", queue=False)
    c.page.mailbox("titles-answers").on(
        html.suggest_titles, handlers.suggest_titles, TitleQuestion, [c.poet, c.script], **writing
    )
    c.page.mailbox("comparison-answers").on(
        html.compare,
        handlers.compare,
        Comparison,
        [c.poet, c.lines],
        **side_by_side,
        concurrency_id="comparing",
        concurrency_limit=2,
    )


@dataclass(frozen=True)
class Handlers:
    """What the events call. All raise PoetBotError with a sentence for the page."""

    shelf: PoetRegistry
    language: Locale

    def suggest(
        self, message: LineQuestion, settings: PoemSettings, visitor: Visitor = None
    ) -> SuggestedLines:
        """Suggest three lines at the cursor, each with a note on how near it comes to the form.

        `settings.one_each` has no effect while one poet writes alone, because its control is hidden then.
        """
        shelf, poet = self._poet(settings.poet_or_blend, visitor)
        form = form_of(message.form, settings.lines)
        request = LineRequest(
            message.before,
            message.after,
            settings.temperature,
            settings.top_p,
            settings.random_seed(message.turn if 0 <= message.turn < _MAX_TURN else 0),
            form=form,
            real_words=settings.real_words,
            guard=shelf.guard(poet, settings.guard or 0),
            script=answering_script(shelf.poet(poet), settings.script, message.before + message.after),
            ends_in=message.ends_in,
            theme=message.theme,
        )
        one_each = settings.one_each and is_blend(poet)
        make = suggest_one_each if one_each else suggest
        cached = shelf.ready_poet(poet, form, real_words=settings.real_words, script=request.script)
        found = shelf.engine.run(lambda: make(cached, request), suggests=True)
        lines: list[SuggestedLine] = [
            {
                "text": each.text,
                "line": each.line,
                "by": each.poet if one_each else "",
                "note": note(each.figures, self.language),
                "receipt": each.receipt,
            }
            for each in found.suggestions
            if each.text.strip()
        ]
        if not lines:
            raise _nothing_found()
        notices = [self.language.say(notice) for notice in found.notices]
        status = self.language.ngettext(
            "{n} suggestion. First: {line}",
            "{n} suggestions. First: {line}",
            len(lines),
            line=lines[0]["line"],
        )
        return {
            "poet": poet,
            "lines": lines,
            "notice": self.language.sentences(notices) if notices else "",
            "status": status,
        }

    def rhymes(
        self, message: RhymeQuestion, poet: str | None, script: str = "", visitor: Visitor = None
    ) -> FoundRhymes:
        """Find the words that rhyme with a word, those first with which the poet would rather end the line."""
        shelf, name = self._poet(poet, visitor)
        before = message.before[-MAX_SEED:]
        cached = shelf.cached_poet(name)
        every = all_rhymes(cached, message.word, message.theme)
        found = shelf.engine.run(lambda: likeliest(cached, every, before, MAX_RHYMES), suggests=True)
        script = answering_script(shelf.poet(name), script, before + message.word)
        return {
            "perfect": [given(each.word, script) for each in found.words if each.kind == "perfect"],
            "near": [given(each.word, script) for each in found.words if each.kind == "near"],
            "status": self.language.gettext("Choose a word to end the next line with."),
        }

    def go_on(
        self, message: GoOn, settings: PoemSettings, session: Session, visitor: Visitor = None
    ) -> Iterator[Continued]:
        """Continue the poem by four lines or to its end, in its form if it has one; yield what is written so far."""
        session.going_on = this = object()
        shelf, poet = self._poet(settings.poet_or_blend, visitor)
        before, form = message.before, form_of(message.form, settings.lines)
        script = answering_script(shelf.poet(poet), settings.script, before)
        cached = shelf.ready_poet(
            poet, form if form.lines else FREE, real_words=settings.real_words, script=script
        )
        theme, notices = resolved(message.theme, cached.poet)
        notice = self.language.sentences([self.language.say(each) for each in notices]) if notices else ""
        shared: dict[str, Any] = {
            "theme": theme,
            "temperature": settings.temperature,
            "top_p": settings.top_p,
            "rng": settings.random_seed(),
            "guard": shelf.guard(poet, settings.guard or 0),
            "script": script,
        }
        if not message.finish and form.is_open:
            asked = Request("", lines=MORE_LINES, real_words=settings.real_words, **shared)
            found = continuations(cached, before, asked, count=MAX_SUGGESTIONS)
            if not found:
                raise _nothing_found()
            # A poem of one stanza doesn't get a second one unasked.
            one_stanza = not _has_blank_line(before)
            whole = [each for each in found if not (one_stanza and _has_blank_line(each.text))]
            best = (whole or found)[0]
            yield {
                "poet": poet,
                "text": best.text,
                "receipt": best.receipt,
                "notice": notice,
                "one_stanza": one_stanza,
            }
            return
        text: str = ""
        receipt: Receipt | None = None
        written = _written(cached, message, form, settings.real_words, shared)
        for text, receipt in shelf.engine.iterate(written):
            if session.going_on is not this:
                return
            yield {"poet": poet, "text": text, "receipt": receipt, "notice": "", "more": True}
        yield {"poet": poet, "text": text, "receipt": receipt, "notice": notice}

    def cancel(self, session: Session) -> None:
        """Stop going on with the poem."""
        session.going_on = None

    def suggest_titles(
        self, message: TitleQuestion, poet: str | None, script: str = "", visitor: Visitor = None
    ) -> Titles:
        """Suggest three titles for the poem."""
        shelf, name = self._poet(poet, visitor, message.poet)
        cached = shelf.ready_poet(name)
        found = shelf.engine.run(lambda: titles(cached, message.text, theme=message.theme), suggests=True)
        if not found:
            raise PoetBotError("No title found. Write a few more lines.")
        script = answering_script(shelf.poet(name), script, message.text)
        return {"titles": [given(each.text, script) for each in found]}

    def compare(
        self, message: Comparison, poet: str | None, length: int | None, visitor: Visitor = None
    ) -> Compared:
        """Compare the poem with the training poems and with its form."""
        text = message.text
        shelf, name = self._poet(poet, visitor, message.poet)
        form = form_of(message.form, length, quietly=True)
        if len(text) > MAX_COMPARED:
            raise PoetBotError("This poem is too long to compare as you type. Use the Overlap tab.")
        if not text.strip():
            return {"marks": [], "overlap_html": "", "lines": form.lines or 0}
        index = shelf.index(name)
        found = report(index, text, typed=typed_parts(message.typed, len(text))) if index else None
        cached = shelf.cached_poet(name)
        fit = form_fit(text, form, cached, self.language)
        answer: Compared = {
            "marks": poem_view.report_marks(text, found),
            "overlap_html": poem_view.overlap_html(text, found, self.language, form_fit=fit),
            "lines": form.lines or 0,
        }
        if message.sounds:
            answer["sounds"] = line_sounds(text, cached.sounds_by(form.rhyme_book))
        return answer

    def _poet(self, chosen: str | None, visitor: Visitor, of_poem: str = "") -> tuple[PoetRegistry, str]:
        """Return the visitor's poets, and the poet of the poem if it is there, else the chosen one."""
        shelf = self.shelf.of(visitor)
        if of_poem and (shelf.has(of_poem) or not shelf.has(chosen)):
            return shelf, of_poem
        if chosen is None:
            raise PoetBotError(no_poets(self.language))
        return shelf, chosen


def _written(
    cached: CachedPoet, message: GoOn, form: Form, real_words: bool, shared: dict[str, Any]
) -> Iterator[tuple[str, Receipt]]:
    """Yield the ending of a poem, or the next lines of its form, as far as it is written, with its receipt."""
    if message.finish and form.lines is None:
        writer = EndingWriter(cached, EndingRequest(message.before, real_words=real_words, **shared))
        for text in writer:
            yield text, writer.receipt
        return
    most = None if message.finish else MORE_LINES
    request = FormRequest(form, message.before, real_words=real_words, most_lines=most, **shared)
    in_form = FormWriter(cached, request)
    text = in_form.seed
    for piece in in_form:
        text += piece
        yield given(text, request.script)[len(in_form.seed) :], FORM.receipt(cached.poet, request)


def _has_blank_line(text: str) -> bool:
    return any(not line.strip() for line in text.rstrip().split("\n"))


def _nothing_found() -> PoetBotError:
    return PoetBotError("No suggestions. Raise the temperature, clear the form, or try again.")


def note(figures: LineFigures, language: Locale) -> str:
    """Return what a line misses of its form, and how many words it copies."""
    form, _ = figures.get("form") or {}, language.gettext
    notes = []
    if form.get("syllables") != form.get("syllables_wanted"):
        notes.append(_("{n} of {total} syllables", n=form["syllables"], total=form["syllables_wanted"]))
    if form.get("scans") is False:
        notes.append(_("doesn't scan"))
    if form.get("rhymes") is False:
        notes.append(_("no rhyme"))
    if form.get("letter") is False:
        notes.append(_("wrong first letter"))
    if form.get("tones") is False:
        notes.append(_("irregular tones"))
    if (copied := figures.get("copied_words") or 0) >= _LEAST_COPIED:
        notes.append(_("{n} words in a row from a training poem", n=copied))
    return language.list(notes)
