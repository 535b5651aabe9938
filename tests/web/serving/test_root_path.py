"""The app behind a proxy that serves it below a prefix, and takes the prefix off."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from gradio_client import Client

from poetbot.__main__ import main
from poetbot.web.app import build_blocks, create_app
from poetbot.web.serving.server import Server


def test_behind_a_prefix_every_address_of_the_page_leads_there(
    poet_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_ROOT_PATH", "/poems")
    blocks = build_blocks(poet_root)
    app = create_app(blocks)
    outside: list[str] = []

    async def proxy(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "/poems/")
        if not path.startswith("/poems/"):
            outside.append(path)
        await app(scope | {"path": path.removeprefix("/poems"), "raw_path": None}, receive, send)

    server = Server(proxy, port=0, closing=lambda: blocks.close(verbose=False))
    server.start()
    try:
        home = f"{server.url}poems/"
        page = httpx.get(home, follow_redirects=True, headers={"accept-language": "zh"})
        assert page.status_code == 200 and str(page.url) == f"{home}zh"
        ours = re.findall(r'(?:src|href)="((?:\./)?web/[^"]+)"', page.text)
        assert ours and all(httpx.get(urljoin(str(page.url), each)).status_code == 200 for each in ours)
        client = Client(home, verbose=False, analytics_enabled=False)
        assert client.predict("tiny", "the", lines=1, rng=1, api_name="/write")["text"].startswith("the")
        client.close()
    finally:
        server.close()
    assert outside == []


def test_the_option_sets_the_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_ROOT_PATH", "")  # so that it is restored
    assert main(["app", "--root-path", "poems"]) == 2
    monkeypatch.setattr("poetbot.web.serving.server.Server", lambda *_, **__: pytest.fail("too far"))
    with pytest.raises(pytest.fail.Exception, match="too far"):
        main(["app", "--root-path", "/poems"])
    assert os.environ["GRADIO_ROOT_PATH"] == "/poems"
