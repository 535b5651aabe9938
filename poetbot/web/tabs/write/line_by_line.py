"""Writing line by line: suggestions at the cursor, going on with the poem, titles, and what follows every edit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.overlap import report
from poetbot.web.components import poem_view
from poetbot.web.components.channel import Data, answer, answers, channel
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.form_panel import form_fit, form_of
from poetbot.web.tabs.write.poem_page import MAX_COMPARED
from poetbot.web.tabs.write.tab import Controls, PoemSettings, no_poets
from poetbot.writing import FormRequest, FormWriter, LineRequest, Request, continuations, suggest, titles

MORE_LINES = 4
_LEAST_COPIED = 4  # words


def wire(controls: Controls, session: gr.State, shelf: Shelf, language: Locale) -> None:
    """Connect what the page asks at the cursor and after each edit. The answers come through channels."""
    handlers, c = Handlers(shelf, language), controls
    hidden: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "multiple",
    }
    writing: dict[str, Any] = {**hidden, "concurrency_id": "writing"}

    def suggest_lines(values: dict[Any, Any], event: gr.EventData, visitor: gr.Request) -> Data:
        return handlers.suggest(c.read(values), event, visitor)

    def go_on(values: dict[Any, Any], event: gr.EventData, visitor: gr.Request) -> Iterator[Data]:
        yield from handlers.go_on(values[session], c.read(values), event, visitor)

    lines, settings = channel("lines"), {*c.settings}
    c.page.suggest(suggest_lines, settings, [lines], **writing)
    c.page.go_on(go_on, settings | {session}, [lines], **writing)
    c.page.cancel(handlers.cancel, [session], None, **hidden, queue=False)
    c.page.suggest_titles(handlers.suggest_titles, [c.poet], [channel("titles")], **writing)
    c.page.compare(
        handlers.compare,
        [c.poet, c.lines],
        [channel("comparison")],
        **hidden,
        concurrency_id="comparing",
        concurrency_limit=2,
    )


@dataclass(frozen=True)
class Handlers:
    """What the events call. Each answer is that to one question of the page (`channel`)."""

    shelf: Shelf
    language: Locale

    def suggest(self, settings: PoemSettings, event: gr.EventData, visitor: gr.Request | None = None) -> Data:
        """Suggest three lines at the cursor, each with a note on how near it comes to the form."""
        return answer(event, self.language, lambda data: self._suggestions(settings, data, visitor))

    def _suggestions(self, settings: PoemSettings, data: Data, visitor: gr.Request | None) -> Data:
        shelf, poet = self._poet(settings.poet, visitor)
        form, real_words = form_of(data.get("form"), settings.lines)
        request = LineRequest(
            _text(data, "before"),
            _text(data, "after"),
            settings.temperature,
            settings.top_p,
            settings.random_seed(_turn(data)),
            form=form,
            real_words=real_words,
            guard=shelf.guard(poet, settings.guard or 0),
        )
        found = suggest(shelf.desk(poet), request)
        lines = [
            {
                "text": each.text,
                "line": each.line,
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

    def go_on(
        self,
        session: Session,
        settings: PoemSettings,
        event: gr.EventData,
        visitor: gr.Request | None = None,
    ) -> Iterator[Data]:
        """Go on with the poem, for four lines or (`finish`) to its end, and yield what is written so far."""
        return answers(
            event, self.language, lambda data: self._continuation(session, settings, data, visitor)
        )

    def _continuation(
        self, session: Session, settings: PoemSettings, data: Data, visitor: gr.Request | None
    ) -> Iterator[Data]:
        session.going_on = data.get("ask")
        shelf, poet = self._poet(settings.poet, visitor)
        desk, before, finish = shelf.desk(poet), _text(data, "before"), bool(data.get("finish"))
        form, real_words = form_of(data.get("form"), settings.lines)
        shared = (settings.temperature, settings.top_p)
        rng, guard = settings.random_seed(), shelf.guard(poet, settings.guard or 0)
        if finish and form.lines is not None:
            writer = FormWriter(
                desk, FormRequest(form, before, *shared, rng, real_words=real_words, guard=guard)
            )
            text = ""
            for piece in writer:
                if session.going_on != data.get("ask"):
                    return
                text += piece
                yield {"poet": poet, "text": text, "receipt": None, "more": True}
            yield {"poet": poet, "text": text, "receipt": writer.poem().receipt}
            return
        written = sum(1 for line in before.split("\n") if line.strip())
        lines = max(0, (settings.lines or 0) - written) if finish else MORE_LINES
        found = continuations(desk, before, Request("", *shared, lines=lines or None, rng=rng, guard=guard))
        if not found:
            raise _nothing_found()
        yield {"poet": poet, "text": found[0].text, "receipt": found[0].receipt}

    def cancel(self, session: Session) -> None:
        """Stop going on with the poem."""
        session.going_on = None

    def suggest_titles(
        self, poet: str | None, event: gr.EventData, visitor: gr.Request | None = None
    ) -> Data:
        """Suggest three titles for the poem."""

        def suggestions(data: Data) -> Data:
            shelf, name = self._poet(poet, visitor, data.get("poet"))
            found = titles(shelf.desk(name), _text(data, "text"))
            if not found:
                raise PoetBotError("No title found. Write a few more lines.")
            return {"titles": [each.text for each in found]}

        return answer(event, self.language, suggestions)

    def compare(
        self, poet: str | None, length: int | None, event: gr.EventData, visitor: gr.Request | None = None
    ) -> Data:
        """Compare the poem with the training poems and with its form."""
        return answer(event, self.language, lambda data: self._comparison(poet, length, data, visitor))

    def _comparison(
        self, poet: str | None, length: int | None, data: Data, visitor: gr.Request | None
    ) -> Data:
        text = _text(data, "text")
        shelf, name = self._poet(poet, visitor, data.get("poet"))
        form, _ = form_of(data.get("form"), length, quietly=True)
        if len(text) > MAX_COMPARED:
            raise PoetBotError("This poem is too long to compare as you type. Use the Overlap tab.")
        if not text.strip():
            return {"marks": [], "overlap_html": ""}
        given = data.get("given")
        given = given if isinstance(given, int) and 0 <= given <= len(text) else 0
        index = shelf.index(name)
        found = report(index, text, given) if index else None
        fit = form_fit(text, form, shelf.desk(name), self.language)
        return {
            "marks": poem_view.report_marks(text, found),
            "overlap_html": poem_view.overlap_html(text, found, self.language, form_fit=fit),
        }

    def _poet(self, chosen: str | None, visitor: gr.Request | None, of_poem: Any = None) -> tuple[Shelf, str]:
        """Return the visitor's shelf, and the poet of the poem if it is there, else the chosen one."""
        shelf = self.shelf.of(visitor)
        if isinstance(of_poem, str) and of_poem and (shelf.has(of_poem) or not shelf.has(chosen)):
            return shelf, of_poem
        if chosen is None:
            raise PoetBotError(no_poets(self.language))
        return shelf, chosen


def _nothing_found() -> PoetBotError:
    return PoetBotError("No suggestions. Raise the temperature, clear the form, or try again.")


def note(figures: Mapping[str, Any], language: Locale) -> str:
    """Return what a line misses of its form, and how many words it copies."""
    form, _ = figures.get("form") or {}, language.gettext
    notes = []
    if form.get("syllables") != form.get("syllables_wanted"):
        notes.append(_("{n} of {total} syllables", n=form["syllables"], total=form["syllables_wanted"]))
    if form.get("rhymes") is False:
        notes.append(_("no rhyme"))
    if form.get("letter") is False:
        notes.append(_("wrong first letter"))
    if (copied := figures.get("copied_words") or 0) >= _LEAST_COPIED:
        notes.append(_("{n} words copied", n=copied))
    return language.list(notes)


def _turn(data: Data) -> int:
    turn = data.get("turn")
    return turn if isinstance(turn, int) and 0 <= turn < 1_000 else 0


def _text(data: Data, name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise PoetBotError("A poem must be text.")
    return value
