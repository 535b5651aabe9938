"""Keeps answers from being lost where a page starts an event just as its event stream closes.

Gradio ends the stream of a page with its last event, and tells the page to close it. If the page has the answer to a
new `queue/join` first, it takes the old stream for open, opens no new one, and never gets the answer of that event. So
a stream stays open until the page has hung up, as it does once it has read that message, and the answer to `queue/join`
waits for this.
"""

import asyncio

from starlette.types import Receive

CLOSING = b'"close_stream"'  # in the last message of a stream (gradio_compat.py, point 6)
WAIT = 5.0  # seconds for a page to hang up; programs may wait for the end of the stream instead


class EventStreams:
    """The event streams that pages were told to close, by session hash."""

    def __init__(self) -> None:
        self._closing: dict[str, EventStream] = {}

    def open(self, page: str) -> "EventStream":
        """Return a new stream of a page."""
        return EventStream(page, self._closing)

    async def settled(self, page: str) -> None:
        """Wait until the page has closed the stream that it was told to close."""
        if (stream := self._closing.get(page)) is not None:
            await stream.closed.wait()


class EventStream:
    """What is sent to a page in answer to one `queue/data`. `close` must be called at its end, whatever happens."""

    def __init__(self, page: str, closing: dict[str, "EventStream"]) -> None:
        self.page = page
        self.closed = asyncio.Event()
        self._closing = closing

    def record(self, sent: bytes) -> None:
        """Note what is sent."""
        if CLOSING in sent:
            self._closing[self.page] = self

    async def end(self, receive: Receive) -> None:
        """Wait until the page hangs up, if it was told to close the stream."""
        if self._closing.get(self.page) is not self:
            return
        try:
            async with asyncio.timeout(WAIT):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            pass

    def close(self) -> None:
        """Let the next event of the page begin."""
        if self._closing.get(self.page) is self:
            del self._closing[self.page]
        self.closed.set()
