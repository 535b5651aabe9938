"""What PoetBot relies on in Gradio that Gradio does not document. Everything else uses documented parameters and methods.

1. Mounting: `mount_gradio_app` takes no limit of open pages and leaves `Blocks.app` unset (`mount`). Blocks create an app
   whenever they are left (`one_app`).
2. Functions: `Blocks.fns` and the attributes of its entries (`functions`, `input_count`).
3. Pages and events: `Blocks._queue` and `App.state_holder` (`pending_events`, `open_pages`, `forget_page`).
4. The request that a thread works for: `LocalContext` (`current_page`).
5. The data that a script sends with `trigger`: `EventData._data` (`event_data`).
6. The wire: routes (serving/routes.py), the answers that name events and uploads (serving/access_middleware.py), the
   message that ends a page's event stream (serving/event_streams.py), files in messages (serving/ownership.py), and how
   a page begins (serving/languages.py).
7. The page's HTML: the classes and attributes in `CLASSES` and `TEST_IDS`, which our style sheets name, and those of
   tabs (components/head.js).
8. How a page chooses between dark and light: it asks `matchMedia` (components/look.js).
9. Its import: stubs for editors, and pandas (gradio_import.py).
10. Its state of a page: a copy of the settings of every component, for links that PoetBot does not have (`_PageState`).
11. Its queue: how often it looks for events, its statistics of them (`_save_work`), and its threads (`mount`).

tests/web/test_gradio_compat.py has a test for each that says what changed if an upgrade of Gradio breaks one.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio import state_holder
from gradio.context import LocalContext
from gradio.routes import App
from gradio.state_holder import SessionState
from starlette.routing import Mount

CLASSES = frozenset(
    [
        "app",
        "block",
        "column",
        "container",
        "form",
        "gradio-container",
        "html-container",
        "icon",
        "icon-wrap",
        "info-text",
        "label-wrap",
        "max_value",
        "min_value",
        "nav-holder",
        "option-list",
        "secondary-wrap",
        "selected",
        "slider_input_container",
        "sm",
        "tab-container",
        "tab-like-container",
        "tab-wrapper",
        "tabitem",
        "tabs",
        "wrap",
        "wrap-inner",
    ]
)
"""Classes that Gradio gives its elements and our style sheets name."""

TEST_IDS = frozenset(("block-info",))
"""The same of `data-testid`."""


class _PageState(SessionState):
    """The state of a page without a copy of the settings of every component in every language.

    Gradio keeps it for `gr.DeepLinkButton`. It takes half a MB for each page that is opened and for each call of the API.
    """

    def __init__(self, blocks: gr.Blocks) -> None:
        super().__init__(SimpleNamespace(default_config=blocks.default_config, blocks=()))

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


state_holder.SessionState = _PageState


@contextmanager
def one_app() -> Iterator[None]:
    """Build blocks without the apps that Gradio creates at the end of each `with` and in `queue`: only `mount` needs one."""
    create = App.create_app
    App.create_app = staticmethod(lambda *_, **__: None)
    try:
        yield
    finally:
        App.create_app = staticmethod(create)


def mount(app: FastAPI, blocks: gr.Blocks, max_pages: int, max_threads: int, **arguments: Any) -> None:
    """Mount Gradio's app at `/`, with the state of at most `max_pages` open pages, and `max_threads` threads for events.

    `launch` takes these numbers, but `mount_gradio_app` doesn't. It also leaves `blocks.app` unset, and then
    `blocks.close()` closes nothing.
    """
    blocks.state_session_capacity = max_pages
    blocks.max_threads = blocks._queue.max_thread_count = max_threads
    _save_work(blocks._queue)
    with warnings.catch_warnings():
        # Gradio warns about every app with several pages, even without that mode.
        warnings.filterwarnings("ignore", "SSR mode is not supported with multi-page apps")
        gr.mount_gradio_app(app, blocks, path="/", **arguments)
    mounted = app.routes[-1]
    assert isinstance(mounted, Mount)
    blocks.app = mounted.app


def _save_work(queue: Any) -> None:
    """Let the queue rest while nobody uses the app, and keep no statistics, for which PoetBot has no page.

    Gradio looks for events every 0.001 s and for progress every 0.01 s, which takes 9 % of a core. After each event it
    makes statistics of the last 10,000 with pandas.
    """
    queue.sleep_when_free = 0.02
    queue.progress_update_sleep_when_free = 0.2  # PoetBot reports progress in its own ways
    queue.ANALYTICS_MAX_EVENTS = 1
    queue.ANAYLTICS_CACHE_FREQUENCY = float("inf")  # spelled as in Gradio


def functions(blocks: gr.Blocks) -> Any:
    """Return the functions that a page may call, by number."""
    return blocks.fns


def input_count(blocks: gr.Blocks, number: int | None, name: str | None) -> int | None:
    """Return how many inputs a function takes, by its number or name; None if there is none to call.

    Its state components are among them. Gradio fills them in, but fails with a traceback if the message has no place for them.
    """
    every = functions(blocks)
    found = every.get(number) if number is not None else None
    if number is None:
        found = next((each for each in every.values() if each.api_name == name), None)
    if found is None or found.fn is None:
        return None
    return len(found.inputs)


def pending_events(blocks: gr.Blocks) -> list[str]:
    """Return the ids of the events that are queued or running."""
    return list(blocks._queue.event_ids_to_events)


def open_pages(blocks: gr.Blocks) -> list[str]:
    """Return the session hashes of the pages whose state Gradio holds."""
    return list(blocks.app.state_holder.session_data)


def forget_page(blocks: gr.Blocks, session_hash: str) -> None:
    """Free what Gradio holds for a page: a copy of its components, and results that nobody fetched."""
    pages, queue = blocks.app.state_holder, blocks._queue
    pages.session_data.pop(session_hash, None)
    pages.time_last_used.pop(session_hash, None)
    waiting = queue.pending_event_ids_session.get(session_hash, ())
    if not any(event in queue.event_ids_to_events for event in waiting):
        queue.pending_messages_per_session.pop(session_hash, None)
        queue.pending_event_ids_session.pop(session_hash, None)


def current_page() -> str | None:
    """Return the session hash of the page that this thread answers, None if it answers none."""
    return getattr(LocalContext.request.get(None), "session_hash", None)


def event_data(event: gr.EventData) -> dict[str, Any]:
    """Return what a script sent with an event, {} if it is anything but an object."""
    data = event._data
    return data if isinstance(data, dict) else {}
