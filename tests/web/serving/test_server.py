"""Serving: ports, the start and the end, and our own files."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from poetbot.web.serving import server as serving
from poetbot.web.serving.server import Server
from poetbot.web.serving.static_files import SUFFIXES, WEB, static_url

ROOT = Path(__file__).resolve().parents[3]
APP = Starlette(routes=[Route("/", lambda request: PlainTextResponse("hello"))])


def test_a_server_starts_answers_and_ends() -> None:
    calls: list[str] = []
    # Port 0: a free one that no other app of these tests will take once the server has ended.
    server = Server(APP, port=0, ready=lambda: calls.append("ready"), closing=lambda: calls.append("closing"))
    server.start()
    assert httpx.get(server.url).text == "hello"
    server.close()
    assert calls == ["ready", "closing"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_the_first_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        monkeypatch.setattr(serving, "FIRST_PORT", port)
        server = Server(APP)
        assert port < server.port < port + 100
        with pytest.raises(OSError):
            Server(APP, port=port)
        server._socket.close()


def test_ipv6_addresses_have_brackets() -> None:
    try:
        server = Server(APP, "::1")
    except OSError:
        pytest.skip("This machine has no IPv6.")
    server.start()
    assert server.url == f"http://[::1]:{server.port}/" and httpx.get(server.url).text == "hello"
    server.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_server_that_cannot_start_says_so() -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no reason"})

    with pytest.raises(RuntimeError, match="did not start"):
        Server(fails).start()


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_the_app_ends_at_once_and_quietly_though_a_page_is_open(poet_root: Path, number: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "app.py", "--poets", str(poet_root), "--port", str(port)],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline().startswith("PoetBot is at")
    with httpx.stream("GET", f"http://127.0.0.1:{port}/gradio_api/heartbeat/page", timeout=30) as beat:
        assert next(beat.iter_lines()) == "data: ALIVE"
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(30) == (0 if number == signal.SIGINT else -number)
        assert time.monotonic() - began < 10
    assert process.stderr and process.stderr.read() == ""


def test_our_scripts_and_styles_are_served_for_good(served: Any) -> None:
    with httpx.Client(base_url=served.url) as browser:
        for path in ("components/page.css", "tabs/overlap/overlap.js", "favicon.svg"):
            answer = browser.get(static_url(path))
            assert answer.content == (WEB / path).read_bytes()
            assert "immutable" in answer.headers["cache-control"] and answer.headers["etag"]
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            etag = {"If-None-Match": answer.headers["etag"]}
            assert browser.get(static_url(path), headers=etag).status_code == 304
        assert "javascript" in browser.get(static_url("tabs/overlap/overlap.js")).headers["content-type"]


def test_browsers_keep_the_scripts_of_gradio_and_no_answer(served: Any) -> None:
    with httpx.Client(base_url=served.url, timeout=30) as browser:
        script = re.search(r"assets/[\w-]+\.js", browser.get("/").text)
        assert script and "immutable" in browser.get(f"/{script[0]}").headers["cache-control"]
        assert "no-store" not in browser.get("/gradio_api/theme.css").headers.get("cache-control", "")
        assert "no-store" in browser.get("/gradio_api/info").headers["cache-control"]
        # Chromium asks twice for a stream that follows one that it may keep (access_middleware.py).
        with browser.stream("GET", "/gradio_api/queue/data?session_hash=nobody") as stream:
            assert "no-store" in stream.headers["cache-control"]


def test_nothing_else_of_the_package_is_served(served: Any) -> None:
    prefix = static_url("favicon.svg").removesuffix("favicon.svg")
    with httpx.Client(base_url=served.url) as browser:
        for path in (
            "app.py",
            "serving/sign_in.html",
            "../settings.py",
            "%2e%2e/settings.py",
            "tabs",
            "",
            "a.js",
        ):
            assert browser.get(prefix + path).status_code == 404, path
        assert browser.get("web/0123456789abcdef/favicon.svg").status_code == 404
        assert browser.post(static_url("favicon.svg")).status_code == 404
    with pytest.raises(FileNotFoundError):
        static_url("app.py")
    assert ".py" not in SUFFIXES


def test_the_modules_of_a_page_are_loaded_with_it(served: Any) -> None:
    page = httpx.get(served.url).text
    modules = re.findall(r'modulepreload" href="([\w/.]+)"', page)
    assert modules and all(httpx.get(served.url + each).status_code == 200 for each in modules)


@pytest.mark.parametrize("path", ["nowhere", "nothing/at/this"])
def test_a_person_who_opens_a_wrong_address_gets_a_page(served: Any, path: str) -> None:
    with httpx.Client(
        base_url=served.url, headers={"Accept": "text/html", "Accept-Language": "zh"}
    ) as browser:
        page = browser.get(path)
        assert page.status_code == 404 and "这个地址没有内容。" in page.text
        for link in re.findall(r'href="([^"]+)"', page.text):
            assert browser.get(page.url.join(link)).status_code in (200, 302), link
