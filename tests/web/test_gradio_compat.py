"""What we rely on in Gradio without its promise: each test says what changed if an upgrade breaks it.

poetbot/web/gradio_compat.py lists these points under the same numbers.
"""

import inspect
import json
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
import gradio.routes
import httpx
import pytest
from fastapi import FastAPI
from gradio.routes import App as GradioApp

from poetbot.web import gradio_compat
from poetbot.web.gradio_compat import CLASSES, TEST_IDS
from poetbot.web.gradio_import import STUB_WRITER, STUBS
from poetbot.web.serving.event_streams import CLOSING
from poetbot.web.serving.ownership import files_named
from poetbot.web.serving.routes import API, is_open
from poetbot.web.serving.server import Server

WEB = Path(gradio_compat.__file__).parent
ROOT = WEB.parents[1]
FRONTEND = Path(gr.__file__).parent / "templates" / "frontend"


class App:
    """A small app with one endpoint, which notes what it is called with."""

    def __init__(self) -> None:
        self.pages: list[str | None] = []
        self.sent: list[dict[str, Any]] = []
        with gr.Blocks(analytics_enabled=False) as self.blocks:
            gr.api(self.add, api_name="add")
            html = gr.HTML("<i></i>", js_on_load="")
            html.click(self.note, [gr.State(1), html], None)
        with self.blocks.route("Second", "zh"):
            gr.HTML("<i></i>")
        self.app = FastAPI(openapi_url=None)
        gradio_compat.mount(
            self.app, self.blocks, max_pages=7, max_threads=9, footer_links=[], run_history=False
        )
        self.server = Server(self.app, port=0, closing=lambda: self.blocks.close(verbose=False))

    def add(self, one: int, other: int = 2) -> int:
        self.pages.append(gradio_compat.current_page())
        return one + other

    def note(self, state: int, html: str, event: gr.EventData) -> None:
        self.sent.append(gradio_compat.event_data(event))


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        made = App()
    made.server.start()
    yield made
    made.server.close()


def run(app: App, name: str, body: dict[str, Any]) -> str:
    """Send an event of a page, wait for its end, and return what the page is told."""
    with httpx.Client(base_url=f"{app.server.url}{API[1:]}/", timeout=30) as page:
        number = next(number for number, fn in app.blocks.fns.items() if fn.name == name)
        begun = page.post("queue/join", json={"fn_index": number, "session_hash": "the page"} | body)
        assert begun.content.startswith(b'{"event_id"'), (
            "6. The answer to queue/join no longer names an event."
        )
        return page.get("queue/data", params={"session_hash": "the page"}).text


def test_1_mounting(app: App) -> None:
    capacity = app.blocks.app.state_holder.capacity
    assert capacity == 7, "1. Gradio no longer reads Blocks.state_session_capacity when it is mounted."
    assert app.blocks.app.get_blocks() is app.blocks, "1. The last route is no longer Gradio's mounted app."
    assert app.blocks.is_running, "1. A mounted app no longer starts its queue, or Blocks.is_running is gone."


def test_1_blocks_have_one_app(monkeypatch: pytest.MonkeyPatch) -> None:
    created: list[gr.Blocks] = []
    create = GradioApp.create_app

    def count(blocks: gr.Blocks, *arguments: Any, **options: Any) -> Any:
        created.append(blocks)
        return create(blocks, *arguments, **options)

    monkeypatch.setattr(GradioApp, "create_app", staticmethod(count))
    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.HTML("<i></i>")
    assert created, "1. Blocks no longer create an app when they are left: `one_app` can go."
    created.clear()
    with gradio_compat.one_app(), blocks:
        blocks.queue()
    assert not created
    gradio_compat.mount(FastAPI(openapi_url=None), blocks, max_pages=7, max_threads=9)
    assert created == [blocks]


def test_2_functions(app: App) -> None:
    functions = gradio_compat.functions(app.blocks)
    named = {fn.api_name: number for number, fn in functions.items()}
    assert "add" in named, "2. Blocks.fns no longer maps numbers to functions with an api_name."
    count = gradio_compat.input_count(app.blocks, named["add"], None)
    assert count == gradio_compat.input_count(app.blocks, None, "add") == 2, (
        "2. A function's inputs are no longer in BlockFunction.inputs."
    )
    note = next(number for number, fn in functions.items() if fn.name == "note")
    assert gradio_compat.input_count(app.blocks, note, None) == 2, (
        "2. State components are no longer among the inputs."
    )
    assert gradio_compat.input_count(app.blocks, 10**6, None) is None


def test_3_pages_and_events(app: App) -> None:
    assert '"success":true' in run(app, "add", {"data": [1, 2]})
    assert "the page" in gradio_compat.open_pages(app.blocks), (
        "3. App.state_holder.session_data no longer maps session hashes to the state of pages."
    )
    patience = time.monotonic() + 30
    while gradio_compat.pending_events(app.blocks) and time.monotonic() < patience:
        time.sleep(0.01)  # the page is told of the end before the queue has forgotten the event
    assert gradio_compat.pending_events(app.blocks) == []
    gradio_compat.forget_page(app.blocks, "the page")
    assert "the page" not in gradio_compat.open_pages(app.blocks)
    queue = app.blocks._queue
    assert isinstance(queue.event_ids_to_events, dict), "3. The queue no longer knows its events by id."
    assert "the page" not in queue.pending_messages_per_session, (
        "3. The queue no longer keeps messages for a page in pending_messages_per_session."
    )


def test_4_the_page_that_a_thread_answers(app: App) -> None:
    run(app, "add", {"data": [1, 2]})
    assert app.pages[-1] == "the page", "4. LocalContext.request no longer holds the request of a page."
    assert gradio_compat.current_page() is None


def test_5_the_data_of_an_event(app: App) -> None:
    run(app, "note", {"data": [None, "x"], "event_data": {"poet": "tiny"}})
    assert app.sent[-1] == {"poet": "tiny"}, "5. EventData._data no longer holds what `trigger` sent."
    assert gradio_compat.event_data(gr.EventData(None, "no object")) == {}


def test_6_routes_and_files(app: App) -> None:
    with httpx.Client(base_url=app.server.url) as page:
        for path in (
            "",
            "zh",
            "config",
            "theme.css",
            f"{API[1:]}/info",
            f"{API[1:]}/app_id",
            "manifest.json",
        ):
            assert page.get(path).status_code == 200, f"6. Gradio has no /{path} any more."
            assert is_open("GET", f"/{path}")
        answer = page.post(f"{API[1:]}/upload", files={"files": ("poems.txt", b"a poem")})
        paths = answer.json()
        assert [Path(path).name for path in paths] == ["poems.txt"], (
            "6. An upload is no longer answered by paths."
        )
    sent = gr.FileData(path="/a").model_dump()
    assert list(files_named([sent])) == ["/a"], (
        "6. A file in a message is no longer a mapping with path and meta."
    )


def test_6_the_end_of_an_event_stream(app: App) -> None:
    last = run(app, "add", {"data": [1, 2]}).strip().split("\n\n")[-1]
    assert CLOSING in last.encode(), (
        "6. The stream of a page no longer ends with `close_stream` after its last event: if streams now stay open, "
        "serving/event_streams.py can go."
    )
    assert "close_stream" in frontend(), (
        "6. Gradio's page no longer closes its event stream on `close_stream`: look whether an event that begins then is "
        "still answered without serving/event_streams.py."
    )


def test_6_how_a_page_begins(app: App) -> None:
    html = httpx.get(app.server.url).text
    assert 'lang="en"' in html and "<head>" in html, (
        "6. Gradio's page no longer begins with <html lang=en> and <head>."
    )


def test_6_a_mapping_like_a_file_is_served(app: App) -> None:
    """The reason for sending answers as text (components/island.py)."""
    assert json.loads(gr.FileData(path="/a").model_dump_json())["meta"] == {"_type": "gradio.FileData"}


@cache
def frontend() -> str:
    files = sorted(FRONTEND.rglob("*.js")) + sorted(FRONTEND.rglob("*.css"))
    return "\n".join(file.read_text("utf-8", errors="ignore") for file in files)


@pytest.mark.parametrize("name", sorted(CLASSES | TEST_IDS))
def test_7_gradio_still_has_the_classes_that_our_styles_name(name: str) -> None:
    assert re.search(rf"(?<![\w-]){name}(?![\w-])", frontend()), (
        f"7. Gradio's pages have no class or test id `{name}` any more: look at the rules that name it."
    )


def test_7_our_styles_name_no_other_class_of_gradio() -> None:
    """Every class in a style sheet is ours, so some code or template has it, or it is listed."""
    ours = "\n".join(
        file.read_text("utf-8")
        for file in (*WEB.rglob("*.*"), *WEB.parent.glob("study/line_chart.*"))
        if file.suffix in (".py", ".js", ".html")
    )
    known = set(re.findall(r"[a-zA-Z_][\w-]*", ours)) | CLASSES
    for sheet in WEB.rglob("*.css"):
        css = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", sheet.read_text("utf-8"), flags=re.DOTALL)
        named = set(re.findall(r"\.([a-zA-Z_][\w-]*)", css))
        unknown = {
            name for name in named - known if not re.fullmatch(r"ink-[0-9]", name)
        }  # of curves, counted
        assert unknown == set(), f"{sheet.name} styles classes that nothing has"
        assert set(re.findall(r'data-testid="([\w-]+)"', css)) <= TEST_IDS


def test_8_the_look() -> None:
    assert "matchMedia(`(prefers-color-scheme: dark)`)" in frontend(), (
        "8. Gradio's page no longer asks `matchMedia` whether it is dark, so the choice of a look changes only our part."
    )


def test_9_gradio_is_imported_without_stubs_and_pandas() -> None:
    source = (Path(gr.__file__).parent / f"{STUBS.rpartition('.')[2]}.py").read_text("utf-8")
    assert f"def {STUB_WRITER}(" in source, (
        f"9. {STUBS} has no function {STUB_WRITER} any more: if Gradio no longer writes stubs, _WithoutStubs can go."
    )
    code = (
        "import poetbot.web.app, sys; from gradio import component_meta as meta\n"
        f"print(meta.{STUB_WRITER}.__module__, 'pandas' in sys.modules, 'pandas.core' in sys.modules)\n"
        "import pandas; print(len(pandas.DataFrame([1])))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["poetbot.web.gradio_import", "True", "False", "1"], (
        "9. Gradio no longer imports pandas at its start, or uses it there: gradio_import.py need not load it lazily, or "
        "saves nothing."
    )


def test_10_a_page_has_no_copy_of_all_components(app: App) -> None:
    whole = gradio_compat._PageState.__bases__[0](app.blocks)
    assert len(whole.config_values) > 1, "10. Gradio no longer copies all components: `_PageState` can go."
    run(app, "note", {"data": [None, "x"], "event_data": {}})
    state = app.blocks.app.state_holder["the page"]
    assert isinstance(state, gradio_compat._PageState), "10. Gradio makes the state of a page elsewhere."
    assert not state.config_values and [*state.blocks_config.blocks] == [*whole.blocks_config.blocks], (
        "10. The state of a page needs more of its blocks than `default_config`."
    )
    assert re.findall(r"state_holder\[session_hash\]\.components\b", inspect.getsource(gradio.routes)), (
        "10. Look what reads the settings of components in the state of a page: it was the links of gr.DeepLinkButton alone."
    )


def test_11_an_idle_queue_looks_for_events_seldom(app: App) -> None:
    queue = app.blocks._queue
    assert 0.001 < queue.sleep_when_free <= 0.02 < queue.progress_update_sleep_when_free
    source = inspect.getsource(type(queue))
    assert source.count("asyncio.sleep(self.sleep_when_free)") > 1, (
        "11. The queue no longer waits for `sleep_when_free` seconds: look how much an idle app costs."
    )
    assert source.count("asyncio.sleep(self.progress_update_sleep_when_free)") > 1


def test_11_the_queue_keeps_no_statistics(app: App) -> None:
    queue = app.blocks._queue
    for _ in range(2):
        run(app, "add", {"data": [1, 2]})
    assert len(queue.event_analytics) <= 1 and queue.cached_event_analytics_summary == {"functions": {}}, (
        "11. The queue keeps statistics of events again: ANALYTICS_MAX_EVENTS or ANAYLTICS_CACHE_FREQUENCY are gone."
    )
    assert queue.events_recorded > 1, (
        "11. The queue no longer counts events: look whether it has statistics at all."
    )


def test_11_the_queue_has_as_many_threads_as_it_was_given(app: App) -> None:
    run(app, "add", {"data": [1, 2]})
    assert len(app.blocks._queue.active_jobs) == 9, (
        "11. `max_thread_count` no longer limits the queue's events."
    )
    assert app.blocks.limiter.total_tokens == 9, (
        "11. `max_threads` no longer limits the threads of functions."
    )


def test_nothing_else_relies_on_what_gradio_does_not_document() -> None:
    undocumented = re.compile(
        r"gradio\.(context|route_utils|queueing|state_holder|blocks)\b|LocalContext|\._queue\b|state_holder|event\._data"
    )
    found = {file.name for file in WEB.rglob("*.py") if undocumented.search(file.read_text("utf-8"))}
    assert found == {"gradio_compat.py"}
