"""Seeing: what was taken as poems and why, and what the person says instead.

The value of the page, which review.js shows, is one of

    {"working", "share"}                 how far reading is
    {"corpus", "stale", "status", "at"}  a corpus, as HTML made by `teach_view`; stale: it is to be counted again; "saved"
                                         names the part whose panel is done
    {"whole", "html"}                    the text of one part
    {"edit", "html"}                     the panel in which a part is edited
    {"refused", "html"}                  a sentence for that panel: what was typed cannot be kept
    {"error"}                            a sentence
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.corpus.parts import Reading
from poetbot.documents.records import NoSuchField, Wanted
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, corpora, find
from poetbot.library.corpora.part_edits import PartKey
from poetbot.storage import Home
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import part_editor, review_view
from poetbot.web.tabs.teach.review_view import View
from poetbot.web.words import Words

_HERE = Path(__file__).parent
_MOST_TAGS = 100
_MOST_LISTED = 200
_TEMPLATE = """
<div class="ts" data-stopped="{stopped}" data-reading="{reading}" data-counting="{counting}">
  <h2>{see}</h2>
  <p class="unseen" role="status" data-part="status"></p>
  <div class="notices" role="alert" data-part="notices"></div>
  <div class="working" data-part="working"><progress max="1" value="0" aria-label="{reading}"></progress>
    <span data-part="step"></span><button type="button" data-do="stop">{stop}</button></div>
  <div data-part="corpus"><p class="blank">{blank}</p></div>
</div>
"""

Value = dict[str, Any]


def build(words: Words) -> gr.HTML:
    """Return the page of the section. Its events are "act", "count" and "halt"."""
    return gr.HTML(
        html_template=template(words),
        js_on_load="\n".join(
            (_HERE / name).read_text(encoding="utf-8") for name in ("part_editor.js", "review.js")
        ),
        apply_default_css=False,
        elem_id="ts-page",
    )


def template(words: Words) -> str:
    """Return the page without a corpus. Gradio reads it as a template, so it must hold none of its signs."""
    own = words.teach
    html = _TEMPLATE.format(
        stopped=escape(own.reading_stopped),
        reading=escape(own.reading),
        counting=escape(own.counting),
        see=escape(own.see),
        stop=escape(own.stop_reading),
        blank=escape(own.nothing_yet),
    )
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def wire(
    page: gr.HTML,
    chosen: gr.State,
    listed: gr.Dropdown,
    visitors: Visitors,
    words: Words,
    stoppable: list[Any],
) -> None:
    """Say what the page's own controls do; `stoppable` are the events that Stop ends, too."""
    handlers = Handlers(visitors, words)
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    # Every click counts, also one that comes before the last was answered.
    acted = page.act(
        handlers.act, [chosen], [page, chosen, listed], concurrency_limit=8, trigger_mode="multiple", **quiet
    )
    counted = page.count(
        handlers.count, [chosen], [page], concurrency_id="bringing", trigger_mode="always_last", **quiet
    )
    for event in (acted, counted):
        event.failure(handlers.broken, None, [page], **quiet)
    page.halt(None, cancels=[*stoppable, counted], api_visibility="private")


@dataclass(frozen=True)
class Handlers:
    """What the events call: plain functions of the core, tested without a browser."""

    visitors: Visitors
    words: Words

    def act(
        self, number: Any, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Any, Any, Any]:
        """Do what the person asks of the chosen corpus: `event` has what, and which parts they look at."""
        data = event._data if isinstance(event._data, dict) else {}
        do, own = data.get("do"), self.words.teach
        view = View.of(data)
        status, done = "", {}
        try:
            home = self.visitors.home(request)
            corpus = find(home, number)
            part: Any = data.get("number")
            named = f"{corpus.id} {data.get('part')}"  # as part_editor.js calls a part
            if do == "whole":
                record = corpus.record()
                record.place(part)
                edit = corpus.state().edits.get(record.key(part))
                html = review_view.whole_html(record, part, edit, own)
                return {"whole": part, "html": html, "at": _now()}, gr.skip(), gr.skip()
            if do == "delete":
                corpus.delete()
                last = next(iter(corpora(home)), None)
                page = {**shown(last, self.words), "status": own.deleted}
                return page, last.id if last else "", before(home, last.id if last else "")
            if do == "edit":
                html = part_editor.panel_html(corpus, PartKey.of(data.get("part")), own)
                return {"edit": named, "html": html, "at": _now()}, gr.skip(), gr.skip()
            if do in ("save", "restore"):
                try:
                    part_editor.keep(corpus, data)
                except PoetBotError as error:
                    sentence = failed(self.words.tongue.said(error))["error"]
                    return {"refused": named, "html": sentence, "at": _now()}, gr.skip(), gr.skip()
                done = {"saved": named}
            elif do == "say":
                taken = data.get("taken") is True
                corpus.say({part if type(part) is int else -1: taken})
                status = own.said_taken if taken else own.said_left
            elif do == "read" and data.get("value") in list(Reading):
                corpus.read_as(Reading(data["value"]))
            elif do == "own":
                corpus.own(str(data.get("value")))
            elif do == "name":
                corpus.rename(str(data.get("value"))[:1000])
            elif do == "encoding":
                corpus.read_in(part if type(part) is int else -1, str(data.get("value")))
            elif do == "choose":
                corpus.choose(_wanted(data))
            if (state := corpus.state()).small() and state.read:
                corpus.read()
            if done:
                status = part_editor.status(corpus, data, own)
        except NoSuchField as error:
            return shown(corpus, self.words, view, error), gr.skip(), gr.skip()
        except PoetBotError as error:
            return failed(self.words.tongue.said(error)), gr.skip(), gr.skip()
        page = {**shown(corpus, self.words, view, status=status), **done}
        return page, gr.skip(), before(home, corpus.id) if do == "name" else gr.skip()

    def count(self, number: Any, event: gr.EventData, request: gr.Request | None = None) -> Iterator[Value]:
        """Read what was changed, where that takes its time."""
        try:
            corpus = find(self.visitors.home(request), number)
        except PoetBotError as error:
            yield failed(self.words.tongue.said(error))
            return
        yield from read(corpus, self.words, View.of(event._data))

    def broken(self) -> Value:
        """Say that something failed that should not have; the log has the rest."""
        return failed(self.words.teach.bring_broken)


def read(corpus: Corpus, words: Words, view: View | None = None) -> Iterator[Value]:
    """Read a corpus: how far it is, then the corpus or a sentence."""
    own = words.teach
    steps = {
        "opening": own.opening,
        "looking": own.looking,
        "comparing": own.comparing,
        "writing": own.writing_down,
    }
    try:
        for step in corpus.reading():
            yield working(steps.get(step.name, own.reading), step.share)
        yield shown(corpus, words, view)
    except NoSuchField as error:
        yield shown(corpus, words, view, error)
    except PoetBotError as error:
        yield failed(words.tongue.said(error))


def shown(
    corpus: Corpus | None,
    words: Words,
    view: View | None = None,
    lacking: NoSuchField | None = None,
    status: str = "",
) -> Value:
    """Return what the page shows of a corpus; what was never read yet is stale and has nothing to show."""
    own = words.teach
    at = _now()  # before the disk is looked at: of two answers the younger knows all that the older knew
    if corpus is None:
        return {"corpus": f'<p class="blank">{escape(own.nothing_yet)}</p>', "stale": False, "at": at}
    try:
        if lacking:
            html = review_view.unread_html(corpus.state(), lacking.names, lacking.sentence, own)
            return {"corpus": html, "stale": False, "status": own.tongue.said(lacking.sentence), "at": at}
        stale = corpus.stale()
        if not corpus.has_record():
            return {"corpus": "", "stale": stale, "at": at}
        html = review_view.corpus_html(corpus, view or View(), own)
        counts = corpus.summary().counts
        said = own.one_poem_taken if counts.poems == 1 else own.poems_taken
        status = f"{status}{own.tongue.gap}{said.format(n=f'{counts.poems:,}')}{own.tongue.stop}".strip()
        return {"corpus": html, "stale": stale, "status": status, "at": at}
    except PoetBotError as error:
        return failed(words.tongue.said(error))


def working(step: str, share: float) -> Value:
    """Return how far reading is."""
    return {"working": step, "share": max(0.02, round(share, 3))}


def failed(sentence: str) -> Value:
    """Return a sentence to show."""
    # Two equal values in a row would be one to the browser, and the second sentence would not be seen.
    return {"error": f"<p>{escape(sentence)}</p>", "at": _now()}


def _wanted(data: dict[str, Any]) -> Wanted:
    def field(name: str) -> str | None:
        value = data.get(name)
        if value == review_view.NO_FIELD:
            return None if name == "text" else ""
        return value[:1000] if isinstance(value, str) and value else None

    tags = data.get("tags")
    chosen = [tag[:1000] for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return Wanted(field("text"), field("title"), field("author"), tuple(chosen[:_MOST_TAGS]))


def before(home: Home, number: str) -> Any:
    """Return the list of what was brought before, with one chosen."""
    choices = []
    for corpus in corpora(home)[:_MOST_LISTED]:
        try:
            choices.append((corpus.state().name, corpus.id))
        except PoetBotError:
            continue
    known = any(number == value for _, value in choices)
    return gr.Dropdown(choices=choices, value=number if known else None)


def _now() -> int:
    return time.monotonic_ns()
