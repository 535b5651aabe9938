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
import ipaddress
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request, cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from poetbot.settings import Settings
from poetbot.web import gradio_compat
from poetbot.web.serving import http_errors, request_limits
from poetbot.web.serving.access import Kind, is_loopback
from poetbot.web.serving.http_errors import Refusal
from poetbot.web.serving.languages import Languages
from poetbot.web.serving.ownership import files_named
from poetbot.web.serving.rate_limit import Pace
from poetbot.web.serving.routes import API, BEFORE_LOGIN, FIXED, PAGE, called, is_open
from poetbot.web.serving.security_headers import GUARDS, POLICY, from_elsewhere, host_of, is_https
from poetbot.web.serving.visitors import IN_SCOPE, Visitors

_MB = 1_000_000
_LONGEST_LOGIN = 10_000  # bytes


@dataclass
class _Come:
    """A request at the door: who sent it, and what is told to them when it is answered."""

    request: Request
    path: str
    visitor: str
    session: str | None = None  # the page that a message names

    @property
    def address(self) -> str:
        """Where it comes from; of IPv6 the network, because one machine has all addresses of it."""
        host = self.request.client.host if self.request.client else ""
        try:
            ip = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return host
        return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else host

    @property
    def method(self) -> str:
        return self.request.method


class Door:
    """ASGI middleware; `launch(app_kwargs={"middleware": …})` puts it before everything that gradio answers."""

    def __init__(
        self,
        app: ASGIApp,
        visitors: Visitors,
        languages: Languages,
        settings: Settings | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._visitors = visitors
        self._languages = languages
        self._kind = visitors.access.kind
        self._settings = settings or Settings.in_force()
        self._belongings = visitors.belongings
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
        come = _Come(request, scope["path"], key or "")
        come.visitor = key or f"nobody {come.address}"
        dressed = functools.partial(self._dressed, send, come, cookies)
        refusal = self._refused(come, key is not None)
        if refusal is None and come.method == "POST" and come.path == "/logout":
            await self._signed_out(scope, cookies)(scope, receive, dressed)
            return
        if refusal is None and come.method == "POST":
            refusal, receive = await self._taken_in(come, receive)
        if refusal is not None:
            detail = self._languages.of_page(request.headers).tongue.said(refusal.sentence)
            await JSONResponse({"detail": detail}, refusal.status)(scope, receive, dressed)
            return
        await self._app(scope, receive, functools.partial(self._noted, dressed, come))

    def _refused(self, come: _Come, known: bool) -> Refusal | None:
        """Return why a request may not come in, as far as its head tells."""
        headers, path = come.request.headers, come.path
        if self._kind is Kind.ONE and not is_loopback(host_of(headers.get("host", ""))):
            return http_errors.OTHER_NAME
        if not is_open(come.method, path):
            return http_errors.NOT_HERE
        if FIXED.fullmatch(path):
            return None
        if (name := called(path)) is not None and not self._is_endpoint(come, name):
            return http_errors.NOT_HERE
        if from_elsewhere(come.request):
            return http_errors.OTHER_SITE
        if self._kind in (Kind.USERS, Kind.ROOM) and not known and not BEFORE_LOGIN.fullmatch(path):
            return http_errors.NO_LOGIN
        if self._kind is Kind.ONE:
            return None
        # Whoever has nothing yet counts by their address as well: a cookie is quickly made up.
        payers = (
            {come.visitor} if self._belongings.knows(come.visitor) else {come.visitor, f"new {come.address}"}
        )
        for payer in payers:
            if not self._pace.take(f"requests {payer}", 1, self._settings.visitor_requests, 60.0):
                return http_errors.TOO_FAST
        if not known and self._kind in (Kind.USERS, Kind.ROOM):
            return None  # nothing is theirs, and nothing is noted
        return self._theirs(come)

    def _is_endpoint(self, come: _Come, name: str) -> bool:
        functions = gradio_compat.functions(come.request.scope["app"])
        return any(each.api_name == name for each in functions.values())

    def _theirs(self, come: _Come) -> Refusal | None:
        """Return why the page, the request or the file that the address names is not the visitor's to ask for."""
        own, path = self._belongings, come.path
        try:
            query = parse_qs(come.request.scope["query_string"].decode("latin-1"), max_num_fields=50)
        except ValueError:
            return http_errors.UNREADABLE
        sessions = query.get("session_hash", [])
        if (beat := path.removeprefix(f"{API}/heartbeat/")) != path:
            sessions.append(beat)
        if any(not own.opens(session, come.visitor) for session in sessions):
            return http_errors.NOT_YOURS
        if path.startswith(f"{API}/call/") and come.method == "GET":
            return (
                None if own.owner("event", path.rsplit("/", 1)[1]) == come.visitor else http_errors.NOT_YOURS
            )
        if path.startswith(f"{API}/file="):
            return None if own.has(path.removeprefix(f"{API}/file="), come.visitor) else http_errors.NOT_YOURS
        if beat != path or path == f"{API}/queue/data":
            return self._claimed(come, sessions[-1:])
        return None

    def _claimed(self, come: _Come, sessions: list[str]) -> Refusal | None:
        """Note whose these pages are; return why that cannot be."""
        return (
            None
            if all(self._belongings.give("session", each, come.visitor) for each in sessions)
            else http_errors.FULL
        )

    def _signed_out(self, scope: Scope, cookies: dict[str, str]) -> Response:
        """Sign one browser out; whoever else has the same name stays."""
        gradio_compat.sign_out(scope["app"], cookies)
        response = RedirectResponse("/", 303)
        for name in gradio_compat.token_names(scope["app"]):
            response.delete_cookie(name, path="/")
        return response

    async def _taken_in(self, come: _Come, receive: Receive) -> tuple[Refusal | None, Receive]:
        """Return why the body of a request may not come in, and what the app receives it from."""
        length = come.request.headers.get("content-length", "")
        if come.path == f"{API}/upload":
            return self._upload(come, length), receive
        logs_in = come.path.startswith("/login")
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return http_errors.UNREADABLE, receive
            body += message.get("body", b"")
            if len(body) > (_LONGEST_LOGIN if logs_in else self._settings.body_mb * _MB):
                return http_errors.TOO_MUCH, receive
            if not message.get("more_body"):
                break
        # A wrong password is paid for before it is looked at, so that many at once are not cheaper; a right one costs nothing.
        tries = (f"passwords {come.address}", 1, self._settings.login_tries, 60.0)
        if logs_in:
            refusal = None if self._pace.take(*tries) else http_errors.TOO_MANY_TRIES
        else:
            refusal = self._message(come, bytes(body))
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
            return http_errors.NO_LENGTH
        most = self._settings.visitor_upload_mb * _MB
        if int(length) > most:
            return http_errors.TOO_MUCH
        files = f"files {come.visitor}"
        if not self._pace.has(files, 1, self._settings.visitor_files, 3600.0) or not self._pace.take(
            f"bytes {come.visitor}", int(length), most, 3600.0
        ):
            return http_errors.TOO_MANY_FILES
        return None

    def _message(self, come: _Come, body: bytes) -> Refusal | None:
        """Return why a message of the page may not come in."""
        if not body:
            return http_errors.UNREADABLE
        data, cancels = request_limits.read(body), come.path == f"{API}/cancel"
        if data is None or not request_limits.names_rightly(data):
            return http_errors.UNREADABLE
        app = come.request.scope["app"]
        if not cancels and not request_limits.calls_rightly(data, app, called(come.path)):
            return http_errors.UNREADABLE
        own, files = self._belongings, list(files_named(data))
        if any(re.match(r"\s*[A-Za-z][\w+.-]+:", path) for path in files):
            return http_errors.NOT_YOURS  # an address: gradio would fetch it
        if self._kind is Kind.ONE:
            return None
        session, event = data.get("session_hash"), data.get("event_id")
        if session is not None and not own.opens(session, come.visitor):
            return http_errors.NOT_YOURS
        if event is not None and own.owner("event", event) != come.visitor:
            return http_errors.NOT_YOURS
        if any(not own.has(path, come.visitor) for path in files):
            return http_errors.NOT_YOURS
        if cancels:
            return None
        if self._waiting(come) >= self._settings.visitor_waiting:
            return http_errors.UNDER_WAY
        come.session = session
        return None if session is None else self._claimed(come, [session])

    def _waiting(self, come: _Come) -> int:
        """Return how many requests of the visitor wait or are being answered."""
        events = gradio_compat.under_way(come.request.scope["app"])
        return sum(self._belongings.owner("event", event) == come.visitor for event in events)

    async def _noted(self, send: Send, come: _Come, message: Message) -> None:
        """Send an answer on, and note which requests and uploads it tells the visitor of.

        Only answers that gradio itself makes are read so, never what a handler says: that may repeat a visitor's words.
        """
        if self._kind is not Kind.ONE and message["type"] == "http.response.start":
            self._visitors.belongings.forgotten = functools.partial(_forgotten, come.request.scope["app"])
            if come.path.startswith("/login") and come.method == "POST" and message["status"] < 400:
                self._pace.owe(f"passwords {come.address}", -1, self._settings.login_tries, 60.0)
        if self._kind is not Kind.ONE and come.method == "POST" and message["type"] == "http.response.body":
            body = message.get("body", b"")
            if come.path == f"{API}/upload":
                self._told_of_upload(come, body)
            elif come.path.startswith((f"{API}/queue/join", f"{API}/call/")) and body.startswith(
                b'{"event_id"'
            ):
                event = str(json.loads(body)["event_id"])
                self._belongings.give("event", event, come.visitor)
                if come.session is None:  # gradio makes a page of that name
                    self._belongings.give("session", event, come.visitor)
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
            headers += GUARDS
            headers.append((b"content-security-policy", self._policy().encode()))
            if self._kind is not Kind.ONE and come.path.startswith(API):
                headers.append((b"cache-control", b"private, no-store"))
            if self._kind in (Kind.PUBLIC, Kind.ROOM) and (
                PAGE.fullmatch(come.path) or come.path.rstrip("/") == "/config"
            ):
                cookie = self._visitors.cookie(cookies, is_https(come.request), self._settings.public_days)
                headers.append((b"set-cookie", cookie.encode()))
            message = {**message, "headers": headers}
        await send(message)

    def _policy(self) -> str:
        frames = " https://huggingface.co" if self._visitors.access.on_spaces else ""
        return f"{POLICY}; frame-ancestors 'self'{frames}"


def _forgotten(app: Any, kind: str, name: str) -> None:
    if kind == "session":
        gradio_compat.forget_page(app, name)
