"""Apps that are really served to others, and visitors of them who send whatever they like."""

import io
import os
from dataclasses import dataclass, field
from typing import Any

import httpx

from poetbot.storage import Home
from poetbot.web.serving.visitors import Visitors

USERS = {"ada": "lovelace", "../bob": "burnside", "ZOË/..": "trespass"}
API = "gradio_api/"


@dataclass
class Site:
    """A served app and the data folder behind it."""

    url: str
    visitors: Visitors
    home: Home
    blocks: Any = field(repr=False)


class Visitor(httpx.Client):
    """A browser: it keeps its cookies, and has a page open."""

    def __init__(self, site: Site, user: str = "") -> None:
        super().__init__(base_url=site.url, timeout=30)
        self.site, self.user, self.page = site, user, f"page{os.urandom(5).hex()}"

    def __enter__(self) -> "Visitor":
        super().__enter__()
        if self.user:
            asked = {"username": self.user, "password": USERS[self.user]}
            assert self.post("login", data=asked).status_code == 200
        self.get("/")
        return self

    @property
    def home(self) -> Home:
        key = self.site.visitors.key(dict(self.cookies))
        assert key
        return self.site.home.visitor(key)

    def join(self, name: str, data: list[Any], **more: Any) -> httpx.Response:
        number = next(i for i, fn in self.site.blocks.fns.items() if fn.api_name == name)
        body = {"data": data, "fn_index": number, "session_hash": self.page} | more
        return self.post(f"{API}queue/join", json=body)

    def upload(self, *files: tuple[str, bytes]) -> httpx.Response:
        return self.post(f"{API}upload", files=[("files", (name, io.BytesIO(data))) for name, data in files])

    def ask(self, name: str, *data: Any) -> str:
        """Ask one of the public endpoints as anybody may with plain HTTP; return what comes back."""
        begun = self.post(f"{API}call/{name}", json={"data": list(data)})
        if begun.status_code != 200:
            return begun.text
        return self.get(f"{API}call/{name}/{begun.json()['event_id']}").text


def said(answer: httpx.Response) -> str:
    """Return the sentence with which something was refused."""
    assert answer.status_code >= 400 and "Traceback" not in answer.text, answer.text[:300]
    return str(answer.json()["detail"])
