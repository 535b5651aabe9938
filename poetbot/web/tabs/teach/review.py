"""The second section of the Teach tab: which parts of an upload are included, and changing that."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import gradio as gr
from markupsafe import Markup

from poetbot.corpus.parts import Reading
from poetbot.documents.records import FieldChoice, NoSuchField
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, find_corpus, list_corpora
from poetbot.library.corpora.part_edits import PartKey, edit
from poetbot.locale import Locale
from poetbot.storage import Home
from poetbot.web.components.scripts import script
from poetbot.web.components.templates import gradio_template, render
from poetbot.web.gradio_compat import event_data
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review_view
from poetbot.web.tabs.teach.review_view import View

_MAX_TAGS = 100
_MAX_LISTED = 200


class Update(TypedDict, total=False):
    """What review.js is sent: one of the following, with the time it was made."""

    at: int  # nanoseconds; of two updates the newer one counts
    # Progress of reading
    working: str
    share: float
    # A corpus; `stale` if it must be read again, `saved` names the part whose editor can be closed
    corpus: str
    stale: bool
    status: str
    saved: str
    # The whole text of a part, or the editor of one, or an error to show in that editor
    whole: int
    edit: str
    refused: str
    html: str
    # An error to show above the corpus
    error: str


def build(language: Locale) -> gr.HTML:
    """Return the component of the section. Its events are "act", "count" and "halt"."""
    return gr.HTML(
        html_template=gradio_template("tabs/teach/review.html", language),
        js_on_load=script(Path(__file__).parent, "part_editor", "review"),
        apply_default_css=False,
        elem_id="review-page",
    )


def wire(
    page: gr.HTML,
    chosen: gr.State,
    uploads: gr.Dropdown,
    visitors: Visitors,
    language: Locale,
    cancellable: list[Any],
) -> None:
    """Connect the events of the page; Stop also cancels the events in `cancellable`."""
    handlers = Handlers(visitors, language)
    quiet = {"api_visibility": "private", "show_progress": "hidden"}
    # "multiple": a click counts even if the one before it is still being answered.
    acted = page.act(
        handlers.act, [chosen], [page, chosen, uploads], concurrency_limit=8, trigger_mode="multiple", **quiet
    )
    counted = page.count(
        handlers.count, [chosen], [page], concurrency_id="uploading", trigger_mode="always_last", **quiet
    )
    for event in (acted, counted):
        event.failure(handlers.failed, None, [page], **quiet)
    page.halt(None, cancels=[*cancellable, counted], api_visibility="private")


@dataclass(frozen=True)
class Handlers:
    """Event handlers, tested without a browser."""

    visitors: Visitors
    language: Locale

    def act(
        self, corpus_id: Any, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Any, Any, Any]:
        """Do what a control of the page asks: `event` says what, and which parts are in view."""
        data = event_data(event)
        try:
            home = self.visitors.home(request)
            corpus = find_corpus(home, corpus_id)
            match data.get("do"):
                case "delete":
                    return self._delete(home, corpus)
                case "whole" | "edit":
                    return self._part(corpus, data), gr.skip(), gr.skip()
                case "save" | "restore":
                    return self._save(corpus, data), gr.skip(), gr.skip()
                case "rename":
                    corpus.rename(str(data.get("value"))[:1000])
                    return self._changed(corpus, data), gr.skip(), corpus_list(home, corpus.id)
            return self._change(corpus, data), gr.skip(), gr.skip()
        except NoSuchField as error:
            return corpus_update(corpus, self.language, View.of(data), error), gr.skip(), gr.skip()
        except PoetBotError as error:
            return error_update(error, self.language), gr.skip(), gr.skip()

    def count(
        self, corpus_id: Any, event: gr.EventData, request: gr.Request | None = None
    ) -> Iterator[Update]:
        """Read a large corpus again after a change."""
        try:
            corpus = find_corpus(self.visitors.home(request), corpus_id)
        except PoetBotError as error:
            yield error_update(error, self.language)
            return
        yield from read(corpus, self.language, View.of(event_data(event)))

    def failed(self) -> Update:
        """Report an unexpected failure; the log has the details."""
        return unexpected_error(self.language)

    def _delete(self, home: Home, corpus: Corpus) -> tuple[Any, Any, Any]:
        corpus.delete()
        latest = next(iter(list_corpora(home)), None)
        update = corpus_update(latest, self.language)
        update["status"] = self.language.gettext("Deleted.")
        corpus_id = latest.id if latest else ""
        return update, corpus_id, corpus_list(home, corpus_id)

    def _part(self, corpus: Corpus, data: dict[str, Any]) -> Update:
        """Return the whole text of a part, or its editor."""
        if data["do"] == "edit":
            key = PartKey.of(data.get("part"))
            html = review_view.part_editor_html(corpus, key, self.language)
            return {"edit": _part_name(corpus, data), "html": html, "at": _now()}
        record, number = corpus.results(), _number(data)
        record.place(number)
        edit = corpus.state().edits.get(record.key(number))
        html = review_view.whole_part_html(record, number, edit, self.language)
        return {"whole": number, "html": html, "at": _now()}

    def _save(self, corpus: Corpus, data: dict[str, Any]) -> Update:
        """Save what was typed into the editor of a part, or restore the original."""
        _, restores = self.language.gettext, data["do"] == "restore"
        name = _part_name(corpus, data)
        try:
            key = PartKey.of(data.get("part"))
            if restores:
                corpus.restore(key)
            else:
                corpus.edit(key, edit(data.get("title"), data.get("author"), data.get("text")))
        except PoetBotError as error:
            html = _error_html(error, self.language)
            return {"refused": name, "html": html, "at": _now()}
        _read_if_small(corpus)
        if restores:
            status = _("Original restored.")
        elif _is_included(corpus, key):
            status = _("Saved.")
        else:
            status = _("Saved. This part is still left out.")
        return {**corpus_update(corpus, self.language, View.of(data), status=status), "saved": name}

    def _change(self, corpus: Corpus, data: dict[str, Any]) -> Update:
        """Include parts, leave them out, or change how the corpus is read."""
        _, value, status = self.language.gettext, data.get("value"), ""
        match data.get("do"):
            case "include":
                corpus.set_included({_number(data): True})
                status = _("Included.")
            case "leave-out":
                corpus.set_included({_number(data): False})
                status = _("Left out.")
            case "read" if value in list(Reading):
                corpus.set_reading(Reading(value))
            case "owner":
                corpus.set_owner(str(value))
            case "encoding":
                corpus.set_encoding(_number(data), str(value))
            case "choose":
                corpus.set_fields(_wanted(data))
        return self._changed(corpus, data, status)

    def _changed(self, corpus: Corpus, data: dict[str, Any], status: str = "") -> Update:
        _read_if_small(corpus)
        return corpus_update(corpus, self.language, View.of(data), status=status)


def read(corpus: Corpus, language: Locale, view: View | None = None) -> Iterator[Update]:
    """Read a corpus: yield the progress, then the corpus or an error."""
    _ = language.gettext
    steps = {
        "opening": _("Opening the files"),
        "looking": _("Looking for poems"),
        "comparing": _("Looking for near-duplicates"),
        "writing": _("Saving the results"),
    }
    try:
        for step in corpus.read_stepwise():
            yield progress_update(steps.get(step.name, _("Reading")), step.share)
        yield corpus_update(corpus, language, view)
    except NoSuchField as error:
        yield corpus_update(corpus, language, view, error)
    except PoetBotError as error:
        yield error_update(error, language)


def corpus_update(
    corpus: Corpus | None,
    language: Locale,
    view: View | None = None,
    error: NoSuchField | None = None,
    status: str = "",
) -> Update:
    """Return an update that shows a corpus; `error` if no field of a table is known to hold the poems."""
    at = _now()  # before the disk is read, so that the newer of two updates knows all that the older one knew
    if corpus is None:
        return {"corpus": render("tabs/teach/no_corpus.html", language), "stale": False, "at": at}
    try:
        if error:
            html = review_view.unread_corpus_html(corpus.state(), error, language)
            return {"corpus": html, "stale": False, "status": language.say(error), "at": at}
        stale = corpus.is_stale()
        if not corpus.has_results():
            return {"corpus": "", "stale": stale, "at": at}
        html = review_view.corpus_html(corpus, view or View(), language)
        poems = language.ngettext("{n} poem", "{n} poems", corpus.summary().counts.poems)
        included = language.gettext("{poems} included.", poems=poems)
        status = language.sentences([status, included] if status else [included])
        return {"corpus": html, "stale": stale, "status": status, "at": at}
    except PoetBotError as failure:
        return error_update(failure, language)


def progress_update(step: str, share: float) -> Update:
    """Return an update that shows how far reading is."""
    return {"working": step, "share": max(0.02, round(share, 3))}


def error_update(error: PoetBotError | str, language: Locale) -> Update:
    """Return an update that shows an error. The time makes two equal errors in a row two updates for the browser."""
    return {"error": _error_html(error, language), "at": _now()}


def unexpected_error(language: Locale) -> Update:
    """Return an update for an error that should not have happened."""
    return error_update(
        language.gettext("Something went wrong. See the terminal for details, then try again."), language
    )


def corpus_list(home: Home, corpus_id: str) -> Any:
    """Return the list of corpora with one of them selected."""
    choices = []
    for corpus in list_corpora(home)[:_MAX_LISTED]:
        try:
            choices.append((corpus.state().name, corpus.id))
        except PoetBotError:
            continue
    known = any(corpus_id == value for _, value in choices)
    return gr.Dropdown(choices=choices, value=corpus_id if known else None)


def _error_html(error: PoetBotError | str, language: Locale) -> Markup:
    return render("tabs/teach/paragraphs.html", language, sentences=[language.say(error)])


def _read_if_small(corpus: Corpus) -> None:
    """Read a corpus again if that is quick; the page asks for it later otherwise."""
    state = corpus.state()
    if state.small() and state.read:
        corpus.read()


def _is_included(corpus: Corpus, key: PartKey) -> bool:
    record = corpus.results()
    row = record.rows[record.number(key)]
    place = (int(row["file"]), int(row["text"]), int(row["line"]))
    return corpus.state().current_choices().get(place, bool(row["taken"]))


def _part_name(corpus: Corpus, data: dict[str, Any]) -> str:
    """Return what part_editor.js calls a part."""
    return f"{corpus.id} {data.get('part')}"


def _number(data: dict[str, Any]) -> int:
    number = data.get("number")
    return number if type(number) is int else -1


def _wanted(data: dict[str, Any]) -> FieldChoice:
    def field(name: str) -> str | None:
        value = data.get(name)
        if value == review_view.NO_FIELD:
            return None if name == "text" else ""
        return value[:1000] if isinstance(value, str) and value else None

    tags = data.get("tags")
    chosen = [tag[:1000] for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    return FieldChoice(field("text"), field("title"), field("author"), tuple(chosen[:_MAX_TAGS]))


def _now() -> int:
    return time.monotonic_ns()
