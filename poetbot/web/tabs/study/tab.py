"""The Study tab: what a poet learned, by its words, its sound, its curves, its growth, and what surprises it."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.locale import Locale
from poetbot.web.components.island import Island, island
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.study.handlers import Handlers
from poetbot.web.tabs.study.page import page_values
from poetbot.web.tabs.study.requests import (
    CurvesRequest,
    GrowthRequest,
    PoemRequest,
    PoetRequest,
    SaveRequest,
    SharesRequest,
    SurpriseRequest,
    WordsRequest,
)

_EVENTS = ("words", "write", "marks", "shares", "curves", "growth", "surprise", "save", "stop")


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    page: Island


def build(language: Locale) -> Controls:
    """Lay the tab out. Nothing is drawn before it is opened."""
    script, values = "tabs/study/study.js", page_values(language)
    with gr.Column(elem_id="study"):
        return Controls(island(language, "tabs/study/page.html", script, _EVENTS, "st-page", **values))


def wire(
    controls: Controls,
    tab: gr.Tab,
    poet: gr.Dropdown,
    session: gr.State,
    shelf: PoetRegistry,
    language: Locale,
) -> None:
    """Connect the requests of the page. `poet` is the one that is chosen on the Write tab."""
    handlers = Handlers(shelf, language)
    page, html = controls.page, controls.page.html
    # Queues of their own: studying doesn't delay writing, and clouds don't wait for long work.
    drawing: dict[str, Any] = {"concurrency_id": "drawing", "concurrency_limit": 2}
    long: dict[str, Any] = {"concurrency_id": "studying", "concurrency_limit": 2}
    stoppable = [
        page.on(html.write, handlers.write_poems, PoetRequest, [session], **long),
        page.on(html.shares, handlers.compare_sounds, SharesRequest, [session], **long),
        page.on(html.growth, handlers.show_growth, GrowthRequest, **long),
        page.on(html.surprise, handlers.show_surprise, SurpriseRequest, [session], **long),
    ]
    page.on(tab.select, handlers.show_choices, None, [session, poet], concurrency_limit=4)
    page.on(html.words, handlers.draw_clouds, WordsRequest, [session], **drawing)
    page.on(html.marks, handlers.mark_sounds, PoemRequest, [session], **drawing)
    page.on(html.curves, handlers.draw_curves, CurvesRequest, **drawing)
    page.on(html.save, handlers.save, SaveRequest, [session], **drawing)
    html.stop(None, cancels=stoppable, api_visibility="private")
