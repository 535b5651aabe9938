"""The app while it is loaded: it answers at once, with a light page that becomes the app, and then hands on all requests."""

import asyncio
import threading
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from poetbot.web.serving import static_files
from poetbot.web.serving.languages import Languages
from poetbot.web.serving.plain_pages import opens_a_page, plain_page
from poetbot.web.serving.security_headers import HEADERS, content_security_policy


class FrontDoor:
    """An ASGI app in front of one that takes seconds to load, which happens in a thread when the server starts.

    Until then a person who opens a page is told so; all other requests wait. `loaded` is called when the app answers, and
    `failed` if `load` raised an exception, which is in `error` then.
    """

    def __init__(
        self,
        load: Callable[[], Starlette],
        languages: Languages,
        *,
        loaded: Callable[[], None] = lambda: None,
        failed: Callable[[], None] = lambda: None,
        framed: bool = False,
    ) -> None:
        self.error: BaseException | None = None
        self._load = load
        self._languages = languages
        self._loaded, self._failed = loaded, failed
        self._headers = HEADERS | {"content-security-policy": content_security_policy(framed)}
        self._files = Mount(static_files.prefix(), static_files.WebFiles())
        self._app: ASGIApp | None = None
        self._ready, self._ending = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or see the app through its life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self._app is None and scope["type"] == "http":
            request = Request(scope)
            path: str = scope["path"]
            if path.startswith(f"{static_files.prefix()}/"):
                await self._files.handle({**scope, **self._files.matches(scope)[1]}, receive, send)
                return
            if request.method == "GET" and path in self._languages.pages and opens_a_page(request):
                page = plain_page("loading", self._languages.of_page(request), 200)
                page.headers.update(self._headers)
                await page(scope, receive, send)
                return
        await self._ready.wait()
        assert self._app is not None
        await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        loading = asyncio.create_task(self._serve_app())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._ending.set()
        if self._app is None:
            loading.cancel()
        await asyncio.wait([loading])
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve_app(self) -> None:
        """Load the app, and keep it alive until the server ends."""
        try:
            app = await _in_daemon_thread(self._load)
            async with app.router.lifespan_context(app):
                self._app = app
                self._ready.set()
                self._loaded()
                await self._ending.wait()
        except Exception as error:
            self.error = error
            self._failed()


async def _in_daemon_thread(load: Callable[[], Starlette]) -> Starlette:
    """Return what `load` returns. The thread doesn't keep the process from ending, as those of an executor do."""
    loop = asyncio.get_running_loop()
    result: asyncio.Future[Starlette] = loop.create_future()

    def finish(app: Starlette | None, error: Exception | None) -> None:
        if result.cancelled():
            return
        if error is not None:
            result.set_exception(error)
        elif app is not None:
            result.set_result(app)

    def run() -> None:
        app, failure = None, None
        try:
            app = load()
        except Exception as error:
            failure = error
        loop.call_soon_threadsafe(finish, app, failure)

    threading.Thread(target=run, daemon=True).start()
    return await result
