"""Teaching: what a person sets, and the run that comes of it, watched until its poet can write.

The run is a job of its own process (`poetbot.runs`). This page only looks: it can be closed and opened again, by a browser
or by the app, and finds what is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.poets.recipes import RECIPES
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.teach.training_handlers import Handlers, parents, usual_parent
from poetbot.web.words import Words

USUAL_MINUTES = 3
USUAL_SHARE = 0.1

_HERE = Path(__file__).parent
_TEMPLATE = """
<div class="notices" role="alert" data-part="refused"></div>
<p class="unseen" role="status" data-part="status"></p>
<div class="job" data-wait="{samples_wait}" hidden>
  <div class="title" tabindex="-1" data-part="title"></div>
  <p class="state" data-part="state"></p>
  <progress max="1" value="0" aria-label="{teach_heading}"></progress>
  <dl class="cells" data-part="cells"></dl>
  <div class="notices" data-part="notices"></div>
  <div class="acts">
    <div class="actions" data-part="actions"></div>
    <div class="sureness" role="group" aria-label="{discard_sure}"><span>{discard_sure}</span>
      <button type="button" data-do="yes">{discard_yes}</button>
      <button type="button" data-do="no">{discard_no}</button></div>
  </div>
  <p class="against" data-part="against"></p>
  <section class="after-all" aria-label="{both_heading}">
    <h3>{both_heading}</h3>
    <div class="asking"><input class="seed" aria-label="{both_seed}" value="{seed}" maxlength="300">
      <button type="button" data-do="both">{both_again}</button></div>
    <div class="both" data-part="both"></div>
  </section>
  <div class="halves">
    <section aria-label="{samples_heading}"><h3>{samples_heading}</h3>
      <div class="stages" role="group" aria-label="{samples_heading}" data-part="stages"></div>
      <div class="sample" tabindex="0" data-part="sample"></div></section>
    <section aria-label="{curve_heading}"><h3>{curve_heading}</h3><div data-part="curve"></div></section>
  </div>
  <details><summary>{numbers}</summary><div data-part="table"></div></details>
  <div class="others" data-part="others"></div>
</div>
"""
SEED = "The lamp is low, and"


@dataclass(frozen=True)
class Controls:
    """The components of the section."""

    parent: gr.Dropdown
    name: gr.Textbox
    minutes: gr.Number
    estimate: gr.HTML
    recipe: gr.Dropdown
    share: gr.Slider
    rng: gr.Number
    teach: gr.Button
    page: gr.HTML
    timer: gr.Timer
    chosen: gr.State


def build(shelf: Shelf, words: Words) -> Controls:
    """Lay the section out: what can be set, and below it the run."""
    own = words.job
    recipes = [(own.recipe_fits, ""), *((each, each) for each in RECIPES)]
    with gr.Column(elem_id="tj"):
        with gr.Row(elem_id="tj-settings"):
            parent = gr.Dropdown(
                parents(shelf, words),
                value=usual_parent(shelf),
                label=own.begin_as,
                filterable=False,
                elem_id="tj-parent",
                min_width=120,
            )
            name = gr.Textbox(
                own.usual_name, label=own.new_name, max_lines=1, elem_id="tj-name", min_width=120
            )
            minutes = gr.Number(
                USUAL_MINUTES, label=own.minutes, minimum=0.05, elem_id="tj-minutes", min_width=60
            )
            teach = gr.Button(own.teach, variant="primary", elem_id="tj-teach")
        estimate = gr.HTML("", elem_id="tj-estimate", apply_default_css=False)
        with gr.Accordion(words.more, open=False, elem_id="tj-more"), gr.Row(elem_id="tj-more-row"):
            with gr.Column(min_width=140):
                recipe = gr.Dropdown(
                    recipes,
                    value=recipes[0][1],
                    label=own.recipe,
                    info=own.recipe_hint,
                    filterable=False,
                    elem_id="tj-recipe",
                )
            with gr.Column(min_width=140):
                share = gr.Slider(
                    0,
                    0.5,
                    value=USUAL_SHARE,
                    step=0.05,
                    label=own.share,
                    info=own.share_hint,
                    buttons=[],
                    elem_id="tj-share",
                )
            with gr.Column(min_width=140):
                rng = gr.Number(
                    value=0,
                    precision=0,
                    minimum=0,
                    label=own.job_rng,
                    info=own.job_rng_hint,
                    elem_id="tj-rng",
                )
        page = gr.HTML(
            html_template=template(words),
            js_on_load=(_HERE / "training.js").read_text(encoding="utf-8"),
            apply_default_css=False,
            elem_id="tj-page",
        )
    return Controls(
        parent,
        name,
        minutes,
        estimate,
        recipe,
        share,
        rng,
        teach,
        page,
        gr.Timer(1.0, active=False),
        gr.State(""),
    )


def template(words: Words) -> str:
    """Return the page without a run. Gradio reads it as a template, so it must hold none of its signs."""
    own = words.job
    given = {name: escape(str(getattr(own, name))) for name in own.__dataclass_fields__}
    html = _TEMPLATE.format(**given, seed=escape(SEED))
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def wire(
    controls: Controls,
    handlers: Handlers,
    brought: gr.State,
    app: gr.Blocks,
    tabs: gr.Tabs,
    writes: gr.Dropdown,
    changed: Sequence[Any] = (),
) -> None:
    """Say what each control does. `writes` is the poet of the page for writing; `brought` says which poems are
    to be learned, and after the events `changed` they are others.
    """
    c, h = controls, handlers
    aside = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": 8}
    # A look takes milliseconds and comes once a second: it does not wait behind anything.
    looking: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    run = [c.page, c.timer]
    app.load(h.arrive, [c.chosen], run, **looking)
    app.load(h.parents, [c.parent], [c.parent], **looking)
    c.timer.tick(h.look, [c.chosen], run, **looking)
    settings = [c.parent, c.minutes, c.recipe, c.share]
    begun = c.teach.click(
        h.teach, [brought, c.parent, c.name, c.minutes, c.recipe, c.share, c.rng], [*run, c.chosen], **aside
    )
    asked = c.page.ask(h.ask, [c.chosen], [*run, c.chosen], trigger_mode="multiple", **aside)
    written = c.page.write(h.write_with, None, [c.page, tabs, writes], **aside)
    for event in (begun, asked, written):
        event.failure(h.broken, None, [c.page], **aside)
    triggers = [c.parent.change, c.minutes.change, c.recipe.change, c.share.release, app.load, *changed]
    gr.on(triggers, h.estimate, [brought, *settings], [c.estimate], trigger_mode="always_last", **aside)
