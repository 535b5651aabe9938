"""An event that begins as a page's stream closes is answered once the page knows that it closed."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from poetbot.web.serving.event_streams import WAIT, EventStreams

CLOSE = b'data: {"msg":"close_stream"}\n\n'


def seconds_to_settle(streams: EventStreams, page: str) -> float:
    start = time.monotonic()
    with ThreadPoolExecutor(1) as thread:  # a browser test may have left a running loop in this one
        thread.submit(asyncio.run, streams.settled(page)).result()
    return time.monotonic() - start


def test_the_next_event_of_a_page_waits_for_its_stream_to_close() -> None:
    streams = EventStreams()
    streams.record("ada", b'data: {"msg":"process_completed"}\n\n')
    assert seconds_to_settle(streams, "ada") < WAIT / 2
    streams.record("ada", CLOSE)
    assert seconds_to_settle(streams, "bob") < WAIT / 2
    assert seconds_to_settle(streams, "ada") > WAIT / 2
    assert seconds_to_settle(streams, "ada") < WAIT / 2


def test_pages_whose_stream_closed_long_ago_are_forgotten() -> None:
    now = 0.0
    streams = EventStreams(clock=lambda: now)
    for k in range(1000):
        now += 1.0
        streams.record(f"page {k}", CLOSE)
    assert len(streams._closed) == 1
