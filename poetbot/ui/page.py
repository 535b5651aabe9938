"""The page: the one HTML component that holds the poem, and what the server tells it.

The template never changes, so Gradio leaves the page alone; desk.js watches the component's value and shows it. The
value is one of

    {"id", "seed", "text", "marks", "done", …}  a poem in the making, as far as it is written
    {"id", "poem", "overlap", "receipt", …}     a finished one, as HTML made by `poem_view`
    {"id", "error"}                             a sentence instead
    {"id", "empty"}                             stopped before anything was written

The poet writes far faster than anybody reads. So the server sends what it has in a few large pieces, and desk.js
lets it appear at a reading pace; Stop tells the server how much was seen, and exactly that is kept.
"""

import time
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.overlap import Mark
from poetbot.ui import poem_view
from poetbot.ui.session import Draft, Kept, Session
from poetbot.ui.words import Words

_HERE = Path(__file__).parent

_TEMPLATE = """
<div class="desk" data-writing="{writing}" data-finished="{finished}" data-finished-one="{finished_one}"
     data-copied="{copied}" data-not-copied="{not_copied}" data-copy="{copy}">
  <p class="unseen" role="status" data-part="status"></p>
  <div class="notices" role="alert" data-part="notices"></div>
  <section class="sheet-poem" aria-label="{poem}">
    <div class="poem" data-part="poem" tabindex="-1"><p class="blank">{blank_page}</p></div>
  </section>
  <div class="after" data-part="after" inert>
    <div class="actions">
      <button type="button" data-do="again">{again}</button>
      <button type="button" data-do="copy"><span data-part="copy">{copy}</span></button>
      <button type="button" data-do="save">{save}</button>
    </div>
    <div data-part="overlap"></div>
    <div data-part="receipt"></div>
  </div>
  <nav class="margin" aria-label="{this_session}">
    <div>
      <h2>{this_session}</h2>
      <div data-part="poems">{poems}</div>
    </div>
  </nav>
</div>
"""


def page(words: Words) -> gr.HTML:
    """Return the component. Its events are "settle", "again" and "recall"."""
    return gr.HTML(
        html_template=template(words),
        js_on_load=(_HERE / "desk.js").read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="page",
    )


def template(words: Words) -> str:
    """Return the page without a poem. Gradio reads it as a template, so it must hold none of its signs."""
    fields = {name: escape(str(getattr(words, name))) for name in words.__dataclass_fields__}
    html = _TEMPLATE.format(**fields, poems=poem_view.poems_html((), 0, words))
    if any(sign in html for sign in ("`", "${", "{{", "\\")):
        raise ValueError("The words of the page hold a sign that Gradio's templates would run.")
    return html


def in_the_making(draft: Draft, seed: str, written: str, marks: Sequence[Mark] = ()) -> dict[str, Any]:
    """Return a poem as far as it is written; it is shown as plain text. The marks are of seed and text together."""
    return {
        "id": draft.number,
        "seed": seed,
        "text": written,
        "marks": poem_view.marked(len(seed) + len(written), marks),
        "done": draft.poem is not None,
        "lines": draft.request.lines or 0,
        "notices": poem_view.notices_html(draft.notices),
    }


def finished(kept: Kept, session: Session, words: Words) -> dict[str, Any]:
    """Return a finished poem with all that stands below and beside it."""
    poem = kept.poem
    return {
        "id": kept.number,
        "final": True,
        "poem": poem_view.poem_html(poem, kept.report),
        "overlap": poem_view.ended_html(poem, words) + poem_view.overlap_html(poem.text, kept.report, words),
        "receipt": poem_view.receipt_html(poem, words),
        "notices": poem_view.notices_html(kept.notices),
        "text": poem.text,
        "lines": sum(1 for line in poem.text.split("\n") if line.strip()),
        "save": poem_view.text_to_save(poem, words),
        "file": poem_view.file_name(poem),
        "poems": poem_view.poems_html([(k.number, k.poem.text) for k in session.kept], kept.number, words),
    }


def failed(number: int, sentence: str) -> dict[str, Any]:
    """Return a sentence to show instead of a poem."""
    # Two equal values in a row would be one to the browser, and the second error would not be seen.
    return {"id": number, "error": poem_view.notices_html((sentence,)), "at": time.monotonic_ns()}
