"""The third section of the Teach tab: train a poet, and watch the run until it can write.

A run is a process of its own (`poetbot.runs`). The page only polls its state, so it can be closed and opened again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.locale import Locale
from poetbot.poets.recipes import RECIPES
from poetbot.web.components.island import Island, island
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.teach.training_handlers import (
    Handlers,
    RunAction,
    RunChoice,
    RunForm,
    default_parent,
    parent_choices,
)

DEFAULT_MINUTES = 3
DEFAULT_HELD_OUT = 0.1
SEED = "The lamp is low, and"  # of the poems before and after training
_AUTOMATIC = ""  # no recipe by name: training chooses one


@dataclass(frozen=True)
class Controls:
    """The components of the section. `selected` holds the id of the run that is shown."""

    parent: gr.Dropdown
    name: gr.Textbox
    minutes: gr.Number
    start: gr.Button
    estimate: gr.HTML
    recipe: gr.Dropdown
    held_out: gr.Slider
    rng: gr.Number
    page: Island
    timer: gr.Timer
    selected: gr.State


def build(shelf: PoetRegistry, language: Locale) -> Controls:
    """Lay the section out: the settings, and the run below them."""
    _ = language.gettext
    with gr.Column(elem_id="training", elem_classes="controls"):
        with gr.Row(elem_id="training-settings"):
            parent = gr.Dropdown(
                parent_choices(shelf, language),
                value=default_parent(shelf),
                label=_("Start from"),
                filterable=False,
                elem_id="training-parent",
                elem_classes="dropdown",
                min_width=120,
            )
            name = gr.Textbox(
                _("My poet"),
                label=_("Name of the new poet"),
                max_lines=1,
                elem_id="training-name",
                elem_classes="field",
                min_width=120,
            )
            minutes = gr.Number(
                DEFAULT_MINUTES,
                label=_("Minutes"),
                minimum=0.05,
                elem_id="training-minutes",
                elem_classes="field",
                min_width=60,
            )
            start = gr.Button(
                _("Train"), variant="primary", elem_id="training-start", elem_classes="main-button"
            )
        estimate = gr.HTML("", elem_id="training-estimate", apply_default_css=False)
        with (
            gr.Accordion(_("More"), open=False, elem_id="training-more"),
            gr.Row(elem_id="training-more-row"),
        ):
            with gr.Column(min_width=140):
                recipe = gr.Dropdown(
                    [(_("automatic"), _AUTOMATIC), *((each, each) for each in RECIPES)],
                    value=_AUTOMATIC,
                    label=_("Recipe"),
                    info=_("The network and how to train it. Only for a poet trained from scratch."),
                    filterable=False,
                    elem_id="training-recipe",
                    elem_classes="dropdown",
                )
            with gr.Column(min_width=140):
                held_out = gr.Slider(
                    0,
                    0.5,
                    value=DEFAULT_HELD_OUT,
                    step=0.05,
                    label=_("Share of poems kept for testing"),
                    info=_("These poems aren't trained on; they measure how well it learns."),
                    buttons=[],
                    elem_id="training-held-out",
                )
            with gr.Column(min_width=140):
                rng = gr.Number(
                    value=0,
                    precision=0,
                    minimum=0,
                    label=_("Random seed"),
                    info=_("The same seed keeps the same poems for testing."),
                    elem_id="training-rng",
                    elem_classes="field",
                )
        template, script = "tabs/teach/training.html", "tabs/teach/training.js"
        page = island(language, template, script, ("act", "write"), "training-page", seed=SEED)
        timer = gr.Timer(1.0, active=False)
        selected = gr.State("")
    return Controls(parent, name, minutes, start, estimate, recipe, held_out, rng, page, timer, selected)


def wire(
    controls: Controls,
    handlers: Handlers,
    corpus_id: gr.State,
    app: gr.Blocks,
    tabs: gr.Tabs,
    poet: gr.Dropdown,
    length: tuple[gr.Dropdown, gr.State],
    changed: Sequence[Any] = (),
) -> None:
    """Connect the controls. `poet` and `length` are those of the Write tab; the events `changed` change the poems to train on."""
    c, h = controls, handlers
    quiet = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 8}
    # Polling takes milliseconds once a second, so it doesn't queue.
    unqueued: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    run = [c.page.html, c.timer]
    app.load(h.open_page, [c.selected], run, **unqueued)
    app.load(h.update_parents, [c.parent], [c.parent], **unqueued)
    c.timer.tick(h.poll, [c.selected], run, **unqueued)

    def start_training(corpus: Any, *values: Any) -> tuple[Any, Any, Any]:
        *settings, request = values
        return h.start_training(corpus, RunForm(*settings), request)

    def estimate(request: gr.Request, corpus: Any, *settings: Any) -> Iterator[str]:
        yield from h.estimate(corpus, RunForm(*settings), request)

    inputs = [corpus_id, c.parent, c.name, c.minutes, c.recipe, c.held_out, c.rng]
    outputs, quick = [c.timer, c.selected], {"concurrency_limit": 8}
    c.page.on(c.start.click, start_training, None, inputs, outputs, **quick)
    c.page.on(c.page.html.act, h.act, RunAction, [c.selected], outputs, trigger_mode="multiple", **quick)
    c.page.on(c.page.html.write, h.write_with_poet, RunChoice, [*length], [tabs, poet, length[0]], **quick)
    gr.on(
        [c.parent.change, c.minutes.change, c.recipe.change, c.held_out.release, app.load, *changed],
        estimate,
        inputs,
        [c.estimate],
        trigger_mode="always_last",
        **quiet,
    )
