"""A served app, sent bodies and addresses made by chance: it answers each, and nothing in it falls over."""

import json
import logging
import random
import sys
import traceback
from collections.abc import Callable
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio.exceptions import ComponentProcessingError
from pydantic import ValidationError

from tests.hostile.by_chance import (
    DEEP,
    NUMBERS,
    WORDS,
    broken,
    content,
    exported,
    mutated,
    receipt,
    told,
    value,
)
from tests.web.visiting import API, Site, Visitor

CASES = 1_500
NOT_CALLED = ("start_training", "use_named")  # they start a training, and read a whole book
DO = [
    "save",
    "step",
    "open",
    "star",
    "title",
    "collect",
    "delete",
    "restore",
    "list",
    "file",
    "bring",
    "read",
]
DO += ["compare", "show", "stop", "finish", "resume", "discard", "erase"]
DO += ["include", "leave-out", "whole", "edit", "rename", "owner", "encoding", "choose"]
ASKED = [
    "do",
    "ask",
    "poet",
    "id",
    "text",
    "form",
    "starred",
    "receipt",
    "part",
    "name",
    "kind",
    "histories",
    "finish",
]
ASKED += [
    "figure",
    "dark",
    "by",
    "filter",
    "way",
    "version",
    "unit",
    "turn",
    "temperature",
    "taken",
    "tags",
    "shown",
]
ASKED += [
    "seed",
    "search",
    "rng",
    "real_words",
    "poems",
    "people",
    "on",
    "of",
    "number",
    "names",
    "lines",
    "join",
]
ASKED += [
    "given",
    "typed",
    "format",
    "for",
    "first",
    "epoch",
    "common",
    "collection",
    "rows",
    "before",
    "after",
    "job",
    "page",
]
WRITE = ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""]
SUGGEST = [0.7, 1, 1, 1, 4, False, 0, "", "", "", "", "", False]  # but for the poem and its form
BODIES = [
    "queue/join",
    "cancel",
    "reset",
    "call/write",
    "call/suggest",
    "call/v2/check",
    "run/titles",
    "api/check",
]
BODIES += ["call/write_1", "run/predict", "upload", "startup-events"]
ADDRESSES = [
    "",
    "zh",
    "config",
    "login_check",
    "queue/data",
    "heartbeat/{}",
    "file={}",
    "call/write/{}",
    "info",
]
ADDRESSES += [
    "upload_progress",
    "user",
    "app_id",
    "theme.css",
    "../assets/{}",
    "../static/{}",
    "../?language={}",
    "../{}",
]


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Return what says which errors, that are none of ours and none of gradio's own refusals, came since it was asked."""
    found: list[str] = []

    def noted(*_: Any, **__: Any) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, gr.Error | ComponentProcessingError | ValidationError):
            found.append(f"{type(error).__name__}: {error}"[:200])

    monkeypatch.setattr(traceback, "print_exc", noted)

    def since() -> list[str]:
        logged = [r.getMessage()[:200] for r in caplog.records if r.exc_info and r.levelno >= logging.ERROR]
        told, found[:] = [*found, *logged], []
        caplog.clear()
        return told

    return since


def asked(rng: random.Random) -> dict[str, Any]:
    """Return what an event of the page might say."""
    data = {rng.choice(ASKED): value(rng, 2) for _ in range(rng.randrange(6))}
    data |= {"do": rng.choice(DO), "ask": 1, "poet": rng.choice(["tiny", "mine", *WORDS])}
    if rng.random() < 0.3:
        data |= {"receipt": receipt(rng), "rows": exported(rng), "text": exported(rng)}
    if rng.random() < 0.2:
        data |= {"format": rng.choice(["text", "json", "card", "page"]), "id": rng.choice([1, 2, None])}
    return data


def event_of(rng: random.Random, site: Site) -> dict[str, Any]:
    """Return a message that calls one of the functions of the page, by its number."""
    number, function = rng.choice([(i, fn) for i, fn in site.blocks.fns.items() if fn.name not in NOT_CALLED])
    count = len(function.inputs) if rng.random() < 0.9 else rng.randrange(12)
    good: list[Any] = [
        "tiny",
        0.7,
        1,
        "",
        None,
        False,
        0,
        "the lamp",
        [],
        {"text": "the lamp", "poet": "tiny"},
    ]
    data = [rng.choice(good) if rng.random() < 0.7 else value(rng, 3) for _ in range(count)]
    said = asked(rng) if rng.random() < 0.8 else value(rng, 3)
    return {"data": data, "event_data": said, "fn_index": number, "trigger_id": None}


def answered(visitor: Visitor, body: dict[str, Any]) -> int:
    """Send a message, wait for its answer and return the status of the first reply."""
    begun = visitor.post(f"{API}queue/join", content=told(body), headers={"Content-Type": "application/json"})
    if begun.status_code != 200:
        return begun.status_code
    with visitor.stream("GET", f"{API}queue/data", params={"session_hash": body["session_hash"]}) as stream:
        for line in stream.iter_lines():
            if '"process_completed"' in line or '"close_stream"' in line:
                break
    return 200


def called(rng: random.Random, visitor: Visitor) -> int:
    """Call an endpoint as anybody may, with arguments that are nearly right."""
    name, good = rng.choice(
        [
            ("write", WRITE),
            ("suggest", ["tiny", "a\n", "", {"stanzas": [2], "rhyme": "aa"}, *SUGGEST]),
            ("suggest", ["tiny", "a\n", "", "free", *SUGGEST]),
            ("titles", ["tiny", "the lamp\nis low", 1, 1, "the lamp", ""]),
            ("rhymes", ["tiny", "the lamp", "the low", 2, "rain", ""]),
            ("check", ["tiny", "the lamp is low and", 3]),
        ]
    )
    body = told({"data": mutated(rng, good)})
    begun = visitor.post(f"{API}call/{name}", content=body, headers={"Content-Type": "application/json"})
    if begun.status_code == 200:
        assert "event:" in visitor.get(f"{API}call/{name}/{begun.json()['event_id']}").text
    return begun.status_code


def raw(rng: random.Random, visitor: Visitor) -> int:
    """Send any bytes, or something that was JSON, to any address that takes some."""
    good = told(
        {"data": WRITE, "fn_index": 0, "session_hash": visitor.page, "event_id": "x", "event_data": None}
    )
    body = rng.choice(
        [DEEP, content(rng), told(value(rng)), broken(rng, good), told(mutated(rng, json.loads(good)))]
    )
    path = rng.choice([f"{API}{each}" for each in BODIES] + ["login", "logout"])
    kind = rng.choice(
        ["application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", "é"]
    )
    if path == f"{API}upload" and rng.random() < 0.5:
        body = (
            b'--x\r\nContent-Disposition: form-data; name="files"; filename="'
            + body[:300]
            + b'"\r\n\r\na\r\n--x--\r\n'
        )
    return visitor.post(path, content=body, headers={"Content-Type": kind.encode()}).status_code


def address(rng: random.Random, visitor: Visitor) -> int:
    """Ask for any address, with headers made by chance."""
    word = rng.choice([*WORDS, "../../etc/passwd", "%2e%2e%2f", "x" * 300, *map(str, NUMBERS)])
    path = httpx.URL(visitor.base_url).join(f"{API}{rng.choice(ADDRESSES)}".format("x")).raw_path.decode()
    said = word.encode("utf-8", "replace").hex(" ").replace(" ", "%")
    path = path.replace("x", f"%{said}" if said else "", 1) if "x" in path else path
    names = [
        "Origin",
        "Referer",
        "Accept-Language",
        "Cookie",
        "Range",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
    ]
    headers = {
        rng.choice(names): rng.choice([b"http://[", b"bytes=0-,9-,x", b";;=,", b"\xff\xfe", b"zh;q=9", b""])
    }
    params = {
        rng.choice(["session_hash", "language", "__theme", "upload_id", "deep_link"]): word.encode(
            "utf-8", "replace"
        )
    }
    with visitor.stream(
        "GET", path, headers=headers, params=params if rng.random() < 0.5 else None
    ) as answer:
        return answer.status_code  # a stream without end is left here


@pytest.mark.slow
@pytest.mark.timeout(2_400)
def test_the_app_survives_any_message(public: Site, ada: Visitor, crashes: Callable[[], list[str]]) -> None:
    failed: list[str] = []
    done = 0
    for case in range(CASES):
        rng = random.Random(case)
        kind = rng.randrange(10)
        body = event_of(rng, public) | {"session_hash": f"{ada.page}-{case % 12}"}
        try:
            if kind < 4:
                status = answered(ada, body)
            elif kind < 6:
                status = called(rng, ada)
            elif kind < 8:
                status = raw(rng, ada)
            else:
                status = address(rng, ada)
            fell = [f"it answered {status}"] if status >= 500 else []
            done += status == 200
        except httpx.HTTPError as error:
            fell = [f"no answer: {type(error).__name__}: {error}"]
        fell += crashes()
        failed += [f"case {case} ({kind}): {each}" for each in fell]
    assert not failed, f"{len(failed)} crashes:\n" + "\n".join(failed[:30])
    assert done > CASES / 5
    assert "the lamp" in ada.ask("write", "tiny", "the lamp", *WRITE[2:])


def test_a_crash_in_an_endpoint_would_be_seen(
    public: Site, ada: Visitor, crashes: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "event" in ada.ask("write", *WRITE) and crashes() == []
    assert "event" in ada.ask("write", "nobody", *WRITE[1:]) and crashes() == []  # refused in a sentence
    monkeypatch.setattr("poetbot.web.serving.api.new_seed", lambda: 1 // 0)
    ada.ask("write", *WRITE[:6], None, *WRITE[7:])
    assert any("ZeroDivisionError" in each for each in crashes())
