"""Writing line by line: what the page asks at the cursor, and what follows every edit; plain functions of the core."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.overlap import report
from poetbot.web.components import poem_view
from poetbot.web.components.channel import channel
from poetbot.web.new_seed import fresh_rng
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.desk_words import DeskWords
from poetbot.web.tabs.write.form_panel import form_of, nearness
from poetbot.web.tabs.write.poem_page import MOST_FOLLOWED
from poetbot.web.tabs.write.tab import Controls
from poetbot.web.words import Words
from poetbot.writing import (
    Asked,
    FormRequest,
    FormWriter,
    Request,
    continuations,
    suggest,
    titles,
)

log = logging.getLogger(__name__)

MORE_LINES = 4
_LEAST_SHARED = 4  # words

Value = dict[str, Any]


def wire(controls: Controls, session: gr.State, shelf: Shelf, words: Words) -> None:
    """Say what the page may ask at the cursor, and hear of each edit. The answers come through channels."""
    handlers, c = Handlers(shelf, words), controls
    lines, sight = channel("lines"), channel("sight")
    drawn = [c.poet, c.temperature, c.top_p, c.guard, c.rng, c.fresh, c.lines]
    hidden: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "trigger_mode": "multiple",
    }
    writing: dict[str, Any] = {**hidden, "concurrency_id": "writing"}
    c.page.suggest(handlers.suggest, drawn, [lines], **writing)
    c.page.go_on(handlers.go_on, [session, *drawn], [lines], **writing)
    c.page.hush(handlers.hush, [session], None, **hidden, queue=False)
    c.page.entitle(handlers.entitle, [c.poet], [channel("titles")], **writing)
    c.page.look(
        handlers.look, [c.poet, c.lines], [sight], **hidden, concurrency_id="looking", concurrency_limit=2
    )


@dataclass(frozen=True)
class Handlers:
    """What the events call. Every answer holds the number of its question; `error` is a sentence instead."""

    shelf: Shelf
    words: Words

    def suggest(
        self,
        poet: str | None,
        temperature: float,
        top_p: float,
        guard: int | None,
        rng: int | None,
        fresh: bool,
        length: int | None,
        event: gr.EventData,
        visitor: gr.Request | None = None,
    ) -> Value:
        """Suggest lines at the cursor: three of them, each with how near it comes to the form."""
        data = _data(event)
        try:
            shelf, name = self._poet(poet, visitor)
            form, real_words = form_of(data.get("form"), length)
            asked = Asked(
                _text(data, "before"),
                _text(data, "after"),
                temperature,
                top_p,
                _number(rng, fresh, data),
                form=form,
                real_words=real_words,
                guard=shelf.guard(name, guard or 0),
            )
            found = suggest(shelf.desk(name), asked)
        except PoetBotError as error:
            return _said(data, self.words.tongue.said(error))
        except Exception:  # the page waits for an answer
            log.exception("Lines could not be suggested.")
            return _said(data, self.words.broken)
        lines = [
            {
                "text": each.text,
                "line": each.line,
                "note": note(each.figures, self.words.desk),
                "receipt": each.receipt,
            }
            for each in found.suggestions
            if each.text.strip()
        ]
        if not lines:
            return _said(data, self.words.desk.none_found)
        return {
            "ask": data.get("ask"),
            "poet": name,
            "lines": lines,
            "said": self.words.tongue.gap.join(map(self.words.tongue.said, found.notices)),
        }

    def go_on(
        self,
        session: Session,
        poet: str | None,
        temperature: float,
        top_p: float,
        guard: int | None,
        rng: int | None,
        fresh: bool,
        length: int | None,
        event: gr.EventData,
        visitor: gr.Request | None = None,
    ) -> Iterator[Value]:
        """Go on with the poem, for some lines or (`finish`) to its end, giving out what stands so far."""
        data = _data(event)
        session.going_on = data.get("ask")
        try:
            shelf, name = self._poet(poet, visitor)
            desk, before = shelf.desk(name), _text(data, "before")
            form, real_words = form_of(data.get("form"), length)
            number, kept = _number(rng, fresh, data), shelf.guard(name, guard or 0)
            if data.get("finish") and form.lines is not None:
                request = FormRequest(
                    form, before, temperature, top_p, number, real_words=real_words, guard=kept
                )
                yield from self._in_form(session, data, name, FormWriter(desk, request))
                return
            had = sum(1 for line in before.split("\n") if line.strip())
            more = max(0, (length or 0) - had) if data.get("finish") else MORE_LINES
            asked = Request("", temperature, top_p, lines=more or None, rng=number, guard=kept)
            found = continuations(desk, before, asked)
            if not found:
                yield _said(data, self.words.desk.none_found)
                return
            yield _answer(data, name, found[0].text, found[0].receipt)
        except PoetBotError as error:
            yield _said(data, self.words.tongue.said(error))
        except Exception:  # the page waits for an answer
            log.exception("The poem could not be gone on with.")
            yield _said(data, self.words.broken)

    def _in_form(self, session: Session, data: Value, poet: str, writer: FormWriter) -> Iterator[Value]:
        text = ""
        for piece in writer:
            if session.going_on != data.get("ask"):
                return
            text += piece
            yield {**_answer(data, poet, text, None), "more": True}
        yield _answer(data, poet, text, writer.poem().receipt)

    def hush(self, session: Session) -> None:
        """Let what is being written on be."""
        session.going_on = None

    def entitle(self, poet: str | None, event: gr.EventData, visitor: gr.Request | None = None) -> Value:
        """Propose three titles for the poem."""
        data = _data(event)
        try:
            own = data.get("poet")
            shelf, name = self._poet(own if isinstance(own, str) and own else poet, visitor, poet)
            found = titles(shelf.desk(name), _text(data, "text"))
        except PoetBotError as error:
            return _said(data, self.words.tongue.said(error))
        except Exception:  # the page waits for an answer
            log.exception("Titles could not be found.")
            return _said(data, self.words.broken)
        if not found:
            return _said(data, self.words.desk.no_title)
        return {"ask": data.get("ask"), "titles": [each.text for each in found]}

    def look(
        self,
        poet: str | None,
        length: int | None,
        event: gr.EventData,
        visitor: gr.Request | None = None,
    ) -> Value:
        """Say of the poem as it stands what it shares with what the poet has read, and how near it is to its form."""
        data = _data(event)
        try:
            text = _text(data, "text")
            own, words = data.get("poet"), self.words
            shelf, name = self._poet(own if isinstance(own, str) and own else poet, visitor, poet)
            form, _ = form_of(data.get("form"), length, quietly=True)
            if len(text) > MOST_FOLLOWED:
                return {**_said(data, ""), "overlap": poem_view.notices_html((words.desk.too_long,))}
            given = data.get("given")
            given = given if isinstance(given, int) and 0 <= given <= len(text) else 0
            index = shelf.index(name)
            found = report(index, text, given) if index and text.strip() else None
            spans = found["spans"] if found else ()
            marks = poem_view.marked(
                len(text), [(span["start"], span["end"], span["distinctive"]) for span in spans]
            )
            said = poem_view.overlap_html(text, found, words) if text.strip() else ""
            near = nearness(text, form, shelf.desk(name), self.words.desk)
            return {
                "ask": data.get("ask"),
                "marks": marks,
                "overlap": said + poem_view.notices_html((near,) if near else ()),
            }
        except PoetBotError as error:
            return _said(data, self.words.tongue.said(error))
        except Exception:  # the page waits for an answer
            log.exception("The poem could not be looked at.")
            return _said(data, self.words.broken)

    def _poet(
        self, poet: str | None, visitor: gr.Request | None, instead: str | None = None
    ) -> tuple[Shelf, str]:
        shelf = self.shelf.of(visitor)
        if not shelf.has(poet):  # a kept poem's poet may have gone
            poet = instead if shelf.has(instead) else poet
        if poet is None:
            raise PoetBotError(self.words.no_poets)
        return shelf, poet


def note(figures: Mapping[str, Any], words: DeskWords) -> str:
    """Return in a few words what there is to say of a suggestion: what it misses of its form, what it copies."""
    fit, said = figures.get("form") or {}, []
    if fit.get("syllables") != fit.get("syllables_wanted"):
        said.append(words.syllables.format(n=fit.get("syllables"), wanted=fit.get("syllables_wanted")))
    if fit.get("rhymes") is False:
        said.append(words.no_rhyme)
    if fit.get("letter") is False:
        said.append(words.no_letter)
    if (figures.get("copied_words") or 0) >= _LEAST_SHARED:
        said.append(words.shares.format(n=figures["copied_words"]))
    return words.tongue.comma.join(said)


def _answer(data: Value, poet: str, text: str, receipt: dict[str, Any] | None) -> Value:
    return {"ask": data.get("ask"), "poet": poet, "text": text, "receipt": receipt}


def _said(data: Value, sentence: str) -> Value:
    return {"ask": data.get("ask"), "error": sentence}


def _number(rng: int | None, fresh: bool, data: Value) -> int:
    """Return the number to draw with: a new one, or the one that was set and as many on as others were asked for."""
    turn = data.get("turn")
    turn = turn if isinstance(turn, int) and 0 <= turn < 1_000 else 0
    return fresh_rng() if fresh or rng is None else rng + turn


def _text(data: Value, name: str) -> str:
    value = data.get(name, "")
    if not isinstance(value, str):
        raise PoetBotError("A poem is a text.")
    return value


def _data(event: gr.EventData) -> Value:
    data = event._data
    return data if isinstance(data, dict) else {}
