"""What the app answers while it is loaded."""

import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from poetbot.errors import PoetBotError
from poetbot.web.serving.front_door import FrontDoor
from poetbot.web.serving.languages import Languages
from poetbot.web.serving.server import Server

ROOT = Path(__file__).resolve().parents[3]
PERSON = {"Accept": "text/html,*/*"}
PAGE = "<!doctype html><title>app</title><p id=app></p><script>app.textContent = 'here: ' + location.hash</script>"


class Slow:
    """An app behind a front door that is loaded when the test says so."""

    def __init__(self) -> None:
        self.may_load = threading.Event()
        self.told: list[str] = []
        self.error: Exception | None = None
        self.door = FrontDoor(
            self.load,
            Languages(),
            loaded=lambda: self.told.append("loaded"),
            failed=lambda: self.told.append("failed"),
        )
        self.server = Server(self.door)

    def load(self) -> Starlette:
        assert self.may_load.wait(60)
        if self.error:
            raise self.error
        routes = [Route("/", self.english), Route("/zh", lambda _: HTMLResponse(PAGE))]
        return Starlette(routes=routes, lifespan=self.life)

    def english(self, request: Request) -> Response:
        wants_chinese = request.headers.get("accept-language", "").startswith("zh")
        return RedirectResponse("./zh") if wants_chinese else HTMLResponse(PAGE)

    @asynccontextmanager
    async def life(self, app: Starlette) -> AsyncIterator[None]:
        self.told.append("begins")
        yield
        self.told.append("ends")


@pytest.fixture
def slow() -> Iterator[Slow]:
    made = Slow()
    made.server.start()
    yield made
    made.may_load.set()
    made.server.close()


def test_a_person_is_told_and_a_program_waits(slow: Slow) -> None:
    answers: list[httpx.Response] = []
    program = threading.Thread(target=lambda: answers.append(httpx.get(slow.server.url, timeout=60)))
    program.start()
    with httpx.Client(base_url=slow.server.url, headers=PERSON) as person:
        page = person.get("/", headers={"Accept-Language": "zh"})
        assert page.status_code == 200 and "PoetBot 正在启动" in page.text and 'lang="zh' in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert "PoetBot is starting" in person.get("/").text
        style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert person.get(style).status_code == 200
        assert not answers and slow.told == []
        slow.may_load.set()
        program.join(60)
        assert [answer.text for answer in answers] == [PAGE]
        assert slow.told == ["begins", "loaded"] and person.get("/").text == PAGE
    slow.server.close()
    assert slow.told == ["begins", "loaded", "ends"]


def test_an_app_that_cannot_be_loaded_says_so(slow: Slow) -> None:
    slow.error = PoetBotError("no reason")
    slow.may_load.set()
    for _ in range(600):
        if slow.told:
            break
        threading.Event().wait(0.1)
    assert slow.told == ["failed"] and slow.door.error is slow.error


def test_the_page_becomes_the_app_without_a_reload(slow: Slow, chromium: Any) -> None:
    page = chromium.new_page(locale="zh-CN")
    page.set_default_timeout(120_000)
    try:
        page.goto(f"{slow.server.url}#study")
        assert page.inner_text("[role=status]").startswith("PoetBot 正在启动")
        page.evaluate("window.same = true")
        slow.may_load.set()
        page.wait_for_selector("#app")
        assert page.inner_text("#app") == "here: #study" and page.title() == "app"
        assert page.url == f"{slow.server.url}zh#study" and page.evaluate("window.same")
    finally:
        page.close()


def test_it_answers_before_gradio_is_imported() -> None:
    code = (
        "import sys, poetbot.web.serve, poetbot.web.serving.front_door, poetbot.web.serving.access\n"
        "slow = {'gradio', 'fastapi', 'pandas', 'PIL', 'huggingface_hub'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
