"""The served app: its endpoints, what it imports, and how it starts."""

import asyncio
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from poetbot.web.app import build_blocks, create_app
from poetbot.web.serving.api import endpoints
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.server import Server
from poetbot.writing import CachedPoet

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def client(served: Any) -> Iterator[Client]:
    made = Client(served.url, verbose=False, analytics_enabled=False)
    yield made
    made.close()


def test_write_returns_what_the_contract_says(client: Client) -> None:
    poem = client.predict("tiny", "what was in it, and", 0.7, 1.0, 4, None, 7, api_name="/write")
    assert poem["text"].startswith("what was in it, and") and poem["seed_characters"] == 19
    assert (poem["temperature"], poem["rng"], poem["stopped_by"]) == (0.7, 7, "lines")
    assert poem["receipt"]["poet"] == "tiny" and len(poem["receipt"]["poet_id"]) == 64
    assert poem["overlap"]["longest"]["words"] == poem["overlap"]["words"] > 4
    asked = {"poet": "tiny", "seed": "what was in it, and", "temperature": 0.7, "lines": 4, "rng": 7}
    assert poem == client.predict(**asked, api_name="/write")
    assert client.predict(poet="tiny", lines=1, rng=7, api_name="/write")["temperature"] == 0.6


def test_write_chooses_a_random_seed_if_none_is_given(client: Client) -> None:
    one, other = (client.predict("tiny", lines=2, api_name="/write") for _ in range(2))
    assert one["rng"] != other["rng"]


def test_suggest_returns_lines_for_the_cursor(client: Client) -> None:
    asked: dict[str, Any] = {
        "poet": "tiny",
        "before": "what was in it, and",
        "rng": 3,
        "temperature": 0.7,
        "drafts": 16,
    }
    found = client.predict(**asked, api_name="/suggest")
    assert len(found["suggestions"]) == 3 and found["drafts"] == 16 and found["notices"] == []
    for each in found["suggestions"]:
        assert each["line"] == "what was in it, and" + each["text"]
        assert each["receipt"]["poet"] == "tiny" and each["figures"]["words"] > 0
    assert client.predict(**asked, api_name="/suggest") == found
    begun = client.predict(**asked | {"before": ""}, form={"acrostic": "sea"}, api_name="/suggest")
    assert all(each["text"][0] in "sS" for each in begun["suggestions"])
    for bad, sentence in (
        ({"form": "villanelle"}, "no form"),
        ({"form": {"meter": 1}}, "only these fields"),
        ({"form": {"stanzas": [3], "acrostic": "sail"}}, "contradicts"),
        ({"drafts": 10_000}, "number of drafts must be"),
        ({"before": "x" * 2_000_001}, "text of at most"),
        ({"poet": "../tiny"}, "no poet"),
        ({"one_each": True}, "needs a blend"),
    ):
        with pytest.raises(AppError, match=sentence):
            client.predict(**asked | bad, api_name="/suggest")


def test_write_takes_a_form_and_real_words(client: Client) -> None:
    form = {"stanzas": [2], "acrostic": "tr"}
    poem = client.predict("tiny", form=form, rng=3, best_of=2, api_name="/write")
    first, second = poem["text"].strip().split("\n")
    assert (first[0].lower(), second[0].lower()) == ("t", "r") and poem["form"]["met"]
    real = client.predict("tiny", lines=1, real_words=True, rng=1, api_name="/write")
    assert real["receipt"]["real_words"] and "form" not in real
    for bad, sentence in (({"lines": 3}, "has 2 lines"), ({"characters": 9}, "sets the number of lines")):
        with pytest.raises(AppError, match=sentence):
            client.predict("tiny", form=form, **bad, api_name="/write")


def test_a_poem_is_continued_and_ended(client: Client) -> None:
    asked: dict[str, Any] = {
        "poet": "tiny",
        "before": "what was in it, and",
        "rng": 3,
        "guard": 6,
        "drafts": 4,
    }
    one, other = client.predict(**asked, lines=2, count=2, api_name="/continuations")["suggestions"]
    assert one["text"].count("\n") == 1 and one["text"] != other["text"] and one["receipt"]["guard"] == 6
    (real,) = client.predict(**asked, lines=2, real_words=True, api_name="/continuations")["suggestions"]
    assert real["receipt"]["real_words"]
    (ending,) = client.predict(**asked, real_words=True, api_name="/continuations")["suggestions"]
    assert ending["text"] and 0 <= ending["figures"]["end_probability"] <= 1
    (rest,) = client.predict(**asked, form="quatrain", api_name="/continuations")["suggestions"]
    assert rest["text"].strip().count("\n") == 2 and rest["figures"]["form"]
    for bad, sentence in (
        ({"before": "", "lines": None}, "no poem yet"),
        ({"count": 11}, "number of suggestions"),
    ):
        with pytest.raises(AppError, match=sentence):
            client.predict(**asked | bad, api_name="/continuations")


def test_titles_returns_three_for_a_poem(client: Client) -> None:
    found = client.predict("tiny", "The lamp is low,\nthe street is long.\n", 3, api_name="/titles")["titles"]
    assert len(found) == 3 and all(each["text"] for each in found)


def test_every_way_of_writing_takes_a_theme_and_rhymes_are_listed(client: Client) -> None:
    about = {"about": "the lamp", "avoid": "rain"}
    poem = client.predict("tiny", lines=2, rng=7, best_of=3, **about, api_name="/write")
    assert poem["receipt"]["theme"]["about"] == "the lamp" and 7 <= poem["rng"] <= 9
    with pytest.raises(AppError, match="number of drafts must be"):
        client.predict("tiny", best_of=13, api_name="/write")
    asked = {"before": "the sea\n", "drafts": 8, "ends_in": "lamp", "rng": 1, **about}
    for each in client.predict("tiny", **asked, api_name="/suggest")["suggestions"]:
        assert (
            each["line"].rstrip(",. ").lower().endswith("lamp")
            and each["receipt"]["theme"]["avoid"] == "rain"
        )
    assert client.predict("tiny", "The lamp is low.\n", **about, api_name="/titles")["titles"]
    with pytest.raises(AppError, match="rhymes with bridge"):
        client.predict("tiny", "bridge", **about, api_name="/rhymes")


def test_check_returns_the_report(client: Client) -> None:
    found = client.predict("tiny", "One small grey bird, upon", api_name="/check")
    assert found["longest"]["words"] == 5 and found["spans"][0]["sources"][0]["title"] == "Bird"


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"temperature": 3}, "temperature"),
        ({"top_p": 0}, "Top-p"),
        ({"lines": 2, "characters": 2}, "not both"),
        ({"lines": 10**9}, "lines must be"),
        ({"rng": -1}, "random seed must be"),
        ({"poet": "../tiny"}, "no poet"),
        ({"seed": "x" * 20_001}, "opening"),
        ({"blend": "tiny:1,tiny:2"}, "a poet or a blend"),
        ({"poet": "", "blend": "tiny"}, "poets with weights"),
        ({"poet": "", "blend": "tiny:1,../tiny:1"}, "no poet"),
    ],
)
def test_bad_input_is_an_error(client: Client, bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AppError, match=sentence) as raised:
        client.predict(**({"poet": "tiny"} | bad), api_name="/write")
    assert "Traceback" not in str(raised.value)


def test_a_guarded_poem_copies_no_long_run(client: Client) -> None:
    asked: dict[str, Any] = {
        "poet": "tiny",
        "seed": "what was in it, and",
        "temperature": 0.7,
        "lines": 4,
        "rng": 7,
    }
    free, kept = (client.predict(**asked, guard=guard, api_name="/write") for guard in (0, 5))
    assert free["overlap"]["longest"]["words"] >= 5 > kept["overlap"]["longest"]["words"]
    assert kept["receipt"]["guard"] == 5
    with pytest.raises(AppError, match="may copy must be an integer"):
        client.predict(**asked, guard=-1, api_name="/write")


def test_nan_is_an_error(served: Any) -> None:
    """gradio_client cannot send it; anybody else can."""
    address = f"{served.url}gradio_api/call/write"
    asked = urllib.request.Request(
        address, b'{"data": ["tiny", "a", NaN, 1.0, null, null, 1, 0, "", "", "", 1, "free", false, ""]}'
    )
    asked.add_header("Content-Type", "application/json")
    with pytest.raises(urllib.error.HTTPError) as raised:
        urllib.request.urlopen(asked, timeout=30)
    assert raised.value.code == 400 and "can't read" in json.load(raised.value)["detail"]


def test_check_refuses_an_unknown_poet(client: Client) -> None:
    with pytest.raises(AppError, match="no poet"):
        client.predict("nobody", "text", api_name="/check")


def test_a_poet_without_an_index_writes_and_cannot_check(poets_without_index: Path) -> None:
    made = endpoints(PoetRegistry(poets_without_index))
    assert made["write"]("tiny", lines=1)["overlap"] is None
    with pytest.raises(gr.Error, match="no overlap index"):
        made["check"]("tiny", "text")


def test_forms_are_prepared_by_the_thread_of_the_request_and_written_by_the_engine(
    poet_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, threads, prepare = endpoints(PoetRegistry(poet_root)), [], CachedPoet.prepare

    def prepared(cached: CachedPoet, *form: Any, **how: Any) -> None:
        threads.append(threading.current_thread().name)
        prepare(cached, *form, **how)

    monkeypatch.setattr(CachedPoet, "prepare", prepared)
    for name, asked in (("write", {}), ("write", {"best_of": 2}), ("continuations", {"before": "the sea"})):
        threads.clear()
        made[name]("tiny", form="couplet", rng=1, **asked)
        assert threads[0] != "writing" and {*threads[1:]} == {"writing"}, name
    threads.clear()
    made["suggest"]("tiny", "the sea\n", form="couplet", drafts=4)
    assert threads and "writing" not in threads


def test_the_docs_list_the_endpoints_as_they_are(poet_root: Path) -> None:
    spec = importlib.util.spec_from_file_location("endpoints", ROOT / "docs" / "endpoints.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    page = script.PAGE.read_text("utf-8")
    assert page == script.updated(page, endpoints(PoetRegistry(poet_root))), "run `python docs/endpoints.py`"
    assert all(f"### `/{name}`" in page for name in ("write", "suggest", "titles", "rhymes"))


def test_only_the_endpoints_are_public(client: Client) -> None:
    described = client.view_api(return_format="dict", print_info=False)
    assert (
        set(described["named_endpoints"])
        == {"/write", "/suggest", "/continuations", "/titles", "/check", "/rhymes"}
        and not described["unnamed_endpoints"]
    )


def test_the_page_is_served_from_here_alone(served: Any) -> None:
    with urllib.request.urlopen(served.url, timeout=30) as page:
        html = page.read().decode()
    assert "PoetBot" in html
    assert '"analytics_enabled":false' in html.replace(" ", "")


def test_the_app_needs_no_poet_to_start(tmp_path: Path) -> None:
    assert build_blocks(tmp_path / "nothing")


class SlowPage:
    """A machine with so much else to do that its first page takes longer than gradio would wait."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == "/":
            await asyncio.sleep(4)
        await self.app(scope, receive, send)


def test_a_slow_machine_is_waited_for(poet_root: Path) -> None:
    app = create_app(build_blocks(poet_root))
    app.add_middleware(SlowPage)
    server = Server(app, port=0)
    server.start()
    try:
        with urllib.request.urlopen(server.url, timeout=30) as page:
            assert page.status == 200
    finally:
        server.close()


def test_the_app_never_loads_tensorflow(poet_root: Path) -> None:
    """It is built, writes, checks and draws; what only clouds need is loaded by clouds."""
    code = f"""
import sys
from pathlib import Path
from poetbot.web.app import build_blocks, create_app
from poetbot.web.serving.api import endpoints
from poetbot.web.serving.session import Session
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.study.handlers import Handlers
from poetbot.web.tabs.study.requests import WordsRequest
from poetbot.locale import locale
root = Path({str(poet_root)!r})
create_app(build_blocks(root))
made = endpoints(PoetRegistry(root))
write, check = made["write"], made["check"]
assert write("tiny", "the", lines=2, rng=1)["text"] and check("tiny", "the lamp is low")
assert not {{"wordcloud", "matplotlib"}} & set(sys.modules), "the start pays for the clouds"
asked = WordsRequest("tiny")
assert "<img" in Handlers(PoetRegistry(root), locale("en")).draw_clouds(asked, Session())["html"]
assert not {{"tensorflow", "keras", "jax", "torch"}} & set(sys.modules)
"""
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.fixture
def front_door(poet_root: Path) -> Iterator[Any]:
    """Start app.py with these arguments and environment, on a port that the system chooses; it is ended afterwards."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", "0", "--poets", str(poet_root), *arguments],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=30)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def port_in(line: str) -> int:
    found = re.search(r":(\d+)/", line)
    assert found, line
    return int(found[1])


def test_the_start_message_names_the_address_also_behind_a_proxy(front_door: Any) -> None:
    nobody = "http://127.0.0.1:9"
    line = first_line(front_door(HTTP_PROXY=nobody, ALL_PROXY=nobody, NO_PROXY="", no_proxy=""))
    port = port_in(line)
    assert line.startswith(f"PoetBot is at http://127.0.0.1:{port}/ (ready in "), line
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
        assert page.status == 200
    taken = front_door("--port", str(port))
    assert first_line(taken) == f"Port {port} is in use. Choose another with --port, or leave it out.\n"
    assert taken.wait(30) == 1
    assert "--port must be a number" in first_line(front_door("--port", "99999"))
    elsewhere = front_door("--host", "192.0.2.1", "--public")  # not an address of this machine
    said = first_line(elsewhere)
    assert said.startswith("PoetBot can't listen on 192.0.2.1 (") and "--host or --port" in said, said


@pytest.mark.slow
def test_for_a_room_it_shows_address_password_and_qr_code(front_door: Any) -> None:
    process = front_door("--lan", PYTHONUTF8="1")
    line = first_line(process)
    if "no local network" in line:
        assert process.wait(30) == 2
        return
    port = port_in(line)
    lines = [line, *(first_line(process) for _ in range(4))]
    assert "password" in lines[1] and f":{port}/" in lines[2] and "Name: poet   Password: " in lines[3], lines
    assert first_line(process).startswith("█")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/gradio_api/info", timeout=30)


@pytest.mark.slow
def test_on_spaces_it_listens_on_all_interfaces(front_door: Any) -> None:
    port = port_in(first_line(front_door(SYSTEM="spaces")))
    if sys.platform == "linux":  # where 127.0.0.2 is this machine too, and not what 127.0.0.1 listens to
        with urllib.request.urlopen(f"http://127.0.0.2:{port}/", timeout=30) as page:
            assert page.status == 200
