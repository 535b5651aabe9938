"""An event that begins as a page's stream closes is answered once the page has closed it."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from poetbot.web.serving import event_streams
from poetbot.web.serving.event_streams import EventStreams

CLOSE = b'data: {"msg":"close_stream"}\n\n'


def run(test: Coroutine[Any, Any, None]) -> None:
    with ThreadPoolExecutor(1) as thread:  # a browser test may have left a running loop in this one
        thread.submit(asyncio.run, test).result()


def test_the_next_event_of_a_page_waits_until_its_page_hangs_up() -> None:
    async def test() -> None:
        streams, hung_up = EventStreams(), asyncio.Event()

        async def receive() -> dict[str, Any]:
            await hung_up.wait()
            return {"type": "http.disconnect"}

        stream = streams.open("ada")
        stream.record(b'data: {"msg":"process_completed"}\n\n')
        await streams.settled("ada")
        await stream.end(receive)  # the page wasn't told to close it
        stream.record(CLOSE)
        await streams.settled("bob")

        async def answer() -> None:
            await stream.end(receive)
            stream.close()

        answering = asyncio.create_task(answer())
        joining = asyncio.create_task(streams.settled("ada"))
        await asyncio.sleep(0.05)
        assert not joining.done() and not answering.done()
        hung_up.set()
        await asyncio.wait_for(joining, 5)
        await asyncio.wait_for(answering, 5)
        await streams.settled("ada")

    run(test())


def test_a_reader_that_waits_for_the_end_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_streams, "WAIT", 0.05)

    async def test() -> None:
        streams = EventStreams()
        stream = streams.open("ada")
        stream.record(CLOSE)
        await asyncio.wait_for(stream.end(lambda: asyncio.sleep(60)), 5)  # type: ignore[arg-type,return-value]

    run(test())


def test_a_stream_that_breaks_off_lets_the_next_event_begin() -> None:
    async def test() -> None:
        streams = EventStreams()
        first, second = streams.open("ada"), streams.open("ada")
        first.record(CLOSE)
        second.record(CLOSE)
        first.close()
        joining = asyncio.create_task(streams.settled("ada"))
        await asyncio.sleep(0.05)
        assert not joining.done()  # the second is still closing
        second.close()
        await asyncio.wait_for(joining, 5)
        assert not streams._closing

    run(test())
