"""Questions of a page's script and their answers.

A page asks with an event whose data hold a number, `ask`, and the answer holds it too. The answer comes through a
channel of its own, as an event of the document: through the page's value, one of two that come at once would be lost.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.web.components.island import sentence_of
from poetbot.web.gradio_compat import event_data

Data = dict[str, Any]

_ON_LOAD = (
    "watch('value', () => { if (props.value) document.dispatchEvent("
    "new CustomEvent('poetbot-answer', { detail: JSON.parse(props.value) })); });"
)


def channel(name: str) -> gr.HTML:
    """Return an invisible component for answers: one for each kind of question that may be open at the same time."""
    component = gr.HTML(
        html_template="<i></i>",
        js_on_load=_ON_LOAD,
        apply_default_css=False,
        elem_id=f"{name}-channel",
        elem_classes="channel",
    )
    # Not in a subclass: Gradio writes a stub beside the module of every class of components.
    component.postprocess = _as_text
    return component


def _as_text(value: Any) -> str | None:
    """Return an answer as JSON text. Gradio serves any mapping that looks like one of its files as a file, and an
    answer may repeat what a visitor sent."""
    return None if value is None else json.dumps(value)


def answers(event: gr.EventData, language: Locale, work: Callable[[Data], Iterator[Data]]) -> Iterator[Data]:
    """Yield the answers to a question, with its number. An error becomes an answer with a sentence as `error`."""
    data = event_data(event)
    number = {"ask": data.get("ask")}
    try:
        for each in work(data):
            yield number | each
    except PoetBotError as error:
        yield number | {"error": sentence_of(error, language)}
    except Exception as error:  # the page waits for an answer
        yield number | {"error": sentence_of(error, language), "failed": True}


def answer(event: gr.EventData, language: Locale, work: Callable[[Data], Data]) -> Data:
    """Return the answer to a question that has only one, as `answers` does."""
    return next(answers(event, language, lambda data: iter([work(data)])))
