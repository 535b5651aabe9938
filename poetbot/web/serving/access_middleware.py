"""The access middleware: every request passes it, and it lets in what the page and `gradio_client` need, nothing else.

Gradio serves far more than this app uses (an editor, a proxy, recordings, monitoring), answers to any host name, and lets
any website read its answers unless it runs on localhost. So, in this order:

1. On 127.0.0.1 the host must be a name of this machine, or a website could point its own name here.
2. The route must be one that the page or `gradio_client` uses.
3. Requests from pages of other websites are refused.
4. Visitors who signed in, or whom a cookie identifies, get a key; handlers find it through `Visitors.home`.
5. Pages, events and files of one visitor are closed to all others, even if they know their names.
6. The settings limit how much a visitor may ask for at once, in a minute and in an hour.
"""

import functools
import ipaddress
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

import gradio as gr
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from poetbot.settings import Settings
from poetbot.web import gradio_compat
from poetbot.web.serving import http_errors, request_limits, sign_in
from poetbot.web.serving.access import Kind, is_loopback
from poetbot.web.serving.event_streams import EventStream, EventStreams
from poetbot.web.serving.http_errors import Refusal
from poetbot.web.serving.languages import Languages
from poetbot.web.serving.ownership import files_named
from poetbot.web.serving.rate_limit import RateLimiter
from poetbot.web.serving.routes import API, BEFORE_SIGN_IN, PAGE, STATIC, called_endpoint, is_open
from poetbot.web.serving.security_headers import (
    HEADERS,
    content_security_policy,
    host_of,
    is_cross_site,
    is_https,
)
from poetbot.web.serving.visitors import VISITOR_KEY, Visitors

_MB = 1_000_000
_MAX_SIGN_IN_BYTES = 10_000
_EVENT_STARTERS = (f"{API}/queue/join", f"{API}/call/")
_RECORDED = (*_EVENT_STARTERS, f"{API}/upload")


@dataclass
class _Incoming:
    """A request and who sent it. `visitor` is their key, or their address if they have none yet."""

    request: Request
    visitor: str
    known: bool
    page: str | None = None  # the session hash in its message
    stream: EventStream | None = None  # what answers it

    @property
    def path(self) -> str:
        return str(self.request.scope["path"])

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def address(self) -> str:
        return _address(self.request)


class AccessMiddleware:
    """ASGI middleware around our app and Gradio's."""

    def __init__(
        self,
        app: ASGIApp,
        blocks: gr.Blocks,
        visitors: Visitors,
        languages: Languages,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._blocks = blocks
        self._visitors = visitors
        self._languages = languages
        self._kind = visitors.access.kind
        self._settings = Settings.in_force()
        self._ownership = visitors.ownership
        self._ownership.on_forget = self._forget
        self._rates = RateLimiter(clock=clock)
        self._streams = EventStreams()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)  # its start and end: the server takes no web sockets
            return
        request = Request(scope, receive)
        key = self._visitors.key(request.cookies)
        scope[VISITOR_KEY] = key
        incoming = _Incoming(request, key or f"nobody {_address(request)}", key is not None)
        send = functools.partial(self._send_guarded, receive, send, incoming)
        refusal = self._refuse(incoming)
        if refusal is None and incoming.method == "POST":
            refusal, receive = await self._check_body(incoming, receive)
        if refusal is not None:
            language = self._languages.of_sender(request.headers)
            await sign_in.refusal(refusal, language, request)(scope, receive, send)
        elif self._must_sign_in(incoming) and PAGE.fullmatch(incoming.path):
            await sign_in.sign_in_page(self._languages.of_page(request))(scope, receive, send)
        else:
            if incoming.path.startswith(_RECORDED):  # `_record` reads these answers: no compression
                scope["headers"] = [each for each in scope["headers"] if each[0] != b"accept-encoding"]
            if incoming.path == f"{API}/queue/data":
                incoming.stream = self._streams.open(request.query_params.get("session_hash", ""))
            try:
                await self._app(scope, receive, functools.partial(self._record, send, incoming))
            finally:
                if incoming.stream is not None:
                    incoming.stream.close()

    def _must_sign_in(self, incoming: _Incoming) -> bool:
        return self._kind in (Kind.USERS, Kind.ROOM) and not incoming.known

    def _refuse(self, incoming: _Incoming) -> Refusal | None:
        """Return why a request is refused, as far as its address and headers tell."""
        headers, path = incoming.request.headers, incoming.path
        if self._kind is Kind.ONE and not is_loopback(host_of(headers.get("host", ""))):
            return http_errors.WRONG_HOST
        if not is_open(incoming.method, path):
            return http_errors.NOT_FOUND
        if STATIC.fullmatch(path):
            return None
        if (name := called_endpoint(path)) is not None and not self._is_endpoint(name):
            return http_errors.NOT_FOUND
        if is_cross_site(incoming.request):
            return http_errors.OTHER_SITE
        if self._must_sign_in(incoming) and not BEFORE_SIGN_IN.fullmatch(path):
            return http_errors.NOT_SIGNED_IN
        if self._kind is Kind.ONE:
            return None
        # Visitors who own nothing yet also count by their address, as a cookie is easily made up.
        payers = {incoming.visitor}
        if not self._ownership.knows(incoming.visitor):
            payers.add(f"new {incoming.address}")
        for payer in payers:
            if not self._rates.take(f"requests {payer}", 1, self._settings.visitor_requests, 60.0):
                return http_errors.TOO_MANY_REQUESTS
        if self._must_sign_in(incoming):
            return None  # owns nothing, and nothing is recorded
        return self._refuse_access(incoming)

    def _is_endpoint(self, name: str) -> bool:
        return any(each.api_name == name for each in gradio_compat.functions(self._blocks).values())

    def _refuse_access(self, incoming: _Incoming) -> Refusal | None:
        """Return why the page, the event or the file in the address is not open to this visitor."""
        owned, path = self._ownership, incoming.path
        try:
            query = parse_qs(incoming.request.scope["query_string"].decode("latin-1"), max_num_fields=50)
        except ValueError:
            return http_errors.UNREADABLE
        pages = query.get("session_hash", [])
        if (beat := path.removeprefix(f"{API}/heartbeat/")) != path:
            pages.append(beat)
        if any(not owned.may_open(page, incoming.visitor) for page in pages):
            return http_errors.NOT_YOURS
        if path.startswith(f"{API}/call/") and incoming.method == "GET":
            owner = owned.owner("event", path.rsplit("/", 1)[1])
            return None if owner == incoming.visitor else http_errors.NOT_YOURS
        if path.startswith(f"{API}/file="):
            file = path.removeprefix(f"{API}/file=")
            return None if owned.may_read(file, incoming.visitor) else http_errors.NOT_YOURS
        if beat != path or path == f"{API}/queue/data":
            return self._claim_pages(incoming, pages[-1:])
        return None

    def _claim_pages(self, incoming: _Incoming, pages: list[str]) -> Refusal | None:
        claimed = all(self._ownership.claim("session", page, incoming.visitor) for page in pages)
        return None if claimed else http_errors.FULL

    async def _check_body(self, incoming: _Incoming, receive: Receive) -> tuple[Refusal | None, Receive]:
        """Return why the body of a request is refused, and what the app receives it from."""
        if incoming.path == f"{API}/upload":
            return self._refuse_upload(incoming), receive
        signs_in = incoming.path.startswith("/login")
        limit = _MAX_SIGN_IN_BYTES if signs_in else self._settings.body_mb * _MB
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return http_errors.UNREADABLE, receive
            body += message.get("body", b"")
            if len(body) > limit:
                return http_errors.TOO_LARGE, receive
            more = message.get("more_body", False)
        refusal = None
        if signs_in:
            # Every attempt is charged before it is checked, so that simultaneous ones gain nothing; `_record` refunds correct ones.
            tries = self._settings.login_tries
            if not self._rates.take(f"passwords {incoming.address}", 1, tries, 60.0):
                refusal = http_errors.TOO_MANY_GUESSES
        elif incoming.path != "/logout":
            refusal = self._refuse_message(incoming, bytes(body))
        received = False

        async def receive_again() -> Message:
            nonlocal received
            if received:
                return await receive()
            received = True
            return {"type": "http.request", "body": bytes(body), "more_body": False}

        return refusal, receive_again

    def _refuse_upload(self, incoming: _Incoming) -> Refusal | None:
        if self._kind is Kind.ONE:
            return None  # Gradio limits the size of each file
        length = incoming.request.headers.get("content-length", "")
        if not re.fullmatch(r"[0-9]{1,15}", length):
            return http_errors.NO_LENGTH
        limit = self._settings.visitor_upload_mb * _MB
        if int(length) > limit:
            return http_errors.TOO_LARGE
        files = self._rates.has(f"files {incoming.visitor}", 1, self._settings.visitor_files, 3600.0)
        if not files or not self._rates.take(f"bytes {incoming.visitor}", int(length), limit, 3600.0):
            return http_errors.TOO_MANY_UPLOADS
        return None

    def _refuse_message(self, incoming: _Incoming, body: bytes) -> Refusal | None:
        """Return why a message of a page is refused."""
        data, cancels = request_limits.parse(body), incoming.path == f"{API}/cancel"
        if data is None or not request_limits.has_valid_names(data):
            return http_errors.UNREADABLE
        if not cancels and not request_limits.has_valid_call(
            data, self._blocks, called_endpoint(incoming.path)
        ):
            return http_errors.UNREADABLE
        page, event = data.get("session_hash"), data.get("event_id")
        incoming.page = page
        owned, files = self._ownership, list(files_named(data))
        if any(re.match(r"\s*[A-Za-z][\w+.-]+:", path) for path in files):
            return http_errors.NOT_YOURS  # a URL, which Gradio would fetch
        if self._kind is Kind.ONE:
            return None
        if page is not None and not owned.may_open(page, incoming.visitor):
            return http_errors.NOT_YOURS
        if event is not None and owned.owner("event", event) != incoming.visitor:
            return http_errors.NOT_YOURS
        if any(not owned.may_read(path, incoming.visitor) for path in files):
            return http_errors.NOT_YOURS
        if cancels:
            return None
        pending = gradio_compat.pending_events(self._blocks)
        if sum(owned.owner("event", each) == incoming.visitor for each in pending) >= (
            self._settings.visitor_waiting
        ):
            return http_errors.TOO_MANY_WAITING
        return None if page is None else self._claim_pages(incoming, [page])

    async def _record(self, send: Send, incoming: _Incoming, message: Message) -> None:
        """Send an answer, and record which events and uploaded files it tells the visitor of.

        Only answers of Gradio itself are read, never those of handlers: they may repeat what a visitor wrote.
        """
        if self._kind is not Kind.ONE and incoming.method == "POST":
            path = incoming.path
            if message["type"] == "http.response.start" and path == "/login" and message["status"] < 400:
                self._rates.charge(f"passwords {incoming.address}", -1, self._settings.login_tries, 60.0)
            elif message["type"] == "http.response.body" and path == f"{API}/upload":
                self._record_upload(incoming, message.get("body", b""))
            elif message["type"] == "http.response.body" and path.startswith(_EVENT_STARTERS):
                self._record_event(incoming, message.get("body", b""))
        await send(message)

    def _record_event(self, incoming: _Incoming, body: bytes) -> None:
        if not body.startswith(b'{"event_id"'):
            return
        event = str(json.loads(body)["event_id"])
        self._ownership.claim("event", event, incoming.visitor)
        if incoming.page is None:  # Gradio opens a page with the event's name
            self._ownership.claim("session", event, incoming.visitor)

    def _record_upload(self, incoming: _Incoming, body: bytes) -> None:
        try:
            paths = [path for path in json.loads(body) if isinstance(path, str)]
        except (ValueError, TypeError):
            return  # an error message
        for path in paths:
            self._ownership.grant_file(path, incoming.visitor)
        self._rates.charge(f"files {incoming.visitor}", len(paths), self._settings.visitor_files, 3600.0)

    async def _send_guarded(
        self, receive: Receive, send: Send, incoming: _Incoming, message: Message
    ) -> None:
        """Send an answer with the headers that let a browser protect the page, and perhaps a cookie."""
        if incoming.path == f"{API}/queue/join" and incoming.page is not None:
            await self._streams.settled(incoming.page)
        elif incoming.stream is not None and message["type"] == "http.response.body":
            incoming.stream.record(message.get("body", b""))
            if not message.get("more_body", False):
                await incoming.stream.end(receive)
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            del headers["x-frame-options"]
            headers.update(HEADERS)
            headers["content-security-policy"] = content_security_policy(self._visitors.access.on_spaces)
            if incoming.path.startswith("/assets/"):
                headers["cache-control"] = (
                    "public, max-age=31536000, immutable"  # Gradio's own, named by content
                )
            elif incoming.path.startswith(API) and not STATIC.fullmatch(incoming.path):
                # They are one visitor's. Chromium also sends the request for a stream twice if the page has just closed
                # another that may be cached, and Gradio then gives half of the messages to the copy that nobody reads.
                headers["cache-control"] = "private, no-store"
            path = incoming.path.rstrip("/") or "/"
            if self._kind in (Kind.PUBLIC, Kind.ROOM) and (
                PAGE.fullmatch(path) or path in ("/config", "/login")
            ):
                request, days = incoming.request, self._settings.public_days
                headers.append("set-cookie", self._visitors.cookie(request.cookies, is_https(request), days))
            message = {**message, "headers": headers.raw}
        await send(message)

    def _forget(self, kind: str, name: str) -> None:
        if kind == "session":
            gradio_compat.forget_page(self._blocks, name)


def _address(request: Request) -> str:
    """Return where a request comes from; of IPv6 the network, as one machine has all addresses of it."""
    host = request.client.host if request.client else ""
    try:
        ip = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else host
