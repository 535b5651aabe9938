"""Serves the app with uvicorn: on a given port, or on the first free one from 7860."""

import errno
import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from poetbot.web.serving import lan

FIRST_PORT = 7860
_PORTS = 100  # to try
_SECONDS_TO_CLOSE = 3  # for requests that are still being answered


class Server(uvicorn.Server):
    """Listens as soon as it is made, and raises OSError if the port is taken.

    `run` serves until Ctrl+C; `start` and `close` serve from another thread. `ready` is called once requests are
    answered, `closing` before the open connections are closed.
    """

    def __init__(
        self,
        app: ASGIApp,
        host: str = "127.0.0.1",
        port: int | None = None,
        *,
        ready: Callable[[], None] = lambda: None,
        closing: Callable[[], None] = lambda: None,
    ) -> None:
        self._socket = _listen(host.strip("[]"), port)
        self.port: int = self._socket.getsockname()[1]
        self.url = lan.url("localhost" if host == "0.0.0.0" else host.strip("[]"), self.port)
        self._ready, self._closing = ready, closing
        self._thread = threading.Thread(target=self.run, daemon=True)
        config = uvicorn.Config(
            app, log_level="warning", lifespan="on", ws="none", timeout_graceful_shutdown=_SECONDS_TO_CLOSE
        )
        super().__init__(config)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until the process is told to end."""
        super().run(sockets or [self._socket])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then call `ready`."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let streams that never end by themselves end, then shut down as uvicorn does."""
        self._closing()
        await super().shutdown(sockets)

    def start(self) -> None:
        """Serve from a thread, and return once requests are answered."""
        self._thread.start()
        while not self.started:
            if not self._thread.is_alive():
                self._socket.close()
                raise RuntimeError("The server did not start; the log says why.")
            self._thread.join(0.01)

    def close(self) -> None:
        """Stop what `start` started."""
        self.should_exit = True
        self._thread.join()


def _listen(host: str, port: int | None) -> socket.socket:
    """Return a socket that listens on `port`, or on the first free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    if port is not None:
        return socket.create_server((host, port), family=family)
    for number in range(FIRST_PORT, FIRST_PORT + _PORTS):
        try:
            return socket.create_server((host, number), family=family)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise OSError(errno.EADDRINUSE, f"No port from {FIRST_PORT} to {FIRST_PORT + _PORTS - 1} is free.")
