"""The tab that shows what a poet learned: its words, its sound, its curves, its growth, and what surprises it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.study.handlers import Handlers
from poetbot.web.tabs.study.page import page_html
from poetbot.web.words import Words

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    page: gr.HTML


def build(words: Words) -> Controls:
    """Lay the tab out; nothing is drawn before it is opened."""
    with gr.Column(elem_id="study"):
        page = gr.HTML(
            html_template=page_html(words.study),
            js_on_load=(_HERE / "study.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_id="st-page",
        )
    return Controls(page)


def wire(
    controls: Controls, tab: gr.Tab, poet: gr.Dropdown, session: gr.State, shelf: Shelf, words: Words
) -> None:
    """Say what each question of the page does. `poet` is the one that is chosen to write with."""
    handlers = Handlers(shelf, words)
    page = controls.page
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    # Queues of their own: who studies holds nobody's writing up, and who waits for a cloud waits for no long work.
    aside = {**quiet, "concurrency_limit": 4}
    drawing = {**quiet, "concurrency_id": "drawing", "concurrency_limit": 2}
    long = {**quiet, "concurrency_id": "studying", "concurrency_limit": 2}
    stoppable = [
        page.write(handlers.write, [session], [page], **long),
        page.shares(handlers.compare, [session], [page], **long),
        page.growth(handlers.grow, None, [page], **long),
        page.surprise(handlers.look, [session], [page], **long),
    ]
    others = [
        tab.select(handlers.open, [session, poet], [page], **aside),
        page.words(handlers.draw_words, [session], [page], **drawing),
        page.marks(handlers.hear, [session], [page], **drawing),
        page.curves(handlers.draw_curves, None, [page], **drawing),
        page.keep(handlers.keep, [session], [page], **drawing),
    ]
    for event in (*stoppable, *others):
        event.failure(handlers.broken, None, [page], **aside)
    page.stop(None, cancels=stoppable, api_visibility="private")
