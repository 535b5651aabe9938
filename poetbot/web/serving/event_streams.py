"""Keeps answers from being lost where a page starts an event just as its event stream closes.

Gradio ends the stream of a page with its last event, and tells the page to close it. If the page has the answer to a
new `queue/join` first, it takes the old stream for open, opens no new one, and never gets the answer of that event. So
an answer to `queue/join` waits until the page has surely read that its stream closed.
"""

import asyncio
import time
from collections.abc import Callable

CLOSING = b'"close_stream"'  # in the last message of a stream (gradio_compat.py, point 6)
WAIT = 0.15  # seconds from the message that closes the stream to the answer of the next event


class EventStreams:
    """When the event streams of pages, by session hash, were closed last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._closed: dict[str, float] = {}

    def record(self, page: str, sent: bytes) -> None:
        """Note what was sent to a page through its stream."""
        if CLOSING in sent:
            now = self._clock()
            self._closed = {each: at for each, at in self._closed.items() if now - at < WAIT}
            self._closed[page] = now

    async def settled(self, page: str) -> None:
        """Wait until the page knows that its stream was closed, if that was only just so."""
        if (closed := self._closed.get(page)) is not None:
            await asyncio.sleep(max(0.0, closed + WAIT - self._clock()))
