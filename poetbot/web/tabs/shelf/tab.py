"""The Shelf tab: every poet, what is known of it, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.locale import Locale
from poetbot.web.components.templates import gradio_template
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.shelf.handlers import Handlers, Update, Visitor

_SCRIPT = Path(__file__).parent / "shelf.js"
_CLICK_DOWNLOAD = "() => { setTimeout(() => document.querySelector('#sh-download').click(), 150); }"


@dataclass(frozen=True)
class Controls:
    """The components of the tab. `download` is out of sight: it hands a file to the browser."""

    import_poet: gr.UploadButton
    download: gr.DownloadButton
    page: gr.HTML


def build(language: Locale) -> Controls:
    """Lay the tab out. The poets are listed when it is opened."""
    with gr.Column(elem_id="shelf"):
        page = gr.HTML(
            html_template=gradio_template("tabs/shelf/page.html", language),
            js_on_load=_SCRIPT.read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_id="sh-page",
        )
        import_poet = gr.UploadButton(
            language.gettext("Import a poet"), file_types=[".zip"], size="sm", elem_id="sh-import"
        )
        download = gr.DownloadButton(language.gettext("Download"), elem_id="sh-download")
    return Controls(import_poet, download, page)


def wire(
    controls: Controls,
    tab: gr.Tab,
    tabs: gr.Tabs,
    choices: tuple[gr.Dropdown, ...],
    shelf: Shelf,
    language: Locale,
) -> None:
    """Connect the controls. `choices` are the lists that poets are chosen from elsewhere; they follow every change."""
    handlers = Handlers(shelf, language)
    page = controls.page
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    quick = {**private, "concurrency_limit": 4}
    packing = {**private, "concurrency_id": "packing", "concurrency_limit": 2}

    # The lists follow in the same event: Gradio's page can lose the answer to an event that begins as another one ends.
    def with_choices(action: Callable[[gr.EventData, Visitor], Update]) -> Callable[..., tuple[Any, ...]]:
        def changed(write: Any, overlap: Any, event: gr.EventData, visitor: gr.Request) -> tuple[Any, ...]:
            return action(event, visitor), *handlers.choices(write, overlap, visitor=visitor)

        changed.__name__ = action.__name__  # by which Gradio calls the event
        return changed

    def import_poet(path: Any, write: Any, overlap: Any, visitor: gr.Request) -> tuple[Any, ...]:
        return handlers.import_poet(path, visitor), *handlers.choices(write, overlap, visitor=visitor)

    inputs, outputs = list(choices), [page, *choices]
    changes = [
        page.rename(with_choices(handlers.rename), inputs, outputs, **quick),
        page.remove(with_choices(handlers.remove), inputs, outputs, **quick),
        page.restore(with_choices(handlers.restore), inputs, outputs, **quick),
        controls.import_poet.upload(import_poet, [controls.import_poet, *inputs], outputs, **packing),
    ]
    packed = page.pack(handlers.pack, None, [page, controls.download], **packing)
    packed.success(None, None, None, js=_CLICK_DOWNLOAD, **private)
    others = [
        tab.select(handlers.show, None, [page], **quick),
        page.details(handlers.details, None, [page], **quick),
        page.use(handlers.use, None, [tabs, *choices], **quick),
        packed,
    ]
    for event in (*changes, *others):
        event.failure(handlers.failed, None, [page], **quick)
