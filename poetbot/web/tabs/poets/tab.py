"""The Poets tab: every poet, what is known of it, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.locale import Locale
from poetbot.web.components.island import Island, island
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.poets.handlers import Deleted, Handlers, ListedName, NewName, Packing, Update, Version

_EVENTS = ("details", "rename", "remove", "restore", "pack", "use")


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    import_poet: gr.UploadButton
    page: Island


def build(language: Locale) -> Controls:
    """Lay the tab out. The poets are listed when it is opened."""
    with gr.Column(elem_id="poets"):
        page = island(language, "tabs/poets/page.html", "tabs/poets/poets.js", _EVENTS, "pt-page")
        import_poet = gr.UploadButton(
            language.gettext("Import a poet"), size="sm", elem_id="pt-import", elem_classes=["text-button"]
        )
    return Controls(import_poet, page)


def wire(
    controls: Controls,
    tab: gr.Tab,
    tabs: gr.Tabs,
    choices: tuple[gr.Dropdown, ...],
    length: tuple[gr.Dropdown, gr.State],
    shelf: PoetRegistry,
    language: Locale,
) -> None:
    """Connect the controls. `choices` are the lists that poets are chosen from elsewhere; they follow every change.

    `length` is that of poems, which a poet to write with sets, and the session, which knows whether a person has.
    """
    handlers = Handlers(shelf, language)
    page, html = controls.page, controls.page.html
    quick: dict[str, Any] = {"concurrency_limit": 4}
    packing: dict[str, Any] = {"concurrency_id": "packing", "concurrency_limit": 2}

    # The lists follow in the same event: Gradio's page can lose the answer to an event that begins as another one ends.
    def with_choices(handler: Callable[..., Update]) -> Callable[..., tuple[Any, ...]]:
        def changed(message: Any, write: Any, overlap: Any, visitor: gr.Request) -> tuple[Any, ...]:
            return handler(message, visitor), *handlers.choices(write, overlap, visitor=visitor)

        changed.__name__ = handler.__name__  # by which Gradio calls the event
        return changed

    upload = controls.import_poet
    page.on(html.rename, with_choices(handlers.rename), NewName, choices, choices, **quick)
    page.on(html.remove, with_choices(handlers.remove), ListedName, choices, choices, **quick)
    page.on(html.restore, with_choices(handlers.restore), Deleted, choices, choices, **quick)
    page.on(upload.upload, with_choices(handlers.import_poet), None, [upload, *choices], choices, **packing)
    page.on(tab.select, handlers.show, **quick)
    page.on(html.details, handlers.details, ListedName, **quick)
    page.on(html.pack, handlers.pack, Packing, **packing)
    page.on(html.use, handlers.use, Version, length, [tabs, length[0], *choices], **quick)
