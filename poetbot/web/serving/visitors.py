"""Who sent a request, and where their data is."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.runs.cleanup import GUEST, USER, record_visit
from poetbot.settings import Settings
from poetbot.storage import Home
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.ownership import Ownership
from poetbot.web.serving.signed_in import SignedIn

VISITOR_KEY = "poetbot.visitor"
"""Where the access middleware puts a visitor's key in the ASGI scope of a request; None if unknown."""

_COOKIE = "poetbot-visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 random bits
_NO_COOKIE = Message(
    "PoetBot can't tell what is yours without a cookie. Allow cookies for this page, or open it in its own window, "
    "then reload it."
)


class UnknownVisitor(PoetBotError):
    """The visitor can't be identified, and gets only what is open to all."""


@dataclass(frozen=True)
class Visitors:
    """Everybody who uses the app: a single person if it is served on 127.0.0.1."""

    access: Access = field(default_factory=Access)
    ownership: Ownership = field(
        default_factory=lambda: Ownership(max_sessions=Settings.in_force().pages), compare=False, repr=False
    )

    def home(self, request: gr.Request | None) -> Home:
        """Return the data folder of the visitor who sent this request. Tabs get it only from here.

        Handlers take the request as `request: gr.Request | None = None`, which Gradio fills in, and call this for every
        event: a home is never kept in the page, read from the browser or taken from `Home.default`. If the app
        is served on this machine alone, everything belongs to the person who started it; otherwise each visitor has a
        folder below theirs, named by a key that no browser sees. Raises UnknownVisitor if the visitor is not known.
        """
        home = Home.default()
        if self.access.kind is Kind.ONE:
            return home
        sent = request.request if request is not None else None
        key = sent.scope.get(VISITOR_KEY) if sent is not None else None
        if not isinstance(key, str):
            raise UnknownVisitor(_NO_COOKIE.template)
        home = home.visitor(key)
        record_visit(home)
        return home

    def grant_file(self, path: Path, request: gr.Request | None) -> None:
        """Let the visitor who sent this request download a file made for them. Raises UnknownVisitor.

        Without this, visitors can fetch only what they uploaded, even if an answer contains another path.
        """
        if self.access.kind is Kind.ONE:
            return
        self.home(request)
        sent = request.request if request is not None else None
        if sent is not None:
            self.ownership.grant_file(str(path), sent.scope[VISITOR_KEY])

    def private_folders(self) -> list[str]:
        """Return the folders whose files are never served to anyone."""
        return [str(path) for path in Home.default().private]

    def key(self, cookies: Mapping[str, str]) -> str | None:
        """Return the key of the visitor who sent these cookies, None if they identify nobody.

        It is a hash: a cookie can't be made from a folder's name, and text from outside is never part of a path.
        """
        if self.access.kind is Kind.ONE:
            return "one"
        if self.access.kind in (Kind.USERS, Kind.ROOM):
            name = self._signed_in().user(cookies)
            if name is None:
                return None
            if self.access.kind is Kind.USERS:
                return _hashed(USER, name)
            # With a shared password everybody has the same name: the visitor's cookie tells them apart.
        token = self._token(cookies)
        return _hashed(GUEST, token) if token else None

    def cookie(self, cookies: Mapping[str, str], https: bool, days: int) -> str:
        """Return the Set-Cookie header by which a visitor is recognised: with the token they sent, or a new one."""
        token = self._token(cookies) or secrets.token_urlsafe(32)
        return self._cookie(_COOKIE, token, https, days * 86_400)

    def sign_in(self, name: str, https: bool) -> str:
        """Return the Set-Cookie header of a browser that has signed in, until it is closed.

        `name` is that of a user. Raises PoetBotError if it can't be stored.
        """
        browsers = self._signed_in()
        return self._cookie(browsers.cookie, browsers.add(self.access.user(name)), https, None)

    def sign_out(self, cookies: Mapping[str, str], https: bool) -> str:
        """Sign one browser out, and return the header that deletes its cookie."""
        browsers = self._signed_in()
        browsers.remove(cookies)
        return self._cookie(browsers.cookie, "", https, 0)

    def _signed_in(self) -> SignedIn:
        return SignedIn(Home.default(), self.access.users)

    def _cookie(self, name: str, value: str, https: bool, seconds: int | None) -> str:
        secure = https or self.access.on_spaces
        parts = [f"{'__Host-' * secure}{name}={value}", "Path=/", "HttpOnly"]
        parts += [f"Max-Age={seconds}"] * (seconds is not None)
        if self.access.on_spaces:  # the page is in a frame of another site, which gets no other cookies
            return "; ".join([*parts, "Secure", "SameSite=None", "Partitioned"])
        return "; ".join([*parts, *["Secure"] * secure, "SameSite=Lax"])

    def _token(self, cookies: Mapping[str, str]) -> str | None:
        # Browsers accept a `__Host-` cookie only from this very host.
        names = [f"__Host-{_COOKIE}", *([] if self.access.on_spaces else [_COOKIE])]
        return next((token for name in names if _TOKEN.fullmatch(token := cookies.get(name, ""))), None)


def _hashed(kind: str, name: str) -> str:
    return kind + hashlib.sha256(f"poetbot {kind}{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
