"""A way back from the server to the script of a page: answers that are no part of what the page shows.

A page asks by an event whose data hold a number, `ask`; the answer holds it too. Answers that came through the page's
own value would be lost where two come at once. On its way each answer is an event of the document.
"""

import json
from typing import Any

import gradio as gr

ANSWER = "poetbot-answer"
_TELL = (
    "watch('value', () => { if (props.value) document.dispatchEvent("
    f"new CustomEvent('{ANSWER}', {{ detail: JSON.parse(props.value) }})); }});"
)


def as_text(value: Any) -> str | None:
    """Return an answer as JSON text. Of plain data gradio would take each mapping that looks like one of its files for a
    file, and serve it; but an answer may repeat what a visitor sent."""
    return None if value is None else json.dumps(value)


def channel(name: str) -> gr.HTML:
    """Return a component that nobody sees. One for each kind of question that may be open at a time."""
    made = gr.HTML(
        html_template="<i></i>",
        js_on_load=_TELL,
        apply_default_css=False,
        elem_id=f"{name}-channel",
        elem_classes="channel",
    )
    # Not in a class of our own: gradio writes a stub beside the module of every class of components.
    made.postprocess = as_text
    return made
