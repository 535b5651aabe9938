"""The second section of the Teach tab: which parts of an upload are included, and changing that."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypedDict

import gradio as gr

from poetbot.corpus.parts import Reading
from poetbot.documents.records import FieldChoice, NoSuchField
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, find_corpus, list_corpora
from poetbot.library.corpora.part_edits import PartKey, edit
from poetbot.locale import Locale
from poetbot.storage import Home
from poetbot.web.components.island import Island, island
from poetbot.web.components.templates import render
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review_view
from poetbot.web.tabs.teach.review_view import View

_MAX_TAGS = 100
_MAX_LISTED = 200


class Update(TypedDict, total=False):
    """What review.js is sent: one of the following."""

    # Progress of reading
    working: str
    share: float
    # A corpus; `stale` if it must be read again, `saved` names the part whose editor can be closed
    corpus: str
    at: int  # nanoseconds; of two corpora the newer one counts
    stale: bool
    status: str
    saved: str
    # The whole text of a part, or the editor of one, as HTML; or an error to show in that editor
    whole: int
    edit: str
    html: str
    refused: str
    sentence: str
    # An error to show above the corpus
    error: str


@dataclass(frozen=True)
class Action(View):
    """What a control of the page asks for, and which parts are in view. `part` is the key of a part."""

    do: str = "view"
    number: int | None = None
    value: str = ""
    part: str = ""
    # the fields of an editor that were changed, or the fields of a table to read
    title: str | None = None
    author: str | None = None
    text: str | None = None
    tags: list[str] = field(default_factory=list)


def build(language: Locale) -> Island:
    """Return the section."""
    template, script = "tabs/teach/review.html", "tabs/teach/review.js"
    return island(language, template, script, ("act", "count", "halt"), "review-page")


def wire(
    page: Island,
    chosen: gr.State,
    uploads: gr.Dropdown,
    visitors: Visitors,
    language: Locale,
    cancellable: list[Any],
) -> None:
    """Connect the events of the page; Stop also cancels the events in `cancellable`."""
    handlers, html = Handlers(visitors, language), page.html
    # "multiple": a click counts even if the one before it is still being answered.
    several: dict[str, Any] = {"concurrency_limit": 8, "trigger_mode": "multiple"}
    page.on(html.act, handlers.act, Action, [chosen], [chosen, uploads], **several)
    reading: dict[str, Any] = {"concurrency_id": "uploading", "trigger_mode": "always_last"}
    counted = page.on(html.count, handlers.count, View, [chosen], **reading)
    html.halt(None, cancels=[*cancellable, counted], api_visibility="private")


@dataclass(frozen=True)
class Handlers:
    """Event handlers, tested without a browser."""

    visitors: Visitors
    language: Locale

    def act(self, message: Action, corpus_id: Any, request: gr.Request | None = None) -> tuple[Any, Any, Any]:
        """Do what a control of the page asks."""
        home = self.visitors.home(request)
        corpus = find_corpus(home, corpus_id)
        try:
            match message.do:
                case "delete":
                    return self._delete(home, corpus)
                case "whole" | "edit":
                    return self._part(corpus, message), gr.skip(), gr.skip()
                case "save" | "restore":
                    return self._save(corpus, message), gr.skip(), gr.skip()
                case "rename":
                    corpus.rename(message.value[:1000])
                    return self._changed(corpus, message), gr.skip(), corpus_list(home, corpus.id)
            return self._change(corpus, message), gr.skip(), gr.skip()
        except NoSuchField as error:
            return corpus_update(corpus, self.language, message, error), gr.skip(), gr.skip()

    def count(self, view: View, corpus_id: Any, request: gr.Request | None = None) -> Iterator[Update]:
        """Read a large corpus again after a change."""
        yield from read(find_corpus(self.visitors.home(request), corpus_id), self.language, view)

    def _delete(self, home: Home, corpus: Corpus) -> tuple[Any, Any, Any]:
        corpus.delete()
        latest = next(iter(list_corpora(home)), None)
        update = corpus_update(latest, self.language)
        update["status"] = self.language.gettext("Deleted.")
        corpus_id = latest.id if latest else ""
        return update, corpus_id, corpus_list(home, corpus_id)

    def _part(self, corpus: Corpus, message: Action) -> Update:
        """Return the whole text of a part, or its editor."""
        if message.do == "edit":
            key = PartKey.of(message.part)
            html = review_view.part_editor_html(corpus, key, self.language)
            return {"edit": _part_name(corpus, message), "html": html}
        record, number = corpus.results(), _number(message)
        record.place(number)
        edit = corpus.state().edits.get(record.key(number))
        html = review_view.whole_part_html(record, number, edit, self.language)
        return {"whole": number, "html": html}

    def _save(self, corpus: Corpus, message: Action) -> Update:
        """Save what was typed into the editor of a part, or restore the original."""
        _, restores = self.language.gettext, message.do == "restore"
        name = _part_name(corpus, message)
        try:
            key = PartKey.of(message.part)
            if restores:
                corpus.restore(key)
            else:
                corpus.edit(key, edit(message.title, message.author, message.text))
        except PoetBotError as error:
            return {"refused": name, "sentence": self.language.say(error)}
        _read_if_small(corpus)
        if restores:
            status = _("Original restored.")
        elif _is_included(corpus, key):
            status = _("Saved.")
        else:
            status = _("Saved. This part is still left out.")
        return {**corpus_update(corpus, self.language, message, status=status), "saved": name}

    def _change(self, corpus: Corpus, message: Action) -> Update:
        """Include parts, leave them out, or change how the corpus is read."""
        _, value, status = self.language.gettext, message.value, ""
        match message.do:
            case "include":
                corpus.set_included({_number(message): True})
                status = _("Included.")
            case "leave-out":
                corpus.set_included({_number(message): False})
                status = _("Left out.")
            case "read" if value in list(Reading):
                corpus.set_reading(Reading(value))
            case "owner":
                corpus.set_owner(value)
            case "encoding":
                corpus.set_encoding(_number(message), value)
            case "choose":
                corpus.set_fields(_wanted(message))
        return self._changed(corpus, message, status)

    def _changed(self, corpus: Corpus, message: Action, status: str = "") -> Update:
        _read_if_small(corpus)
        return corpus_update(corpus, self.language, message, status=status)


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
            html = review_view.unread_corpus_html(corpus, error, language)
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


def error_update(error: PoetBotError, language: Locale) -> Update:
    """Return an update that shows an error."""
    return {"error": language.say(error)}


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


def _part_name(corpus: Corpus, message: Action) -> str:
    """Return what part_editor.js calls a part."""
    return f"{corpus.id} {message.part}"


def _number(message: Action) -> int:
    return -1 if message.number is None else message.number


def _wanted(message: Action) -> FieldChoice:
    def chosen(name: str) -> str | None:
        value = getattr(message, name)
        if value == review_view.NO_FIELD:
            return None if name == "text" else ""
        return value[:1000] if value else None

    tags = tuple(tag[:1000] for tag in message.tags[:_MAX_TAGS])
    return FieldChoice(chosen("text"), chosen("title"), chosen("author"), tags)


def _now() -> int:
    return time.monotonic_ns()
