"""What a page or a program may send."""

import json
import time

import pytest

from poetbot.web.serving import request_limits

GOOD = {"data": ['the "lamp" [is] {low}, \\ 夜', 0.7, None, [True, {"a": -1}]], "fn_index": 3}


def test_a_message_is_read_as_it_is() -> None:
    assert request_limits.parse(json.dumps(GOOD).encode()) == GOOD
    assert request_limits.parse(json.dumps(GOOD, ensure_ascii=False).encode()) == GOOD


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"a"',
        b"\xff",
        json.dumps(GOOD).encode("utf-16"),  # in which signs could hide from the count
        b'{"data": [NaN]}',
        b'{"data": [-Infinity]}',
        b'{"data": [1e999]}',
        b'{"data": %s1%s}' % (b"[" * 200, b"]" * 200),
        b'{"data": %s' % (b"[" * 100_000),
        b'{"data": [%s]}' % b",".join([b"[]"] * 600_000),
        b'{"data": ["%s' % (b"\\" * 99_999),
    ],
)
def test_an_invalid_message_is_refused(body: bytes) -> None:
    assert request_limits.parse(body) is None


def test_brackets_inside_strings_do_not_count() -> None:
    assert request_limits.parse(json.dumps({"data": ['[,{"\\' * 2_000_000]}).encode()) is not None


@pytest.mark.parametrize("unit", ['"', '\\"', "\\", "[", "{", ",", '"a":', '"\\', "]["])
def test_the_time_is_linear(unit: str) -> None:
    def seconds(size: int) -> float:
        body = (unit * (size // len(unit))).encode()
        before = time.process_time()
        request_limits.parse(body)
        return time.process_time() - before

    seconds(1_000)
    small, large = (min(seconds(size) for _ in range(3)) for size in (250_000, 1_000_000))
    assert large < 0.1 or large < 9 * small


def test_names_are_short_texts_or_none() -> None:
    assert request_limits.has_valid_names({"session_hash": "a" * 32, "event_id": None})
    for name in ("", {}, [], 7, True, "x" * 101):
        assert request_limits.has_valid_names({"session_hash": name}) is (name == "")
