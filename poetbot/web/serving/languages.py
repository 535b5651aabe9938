"""The languages of the interface: which of its pages a browser gets, and how a person changes it.

Every edition is a page of one gradio app (`Blocks.route`), so that all share one queue, one start and one shelf, and an
event of a page is answered in the language of that page, whatever is chosen elsewhere meanwhile. English stands at `/`,
Chinese at `/zh`. Who asks for `/` is led to the page of the language that

1. the address says (`/?language=zh`: what the switch in the page's head leads to, and remembers in a cookie),
2. else the cookie says,
3. else the app was started with (`--language`, POETBOT_LANGUAGE),
4. else the browser asks for (Accept-Language), as far as there is an edition of it; else English.
"""

import os
import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request, cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from poetbot.errors import PoetBotError
from poetbot.web.words import Words

COOKIE = "poetbot_language"
VARIABLE = "POETBOT_LANGUAGE"
_YEAR = 365 * 86_400  # seconds
_LONGEST = 1_000  # characters of a header that are read
_HTML = b'lang="en"'  # how gradio's page begins, for every language

# Gradio's own parts (the box for files, say) and the page's `lang` follow the browser's language: here the page's.
_SCRIPT = '<script>Object.defineProperty(navigator, "language", {{ value: "{code}" }})</script>'


def path_of(words: Words) -> str:
    """Return the name of an edition's page inside the app; that of the first, English, is none."""
    return "" if words.tongue.key == "en" else words.tongue.key


def switch_html(current: Words, editions: Sequence[Words]) -> str:
    """Return the switch of the page's head: a link to every edition, each named in its own language."""
    links = "".join(
        f'<a href="?language={each.tongue.key}" lang="{each.tongue.code}" hreflang="{each.tongue.code}"'
        f"{' aria-current=true' if each.tongue is current.tongue else ''}>{escape(each.tongue.name)}</a>"
        for each in editions
    )
    return f'<nav class="tongues" aria-label="{escape(current.languages)}">{links}</nav>'


def given_language(chosen: str | None, editions: Sequence[Words]) -> str | None:
    """Return the language that the app is started with, None where the browser decides. Raises PoetBotError."""
    chosen = chosen or os.environ.get(VARIABLE, "").strip() or None
    known = [each.tongue.key for each in editions]
    if chosen is not None and chosen not in known:
        raise PoetBotError(f"PoetBot does not speak {chosen[:20]!r}: choose one of {', '.join(known)}.")
    return chosen


def asked_for(header: str, known: Sequence[str]) -> str | None:
    """Return which of the known languages (`en`, `zh`) an Accept-Language header likes best (RFC 9110, 12.5.4)."""
    liked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:_LONGEST].split(",")):
        tag, _, rest = part.strip().partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*(\d(?:\.\d{0,3})?)\s*", rest)
        language = tag.strip().split("-")[0].lower()
        quality = float(weight[1]) if weight else 1.0
        if language in known and quality > 0 and (weight or not rest):
            liked.append((-quality, place, language))
    return min(liked)[2] if liked else None


class Languages:
    """The editions of the page, and in which of them a request is answered.

    `usual` is the language that the app was started with, None where the browser decides.
    """

    def __init__(self, editions: Sequence[Words], usual: str | None = None) -> None:
        self.by_key = {each.tongue.key: each for each in editions}
        self.pages = {f"/{path_of(each)}": each for each in editions}
        self._usual = usual

    def wanted(self, headers: Mapping[str, str], said: str = "") -> Words:
        """Return the edition for a request with these headers; `said` is what its address says."""
        kept = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        for each in (said, kept, self._usual):
            if each in self.by_key:
                return self.by_key[str(each)]
        known = tuple(self.by_key)
        return self.by_key[asked_for(headers.get("accept-language", ""), known) or known[0]]

    def of_page(self, headers: Mapping[str, str]) -> Words:
        """Return the edition of the page that sent a request, as its Referer says; without one, what is wanted."""
        try:
            name = urlsplit(headers.get("referer", "")[:_LONGEST]).path.rsplit("/", 1)[-1]
        except ValueError:
            name = ""
        return self.pages[f"/{name}"] if name and f"/{name}" in self.pages else self.wanted(headers)


class ChosenLanguage:
    """ASGI middleware behind the door: leads from the app's address to the page of the person's language."""

    def __init__(self, app: ASGIApp, languages: Languages, framed: bool = False) -> None:
        """`framed`: the page stands in a frame of another site, where cookies need to be told so."""
        self._app = app
        self._languages = languages
        self._framed = framed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on; one for the page may be led to another page."""
        words = self._languages.pages.get(scope.get("path", ""))
        if scope["type"] != "http" or scope["method"] != "GET" or words is None:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        said = request.query_params.get("language", "")
        wanted = self._languages.wanted(request.headers, said) if scope["path"] == "/" else words
        told = _Told(send, wanted, self._cookie(said))
        if wanted is words:
            await self._app(scope, receive, told)
            return
        others = [(name, value) for name, value in request.query_params.multi_items() if name != "language"]
        to = f"./{path_of(wanted)}" + (f"?{urlencode(others)}" if others else "")
        await RedirectResponse(to, 302)(scope, receive, told)

    def _cookie(self, said: str) -> str | None:
        if said not in self._languages.by_key:
            return None
        site = "Secure; SameSite=None; Partitioned" if self._framed else "SameSite=Lax"
        return f"{COOKIE}={said}; Path=/; Max-Age={_YEAR}; {site}"


class _Told:
    """Sends a page on (or the way to another), and tells the browser what language it is in."""

    def __init__(self, send: Send, words: Words, cookie: str | None) -> None:
        self._send = send
        self._words = words
        self._cookie = cookie
        self._start: Message | None = None
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message  # it says how long the page is, so it waits for it
            return
        if message["type"] != "http.response.body" or self._start is None:
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        code = self._words.tongue.code
        script = _SCRIPT.format(code=code).encode()
        page = bytes(self._body).replace(_HTML, f'lang="{code}"'.encode(), 1)
        page = page.replace(b"<head>", b"<head>" + script, 1)
        headers = MutableHeaders(raw=list(self._start.get("headers", ())))
        headers["content-length"] = str(len(page))
        headers["content-language"] = code
        headers.add_vary_header("Accept-Language, Cookie")
        if self._cookie:
            headers.append("set-cookie", self._cookie)
        await self._send({**self._start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": page})
