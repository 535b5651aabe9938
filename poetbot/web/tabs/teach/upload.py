"""Bringing: what a person pastes, drops, or picks becomes a corpus in the data folder, and is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.corpus.named_corpora import GUTENBERG, NAMED, licence_of, named_file
from poetbot.documents.records import shown
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, bring, corpora, find
from poetbot.storage import Home
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review
from poetbot.web.words import Words

MOST_PASTED = 5_000_000  # characters

Values = tuple[Any, Any, Any, Any]
"""For the page, the id of the chosen corpus, the list of those brought before, and the place for files."""


@dataclass(frozen=True)
class Controls:
    """The components of the section."""

    text: gr.Textbox
    take_text: gr.Button
    files: gr.File
    ready: gr.Dropdown
    take_ready: gr.Button
    before: gr.Dropdown


def build(words: Words) -> Controls:
    """Lay the section out: paste, drop, pick."""
    own = words.teach
    with gr.Column(elem_id="tb"):
        gr.HTML(
            f"<h2>{escape(own.bring)}</h2><p>{escape(own.stays_here)}</p>",
            elem_id="tb-lead",
            apply_default_css=False,
        )
        with gr.Row(elem_id="tb-ways"):
            with gr.Column(elem_id="tb-drop", min_width=240):
                gr.HTML(
                    f"<span>{escape(own.drop)}</span> <small>{escape(own.kinds)}</small>",
                    elem_id="tb-kinds",
                    apply_default_css=False,
                )
                files = gr.File(
                    label=own.drop, show_label=False, file_count="multiple", height=190, elem_id="tb-files"
                )
            with gr.Column(elem_id="tb-paste", min_width=240):
                text = gr.Textbox(
                    label=own.paste, placeholder=own.paste_hint, lines=6, max_lines=10, elem_id="tb-text"
                )
                take_text = gr.Button(own.take_text, size="sm", elem_id="tb-take-text")
        with gr.Row(elem_id="tb-others"):
            ready = gr.Dropdown(
                list(NAMED),
                value=NAMED[0],
                label=own.ready_made,
                filterable=False,
                elem_id="tb-ready",
                min_width=140,
            )
            take_ready = gr.Button(own.take_ready_made, size="sm", elem_id="tb-take-ready", min_width=120)
            before = gr.Dropdown(
                [], value=None, label=own.brought_before, filterable=False, elem_id="tb-before", min_width=140
            )
    return Controls(text, take_text, files, ready, take_ready, before)


def wire(controls: Controls, page: gr.HTML, chosen: gr.State, visitors: Visitors, words: Words) -> list[Any]:
    """Say what each control does; returns the events that can be stopped."""
    handlers = Handlers(visitors, words)
    c = controls
    outputs = [page, chosen, c.before, c.files]
    settings = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "concurrency_id": "bringing",
        "concurrency_limit": 4,
    }
    events = [
        c.take_text.click(handlers.pasted, [c.text, chosen], outputs, **settings),
        # Files dropped while the ones before are still being answered are not lost.
        c.files.upload(handlers.dropped, [c.files, chosen], outputs, trigger_mode="multiple", **settings),
        c.take_ready.click(handlers.ready_made, [c.ready, chosen], outputs, **settings),
        c.before.input(handlers.opened, [c.before, chosen], outputs, **settings),
    ]
    for event in events:
        event.failure(handlers.broken, None, [page], api_visibility="private", show_progress="hidden")
    return events


@dataclass(frozen=True)
class Handlers:
    """What the events call. Each is a generator: closed where the person stops it.

    What was `chosen` before is chosen again where something cannot be read.
    """

    visitors: Visitors
    words: Words

    def pasted(self, text: Any, request: gr.Request | None = None, chosen: Any = "") -> Iterator[Values]:
        """Take the text of the box."""
        try:
            if not isinstance(text, str) or not text.strip():
                raise PoetBotError(self.words.teach.nothing_given)
            if len(text) > MOST_PASTED:
                raise PoetBotError(self.words.teach.too_much_pasted)
            data = text.replace("\0", "").encode("utf-8", "replace")
            name = shown(next(line for line in text.split("\n") if line.strip()), 40)
            home = self.visitors.home(request)
            corpus = bring(home, [("pasted.txt", data)], name or self.words.teach.pasted)
        except PoetBotError as error:
            yield self._said(self.words.tongue.said(error))
            return
        yield from self._read(home, corpus, chosen)

    def dropped(self, paths: Any, request: gr.Request | None = None, chosen: Any = "") -> Iterator[Values]:
        """Take the files that were uploaded. They stay where gradio put them: equal bytes have one path for everybody, and
        the sweeper deletes it when it is old."""
        given = [Path(path) for path in _listed(paths)]
        try:
            if not given or not all(path.is_file() for path in given):
                raise PoetBotError(self.words.teach.no_upload)
            home = self.visitors.home(request)
            corpus = bring(home, [(path.name, path) for path in given])
        except PoetBotError as error:
            yield self._said(self.words.tongue.said(error))
            return
        yield from self._read(home, corpus, chosen)

    def ready_made(self, name: Any, request: gr.Request | None = None, chosen: Any = "") -> Iterator[Values]:
        """Take a corpus that has a name."""
        yield self._working(0.0)
        try:
            file, data, author = named_file(name)
            home = self.visitors.home(request)
            owner = "public" if name in GUTENBERG else None
            corpus = bring(home, [(file, data)], name, owner=owner, licence=licence_of(name), author=author)
        except PoetBotError as error:
            yield self._said(self.words.tongue.said(error))
            return
        yield from self._read(home, corpus, chosen)

    def opened(self, number: Any, request: gr.Request | None = None, chosen: Any = "") -> Iterator[Values]:
        """Open a corpus that was brought before; it is read where that was not done."""
        try:
            home = self.visitors.home(request)
            corpus = find(home, number)
            stale = corpus.stale()
        except PoetBotError as error:
            yield self._said(self.words.tongue.said(error))
            return
        if stale:
            yield from self._read(home, corpus, chosen)
        else:
            yield review.shown(corpus, self.words), corpus.id, gr.skip(), gr.skip()

    def latest(self, request: gr.Request | None = None) -> tuple[Any, Any, Any]:
        """Return page, chosen corpus and list for somebody who opens the app: what was brought last."""
        try:
            home = self.visitors.home(request)
        except PoetBotError:
            return gr.skip(), "", gr.skip()
        last = next(iter(corpora(home)), None)
        number = last.id if last else ""
        return (
            review.shown(last, self.words) if last else gr.skip(),
            number,
            review.before(home, number),
        )

    def broken(self) -> Any:
        """Say that something failed that should not have; the log has the rest."""
        return review.failed(self.words.teach.bring_broken)

    def _read(self, home: Home, corpus: Corpus, chosen: Any) -> Iterator[Values]:
        """Read a corpus and show it; one that cannot be read is deleted, unless a choice of fields may mend that."""
        page: Any = None
        yield self._working(0.0)[0], corpus.id, review.before(home, corpus.id), None
        for page in review.read(corpus, self.words):
            yield page, gr.skip(), gr.skip(), gr.skip()
        if page and "error" in page:
            if corpus.state().read is None:
                corpus.delete()
            chosen = chosen if isinstance(chosen, str) else ""
            yield gr.skip(), chosen, review.before(home, chosen), gr.skip()

    def _working(self, share: float) -> Values:
        return review.working(self.words.teach.opening, share), gr.skip(), gr.skip(), gr.skip()

    def _said(self, sentence: str) -> Values:
        return review.failed(sentence), gr.skip(), gr.skip(), None


def _listed(paths: Any) -> Sequence[str]:
    paths = [paths] if isinstance(paths, str) else paths
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
