"""Attacks on other people's pages, events, files and poets, and on routes that nobody needs.

Two apps are served, one to everybody and one to users. Bob knows the names of all that Ada owns, and gets none of it.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio_client import Client

from poetbot.errors import PoetBotError
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.visitors import VISITOR_KEY, Visitors
from tests.web.visiting import API, USERS, Site, Visitor, said

# Who is who


def test_a_visitor_is_known_by_a_cookie_that_scripts_cannot_read(public: Site, ada: Visitor) -> None:
    (cookie,) = httpx.get(public.url).headers.get_list("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    (again,) = ada.get("/").headers.get_list("set-cookie")
    assert again.split(";")[0].split("=")[1] == ada.cookies["poetbot-visitor"]
    assert ada.cookies["poetbot-visitor"] not in str(ada.home.root)


def test_on_spaces_the_cookie_works_in_a_frame_and_for_this_host_alone() -> None:
    visitors = Visitors(Access(Kind.PUBLIC, on_spaces=True))
    cookie = visitors.cookie({}, https=False, days=7)
    assert cookie.startswith("__Host-poetbot-visitor=")
    assert all(word in cookie for word in ("Secure", "SameSite=None", "Partitioned", "HttpOnly", "Path=/"))
    token = cookie.split(";")[0].split("=")[1]
    assert visitors.key({"__Host-poetbot-visitor": token})
    assert visitors.key({"poetbot-visitor": token}) is None  # anybody on a neighbouring host could set it


def test_only_the_owner_sees_own_poets(ada: Visitor, bob: Visitor) -> None:
    assert "the lamp" in ada.ask(
        "write", "adas own", "the lamp", 0.7, 1, 2, None, 1, 0, "", "", "", 1, "free", False, ""
    )
    assert "There are: tiny." in bob.ask(
        "write", "adas own", "the lamp", 0.7, 1, 2, None, 1, 0, "", "", "", 1, "free", False, ""
    )
    assert "There are: tiny." in bob.ask("check", "adas own", "the lamp", 0)
    assert "There are: tiny." in bob.ask(
        "suggest", "adas own", "a\n", "", "free", 0.7, 1, 1, 3, 8, False, 0, "", "", "", "", "", False
    )


@pytest.mark.parametrize(
    "name", ["../{key}/poets/adas own", "../../visitors/{key}/poets/adas own", "{folder}"]
)
def test_no_name_of_a_poet_is_a_path(ada: Visitor, bob: Visitor, name: str) -> None:
    asked = name.format(key=ada.home.root.name, folder=ada.home.poets / "adas own")
    assert "There is no poet" in bob.ask(
        "write", asked, "the lamp", 0.7, 1, 2, None, 1, 0, "", "", "", 1, "free", False, ""
    )


@pytest.mark.parametrize(
    "cookie",
    ["{key}", "guest-{key}", "../{key}", "{token}x", "", "'{token}'", "{token}; {token}", "%2e%2e", "x" * 43],
)
def test_a_forged_cookie_opens_nothing(public: Site, ada: Visitor, cookie: str) -> None:
    token = ada.cookies["poetbot-visitor"]
    forged = cookie.format(key=ada.home.root.name, token=token[:-1])
    with httpx.Client(base_url=public.url, headers={"Cookie": f"poetbot-visitor={forged}"}) as client:
        body = {"data": ["adas own", "the lamp", 0.7, 1, 2, None, 1, 0, "", "", "", 1, "free", False, ""]}
        begun = client.post(f"{API}call/write", json=body)
        answer = client.get(f"{API}call/write/{begun.json()['event_id']}").text
    assert "There are: tiny." in answer


def test_without_cookies_a_visitor_can_write_but_has_no_data_folder(public: Site) -> None:
    answer = httpx.post(
        f"{public.url}{API}call/write",
        json={"data": ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""]},
    )
    assert "event_id" in answer.json()
    request = gr.Request(request=type("Sent", (), {"scope": {VISITOR_KEY: None}})())
    with pytest.raises(PoetBotError, match="cookie"):
        public.visitors.home(request)
    with pytest.raises(PoetBotError, match="cookie"):
        public.visitors.home(None)


def test_gradio_client_is_a_visitor_too(public: Site) -> None:
    client = Client(public.url, verbose=False, analytics_enabled=False)
    assert client.predict("tiny", "the lamp", lines=1, rng=1, api_name="/write")["rng"] == 1
    assert client.cookies["poetbot-visitor"]
    client.close()


def test_a_public_page_does_not_claim_that_data_stays_on_this_machine(public: Site, served: Any) -> None:
    here, there = "stay on this computer", "go to the computer that serves this page"
    at_home, elsewhere = (httpx.get(f"{url}config").text for url in (served.url, public.url))
    assert here in at_home and there not in at_home
    assert there in elsewhere and here not in elsewhere


# Pages and requests of others


def test_a_page_belongs_to_its_visitor(ada: Visitor, bob: Visitor) -> None:
    asked = ada.join("write", ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""])
    event = asked.json()["event_id"]
    bob.page = ada.page
    assert "isn't yours" in said(
        bob.join("write", ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""])
    )
    assert "isn't yours" in said(bob.get(f"{API}queue/data", params={"session_hash": ada.page}))
    assert "isn't yours" in said(bob.get(f"{API}heartbeat/{ada.page}"))
    assert "isn't yours" in said(bob.get(f"{API}call/write/{event}"))
    for body in (
        {"session_hash": ada.page, "fn_index": 0, "event_id": event},
        {"session_hash": "another", "fn_index": 0, "event_id": event},
    ):
        assert "isn't yours" in said(bob.post(f"{API}cancel", json=body))
    body = {"session_hash": [ada.page], "fn_index": 0, "event_id": "x"}
    assert "can't read" in said(bob.post(f"{API}cancel", json=body))
    with ada.stream("GET", f"{API}queue/data", params={"session_hash": ada.page}) as stream:
        assert any("process_completed" in line and '"success":true' in line for line in stream.iter_lines())


def test_duplicate_keys_are_checked_as_they_will_be_read(ada: Visitor, bob: Visitor) -> None:
    ada.join("write", ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""])
    data = json.dumps(["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""])
    twice = f'{{"data": {data}, "fn_index": 0, "session_hash": "mine", "session_hash": "{ada.page}"}}'
    header = {"Content-Type": "application/json"}
    assert "isn't yours" in said(bob.post(f"{API}queue/join", content=twice, headers=header))
    wide = json.dumps({"data": json.loads(data), "fn_index": 0, "session_hash": ada.page}).encode("utf-16")
    assert "can't read" in said(bob.post(f"{API}queue/join", content=wide, headers=header))
    both = f"{API}queue/data?session_hash=mine&session_hash={ada.page}"
    assert "isn't yours" in said(bob.get(both))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b"\xff", b'"x"', b"NaN"])
def test_an_invalid_message_gets_an_error(ada: Visitor, body: bytes) -> None:
    header = {"Content-Type": "application/json"}
    assert "can't read" in said(ada.post(f"{API}queue/join", content=body, headers=header))


def test_a_message_without_a_place_for_each_input_gets_an_error(ada: Visitor, public: Site) -> None:
    """Gradio answers one without its state components with a traceback."""
    tried = set()
    for number, fn in public.blocks.fns.items():
        if fn.name in tried or not fn.inputs or not fn.inputs[-1].stateful:
            continue
        tried.add(fn.name)
        body = {"data": [None] * (len(fn.inputs) - 1), "fn_index": number, "session_hash": ada.page}
        assert "can't read" in said(ada.post(f"{API}queue/join", json=body)), fn.name
    assert len(tried) > 5


# Files


def test_an_upload_belongs_to_its_visitor(ada: Visitor, bob: Visitor, public: Site) -> None:
    (path,) = ada.upload(("poems.txt", b"a poem of ada's")).json()
    assert ada.get(f"{API}file={path}").text == "a poem of ada's"
    assert "isn't yours" in said(bob.get(f"{API}file={path}"))
    named = {"path": path, "meta": {"_type": "gradio.FileData"}}
    taking = next(i for i, fn in public.blocks.fns.items() if fn.name == "open")
    body = {"data": [None, named, None], "fn_index": taking, "session_hash": bob.page}
    assert "isn't yours" in said(bob.post(f"{API}queue/join", json=body))
    assert Path(path).exists()
    body = {"data": [None, named, None], "fn_index": taking, "session_hash": ada.page}
    assert "event_id" in ada.post(f"{API}queue/join", json=body).json()


@pytest.mark.parametrize(
    "address", ["https://example.com/poems.txt", "file:///etc/passwd", " http://127.0.0.1/x"]
)
def test_the_server_fetches_no_addresses(public: Site, served: Any, ada: Visitor, address: str) -> None:
    named = {"path": address, "meta": {"_type": "gradio.FileData"}, "url": address}
    taking = next(i for i, fn in public.blocks.fns.items() if fn.name == "open")
    body = {"data": [None, named, None], "fn_index": taking, "session_hash": ada.page}
    assert "isn't yours" in said(ada.post(f"{API}queue/join", json=body))
    assert "isn't yours" in said(httpx.post(f"{served.url}{API}queue/join", json=body))  # at home neither
    assert "nothing at this" in said(ada.get(f"{API}file={address.strip()}"))
    assert "nothing at this" in said(ada.get(f"{API}proxy={address.strip()}"))


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "{gradio}/../index.sqlite",
        "{gradio}/%2e%2e/index.sqlite",
        "{poet}",
        "{gradio}/link",
        "{gradio}",
        "app.py",
        "../app.py",
        "//etc/passwd",
        "{gradio}/../visitors/{key}/poets/adas own/poet.json",
    ],
)
def test_no_other_file_is_served(public: Site, ada: Visitor, bob: Visitor, path: str) -> None:
    gradio = public.home.root / "gradio"
    gradio.mkdir(exist_ok=True)
    (public.home.root / "index.sqlite").write_text("secret")
    if not (gradio / "link").is_symlink():
        (gradio / "link").symlink_to(public.home.root / "index.sqlite")
    asked = path.format(gradio=gradio, poet=ada.home.poets / "adas own" / "poet.json", key=ada.home.root.name)
    for route in ("file=", "file/"):
        for visitor in (ada, bob):
            assert said(visitor.get(f"{API}{route}{asked}"))


def test_on_this_machine_too_only_current_files_are_served(served: Any, poetbot_home: Path) -> None:
    secret = poetbot_home / "poets" / "mine" / "poet.json"
    secret.parent.mkdir(parents=True)
    secret.write_text("{}")
    for path in (secret, "/etc/passwd", Path(__file__)):
        assert said(httpx.get(f"{served.url}{API}file={path}"))


# Routes


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "gradio_api/vibe-code"),
        ("POST", "gradio_api/vibe-code"),
        ("POST", "gradio_api/vibe-edit"),
        ("POST", "gradio_api/undo-vibe-edit"),
        ("POST", "gradio_api/process_recording"),
        ("POST", "gradio_api/component_server"),
        ("GET", "gradio_api/deep_link?session_hash=x"),
        ("GET", "gradio_api/token"),
        ("GET", "gradio_api/dev/reload"),
        ("GET", "gradio_api/proxy=https://example.com"),
        ("GET", "gradio_api/stream/a/b/1/playlist.m3u8"),
        ("POST", "gradio_api/stream/x"),
        ("POST", "gradio_api/stream/x/close"),
        ("GET", "gradio_api/custom_component/a/client/b/c.js"),
        ("GET", "gradio_api/runs"),
        ("GET", "gradio_api/openapi.json"),
        ("GET", "gradio_api/queue/status"),
        ("GET", "monitoring"),
        ("GET", "monitoring/summary"),
        ("GET", "monitoring/key"),
        ("GET", "docs"),
        ("GET", "openapi.json"),
        ("GET", "pwa_icon/9000"),
        ("PUT", ""),
        ("DELETE", "gradio_api/queue/join"),
        ("TRACE", ""),
    ],
)
def test_routes_that_nobody_needs_are_closed_everywhere(
    public: Site, served: Any, ada: Visitor, method: str, path: str
) -> None:
    for answer in (ada.request(method, path), httpx.request(method, f"{served.url}{path}")):
        assert answer.status_code == 404 and said(answer) == "There is nothing at this address."


def test_another_website_gets_nothing(public: Site, school: Site, served: Any, ada: Visitor) -> None:
    evil = {"Origin": "https://evil.example"}
    forged = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}
    for url in (public.url, school.url, served.url):
        for path in ("config", f"{API}info", f"{API}queue/data?session_hash=x", f"{API}file=/etc/passwd"):
            for headers in (evil, forged, evil | {"Origin": "null"}):
                assert "Another website" in said(httpx.get(url + path, headers=headers))
        assert "Another website" in said(httpx.post(f"{url}{API}upload", headers=evil, files={"files": b"x"}))
        assert "Another website" in said(httpx.get(url, headers=forged))
        followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
        assert httpx.get(url, headers=followed).status_code == 200
    assert ada.get("config", headers={"Origin": public.url.rstrip("/")}).status_code == 200


def test_dns_rebinding_is_refused_on_this_machine(served: Any) -> None:
    for host in ("evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[bad"):
        assert "localhost" in said(httpx.get(served.url, headers={"Host": host}))
    for host in ("localhost", "127.0.0.1:1", "[::1]:7860", "LOCALHOST:7860"):
        assert httpx.get(served.url, headers={"Host": host}).status_code == 200


def test_every_response_has_security_headers(public: Site, served: Any) -> None:
    for url in (public.url, served.url, f"{served.url}nowhere"):
        headers = httpx.get(url).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]


# Users


def test_without_a_password_nobody_comes_in(school: Site) -> None:
    with httpx.Client(base_url=school.url) as stranger:
        assert stranger.get("/").status_code == 200  # where one signs in
        for path in (f"{API}info", f"{API}queue/data?session_hash=x", f"{API}file=/x", f"{API}heartbeat/x"):
            assert "signed in" in said(stranger.get(path))
        for path in ("queue/join", "upload", "cancel", "call/write", "run/write", "reset"):
            assert "signed in" in said(stranger.post(f"{API}{path}", json={"data": []}))
        assert stranger.get("config").status_code == 401
        for name in (*USERS, "nobody", ""):
            answer = stranger.post("login", data={"username": name, "password": "wrong one"})
            assert answer.status_code in (400, 422)


def test_users_have_homes_of_their_own_whatever_they_are_called(school: Site, poet_root: Path) -> None:
    with Visitor(school, "ada") as ada, Visitor(school, "../bob") as bob, Visitor(school, "ZOË/..") as zoe:
        homes = {each.home.root for each in (ada, bob, zoe)}
        assert len(homes) == 3 and {root.parent for root in homes} == {school.home.root / "visitors"}
        shutil.copytree(poet_root / "tiny", ada.home.create(ada.home.poets) / "adas own")
        asked = ("adas own", "the lamp", 0.7, 1, 2, None, 1, 0, "", "", "", 1, "free", False, "")
        assert "the lamp" in ada.ask("write", *asked)
        assert "There are: tiny." in bob.ask("write", *asked)
        with Visitor(school, "ada") as elsewhere:  # the same person on another machine
            assert elsewhere.home == ada.home
            assert "the lamp" in elsewhere.ask("write", *asked)
        assert ada.post("logout").status_code == 303
        assert "signed in" in said(ada.post(f"{API}call/write", json={"data": list(asked)}))


def test_guessing_a_password_goes_no_faster_than_the_settings_allow(made: Callable[..., Site]) -> None:
    site = made(Access(Kind.USERS, USERS), login_tries="3")
    for guess in ("one", "two", "three"):
        assert httpx.post(f"{site.url}login", data={"username": "ada", "password": guess}).status_code == 400
    right = httpx.post(f"{site.url}login", data={"username": "ada", "password": "lovelace"})
    assert right.status_code == 429 and "Too many wrong passwords" in said(right)


# How much


def test_only_the_visitor_over_the_limit_is_refused(
    made: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = made(
        Access(Kind.PUBLIC), visitor_requests="20", visitor_upload_mb="1", visitor_files="3", body_mb="1"
    )
    monkeypatch.setenv("POETBOT_HOME", str(site.home.root))
    with Visitor(site) as ada, Visitor(site) as bob:
        assert len(bob.upload(*[(f"{n}.txt", b"x") for n in range(5)]).json()) == 5
        assert "hourly upload limit" in said(bob.upload(("6.txt", b"x")))
        assert "too much at once" in said(ada.upload(("large.txt", b"x" * 1_100_000)))
        assert ada.upload(("half.txt", b"x" * 600_000)).status_code == 200
        assert "hourly upload limit" in said(ada.upload(("half.txt", b"y" * 600_000)))
        assert "smaller parts" in said(ada.join("check", ["tiny", "x" * 1_100_000, 0]))
        answers = [ada.get(f"{API}login_check").status_code for _ in range(30)]
        assert 429 in answers
        assert "Wait a minute" in said(ada.get(f"{API}login_check"))
        assert bob.get(f"{API}login_check").status_code == 200


def test_an_upload_needs_a_length(ada: Visitor) -> None:
    def endless() -> Iterator[bytes]:
        yield b"x"

    header = {"Content-Type": "multipart/form-data; boundary=x"}
    assert "Content-Length" in said(ada.post(f"{API}upload", content=endless(), headers=header))


def test_nobody_fills_the_queue_alone(made: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = made(Access(Kind.PUBLIC), visitor_waiting="3")
    monkeypatch.setenv("POETBOT_HOME", str(site.home.root))
    with Visitor(site) as ada, Visitor(site) as bob:
        slow = ["tiny", "a", 0.7, 1, None, 20_000, 1, 0, "", "", "", 1, "free", False, ""]
        answers = [ada.join("write", slow) for _ in range(6)]
        assert [answer.status_code for answer in answers[:3]] == [200] * 3
        assert "Wait until some" in said(answers[-1])
        assert (
            bob.join(
                "write", ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""]
            ).status_code
            == 200
        )
