"""The door against those who want to fill the memory, or to push somebody else out."""

import json
from typing import Any

import httpx
import pytest

from poetbot.locale import locale
from poetbot.web.gradio_compat import open_pages
from poetbot.web.serving import access_middleware
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.ownership import Ownership
from poetbot.web.serving.rate_limit import RateLimiter
from poetbot.web.serving.routes import called_endpoint
from poetbot.web.tabs.write import poem_page
from tests.web.conftest import move_into
from tests.web.visiting import API, USERS, Site, Visitor, said

WRITE = ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""]
FILE = {"_type": "gradio.FileData"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


# Memory


@pytest.mark.parametrize("name", ["session_hash", "event_id"])
def test_long_names_are_refused(public: Site, ada: Visitor, name: str) -> None:
    for size in (101, 100_000, 20_000_000):
        answer = ada.join("write", WRITE, **{name: "x" * size})
        assert answer.status_code == 400 and len(answer.content) < 500
    assert ada.get(f"{API}queue/data", params={"session_hash": "x" * 101}).status_code == 403
    assert not any(len(each) > 100 for each in open_pages(public.blocks))


def test_calls_without_a_page_leave_a_bounded_number_of_pages(public: Site, bob: Visitor) -> None:
    for _ in range(30):
        assert "event" in bob.ask("write", *WRITE)
    own = public.visitors.ownership
    key = public.visitors.key(dict(bob.cookies))
    pages = [name for name in open_pages(public.blocks) if own.owner("session", name) == key]
    assert 0 < len(pages) <= 24
    unowned = [each for each in open_pages(public.blocks) if own.owner("session", each) is None]
    assert len(unowned) < 3  # nothing is left of those that were forgotten


def test_a_visitor_over_the_limit_loses_only_their_own() -> None:
    clock, gone = Clock(), []
    own = Ownership(max_visitors=3, max_sessions=5, clock=clock)
    own.on_forget = lambda kind, name: gone.append(name)
    assert own.claim("session", "hers", "ada") and own.grant_file("/a", "ada")
    assert all(own.claim("session", f"bobs {n}", "bob") for n in range(100))
    assert all(own.grant_file(f"/{n}", "bob") for n in range(2_000))
    assert own.owner("session", "hers") == "ada" and own.may_read("/a", "ada")
    assert own.owner("session", "bobs 99") == "bob" and "bobs 1" in gone
    assert not own.claim("session", "x" * 101, "ada") and not own.grant_file("/" * 5_000, "ada")


def test_new_visitors_wait_instead_of_displacing_others() -> None:
    clock = Clock()
    own = Ownership(max_visitors=2, clock=clock)
    assert own.claim("session", "a", "ada") and own.claim("session", "b", "bob")
    assert not any(own.claim("session", f"c{n}", f"newcomer {n}") for n in range(100))
    clock.now += 3_600
    assert own.claim("session", "b", "bob") and own.claim("session", "c", "newcomer")
    assert own.owner("session", "a") is None and own.owner("session", "b") == "bob"


# Signing in and out


def test_nothing_is_stored_for_refused_visitors(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    site = made(Access(Kind.USERS, USERS))
    move_into(monkeypatch, site.home)
    with httpx.Client(base_url=site.url) as stranger, Visitor(site, "ada") as ada:
        for path in (
            "login_check",
            "user",
            "app_id",
            "startup-events",
            "queue/data",
            "heartbeat/" + ada.page,
        ):
            stranger.get(f"{API}{path}", params={"session_hash": ada.page})
        for path in ("queue/join", "cancel", "reset"):
            stranger.post(f"{API}{path}", json={"session_hash": ada.page, "data": [], "fn_index": 0})
        assert site.visitors.ownership.owner("session", ada.page) is None
        ada.get(f"{API}login_check", params={"session_hash": "not a page of hers"})
        assert site.visitors.ownership.owner("session", "not a page of hers") is None
        assert ada.join("write", WRITE).status_code == 200


@pytest.mark.parametrize("kind", [Kind.ROOM, Kind.USERS])
def test_signing_out_affects_one_browser_and_needs_a_post(
    made: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = made(Access(kind, {"ada": "lovelace"}))
    move_into(monkeypatch, site.home)
    with Visitor(site, "ada") as one, Visitor(site, "ada") as other:
        assert one.get("logout").status_code == 404
        assert one.get(f"{API}info").status_code == 200
        evil = {"Origin": "https://evil.example"}
        assert "Another website" in said(one.post("logout", headers=evil))
        assert one.get(f"{API}info").status_code == 200
        assert one.post("logout").status_code == 303
        assert one.get(f"{API}info").status_code == 401
        assert other.get(f"{API}info").status_code == 200


@pytest.mark.parametrize("kind", [Kind.ROOM, Kind.USERS])
def test_guessing_passwords_locks_out_nobody_else(
    made: Any, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = made(Access(kind, {"ada": "lovelace"}), login_tries="5")
    move_into(monkeypatch, site.home)
    right = {"username": "ada", "password": "lovelace"}
    elsewhere = httpx.HTTPTransport(local_address="127.0.0.2")
    with (
        httpx.Client(base_url=site.url, transport=elsewhere) as guesser,
        httpx.Client(base_url=site.url) as ada,
    ):
        answers = [
            guesser.post("login", data=right | {"password": f"guess {n}"}).status_code for n in range(12)
        ]
        assert answers == [400] * 5 + [429] * 7
        assert guesser.post("login", data=right).status_code == 429
        for _ in range(10):  # and the right password costs nothing
            assert ada.post("login", data=right).status_code == 200
        assert ada.post("login", data=right | {"username": "x" * 20_000}).status_code == 413


def test_behind_a_proxy_on_this_machine_visitors_have_addresses_of_their_own(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = made(Access(Kind.USERS, {"ada": "lovelace"}), login_tries="2")
    move_into(monkeypatch, site.home)

    def signs_in(address: str, password: str) -> int:
        sent = {"X-Forwarded-For": address}
        return httpx.post(
            f"{site.url}login", data={"username": "ada", "password": password}, headers=sent
        ).status_code

    assert [signs_in("203.0.113.7", f"guess {n}") for n in range(3)] == [400, 400, 429]
    assert signs_in("203.0.113.8", "lovelace") == 200


# Files


def test_repeating_a_path_opens_nothing(public: Site, ada: Visitor, bob: Visitor) -> None:
    (path,) = ada.upload(("poems.txt", b"a poem of ada's")).json()
    receipt = {"path": path, "meta": FILE, "poet_id": "x"}
    file = json.dumps({"poetbot_poems": 1, "poems": [{"text": "one", "receipt": receipt}]})
    number = next(i for i, fn in public.blocks.fns.items() if fn.name == "keep")
    event = {"do": "read", "text": file, "id": 1}
    body = {"data": [], "event_data": event, "fn_index": number, "session_hash": bob.page}
    assert bob.post(f"{API}queue/join", json=body).status_code == 200
    with bob.stream("GET", f"{API}queue/data", params={"session_hash": bob.page}) as stream:
        told = ""
        for line in stream.iter_lines():
            told += line
            if '"process_completed"' in line:
                break
    assert path in told and '"success":true' in told  # it is repeated
    assert "isn't yours" in said(bob.get(f"{API}file={path}"))
    assert ada.get(f"{API}file={path}").status_code == 200


def test_an_answer_that_looks_like_a_file_is_text_to_gradio() -> None:
    answer = {"receipt": {"path": __file__, "meta": FILE}}
    for component in (poem_page.page(locale("en")), poem_page.page(locale("en")).mailbox("a")):
        sent: Any = component.html.postprocess(answer)  # type: ignore[arg-type]
        assert isinstance(sent, str) and json.loads(sent) == answer | {"answer": 1}


# What nobody may ask


def test_nonsense_is_refused_and_breaks_nothing(public: Site, ada: Visitor) -> None:
    for origin in ("http://[", "http://[::1", "//", "\\", "http://a:b:c"):
        assert ada.get("config", headers={"Origin": origin}).status_code == 403
    for number in (10**6, -1, 10**30, "0", 0.5, True, [0]):
        assert ada.join("write", WRITE, fn_index=number).status_code == 400
    paths = [
        "assets/" + "x" * 300,
        "static/" + "x/" * 3_000 + "y",
        "svelte/a%00b",
        "assets/%0a",
        "assets/%ed%a0%80",
    ]
    for path in (*paths, f"{API}file=" + "x" * 3_000, f"{API}heartbeat/" + "x" * 300):
        assert ada.get(path).status_code in (403, 404), path[:30]
    for path in ("call/nothing", "call/v2/nothing", "run/nothing", "api/nothing"):
        assert ada.post(f"{API}{path}", json={"data": []}).status_code == 404
    many = "&".join(["session_hash=x"] * 1_000)
    assert ada.get(f"{API}queue/data?{many}").status_code == 400


def test_pages_count_towards_what_a_visitor_may_ask(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # A clock that stands still: no request comes back while a busy machine answers the others.
    monkeypatch.setattr(access_middleware, "RateLimiter", lambda clock: RateLimiter(clock=Clock()))
    site = made(Access(Kind.PUBLIC), visitor_requests="20")
    move_into(monkeypatch, site.home)
    for path in ("", "config"):
        with httpx.Client(
            base_url=site.url, transport=httpx.HTTPTransport(local_address=f"127.0.0.{3 + len(path)}")
        ) as visitor:
            answers = []
            for n in range(25):  # a new cookie each time helps nobody
                cookie = {"Cookie": f"poetbot-visitor={n:043d}"}
                answers.append(visitor.get(path, headers=cookie).status_code)
            assert answers == [200] * 20 + [429] * 5


def test_a_page_may_call_by_number_without_the_queue() -> None:
    """Gradio's page sends what does not wait in the queue, such as a timer's ticks, to this address."""
    assert called_endpoint("/gradio_api/run/predict") is None
    assert called_endpoint("/gradio_api/call/write") == "write"
