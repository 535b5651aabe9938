"""Which language a page is in, and how a visitor changes it.

Every language is a page of one Gradio app (`Blocks.route`): English at `/`, Chinese at `/zh`. They share the queue and the
poets, and each event is answered in the language of the page that sent it. A request for `/` is redirected to the page of
the first of these languages that there is:

1. the one in the address (`/?language=zh`, where the switch at the top of the page leads); a cookie remembers it,
2. the one in that cookie,
3. the one the app was started with (`--language` or POETBOT_LANGUAGE),
4. the browser's (Accept-Language), otherwise English.
"""

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from poetbot.locale import SOURCE, Locale, keys, locale
from poetbot.web.components.templates import render
from poetbot.web.serving.static_files import static_url
from poetbot.web.theme import COLOURS

COOKIE = "poetbot_language"
VARIABLE = "POETBOT_LANGUAGE"
_YEAR = 365 * 86_400  # seconds
_MAX_HEADER = 1_000  # characters of a header that are read
# Loaded with the page. The modules of tabs come with those that they import.
_MODULES = ("components/address.js", "components/head.js", "tabs/overlap/overlap.js", "tabs/write/write.js")
_HTML = b'lang="en"'  # how Gradio's page begins in every language


def route_name(language: Locale) -> str:
    """Return the name of a language's page; English, at the root, has none."""
    return "" if language.key == SOURCE else language.key


def language_links() -> list[Locale]:
    """Return the languages to choose from, English first."""
    return [locale(key) for key in keys()]


@cache
def _page_start(language: Locale) -> bytes:
    """Return what a page's head begins with, before anything of Gradio's."""
    light, dark = COLOURS["desk"]
    return render(
        "serving/page_start.html", language, light=light, dark=dark, modules=map(static_url, _MODULES)
    ).encode()


def start_language(option: str | None) -> Locale | None:
    """Return the language set by `--language` or POETBOT_LANGUAGE, None if browsers decide. Raise PoetBotError."""
    key = option or os.environ.get(VARIABLE, "").strip() or None
    return locale(key) if key else None


def preferred(header: str, known: Sequence[str]) -> str | None:
    """Return which of the `known` languages an Accept-Language header prefers (RFC 9110, 12.5.4), None if none."""
    found: list[tuple[float, int, str]] = []
    for position, part in enumerate(header[:_MAX_HEADER].split(",")):
        tag, _, rest = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*(\d(?:\.\d{0,3})?)\s*", rest)
        key = tag.strip().split("-")[0].lower()
        quality = float(weight[1]) if weight else 1.0
        if key in known and quality > 0 and (weight or not rest):
            found.append((-quality, position, key))
    return min(found)[2] if found else None


class Languages:
    """Chooses the language of an answer. `default` is the one the app was started with, None if browsers decide."""

    def __init__(self, default: Locale | None = None) -> None:
        self.pages = {f"/{route_name(locale(key))}": locale(key) for key in keys()}
        self._default = default.key if default else None

    def wanted(self, headers: Mapping[str, str], requested: str = "") -> Locale:
        """Return the language for a request with these headers whose address asks for the `requested` one."""
        remembered = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        for key in (requested, remembered, self._default):
            if key in keys():
                return locale(str(key))
        return locale(preferred(headers.get("accept-language", ""), keys()) or SOURCE)

    def of_page(self, request: Request) -> Locale:
        """Return the language that the page at this address is in, or leads to."""
        path = request.scope["path"]
        if path != "/" and path in self.pages:
            return self.pages[path]
        return self.wanted(request.headers, request.query_params.get("language", ""))

    def of_sender(self, headers: Mapping[str, str]) -> Locale:
        """Return the language of the page that sent a request, by its Referer; without one, the wanted language."""
        try:
            name = urlsplit(headers.get("referer", "")[:_MAX_HEADER]).path.rsplit("/", 1)[-1]
        except ValueError:
            name = ""
        return self.pages[f"/{name}"] if name and f"/{name}" in self.pages else self.wanted(headers)


class LanguageMiddleware:
    """Redirects from `/` to the page in the visitor's language, and says in each page what language it is in.

    It runs inside Gradio's app, before pages are compressed. `framed`: the page is in a frame of another site.
    """

    def __init__(self, app: ASGIApp, languages: Languages, framed: bool = False) -> None:
        self._app = app
        self._languages = languages
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for a page; hand on any other."""
        here = self._languages.pages.get(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] != "GET" or here is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        wanted = self._languages.of_page(request)
        send_page = _PageSender(send, wanted, self._cookie(request.query_params.get("language", "")))
        if wanted is here:
            await self._app(scope, receive, send_page)
            return
        others = [(name, value) for name, value in request.query_params.multi_items() if name != "language"]
        target = f"./{route_name(wanted)}" + (f"?{urlencode(others)}" if others else "")
        await RedirectResponse(target, 302)(scope, receive, send_page)

    def _cookie(self, key: str) -> str | None:
        if key not in keys():
            return None
        site = "Secure; SameSite=None; Partitioned" if self._framed else "SameSite=Lax"
        return f"{COOKIE}={key}; Path=/; Max-Age={_YEAR}; {site}"


class _PageSender:
    """Sends a page or a redirect, with the language in its headers and HTML."""

    def __init__(self, send: Send, language: Locale, cookie: str | None) -> None:
        self._send = send
        self._language = language
        self._cookie = cookie
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message  # waits for the body, whose length it tells
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        code = self._language.code
        page = bytes(self._body).replace(_HTML, f'lang="{code}"'.encode(), 1)
        page = page.replace(b"<head>", b"<head>" + _page_start(self._language), 1)
        headers = MutableHeaders(raw=list(self._start.get("headers", ())))
        headers["content-length"] = str(len(page))
        headers["content-language"] = code
        headers.add_vary_header("Accept-Language, Cookie")
        if self._cookie:
            headers.append("set-cookie", self._cookie)
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": page})
