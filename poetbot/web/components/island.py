"""An island: a part of the page with a template and an ES module of its own, and typed messages in both directions.

The module triggers events with plain data. Each event has a dataclass, which `parse` makes from the data; its handler
gets this object and returns or yields answers (TypedDicts). What it raises becomes an answer with a sentence as `error`.
"""

import inspect
import itertools
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.web.components.scripts import module, receiver
from poetbot.web.components.templates import gradio_template
from poetbot.web.gradio_compat import event_data

log = logging.getLogger(__name__)

MAX_LENGTH = 20_000_000
"""Characters of a text in a message: as many as a file of saved poems may have."""
MAX_ITEMS = 20_000
"""Items of a list in a message: as many as the parts of a poem that the poet wrote."""
_MAX_INTEGER = 2**53  # beyond it JavaScript's numbers have gaps

Message = TypeVar("Message")


@dataclass(frozen=True)
class Island:
    """A `gr.HTML`, the language of what it shows, and the path of its ES module."""

    html: gr.HTML
    language: Locale
    script: str

    def on(
        self,
        trigger: Callable[..., Any],
        handler: Callable[..., Any],
        message: type | None = None,
        inputs: Sequence[Any] = (),
        outputs: Sequence[Any] = (),
        **options: Any,
    ) -> Any:
        """Let an event call `handler(message, *inputs, visitor)`, without the message if it has none.

        The handler answers the island, or returns a tuple of the answer and the values of `outputs`.
        """
        handle = handling(handler, message, self.language, len(outputs))
        private = {"api_visibility": "private", "show_progress": "hidden"}
        event = trigger(handle, list(inputs), [self.html, *outputs], **private, **options)
        # What never reached the handler, such as an event that the queue had no room for.
        event.failure(
            lambda: {"error": broken(self.language), "failed": True},
            None,
            [self.html],
            concurrency_limit=4,
            **private,
        )
        return event

    def mailbox(self, elem_id: str) -> "Island":
        """Return an invisible island of the same module, for answers that may come together with others.

        Of two answers that one component gets at once, the browser shows the module only the second. The module's
        export `receive` is called with every answer in a mailbox.
        """
        return Island(
            _html("<i></i>", receiver(self.script), elem_id, elem_classes="mailbox"),
            self.language,
            self.script,
        )


def island(
    language: Locale, template: str, script: str, events: Sequence[str], elem_id: str, **values: Any
) -> Island:
    """Return an island with the paths of its template, filled with `values`, and of its ES module in `web/`.

    The module's default export gets `element` and `trigger`, and returns a function that is called with every answer.
    """
    html = gradio_template(template, language, **values)
    return Island(_html(html, module(script, *events), elem_id), language, script)


def _html(template: str, script: str, elem_id: str, **options: Any) -> gr.HTML:
    component = gr.HTML(
        html_template=template, js_on_load=script, apply_default_css=False, elem_id=elem_id, **options
    )
    # Not in a subclass: Gradio writes a stub beside the module of every class of components.
    count = itertools.count(1)
    # The browser isn't told of an answer that equals the last one, so each has a number. As JSON, because Gradio serves
    # any mapping that looks like one of its files as a file, and an answer may repeat what a visitor sent.
    component.postprocess = lambda value: (
        None if value is None else json.dumps({**value, "answer": next(count)})
    )
    return component


def handling(
    handler: Callable[..., Any], message: type | None, language: Locale, others: int = 0
) -> Callable[..., Any]:
    """Return the function for Gradio that calls `handler`, as `Island.on` describes. `others` is the number of outputs."""

    def answers(event: gr.EventData, visitor: gr.Request, *inputs: Any) -> Iterator[Any]:
        number = event_data(event).get("id")
        head = {"id": number} if type(number) is int else {}
        try:
            arguments = (parse(message, event, language), *inputs) if message else inputs
            found = handler(*arguments, visitor)
            for each in found if inspect.isgenerator(found) else (found,):
                answer, *rest = each if isinstance(each, tuple) else (each,)
                yield (head | answer, *rest) if others else head | answer
        except Exception as error:
            answer = head | {"error": sentence_of(error, language)}
            if not isinstance(error, PoetBotError):
                answer["failed"] = True  # the same may be asked again
            yield (answer, *[gr.skip()] * others) if others else answer

    def only_answer(event: gr.EventData, visitor: gr.Request, *inputs: Any) -> Any:
        return next(answers(event, visitor, *inputs))

    handle = answers if inspect.isgeneratorfunction(inspect.unwrap(handler)) else only_answer
    handle.__name__ = handler.__name__  # the name that Gradio gives the event
    return handle


def parse(message: type[Message], event: gr.EventData, language: Locale) -> Message:
    """Return what a script sent, as a dataclass; other fields are ignored. Raises PoetBotError if a type is wrong."""
    return parse_data(message, event_data(event), language)


def parse_data(message: type[Message], data: Any, language: Locale) -> Message:
    """Return data of a message as a dataclass, as `parse` does."""
    try:
        return _read(message, data)
    except TypeError as error:
        raise PoetBotError(
            language.gettext("The page sent something that PoetBot doesn't understand. Reload the page.")
        ) from error


def _read(message: type[Message], data: Any) -> Message:
    """Return data of JSON as a dataclass. Raises TypeError if a type is wrong or a field is missing."""
    if not isinstance(data, dict):
        raise TypeError
    types = get_type_hints(message)
    names = [field.name for field in fields(message) if field.name in data]  # type: ignore[arg-type]
    return message(**{name: _value(types[name], data[name]) for name in names})


def _value(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        return _read(kind, value)
    if not _is(value, kind):
        raise TypeError
    return value


def _is(value: Any, kind: Any) -> bool:
    """Return whether a value of JSON has a type: str, bool, int, None, a list, an object, literals, or one of several."""
    if isinstance(kind, UnionType):
        return any(_is(value, each) for each in get_args(kind))
    if get_origin(kind) is Literal:
        return isinstance(value, str) and value in get_args(kind)
    if get_origin(kind) is list:
        (item,) = get_args(kind)
        return isinstance(value, list) and len(value) <= MAX_ITEMS and all(_is(each, item) for each in value)
    if get_origin(kind) is dict:
        return isinstance(value, dict)
    if type(value) is not kind:
        return kind is type(None) and value is None
    if isinstance(value, str):
        return len(value) <= MAX_LENGTH
    return not isinstance(value, int) or abs(value) <= _MAX_INTEGER


def sentence_of(error: Exception, language: Locale) -> str:
    """Return what the page says of an error; one that isn't a PoetBotError is logged."""
    if isinstance(error, PoetBotError):
        return language.say(error)
    log.error("An event of the page failed.", exc_info=error)
    return broken(language)


def broken(language: Locale) -> str:
    """Return what the page says of an unexpected failure."""
    return language.gettext("Something went wrong. See the terminal for details, then try again.")
