"""Who is asking, and where that person's things are."""

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.runs.cleanup import GUEST, USER, seen
from poetbot.settings import Settings
from poetbot.storage import Home
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.ownership import Belongings

IN_SCOPE = "poetbot.visitor"
"""Where the door leaves the key of a visitor in the ASGI scope of a request; None where it is not known."""

_COOKIE = "poetbot-visitor"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits, which nobody guesses
_SAY_WHO = (
    "Your browser keeps no cookie for this page, so PoetBot cannot tell what is yours: allow cookies here, or open "
    "the page in a window of its own, and load it anew."
)


class Unknown(PoetBotError):
    """Nobody knows whose request it is: it may have what is everybody's, and nothing else."""


@dataclass(frozen=True)
class Visitors:
    """Everybody who uses this app. On 127.0.0.1 that is one person."""

    access: Access = field(default_factory=Access)
    belongings: Belongings = field(
        default_factory=lambda: Belongings(most_sessions=Settings.in_force().pages), compare=False, repr=False
    )

    def home(self, request: gr.Request | None) -> Home:
        """Return the data folder of whoever sent this request: the one way by which a tab gets one.

        A handler takes the request as `request: gr.Request | None = None`, which gradio fills in, and asks anew every
        time; it keeps no home in the page, takes none from the browser, and never calls `Home.of_this_person` itself.
        Served on this machine alone, everything belongs to the person who started the app. Served to others, every
        visitor has a folder below it, under a key of the door's that no browser ever sees. Raises Unknown, a sentence
        to be shown, where nobody knows whose request it is.
        """
        own = Home.of_this_person()
        if self.access.kind is Kind.ONE:
            return own
        sent = request.request if request is not None else None
        key = sent.scope.get(IN_SCOPE) if sent is not None else None
        if not isinstance(key, str):
            raise Unknown(_SAY_WHO)
        home = own.visitor(key)
        seen(home)
        return home

    def gives(self, path: Path, request: gr.Request | None) -> None:
        """Let whoever sent this request fetch a file that was made for them. Raises Unknown where nobody knows who that is.

        It is the one way to a file but uploading it: that an answer names a path opens nothing.
        """
        if self.access.kind is Kind.ONE:
            return
        self.home(request)
        sent = request.request if request is not None else None
        if sent is not None:
            self.belongings.share(str(path), sent.scope[IN_SCOPE])

    def private(self) -> list[str]:
        """Return the folders of which no file is ever served, whoever asks."""
        return [str(path) for path in Home.of_this_person().private]

    def key(self, cookies: Mapping[str, str], app: Any) -> str | None:
        """Return the key of whoever sent these cookies to gradio's `app`, None where they name nobody.

        It is made by a hash: from the name of a folder no cookie can be made, and no name from outside is ever a path.
        """
        if self.access.kind is Kind.ONE:
            return "one"
        if self.access.kind in (Kind.USERS, Kind.ROOM):
            tokens = [cookies.get(f"access-token{kind}-{app.cookie_id}") for kind in ("", "-unsecure")]
            name = app.tokens.get(next(filter(None, tokens), None))
            if not isinstance(name, str):
                return None
            if self.access.kind is Kind.USERS:
                return _hashed(USER, unicodedata.normalize("NFC", name))
            # Of a room all sign in by one name: the cookie tells them apart.
        token = self._token(cookies)
        return _hashed(GUEST, token) if token else None

    def cookie(self, cookies: Mapping[str, str], https: bool, days: int) -> str:
        """Return the header with which a visitor of a public app is known again: a new one, or the one that was sent."""
        token = self._token(cookies) or secrets.token_urlsafe(32)
        https = https or self.access.on_spaces
        parts = [f"{'__Host-' * https}{_COOKIE}={token}", "Path=/", f"Max-Age={days * 86_400}", "HttpOnly"]
        if (
            self.access.on_spaces
        ):  # the page stands in a frame of another site, and only there is this cookie sent
            parts += ["Secure", "SameSite=None", "Partitioned"]
        else:
            parts += [*(["Secure"] * https), "SameSite=Lax"]
        return "; ".join(parts)

    def _token(self, cookies: Mapping[str, str]) -> str | None:
        # A name that begins so is kept by browsers only where this very host has set it.
        names = [f"__Host-{_COOKIE}", *([] if self.access.on_spaces else [_COOKIE])]
        return next((token for name in names if _TOKEN.fullmatch(token := cookies.get(name, ""))), None)


def _hashed(kind: str, name: str) -> str:
    return kind + hashlib.sha256(f"poetbot {kind}{name}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
