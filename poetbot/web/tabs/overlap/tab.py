"""The Overlap tab: what any text has in common with a poet's training poems."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from poetbot.locale import Locale
from poetbot.web.components.island import Island, island
from poetbot.web.components.templates import render
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.overlap.handlers import SUFFIXES, Download, Handlers

_WITH_CURRENT_POEM = "(session) => [session, document.querySelector('#page .poem-page').currentPoem()]"


@dataclass(frozen=True)
class Controls:
    """The components of the tab."""

    text: gr.Textbox
    poet: gr.Dropdown
    given: gr.Textbox
    include_given: gr.Checkbox
    check: gr.Button
    stop: gr.Button
    open: gr.UploadButton
    use_poem: gr.Button
    page: Island


def build(shelf: PoetRegistry, language: Locale) -> Controls:
    """Lay out the tab: the text and its settings, and the report below them."""
    _ = language.gettext
    with gr.Column(elem_id="overlap"):
        with gr.Column(elem_id="ov-controls", elem_classes="controls"):
            gr.HTML(render("tabs/overlap/why.html", language), elem_id="ov-why", apply_default_css=False)
            text = gr.Textbox(
                label=_("Your text"),
                placeholder=_("Paste one or more poems, separated by lines with a single %"),
                lines=7,
                max_lines=14,
                elem_id="ov-text",
                elem_classes="field",
            )
            with gr.Row(elem_id="ov-sources"):
                open_file = gr.UploadButton(
                    _("Open a file"),
                    file_types=list(SUFFIXES),
                    size="sm",
                    elem_id="ov-open",
                    elem_classes="text-button",
                )
                use_poem = gr.Button(
                    _("Use my current poem"), size="sm", elem_id="ov-use-poem", elem_classes="text-button"
                )
            with gr.Row(elem_id="ov-settings"):
                poet = gr.Dropdown(
                    shelf.names(),
                    value=shelf.default(language),
                    label=_("Poet"),
                    filterable=False,
                    elem_id="ov-poet",
                    elem_classes="dropdown",
                    min_width=120,
                )
                given = gr.Textbox(
                    label=_("Your first words"),
                    placeholder=_("Left out of the figures if it begins with them."),
                    lines=1,
                    max_lines=3,
                    elem_id="ov-given",
                    elem_classes="field",
                    min_width=120,
                )
                include_given = gr.Checkbox(
                    False, label=_("Include my own words"), elem_id="ov-include-given", min_width=120
                )
                with gr.Column(elem_id="ov-go", min_width=100):
                    check = gr.Button(
                        _("Check"), variant="primary", elem_id="ov-check", elem_classes="main-button"
                    )
                    stop = gr.Button(_("Stop"), elem_id="ov-stop", elem_classes="main-button")
        template, script = "tabs/overlap/page.html", "tabs/overlap/overlap.js"
        page = island(language, template, script, ("save",), "ov-page")
    return Controls(text, poet, given, include_given, check, stop, open_file, use_poem, page)


def wire(controls: Controls, session: gr.State, shelf: PoetRegistry, language: Locale) -> None:
    """Connect the controls. overlap.js turns Check into Stop and shows the notes of marked phrases."""
    handlers, c = Handlers(shelf, language), controls
    checking: dict[str, Any] = {"concurrency_id": "overlap", "concurrency_limit": 2}
    quick: dict[str, Any] = {"concurrency_limit": 4}
    settings, page = [c.poet, c.given, c.include_given], c.page
    checked = page.on(c.check.click, handlers.check, None, [session, c.text, *settings], **checking)
    opening = [session, c.open, c.given]
    opened = page.on(c.open.upload, handlers.open, None, opening, [c.text, c.given], **quick)
    checked_file = page.on(opened.success, handlers.check_opened, None, [session, *settings], **checking)
    c.stop.click(None, cancels=[checked, checked_file], api_visibility="private")
    poem, filled = [session, gr.JSON(visible=False)], [c.text, c.given, c.poet]
    page.on(c.use_poem.click, handlers.use_poem, None, poem, filled, js=_WITH_CURRENT_POEM, **quick)
    page.on(page.html.save, handlers.save, Download, [session], **quick)
