"""The first section of the Teach tab: files, pasted text or ready-made poems become a corpus in the data folder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.corpus.named_corpora import GUTENBERG, NAMED, licence_of, named_file
from poetbot.documents.records import displayable
from poetbot.errors import PoetBotError
from poetbot.library.corpora import Corpus, create_corpus, find_corpus, list_corpora
from poetbot.locale import Locale
from poetbot.storage import Home
from poetbot.web.components.island import Island
from poetbot.web.components.templates import render_blocks
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.teach import review

MAX_PASTED = 5_000_000  # characters

Outputs = tuple[Any, Any, Any, Any]
"""Updates of the review section, the id of the chosen corpus, the list of corpora, and the box for files."""


@dataclass(frozen=True)
class Controls:
    """The components of the section."""

    text: gr.Textbox
    use_text: gr.Button
    files: gr.File
    named: gr.Dropdown
    use_named: gr.Button
    uploads: gr.Dropdown


def build(language: Locale, *, is_shared: bool, on_cluster: bool) -> Controls:
    """Lay the section out. `is_shared` says whether the app serves others than the one who runs it, `on_cluster` whether a cluster trains."""
    _ = language.gettext
    html = render_blocks("tabs/teach/upload.html", language, is_shared=is_shared, on_cluster=on_cluster)
    with gr.Column(elem_id="upload", elem_classes="controls"):
        gr.HTML(html["heading"], elem_id="upload-heading", apply_default_css=False)
        with gr.Row(elem_id="upload-ways"):
            with gr.Column(elem_id="upload-drop", min_width=240):
                gr.HTML(html["formats"], elem_id="upload-formats", apply_default_css=False)
                files = gr.File(
                    label=_("Drop your files here"),
                    show_label=False,
                    file_count="multiple",
                    height=190,
                    elem_id="upload-files",
                )
            with gr.Column(elem_id="upload-paste", min_width=240):
                text = gr.Textbox(
                    label=_("Or paste your poems"),
                    placeholder=_("Leave an empty line between stanzas"),
                    lines=6,
                    max_lines=10,
                    elem_id="upload-text",
                    elem_classes="field",
                )
                use_text = gr.Button(
                    _("Use this text"), size="sm", elem_id="upload-use-text", elem_classes="text-button"
                )
        with gr.Row(elem_id="upload-choose"):
            named = gr.Dropdown(
                list(NAMED),
                value=NAMED[0],
                label=_("Or use ready-made poems"),
                filterable=False,
                elem_id="upload-named",
                elem_classes="dropdown",
                min_width=140,
            )
            use_named = gr.Button(
                _("Use these poems"),
                size="sm",
                elem_id="upload-use-named",
                elem_classes="text-button",
                min_width=120,
            )
            uploads = gr.Dropdown(
                [],
                value=None,
                label=_("Earlier uploads"),
                filterable=False,
                elem_id="upload-earlier",
                elem_classes="dropdown",
                min_width=140,
            )
    return Controls(text, use_text, files, named, use_named, uploads)


def wire(
    controls: Controls, page: Island, chosen: gr.State, visitors: Visitors, language: Locale
) -> list[Any]:
    """Connect the controls; return the events that Stop cancels."""
    handlers = Handlers(visitors, language)
    c = controls
    outputs = [chosen, c.uploads, c.files]
    settings: dict[str, Any] = {"concurrency_id": "uploading", "concurrency_limit": 4}
    # "multiple": files dropped while earlier ones are still being read are not lost.
    files: dict[str, Any] = {**settings, "trigger_mode": "multiple"}
    return [
        page.on(c.use_text.click, handlers.paste, None, [c.text, chosen], outputs, **settings),
        page.on(c.files.upload, handlers.upload, None, [c.files, chosen], outputs, **files),
        page.on(c.use_named.click, handlers.use_named, None, [c.named, chosen], outputs, **settings),
        page.on(c.uploads.input, handlers.open_upload, None, [c.uploads, chosen], outputs, **settings),
    ]


@dataclass(frozen=True)
class Handlers:
    """Event handlers: generators, closed when Stop is pressed. If reading fails, the corpus `chosen` before stays chosen."""

    visitors: Visitors
    language: Locale

    def paste(self, text: Any, chosen: Any = "", request: gr.Request | None = None) -> Iterator[Outputs]:
        """Import the text of the box."""
        try:
            if not isinstance(text, str) or not text.strip():
                raise PoetBotError("There's nothing to read yet. Paste some text or drop a file.")
            if len(text) > MAX_PASTED:
                raise PoetBotError(
                    "Pasted text can have up to 5 million characters. Upload this one as a file."
                )
            data = text.replace("\0", "").encode("utf-8", "replace")
            name = displayable(next(line for line in text.split("\n") if line.strip()), 40)
            home = self.visitors.home(request)
            corpus = create_corpus(home, [("pasted.txt", data)], name or self.language.gettext("Pasted text"))
        except PoetBotError as error:
            yield self._error(error)
            return
        yield from self._read(home, corpus, chosen)

    def upload(self, paths: Any, chosen: Any = "", request: gr.Request | None = None) -> Iterator[Outputs]:
        """Import uploaded files.

        They stay where Gradio put them: equal bytes of several visitors share one path, which the sweeper deletes later.
        """
        files = [Path(path) for path in _strings(paths)]
        try:
            if not files or not all(path.is_file() for path in files):
                raise PoetBotError("The files didn't arrive. Try again.")
            home = self.visitors.home(request)
            corpus = create_corpus(home, [(path.name, path) for path in files])
        except PoetBotError as error:
            yield self._error(error)
            return
        yield from self._read(home, corpus, chosen)

    def use_named(self, name: Any, chosen: Any = "", request: gr.Request | None = None) -> Iterator[Outputs]:
        """Import one of the named corpora."""
        yield self._opening(), gr.skip(), gr.skip(), gr.skip()
        try:
            file, data, author = named_file(name)
            home = self.visitors.home(request)
            owner = "public" if name in GUTENBERG else None
            corpus = create_corpus(
                home, [(file, data)], name, owner=owner, licence=licence_of(name), author=author
            )
        except PoetBotError as error:
            yield self._error(error)
            return
        yield from self._read(home, corpus, chosen)

    def open_upload(
        self, corpus_id: Any, chosen: Any = "", request: gr.Request | None = None
    ) -> Iterator[Outputs]:
        """Open an earlier upload; read it if that was never finished."""
        try:
            home = self.visitors.home(request)
            corpus = find_corpus(home, corpus_id)
            stale = corpus.is_stale()
        except PoetBotError as error:
            yield self._error(error)
            return
        if stale:
            yield from self._read(home, corpus, chosen)
        else:
            yield review.corpus_update(corpus, self.language), corpus.id, gr.skip(), gr.skip()

    def show_latest(self, request: gr.Request | None = None) -> tuple[Any, Any, Any]:
        """Return the latest upload, its id and the list of corpora, for a page that has just been opened."""
        try:
            home = self.visitors.home(request)
        except PoetBotError:
            return gr.skip(), "", gr.skip()
        latest = next(iter(list_corpora(home)), None)
        if latest is None:
            return gr.skip(), "", review.corpus_list(home, "")
        return review.corpus_update(latest, self.language), latest.id, review.corpus_list(home, latest.id)

    def _read(self, home: Home, corpus: Corpus, chosen: Any) -> Iterator[Outputs]:
        """Read and show a corpus. Delete one that can't be read, unless choosing another field may help."""
        update: review.Update = self._opening()
        yield update, corpus.id, review.corpus_list(home, corpus.id), None
        for update in review.read(corpus, self.language):
            if "error" not in update:
                yield update, gr.skip(), gr.skip(), gr.skip()
                continue
            if corpus.state().read is None:
                corpus.delete()
            chosen = chosen if isinstance(chosen, str) else ""
            # In one answer: of two that come at once, the page shows only the second.
            yield update, chosen, review.corpus_list(home, chosen), gr.skip()

    def _opening(self) -> review.Update:
        return review.progress_update(self.language.gettext("Opening the files"), 0.0)

    def _error(self, error: PoetBotError) -> Outputs:
        return review.error_update(error, self.language), gr.skip(), gr.skip(), None


def _strings(paths: Any) -> Sequence[str]:
    paths = [paths] if isinstance(paths, str) else paths
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
