"""The Study tab: what a poet learned, by its words, its sound, its curves, its growth, and what surprises it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.locale import Locale
from poetbot.web.components.scripts import script
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.study.handlers import Handlers
from poetbot.web.tabs.study.page import page_html

SCRIPTS = ("page", "cards", "requests", "choices", "study")
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    page: gr.HTML


def build(language: Locale) -> Controls:
    """Lay the tab out. Nothing is drawn before it is opened."""
    with gr.Column(elem_id="study"):
        page = gr.HTML(
            html_template=page_html(language),
            js_on_load=script(_HERE, *SCRIPTS),
            apply_default_css=False,
            elem_id="st-page",
        )
    return Controls(page)


def wire(
    controls: Controls, tab: gr.Tab, poet: gr.Dropdown, session: gr.State, shelf: Shelf, language: Locale
) -> None:
    """Connect the requests of the page. `poet` is the one that is chosen on the Write tab."""
    handlers = Handlers(shelf, language)
    page = controls.page
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Queues of their own: studying doesn't delay writing, and clouds don't wait for long work.
    quick = {**private, "concurrency_limit": 4}
    drawing = {**private, "concurrency_id": "drawing", "concurrency_limit": 2}
    long = {**private, "concurrency_id": "studying", "concurrency_limit": 2}
    stoppable = [
        page.write(handlers.write_poems, [session], [page], **long),
        page.shares(handlers.compare_sounds, [session], [page], **long),
        page.growth(handlers.show_growth, None, [page], **long),
        page.surprise(handlers.show_surprise, [session], [page], **long),
    ]
    others = [
        tab.select(handlers.show_choices, [session, poet], [page], **quick),
        page.words(handlers.draw_clouds, [session], [page], **drawing),
        page.marks(handlers.mark_sounds, [session], [page], **drawing),
        page.curves(handlers.draw_curves, None, [page], **drawing),
        page.save(handlers.save, [session], [page], **drawing),
    ]
    for event in (*stoppable, *others):
        event.failure(handlers.failed, None, [page], **quick)
    page.stop(None, cancels=stoppable, api_visibility="private")
