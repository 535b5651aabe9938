"""A way back from the server to the script of a page: answers that are no part of what the page shows.

A page asks by an event whose data hold a number, `ask`; the answer holds it too. Answers that came through the page's
own value would be lost where two come at once. On its way each answer is an event of the document.
"""

import gradio as gr

ANSWER = "poetbot-answer"
_TELL = (
    f"watch('value', () => document.dispatchEvent(new CustomEvent('{ANSWER}', {{ detail: props.value }})));"
)


def channel(name: str) -> gr.HTML:
    """Return a component that nobody sees. One for each kind of question that may be open at a time."""
    return gr.HTML(
        html_template="<i></i>",
        js_on_load=_TELL,
        apply_default_css=False,
        elem_id=f"{name}-channel",
        elem_classes="channel",
    )
