"""What strangers send does not stay in the memory of the app: measured from outside, of an app as it is served."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CALLS = int(os.environ.get("POETBOT_TEST_CALLS", "600"))
NAMES = int(os.environ.get("POETBOT_TEST_NAMES", "4000"))
MOST = 60  # MB more than before: what is kept of 24 pages, and what Python's allocator has not given back
JSON = {"Content-Type": "application/json"}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="memory is measured where Linux says it"
    ),
]


class App:
    """An app that is served to everybody, in a process of its own, and one visitor of it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookie = ""
        self.cookie = str(self.ask("GET", "/")[1]).partition(";")[0]

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, str | None, bytes]:
        """Return status, cookie and body of an answer."""
        self.line.request(method, path, body or None, {**JSON, "Cookie": self.cookie})
        answer = self.line.getresponse()
        return answer.status, answer.headers["Set-Cookie"], answer.read()

    def written(self) -> None:
        """Write a poem as anybody may who has no page."""
        body = json.dumps(
            {"data": ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""]}
        ).encode()
        status, _, begun = self.ask("POST", "/gradio_api/call/write", body)
        assert status == 200
        status, _, told = self.ask("GET", f"/gradio_api/call/write/{json.loads(begun)['event_id']}")
        assert status == 200 and b"complete" in told

    def megabytes(self) -> float:
        """How much memory the process has."""
        self.line.close()  # it would be closed for being idle
        time.sleep(2)
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


@pytest.fixture
def app(tiny_poet: Path, poetbot_home: Path) -> Iterator[App]:
    limits = ("visitor_requests=100000", "visitor_upload_mb=100000", "visitor_files=100000")
    given = [each for limit in limits for each in ("--setting", limit)]
    command = [
        sys.executable,
        "app.py",
        "--host",
        "127.0.0.1",
        "--public",
        "--poets",
        str(tiny_poet.parent),
        *given,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                break
        else:
            pytest.fail(f"The app did not start: {said}")
        app = App(process, int(found[1]))
        for _ in range(40):  # what is made once is there
            app.written()
        yield app
    finally:
        process.kill()
        process.wait()


def test_long_names_do_not_stay_in_memory(app: App) -> None:
    body = json.dumps({"data": [], "fn_index": 0, "session_hash": "x" * 20_000_000}).encode()
    for number in range(18):
        if number == 3:  # room that the allocator keeps for the next body of that size is taken
            before = app.megabytes()
        assert app.ask("POST", "/gradio_api/queue/join", body)[0] == 400
    after = app.megabytes()
    print(f"15 names of 20 MB: {before:.0f} MB before, {after:.0f} MB after")
    assert after < before + MOST


def test_calls_without_a_page_do_not_add_up(app: App) -> None:
    before = app.megabytes()
    for _ in range(CALLS):
        app.written()
    after = app.megabytes()
    print(f"{CALLS} calls without a page: {before:.0f} MB before, {after:.0f} MB after")
    assert after < before + MOST


def test_many_names_do_not_add_up(app: App) -> None:
    """Names of pages as long as they may be, each with a message of its own, and far longer ones."""
    before = app.megabytes()
    for number in range(NAMES):
        name = f"{number:0100d}"
        if number % 4:
            assert app.ask("GET", f"/gradio_api/login_check?session_hash={name}")[0] in (200, 401)
            assert app.ask("GET", f"/gradio_api/heartbeat/{name * 30}")[0] in (403, 404)
        else:
            body = json.dumps({"session_hash": name, "fn_index": 0, "event_id": name}).encode()
            assert app.ask("POST", "/gradio_api/cancel", body)[0] == 403
            fresh = json.dumps(
                {
                    "data": ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""],
                    "fn_index": 0,
                    "session_hash": name,
                }
            )
            assert app.ask("POST", "/gradio_api/queue/join", fresh.encode())[0] in (200, 429)
    after = app.megabytes()
    print(f"{NAMES} names: {before:.0f} MB before, {after:.0f} MB after")
    assert after < before + MOST


def test_brackets_do_not_become_a_gigabyte(app: App) -> None:
    before = app.megabytes()
    for body in (b'{"data": [%s]}' % b",".join([b"[]"] * 9_000_000), b"[" * 30_000_000):
        assert app.ask("POST", "/gradio_api/queue/join", body)[0] == 400
    after = app.megabytes()
    print(f"30 MB of brackets: {before:.0f} MB before, {after:.0f} MB after")
    assert after < before + 2 * MOST
