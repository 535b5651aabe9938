"""The tab for writing: its controls, and what happens when they are used."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.overlap import marks, report
from poetbot.poets.folder import USUAL
from poetbot.web.new_seed import fresh_rng
from poetbot.web.serving.access import Kind
from poetbot.web.serving.poet_registry import Shelf, of_epoch
from poetbot.web.serving.session import Kept, Session
from poetbot.web.tabs.write import poem_page as page
from poetbot.web.tabs.write.form_panel import form_of, nearness
from poetbot.web.tabs.write.openings import EXAMPLES, openings_for, throw
from poetbot.web.tabs.write.streaming import pieces
from poetbot.web.words import Words
from poetbot.writing import Form, FormRequest, FormWriter, Request, Writer, write, write_in_form

log = logging.getLogger(__name__)

LENGTHS = (4, 8, 14, 20, 40)  # lines to choose from
USUAL_LENGTH = 14  # a sonnet's: it fits the page, where a poem without a given length may go on for pages
WILDEST = 1.5  # of the slider; the core takes up to 2, and nobody reads that
GUARDS = (4, 6, 8, 12)  # words to choose from: no copied run has so many
USUAL_GUARD = 8  # two lines of a short song; people share no run of eight words by chance

_WITH_FORM = "(...asked) => [...asked.slice(0, -1), document.querySelector('#page .desk').formAsked()]"

Value = dict[str, Any]


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    seed: gr.Textbox
    die: gr.Button
    examples: tuple[gr.Button, ...]
    poet: gr.Dropdown
    temperature: gr.Slider
    lines: gr.Dropdown
    write: gr.Button
    guard: gr.Dropdown
    top_p: gr.Slider
    rng: gr.Number
    fresh: gr.Checkbox
    page: gr.HTML


def build(shelf: Shelf, words: Words) -> Controls:
    """Lay the tab out: the controls above, the page below (on a phone the other way round, see page.css)."""
    names = shelf.names()
    with gr.Column(elem_id="sheet"):
        with gr.Column(elem_id="controls"):
            with gr.Row(elem_id="opening"):
                seed = gr.Textbox(
                    label=words.first_words,
                    placeholder=words.first_words_hint,
                    lines=2,
                    max_lines=6,
                    elem_id="seed",
                    autoscroll=False,
                )
                die = gr.Button(words.die, elem_id="die", size="sm")
            with gr.Row(elem_id="examples"):
                gr.HTML(f"<span>{escape(words.examples)}</span>", elem_id="examples-label")
                examples = tuple(gr.Button(each, size="sm", elem_classes="example") for each in EXAMPLES)
            with gr.Row(elem_id="settings"):
                poet = gr.Dropdown(
                    names,
                    value=_first(names),
                    label=words.poet,
                    filterable=False,
                    elem_id="poet",
                    min_width=120,
                )
                with gr.Column(elem_id="wildness", min_width=160):
                    temperature = gr.Slider(
                        0,
                        WILDEST,
                        value=0.7,
                        step=0.05,
                        label=words.wildness,
                        buttons=[],
                        elem_id="temperature",
                    )
                    gr.HTML(
                        f"<span>{escape(words.steady)}</span><span>{escape(words.wild)}</span>",
                        elem_id="ends",
                        apply_default_css=False,
                    )
                lines = gr.Dropdown(
                    [(words.until_it_ends, 0), *((words.lines.format(n=n), n) for n in LENGTHS)],
                    value=USUAL_LENGTH,
                    label=words.length,
                    filterable=False,
                    elem_id="lines",
                    min_width=120,
                )
            with gr.Row(elem_id="go"):
                gr.Button(words.settings, elem_id="settings-button")
                write_button = gr.Button(words.write, variant="primary", elem_id="write-button")
                gr.Button(words.stop, elem_id="stop-button")
                gr.HTML(
                    f"<span>{escape(words.write_key)}</span><span>{escape(words.stop_key)}</span>",
                    elem_id="keys",
                    apply_default_css=False,
                )
            with gr.Accordion(words.more, open=False, elem_id="more"), gr.Row(elem_id="more-row"):
                # Each in a column of its own: Gradio would put neighbours into one box.
                with gr.Column(min_width=140):
                    guard = gr.Dropdown(
                        [*((words.guard_under.format(n=n), n) for n in GUARDS), (words.guard_none, 0)],
                        value=USUAL_GUARD,
                        label=words.guard,
                        info=words.guard_hint,
                        filterable=False,
                        elem_id="guard",
                    )
                with gr.Column(min_width=140):
                    top_p = gr.Slider(
                        0.05,
                        1,
                        value=1,
                        step=0.05,
                        label=words.top_p,
                        info=words.top_p_hint,
                        buttons=[],
                        elem_id="top-p",
                    )
                with gr.Column(min_width=140):
                    rng = gr.Number(
                        value=0, precision=0, minimum=0, label=words.rng, info=words.rng_hint, elem_id="rng"
                    )
                with gr.Column(min_width=140, elem_id="switches"):
                    fresh = gr.Checkbox(True, label=words.fresh, elem_id="fresh")
                    gr.Checkbox(False, label=words.at_once, elem_id="at-once")
                    gr.Checkbox(True, label=words.desk.apart, elem_id="apart")
        sheet = page.page(words, in_browser=shelf.visitors.access.kind is not Kind.ONE)
    return Controls(
        seed, die, examples, poet, temperature, lines, write_button, guard, top_p, rng, fresh, sheet
    )


def _first(names: list[str]) -> str | None:
    return USUAL if USUAL in names else next(iter(names), None)


def poets(shelf: Shelf, chosen: str | None, request: gr.Request | None, language: Locale) -> Any:
    """Return the list of poets anew: with the person's own, those trained since, and the epoch that was chosen."""
    shelf = shelf.of(request)
    names = shelf.names()
    offered: list[str | tuple[str, str]] = list(names)
    chosen = chosen if shelf.has(chosen) else _first(names)
    if chosen and chosen not in names:
        poet, epoch = of_epoch(chosen)
        label = language.gettext("{poet}, after epoch {n}", poet=poet, n=epoch)
        offered.insert(names.index(poet) + 1, (label, chosen))
    return gr.Dropdown(offered, value=chosen)


def wire(controls: Controls, session: gr.State, shelf: Shelf, words: Words) -> None:
    """Say what each control does. page.js turns Write into Stop, paces the poem, and calls "settle" at its end."""
    handlers = Handlers(shelf, words)
    c = controls
    form = gr.JSON(visible=False)  # what the panel asks for, read as Write is pressed
    asked = [session, c.poet, c.seed, c.temperature, c.top_p, c.lines, c.rng, c.fresh, c.guard, form]
    writing = {"api_visibility": "private", "show_progress": "hidden", "concurrency_id": "writing"}
    aside = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 8}
    # "multiple": after Stop one may write again before the event of the stopped poem has ended.
    started = c.write.click(
        handlers.write, asked, [c.page, c.rng], trigger_mode="multiple", js=_WITH_FORM, **writing
    )
    again = c.page.again(handlers.again, [session], [c.page, c.rng], trigger_mode="multiple", **writing)
    settled = c.page.settle(handlers.settle, [session], [c.page], trigger_mode="multiple", **aside)
    for event in (started, again, settled):
        event.failure(handlers.broken, None, [c.page], **aside)
    at_once = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
    c.die.click(handlers.throw, [c.poet, c.seed], [c.seed], **at_once)
    c.poet.change(handlers.examples, [c.poet], list(c.examples), **at_once)
    for button in c.examples:
        button.click(lambda text: text, [button], [c.seed], **at_once)


@dataclass(frozen=True)
class Handlers:
    """What the events call: plain functions of the core, tested without a browser."""

    shelf: Shelf
    words: Words

    def write(
        self,
        session: Session,
        poet: str | None,
        seed: str,
        temperature: float,
        top_p: float,
        lines: int | None,
        rng: int | None,
        fresh: bool,
        guard: int | None,
        form: Any = None,
        visitor: gr.Request | None = None,
    ) -> Iterator[tuple[Value, Any]]:
        """Write a poem with these settings, giving out what stands so far and the rng it is written with."""
        if poet is None:
            yield page.failed(0, self.words.no_poets), gr.skip()
            return
        try:
            number = fresh_rng() if fresh else rng
            asked: dict[str, Any] = {
                "seed": seed or "",
                "temperature": temperature,
                "top_p": top_p,
                "rng": number,
                "guard": guard or 0,
            }
            wanted, real_words = form_of(form, lines)
            if real_words and wanted.lines is None:
                wanted = Form(stanzas=(lines or USUAL_LENGTH,))
            request: Request | FormRequest
            if wanted.lines is None:
                request = Request(**asked, lines=lines or None)
            else:
                request = FormRequest(form=wanted, real_words=real_words, **asked)
        except PoetBotError as error:
            yield page.failed(0, self.words.tongue.said(error)), gr.skip()
            return
        yield from self._write(visitor, session, poet, request)

    def again(
        self, session: Session, event: gr.EventData, visitor: gr.Request | None = None
    ) -> Iterator[tuple[Value, Any]]:
        """Write another poem with the settings of the one that is shown."""
        kept = session.find(_data(event).get("id"))
        if kept:
            yield from self._write(visitor, session, kept.poet, replace(kept.request, rng=fresh_rng()))

    def _write(
        self, visitor: gr.Request | None, session: Session, poet: str, request: Request | FormRequest
    ) -> Iterator[tuple[Value, Any]]:
        draft = session.begin(poet, request)
        try:
            shelf = self.shelf.of(visitor)
            guard, index = shelf.guard(poet, request.guard), shelf.index(poet)
            draft.guarded = replace(request, guard=guard)
            writer: Writer | FormWriter
            if isinstance(draft.guarded, FormRequest):
                writer = FormWriter(shelf.desk(poet), draft.guarded)
            else:
                writer = Writer(shelf.poet(poet), draft.guarded, index)
            unguarded = (self.words.not_guarded,) if request.guard and not guard else ()
            draft.notices = (*map(self.words.tongue.said, writer.notices), *unguarded)
            # The number each time: to pass a component over, gradio makes it anew, which takes longer than writing does.
            for written, found in pieces(writer, index, shelf.turns):
                if draft.stopped:
                    return
                yield page.in_the_making(draft, writer.seed, written, found), request.rng
            if draft.stopped:  # after the last piece, where the rest of the poem was written at once
                return
            draft.poem = poem = writer.poem()
            written = poem.text[poem.seed_characters :]
            found = marks(index, poem.text, poem.seed_characters) if index else []
            yield page.in_the_making(draft, writer.seed, written, found), request.rng
        except PoetBotError as error:
            yield page.failed(draft.number, self.words.tongue.said(error)), gr.skip()

    def settle(self, session: Session, event: gr.EventData, visitor: gr.Request | None = None) -> Any:
        """Keep what the reader has seen: the whole poem, or, after Stop, its first so many characters."""
        data = _data(event)
        draft = session.drafts.pop(data.get("id", 0), None)
        if draft is None:
            return gr.skip()
        draft.stopped = True
        shown = data.get("shown")
        poem = draft.poem
        try:
            shelf = self.shelf.of(visitor)
            index = shelf.index(draft.poet)
            if poem is None or (isinstance(shown, int) and shown < len(poem.text) - poem.seed_characters):
                # Written once more up to here, so that the receipt tells the truth to the letter.
                asked = replace(draft.guarded or draft.request, stop_after=shown or 0)
                if isinstance(asked, FormRequest):
                    poem = write_in_form(shelf.desk(draft.poet), asked)[0]
                else:
                    poem = write(shelf.poet(draft.poet), asked, index)
            if len(poem.text) == poem.seed_characters:
                return {"id": draft.number, "empty": True}
            found = report(index, poem.text, poem.seed_characters) if index else None
            form = draft.request.form if isinstance(draft.request, FormRequest) else Form()
            near = nearness(poem.text, form, shelf.desk(draft.poet), self.words.desk)
        except PoetBotError as error:
            return page.failed(draft.number, self.words.tongue.said(error))
        kept = session.keep(Kept(draft.number, draft.poet, draft.request, poem, found, draft.notices))
        return page.finished(kept, self.words, near)

    def throw(self, poet: str | None, current: str, visitor: gr.Request | None = None) -> str:
        """Return an opening that this poet can read."""
        return throw(current or "", self._openings(poet, visitor)[1])

    def examples(self, poet: str | None, visitor: gr.Request | None = None) -> list[str]:
        """Return first words to try with this poet, one for each button."""
        return list(self._openings(poet, visitor)[0])

    def _openings(self, poet: str | None, visitor: gr.Request | None) -> tuple[Sequence[str], Sequence[str]]:
        try:
            return openings_for(self.shelf.of(visitor).poet(poet).vocabulary.symbols if poet else ())
        except PoetBotError:  # it has just been put away
            return openings_for(())

    def broken(self) -> Value:
        """Say that something failed that should not have; the log has the rest."""
        return page.failed(0, self.words.broken)


def _data(event: gr.EventData) -> dict[str, Any]:
    data = event._data
    return data if isinstance(data, dict) else {}
