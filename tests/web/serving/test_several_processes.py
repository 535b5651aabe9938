"""Several processes serve one data folder behind a proxy: what docs/serving.md promises, with one of them killed."""

import itertools
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from poetbot.library.kept_poems.store import poems_of
from poetbot.poets.training_run import TrainingRun
from poetbot.runs import start
from poetbot.runs.job import list_jobs
from poetbot.runs.queue import queue_position
from poetbot.storage import ROOT, Home, subprocess_environment
from poetbot.web.serving.server import Server
from tests.runs.conftest import REAL, until
from tests.web.test_whole_way_browser import bring, state, teach
from tests.web.visiting import USERS

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]
_PATIENCE = 120_000  # milliseconds; a busy machine is no failure
_COOKIE = "process"
_SAVED = "Object.keys(localStorage).filter((key) => key.startsWith('poetbot-poem-')).length"


@dataclass
class Proxy:
    """A reverse proxy that sends a browser to the process of its cookie, or to another one if that doesn't answer."""

    processes: dict[str, str]  # their addresses
    pieces: Counter[str] = field(default_factory=Counter)  # of answers, by path
    last: str = ""  # the process that answered last
    _next: Iterator[int] = field(default_factory=itertools.count)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        names = sorted(self.processes)
        own = request.cookies.get(_COOKIE)
        first = names.index(own) if own in names else next(self._next)
        await (await self._answer(request, [*names[first % len(names) :], *names]))(scope, receive, send)

    async def _answer(self, request: Request, names: list[str]) -> Response:
        body, path = await request.body(), request.url.path
        client = httpx.AsyncClient(timeout=None)
        for name in names:
            url = httpx.URL(self.processes[name]).copy_with(raw_path=_raw_path(request))
            sent = client.build_request(request.method, url, headers=request.headers.raw, content=body)
            try:
                found = await client.send(sent, stream=True)
            except httpx.ConnectError:
                continue
            self.last = name

            async def chunks(found: httpx.Response = found) -> Any:
                async for chunk in found.aiter_raw():
                    self.pieces[path] += 1
                    yield chunk

            answer = StreamingResponse(chunks(), found.status_code, background=BackgroundTask(client.aclose))
            answer.raw_headers = [(key.lower(), value) for key, value in found.headers.raw]
            answer.set_cookie(_COOKIE, name, httponly=True)
            return answer
        await client.aclose()
        return Response("No process answers.", 502)


def _raw_path(request: Request) -> bytes:
    query: bytes = request.scope["query_string"]
    return bytes(request.scope["raw_path"]) + (b"?" + query if query else b"")


@dataclass
class Processes:
    """Processes of the app that share a data folder, and the proxy in front of them."""

    home: Home
    running: dict[str, "subprocess.Popen[str]"]
    proxy: Proxy
    url: str

    def kill(self, name: str) -> None:
        self.running[name].send_signal(signal.SIGKILL)
        self.running[name].wait()


@pytest.fixture
def serve(poet_root: Path, poetbot_home: Path) -> Iterator[Callable[..., Processes]]:
    """Serve the app from two processes with these options."""
    running: dict[str, subprocess.Popen[str]] = {}
    servers: list[Server] = []

    def serve(*options: str) -> Processes:
        command = [
            sys.executable,
            str(ROOT / "app.py"),
            "--host=127.0.0.1",
            "--port=0",
            f"--poets={poet_root}",
        ]
        environment = subprocess_environment()
        del environment["GRADIO_TEMP_DIR"]  # the one in the data folder
        for name in ("a", "b"):
            running[name] = subprocess.Popen(
                [*command, *options], env=environment, stdout=subprocess.PIPE, text=True
            )
        proxy = Proxy({name: _address(process) for name, process in running.items()})
        servers.append(Server(proxy, port=0))
        servers[0].start()
        return Processes(Home(poetbot_home), running, proxy, servers[0].url)

    yield serve
    for server in servers:
        server.close()
    for process in running.values():
        process.kill()
        process.wait()


def _address(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("PoetBot is at "):
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return line.split()[3]
    raise AssertionError(f"The app ended with {process.wait()}.")


@pytest.fixture
def browser(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(_PATIENCE)
    yield context
    context.close()


def write(page: Any, seed: str) -> str:
    """Write a poem, wait until it is in the list of saved ones, and return its words."""
    before = words(page)
    page.fill("#seed textarea", seed)
    page.click(".main-button.primary:visible")  # or "Write another"
    page.wait_for_function(
        """(before) => document.querySelector('.after.ready:not(.resting)')
          && (document.querySelector('.poem')?.innerText ?? '').split(/\\s+/).join(' ').trim() !== before""",
        arg=before,
    )
    page.wait_for_selector(".poems button[aria-current]")
    return words(page)


def words(page: Any) -> str:
    """Return the words of the poem on the page, which may show other spaces than were written."""
    return " ".join("".join(page.locator(".poem").all_inner_texts()).split())


def process_of(browser: Any) -> str:
    return next(str(each["value"]) for each in browser.cookies() if each["name"] == _COOKIE)


def test_a_user_whose_process_is_killed_stays_signed_in_and_keeps_everything(
    serve: Callable[..., Processes], browser: Any, tmp_path: Path
) -> None:
    users = tmp_path / "users.txt"
    users.write_text("".join(f"{name}:{password}\n" for name, password in USERS.items()))
    site = serve(f"--auth-file={users}")
    page = browser.new_page()
    page.goto(site.url)
    page.fill("[name=username]", "ada")
    page.fill("input[type=password]", USERS["ada"])
    page.keyboard.press("Enter")
    page.wait_for_selector("#write-button", state="visible")
    first = process_of(browser)
    other = "b" if first == "a" else "a"
    poem = write(page, "the lamp is low and")
    assert site.proxy.last == first and site.proxy.pieces["/gradio_api/queue/data"] > 3  # it streams

    # A run is started by one process and followed with the other.
    page.click("role=tab[name=Teach]")
    page.wait_for_selector("#training-start", state="visible")
    bring(page, tmp_path)
    page.click("#training-parent input")  # from scratch
    page.click("#training-parent [role=option]:last-child")
    teach(page, "0.3")
    state(page, "running")
    (home,) = site.home.visitors()
    waiting = start.start(site.home.visitor("user-bob"), TrainingRun(name="Bob's", minutes=1.0), REAL)
    assert queue_position(waiting.home, waiting) == 1  # all processes share the queue
    start.stop(waiting)
    site.kill(first)

    # The page is still open, and its next request reaches the other process. If it was just waiting for an answer, it
    # reloads itself.
    page.wait_for_timeout(8_000)
    page.wait_for_selector("#write-button", state="attached")
    page.click("role=tab[name=Write]")
    again = write(page, "a kettle")
    assert process_of(browser) == site.proxy.last == other
    until(lambda: page.evaluate(_SAVED) == 2, 60)
    page.reload()
    page.click("[data-part=untouched]:has-text('1 more')")
    page.wait_for_selector(".poems button >> nth=1")
    missing = {poem, again}
    for number in (0, 1):
        page.click(f".poems button >> nth={number}")
        until(lambda: words(page) in missing, 60)
        missing.remove(words(page))
    page.click("role=tab[name=Teach]")
    page.wait_for_selector(".job:not([hidden])")
    state(page, "running", "finished")
    (job,) = list_jobs(home)
    state(page, "finished")
    page.click("[data-do=write]")
    page.wait_for_selector("#write-button", state="visible")
    assert page.input_value("#poet input") == job.training_run().name == "Songs"
    assert write(page, "my old lamp")


def test_both_processes_save_poems_into_one_database(serve: Callable[..., Processes], browser: Any) -> None:
    site = serve()
    page = browser.new_page()
    page.goto(site.url)
    page.wait_for_selector("#write-button", state="visible")
    first = process_of(browser)
    poem = write(page, "the lamp is low and")
    site.kill(first)
    page.reload()
    page.wait_for_selector("#write-button", state="visible")
    again = write(page, "a kettle")
    until(lambda: len(poems_of(site.home).find()) == 2, 60)
    assert {" ".join(each.text.split()) for each in poems_of(site.home).find()} == {poem, again}
