"""The tab for any text: what it shares, word for word, with what a poet has read."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.documents.formats import DOCUMENTS
from poetbot.errors import PoetBotError
from poetbot.isolated_process import SMALL, call
from poetbot.overlap import STEPS, repetition, report_in_steps
from poetbot.overlap.input_text import MOST_BYTES, is_document, plain, text_of_file, too_long
from poetbot.web.components import poem_view
from poetbot.web.gradio_compat import event_data
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Checked, Session
from poetbot.web.tabs.overlap import download, report_view
from poetbot.web.words import Words

IN_THE_BOX = 100_000  # characters of a file that are put into the box for texts; more would make it slow
ENDINGS = (".txt", ".md", *sorted(DOCUMENTS))

_HERE = Path(__file__).parent
_TEMPLATE = """
<div class="ov" data-working="{working}" data-stopped="{stopped}">
  <p class="unseen" role="status" data-part="status"></p>
  <div class="notices" role="alert" data-part="notices"></div>
  <div class="working" data-part="working"><progress max="1" value="0" aria-label="{working}"></progress>
    <span data-part="step"></span></div>
  <div data-part="report"><p class="blank">{blank}</p></div>
</div>
"""

_WITH_STANDING = "(session) => [session, document.querySelector('#page .poem-page').currentPoem()]"

Value = dict[str, Any]


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    text: gr.Textbox
    poet: gr.Dropdown
    given: gr.Textbox
    check_given: gr.Checkbox
    check: gr.Button
    stop: gr.Button
    open: gr.UploadButton
    take: gr.Button
    page: gr.HTML


def build(shelf: Shelf, words: Words) -> Controls:
    """Lay the tab out: the text and its settings above, the report below."""
    own = words.overlap
    names = shelf.names()
    with gr.Column(elem_id="overlap"):
        with gr.Column(elem_id="ov-controls"):
            text = gr.Textbox(
                label=own.your_text, placeholder=own.your_text_hint, lines=7, max_lines=14, elem_id="ov-text"
            )
            with gr.Row(elem_id="ov-sources"):
                open_ = gr.UploadButton(own.open_file, file_types=list(ENDINGS), size="sm", elem_id="ov-open")
                take = gr.Button(own.take_poem, size="sm", elem_id="ov-take")
            with gr.Row(elem_id="ov-settings"):
                poet = gr.Dropdown(
                    names,
                    value=names[0] if names else None,
                    label=words.poet,
                    filterable=False,
                    elem_id="ov-poet",
                    min_width=120,
                )
                given = gr.Textbox(
                    label=own.given_words,
                    placeholder=own.given_words_hint,
                    lines=1,
                    max_lines=3,
                    elem_id="ov-given",
                    min_width=120,
                )
                check_given = gr.Checkbox(
                    False, label=own.check_given, elem_id="ov-check-given", min_width=120
                )
                with gr.Column(elem_id="ov-go", min_width=100):
                    check = gr.Button(own.check, variant="primary", elem_id="ov-check")
                    stop = gr.Button(words.stop, elem_id="ov-stop")
        page = gr.HTML(
            html_template=template(words),
            js_on_load=(_HERE / "tab.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_id="ov-page",
        )
    return Controls(text, poet, given, check_given, check, stop, open_, take, page)


def template(words: Words) -> str:
    """Return the page without a report. Gradio reads it as a template, so it must hold none of its signs."""
    own = words.overlap
    html = _TEMPLATE.format(
        working=escape(own.finding_words), stopped=escape(own.check_stopped), blank=escape(own.report_blank)
    )
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def wire(controls: Controls, session: gr.State, shelf: Shelf, words: Words) -> None:
    """Say what each control does. tab.js turns Check into Stop and shows the notes of the marks."""
    handlers = Handlers(shelf, words)
    c = controls
    checking = {
        "api_visibility": "private",
        "show_progress": "hidden",
        "concurrency_id": "overlap",
        "concurrency_limit": 2,
    }
    aside = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 4}
    settings = [c.poet, c.given, c.check_given]
    checked = c.check.click(handlers.check, [session, c.text, *settings], [c.page], **checking)
    opened = c.open.upload(handlers.open, [session, c.open], [c.page, c.text], **aside)
    at_once = opened.success(handlers.check_opened, [session, *settings], [c.page], **checking)
    for event in (checked, opened, at_once):
        event.failure(handlers.broken, None, [c.page], **aside)
    c.stop.click(None, cancels=[checked, at_once], api_visibility="private")
    standing = gr.JSON(visible=False)  # the poem as it stands on the page of the Write tab
    taken = [c.page, c.text, c.given, c.poet]
    c.take.click(handlers.take, [session, standing], taken, js=_WITH_STANDING, **aside)
    c.page.keep(handlers.keep, [session], [c.page], **aside)


@dataclass(frozen=True)
class Handlers:
    """What the events call: plain functions of the core, tested without a browser."""

    shelf: Shelf
    words: Words

    def check(
        self,
        session: Session,
        text: str | None,
        poet: str | None,
        given: str | None,
        check_given: bool,
        request: gr.Request | None = None,
    ) -> Iterator[Value]:
        """Check the text of the box, or the file that was opened last where the box is empty."""
        name = ""
        if text is not None and not isinstance(text, str):
            text = ""
        if not (text or "").strip() and session.opened:
            name, text = session.opened
        yield from self._check(request, session, name, text or "", poet, given, check_given)

    def check_opened(
        self,
        session: Session,
        poet: str | None,
        given: str | None,
        check_given: bool,
        request: gr.Request | None = None,
    ) -> Iterator[Value]:
        """Check the file that was opened last."""
        if session.opened:
            yield from self._check(request, session, *session.opened, poet, given, check_given)

    def _check(
        self,
        request: gr.Request | None,
        session: Session,
        name: str,
        text: str,
        poet: Any,
        given: Any,
        check_given: Any,
    ) -> Iterator[Value]:
        own = self.words.overlap
        session.checks += 1
        number = session.checks
        steps = (own.finding_runs, own.finding_spans, own.finding_lines, own.making_report)
        yield {"id": number, "working": own.finding_words, "share": 0.02}
        try:
            text = plain(text)
            if not text.strip():
                raise PoetBotError(own.no_text_yet)
            if poet is None:
                raise PoetBotError(self.words.no_poets)
            index = self.shelf.of(request).index(poet)
            if index is None:
                raise PoetBotError(own.cannot_check.format(poet=poet))
            seed = 0 if check_given else given_characters(text, given)
            notices = () if seed is not None else (own.not_its_beginning,)
            making = report_in_steps(index, text, seed or 0)
            while True:
                try:
                    step = next(making)
                except StopIteration as finished:
                    report = finished.value
                    break
                # Here a person who has pressed Stop is let go: what is under way ends with its step.
                yield {"id": number, "working": steps[step - 1], "share": step / (STEPS + 1)}
            poems = download.poems_of(text)
            among = None
            if len(poems) > 1:
                of_first = seed if seed and poems[0].startswith(text[:seed]) else 0
                among = repetition([(poem, of_first or 0 if k == 0 else 0) for k, poem in enumerate(poems)])
            checked = Checked(number, poet, name, text, seed or 0, report, among, notices)
            value = shown(checked, self.words)
        except PoetBotError as error:
            yield self._said(number, self.words.tongue.said(error))
            return
        session.checked = checked
        yield value

    def open(self, session: Session, path: Any) -> tuple[Value, Any]:
        """Read the file that was uploaded and take it off the disk again."""
        session.opened = None
        own = self.words.overlap
        try:
            name, text = read_upload(path, self.words)
        except PoetBotError as error:
            return self._said(session.checks, self.words.tongue.said(error)), gr.skip()
        session.opened = (name, text)
        return {"id": session.checks + 1, "working": own.finding_words, "share": 0.01}, self._box(name, text)

    def _box(self, name: str, text: str) -> gr.Textbox:
        """Put a text into the box; of one that would make it slow, its name."""
        own, small = self.words.overlap, len(text) <= IN_THE_BOX
        return gr.Textbox(
            text if small else "",
            placeholder=own.your_text_hint if small else own.your_text_file.format(name=name),
        )

    def take(
        self, session: Session, standing: Any, request: gr.Request | None = None
    ) -> tuple[Any, Any, Any, Any]:
        """Take over the poem as it stands on the page, with the words that it was begun with, and its poet if it is here."""
        standing = standing if isinstance(standing, dict) else {}
        text, given, poet = (standing.get(name) for name in ("text", "given", "poet"))
        if not isinstance(text, str) or not text.strip():
            return self._said(session.checks, self.words.overlap.no_poem_yet), gr.skip(), gr.skip(), gr.skip()
        here = isinstance(poet, str) and self.shelf.of(request).has(poet)
        name = poem_view.first_line(text)
        session.opened = (name, text) if len(text) > IN_THE_BOX else None
        return (
            gr.skip(),
            self._box(name, text),
            given if isinstance(given, str) else "",
            poet if here else gr.skip(),
        )

    def keep(self, session: Session, event: gr.EventData) -> Any:
        """Send the last report as a file, "json" or "html"."""
        data = event_data(event)
        kind = data.get("kind")
        checked = session.checked
        if checked is None or kind not in ("json", "html"):
            return gr.skip()
        made = download.as_json(checked) if kind == "json" else download.as_page(checked, self.words)
        name = download.file_name(checked, kind)
        return {"id": checked.number, "file": made, "name": name, "kind": kind, "at": time.monotonic_ns()}

    def broken(self) -> Value:
        """Say that something failed that should not have; the log has the rest."""
        return self._said(0, self.words.overlap.check_broken)

    def _said(self, number: int, sentence: str) -> Value:
        # Two equal values in a row would be one to the browser, and the second sentence would not be seen.
        return {"id": number, "error": f"<p>{escape(sentence)}</p>", "at": time.monotonic_ns()}


def shown(checked: Checked, words: Words) -> Value:
    """Return what the page shows of a report."""
    own = words.overlap
    notes = report_view.notes(checked, words)
    hint = own.sources_hint if notes else own.nothing_marked
    html = (
        f"<h2>{escape(download.title(checked, words))}</h2>"
        f"{report_view.sentence_html(checked, words)}"
        '<div class="actions">'
        f'<button type="button" data-keep="json">{escape(own.as_json)}</button>'
        f'<button type="button" data-keep="html">{escape(own.as_page)}</button></div>'
        f"{report_view.legend_html(checked, words)}"
        f'<div class="reading"><div class="text" role="group" aria-label="{escape(own.text_label)}">'
        f"{report_view.text_html(checked, words)}</div>"
        f'<aside class="sources-side" aria-label="{escape(own.sources)}"><div class="sources-card" tabindex="-1">'
        f'<button type="button" class="close" data-do="close">{escape(own.close)}</button>'
        f'<h3>{escape(own.sources)}</h3><div aria-live="polite" data-part="note"><p>{escape(hint)}</p></div></div></aside></div>'
        f"{download.tables_html(checked, words)}"
    )
    return {"id": checked.number, "report": html, "notes": notes}


def given_characters(text: str, given: Any) -> int | None:
    """Return how many characters of the text a person gave: those up to the end of these first words.

    Blank lines and spaces before them count as theirs. 0 where none are named, None where the text begins otherwise.
    """
    words = plain(given).strip() if isinstance(given, str) else ""
    if not words:
        return 0
    ahead = len(text) - len(text.lstrip())
    return ahead + len(words) if text.startswith(words, ahead) else None


def read_upload(path: Any, words: Words) -> tuple[str, str]:
    """Return name and text of an uploaded file. Raises PoetBotError where it is neither text nor a document.

    The file stays: equal bytes have one path for everybody, and the sweeper deletes it when it is old.
    """
    own = words.overlap
    if not isinstance(path, str):
        raise PoetBotError(own.no_upload)
    file = Path(path)
    try:
        if file.suffix.lower() not in ENDINGS:
            raise PoetBotError(own.not_read)
        size = file.stat().st_size
        if is_document(path):  # pictures make it large, and a small one may unpack to much
            return file.name, call(text_of_file, path)
        if size > MOST_BYTES:
            raise too_long()
        return file.name, text_of_file(path) if size <= SMALL else call(text_of_file, path)
    except OSError as error:
        raise PoetBotError(own.no_upload) from error
