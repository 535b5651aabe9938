"""The door: every request to the app passes it, and it lets in what the page needs and nothing else.

Gradio serves far more than this app uses (an editor, a proxy, recordings, monitoring), answers whatever name its machine
is called by, and lets any website read its answers where it is not called localhost. So, in this order:

1. On 127.0.0.1 it must be called by a name of this machine, or a website could have its own name point here.
2. The route must be one that the page or gradio_client uses.
3. Another website's page may not ask anything.
4. Who signs in, where one must, and who is known by a cookie, gets a key; handlers find it by `Visitors.home`.
5. Pages, requests and files of one visitor are no other's, whoever knows what they are called.
6. Nobody asks for more at once, or in a minute or an hour, than the settings allow.
"""

import functools
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from poetbot.settings import Settings
from poetbot.ui.access import Kind, is_loopback
from poetbot.ui.belongings import Belongings, files_named, files_told
from poetbot.ui.pace import Pace
from poetbot.ui.visitors import IN_SCOPE, Visitors

_MB = 1_000_000
_API = "/gradio_api"
_FIXED = re.compile(
    r"/(assets|static|svelte)/.+|/theme\.css|/gradio_api/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json"
)
_TO_READ = re.compile(
    r"/([a-z]{2})?|/config/?|/logout|/gradio_api/(startup-events|login_check/?|user/?|app_id/?|info/?|upload_progress|queue/data"
    r"|heartbeat/[\w-]+|call/(v2/)?\w+/\w+|file=/.+|file=[A-Za-z]:[\\/].+)"
)
_TO_SEND = re.compile(r"/login/?|/gradio_api/(queue/join|upload|cancel|reset/?|(run|api|call|call/v2)/\w+/?)")
_PAGE = re.compile(r"/([a-z]{2})?")  # one for each language
_BEFORE_LOGIN = re.compile(
    r"/([a-z]{2})?|/config/?|/login/?|/logout|/gradio_api/(startup-events|login_check/?|user/?|app_id/?)"
)

_NOT_HERE = (404, "There is nothing at this address.")
_OTHER_NAME = (
    421,
    "PoetBot on this machine is called localhost or 127.0.0.1: use one of them in the address.",
)
_OTHER_SITE = (
    403,
    "Another website's page asked for this, and PoetBot answers its own alone: open PoetBot itself.",
)
_NO_LOGIN = (401, "You are no longer signed in: load the page anew.")
_NOT_YOURS = (403, "That is not yours, or no longer there: load the page anew.")
_NO_JSON = (400, "That cannot be read: load the page anew.")
_TOO_MUCH = (413, "That is more than PoetBot takes at once: send it in parts.")
_NO_LENGTH = (411, "Say how long it is (Content-Length).")
_TOO_FAST = (429, "That was a lot at once: wait a minute, then go on.")
_TOO_MANY_FILES = (
    429,
    "You have brought as many files as you may within an hour: wait a little, then go on.",
)
_UNDER_WAY = (429, "You have asked for many things at once: wait until some of them are done.")

Refusal = tuple[int, str]


@dataclass
class _Come:
    """A request at the door: who sent it, and what is told to them when it is answered."""

    request: Request
    path: str
    visitor: str

    @property
    def method(self) -> str:
        return self.request.method


class Door:
    """ASGI middleware; `launch(app_kwargs={"middleware": …})` puts it before everything that gradio answers."""

    def __init__(
        self,
        app: ASGIApp,
        visitors: Visitors,
        settings: Settings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._visitors = visitors
        self._kind = visitors.access.kind
        self._settings = settings or Settings.in_force()
        self._belongings = Belongings()
        self._pace = Pace(clock=clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it with a sentence."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            else:  # the app has no web sockets
                await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        cookies = cookie_parser(request.headers.get("cookie", ""))
        key = self._visitors.key(cookies, scope.get("app"))
        scope[IN_SCOPE] = key
        come = _Come(request, scope["path"], key or f"nobody {request.client.host if request.client else ''}")
        dressed = functools.partial(self._dressed, send, come, cookies)
        refusal = self._refused(come, key is not None)
        if refusal is None and come.method == "POST":
            refusal, receive = await self._taken_in(come, receive)
        if refusal is not None:
            await JSONResponse({"detail": refusal[1]}, refusal[0])(scope, receive, dressed)
            return
        await self._app(scope, receive, functools.partial(self._noted, dressed, come))

    def _refused(self, come: _Come, known: bool) -> Refusal | None:
        """Return why a request may not come in, as far as its head tells."""
        headers, path = come.request.headers, come.path
        if self._kind is Kind.ONE and not is_loopback(_host_of(headers.get("host", ""))):
            return _OTHER_NAME
        if come.method in ("GET", "HEAD"):
            if _FIXED.fullmatch(path):
                return None
            if not _TO_READ.fullmatch(path):
                return _NOT_HERE
        elif come.method != "POST" or not _TO_SEND.fullmatch(path):
            return _NOT_HERE
        if _from_elsewhere(come):
            return _OTHER_SITE
        if self._kind in (Kind.USERS, Kind.ROOM) and not known and not _BEFORE_LOGIN.fullmatch(path):
            return _NO_LOGIN
        if self._kind is Kind.ONE:
            return None
        if path.startswith(_API) and not self._pace.take(
            f"requests {come.visitor}", 1, self._settings.visitor_requests, 60.0
        ):
            return _TOO_FAST
        return None if self._theirs(come) else _NOT_YOURS

    def _theirs(self, come: _Come) -> bool:
        """Return whether the page, the request or the file that the address names belongs to the visitor."""
        own, path = self._belongings, come.path
        sessions = parse_qs(come.request.scope["query_string"].decode("latin-1")).get("session_hash", [])
        if (beat := path.removeprefix(f"{_API}/heartbeat/")) != path:
            sessions.append(beat)
        if any(not own.opens(session, come.visitor) for session in sessions):
            return False
        if path.startswith(f"{_API}/call/") and come.method == "GET":
            return own.owner("event", path.rsplit("/", 1)[1]) == come.visitor
        if path.startswith(f"{_API}/file="):
            return own.has(path.removeprefix(f"{_API}/file="), come.visitor)
        return True

    async def _taken_in(self, come: _Come, receive: Receive) -> tuple[Refusal | None, Receive]:
        """Return why the body of a request may not come in, and what the app receives it from."""
        length = come.request.headers.get("content-length", "")
        if come.path == f"{_API}/upload":
            return self._upload(come, length), receive
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return _NO_JSON, receive
            body += message.get("body", b"")
            if len(body) > self._settings.body_mb * _MB:
                return _TOO_MUCH, receive
            if not message.get("more_body"):
                break
        refusal = None if come.path.startswith("/login") else self._message(come, bytes(body))
        sent = False

        async def again() -> Message:
            nonlocal sent
            if sent:
                return await receive()
            sent = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        return refusal, again

    def _upload(self, come: _Come, length: str) -> Refusal | None:
        if self._kind is Kind.ONE:
            return None  # each file is bounded by gradio
        if not re.fullmatch(r"[0-9]{1,15}", length):
            return _NO_LENGTH
        most = self._settings.visitor_upload_mb * _MB
        if int(length) > most:
            return _TOO_MUCH
        files = f"files {come.visitor}"
        if not self._pace.has(files, 1, self._settings.visitor_files, 3600.0) or not self._pace.take(
            f"bytes {come.visitor}", int(length), most, 3600.0
        ):
            return _TOO_MANY_FILES
        return None

    def _message(self, come: _Come, body: bytes) -> Refusal | None:
        """Return why a message of the page may not come in."""
        if not body:
            return _NO_JSON
        try:
            data = json.loads(body)
        except (ValueError, RecursionError):
            return _NO_JSON
        if not isinstance(data, dict):
            return _NO_JSON
        own, files = self._belongings, list(files_named(data))
        if any(re.match(r"\s*[A-Za-z][\w+.-]+:", path) for path in files):
            return _NOT_YOURS  # an address: gradio would fetch it
        if self._kind is Kind.ONE:
            return None
        session, event = data.get("session_hash"), data.get("event_id")
        if session is not None and not (isinstance(session, str) and own.opens(session, come.visitor)):
            return _NOT_YOURS
        if event is not None and own.owner("event", str(event)) != come.visitor:
            return _NOT_YOURS
        if any(not own.has(path, come.visitor) for path in files):
            return _NOT_YOURS
        if come.path != f"{_API}/cancel" and self._waiting(come) >= self._settings.visitor_waiting:
            return _UNDER_WAY
        return None

    def _waiting(self, come: _Come) -> int:
        """Return how many requests of the visitor wait or are being answered."""
        events = list(come.request.scope["app"].get_blocks()._queue.event_ids_to_events)
        return sum(self._belongings.owner("event", event) == come.visitor for event in events)

    async def _noted(self, send: Send, come: _Come, message: Message) -> None:
        """Send an answer on, and note which requests and files it tells the visitor of."""
        if (
            self._kind is not Kind.ONE
            and come.path.startswith(_API)
            and message["type"] == "http.response.body"
        ):
            body = message.get("body", b"")
            if come.path == f"{_API}/upload":
                self._told_of_upload(come, body)
            elif come.method == "POST" and body.startswith(b'{"event_id"') and len(body) < 200:
                self._belongings.give("event", str(json.loads(body)["event_id"]), come.visitor)
            elif b'"path"' in body:
                for path in files_told(body):
                    self._belongings.share(path, come.visitor)
        await send(message)

    def _told_of_upload(self, come: _Come, body: bytes) -> None:
        try:
            paths = [path for path in json.loads(body) if isinstance(path, str)]
        except (ValueError, TypeError):
            return  # a sentence instead
        for path in paths:
            self._belongings.share(path, come.visitor)
        self._pace.owe(f"files {come.visitor}", len(paths), self._settings.visitor_files, 3600.0)

    async def _dressed(self, send: Send, come: _Come, cookies: dict[str, str], message: Message) -> None:
        """Send an answer on with the headers that a browser needs to guard the page, and perhaps a cookie."""
        if message["type"] == "http.response.start":
            headers = [
                pair for pair in message.get("headers", ()) if pair[0].lower() not in (b"x-frame-options",)
            ]
            headers += _GUARDS
            headers.append((b"content-security-policy", self._policy().encode()))
            if self._kind is not Kind.ONE and come.path.startswith(_API):
                headers.append((b"cache-control", b"private, no-store"))
            if self._kind in (Kind.PUBLIC, Kind.ROOM) and (
                _PAGE.fullmatch(come.path) or come.path.rstrip("/") == "/config"
            ):
                cookie = self._visitors.cookie(cookies, _is_https(come.request), self._settings.public_days)
                headers.append((b"set-cookie", cookie.encode()))
            message = {**message, "headers": headers}
        await send(message)

    def _policy(self) -> str:
        frames = " https://huggingface.co" if self._visitors.access.on_spaces else ""
        return f"{_POLICY}; frame-ancestors 'self'{frames}"


# Gradio's page makes scripts and styles as it goes; none of them, and nothing else, comes from elsewhere.
_POLICY = "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
_GUARDS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


def _host_of(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _from_elsewhere(come: _Come) -> bool:
    """Return whether a page of another website sent it. Following a link to the app's own page is no such thing."""
    headers = come.request.headers
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:  # which no page can forge
        to_page = _PAGE.fullmatch(come.path) is not None and headers.get("sec-fetch-mode") == "navigate"
        return site not in ("same-origin", "none") and not to_page
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()


def _is_https(request: Request) -> bool:
    return "https" in (request.url.scheme, request.headers.get("x-forwarded-proto", "").split(",")[0].strip())
