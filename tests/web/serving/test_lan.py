"""A local network: its address, a password for it, a QR code, and what is closed without the password."""

import re
from collections.abc import Callable

import httpx
import pytest
import segno
from gradio_client import Client

from poetbot.errors import PoetBotError
from poetbot.web.serving import lan
from poetbot.web.serving.access import Access, Kind, access
from tests.web.conftest import move_into
from tests.web.visiting import API, Site, Visitor, said

PAGE = "http://192.168.1.7:7860/"


def test_a_password_is_new_each_time_and_easily_typed() -> None:
    made = {lan.new_password() for _ in range(200)}
    assert len(made) > 190 and all(re.fullmatch(r"[a-z]{3}-[a-z]{3}-[a-z]{3}", each) for each in made)


def test_the_qr_code_is_that_of_the_address() -> None:
    signs = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}
    rows: list[list[int]] = []
    for line in lan.qr_code(PAGE).splitlines():
        pairs = [signs[sign] for sign in line]
        rows += [[above for above, _ in pairs], [below for _, below in pairs]]
    wanted = [[bool(each) for each in row] for row in segno.make(PAGE, error="m", micro=False).matrix]
    size = len(wanted)
    assert [[bool(each) for each in row[4 : 4 + size]] for row in rows[4 : 4 + size]] == wanted
    shown = lan.invitation(PAGE, "bab-bab-bab", colour=True)
    assert PAGE in shown and "bab-bab-bab" in shown and "\x1b[0m" in shown
    assert "█" not in lan.invitation(PAGE, None, encoding="ascii") and "Password" not in lan.invitation(
        PAGE, None
    )


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        (["192.168.1.7"], "192.168.1.7"),
        (["127.0.0.1", "nonsense", "0.0.0.0", "169.254.3.4", "10.0.0.5"], "10.0.0.5"),
        (["::1", "fe80::1%eth0", "fd00::5"], "fd00::5"),
    ],
)
def test_the_address_is_one_that_others_can_reach(found: list[str], chosen: str) -> None:
    assert lan.address(lambda: found) == chosen
    assert lan.url(chosen, 7860) in (f"http://{chosen}:7860/", f"http://[{chosen}]:7860/")


def test_a_given_host_is_the_shown_address() -> None:
    assert (
        lan.reachable_host("10.1.2.3") == "10.1.2.3"
        and lan.reachable_host("poems.example") == "poems.example"
    )
    with pytest.raises(PoetBotError, match="no local network"):
        lan.reachable_host("127.0.0.1")


@pytest.mark.parametrize("found", [[], ["127.0.0.1"], ["::1", "169.254.1.1"]])
def test_without_a_network_one_sentence_says_so(found: list[str]) -> None:
    with pytest.raises(PoetBotError, match="no local network") as raised:
        lan.address(lambda: found)
    assert "\n" not in str(raised.value)


def test_there_is_always_a_password() -> None:
    room = access("0.0.0.0", False, room=(lan.NAME, "bab-bab-bab"))
    assert (
        room.kind is Kind.ROOM and room.users == {lan.NAME: "bab-bab-bab"} and "password" in room.sentence()
    )
    assert access("0.0.0.0", False, ["ada:lovelace"], room=None).kind is Kind.USERS
    with pytest.raises(PoetBotError, match="--lan"):
        access("0.0.0.0", False, public=True, room=(lan.NAME, "bab-bab-bab"))


@pytest.fixture(scope="module")
def room_site(made: Callable[..., Site]) -> Site:
    return made(Access(Kind.ROOM, {lan.NAME: "bab-bab-bab"}))


def test_the_password_alone_gives_access_and_visitors_stay_separate(
    room_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    move_into(monkeypatch, room_site.home)
    with Visitor(room_site) as stranger:
        asked = {"data": ["tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""]}
        assert "signed in" in said(stranger.post(f"{API}call/write", json=asked))
        assert "signed in" in said(stranger.get(f"{API}info"))
        wrong = {"username": lan.NAME, "password": "bab-bab-bac"}
        assert stranger.post("login", data=wrong).status_code == 400
        assert "signed in" in said(stranger.post(f"{API}call/write", json=asked))
    people = []
    for _ in range(2):
        with Visitor(room_site) as person:
            right = {"username": lan.NAME, "password": "bab-bab-bab"}
            assert person.post("login", data=right).status_code == 200
            person.get("/")
            assert "a" in person.ask(
                "write", "tiny", "a", 0.7, 1, 1, None, 1, 0, "", "", "", 1, "free", False, ""
            )
            people.append(person.home.root)
    assert people[0] != people[1]  # one name, two cookies
    forged = httpx.get(f"{room_site.url}{API}info", cookies={"poetbot-visitor": "x" * 43})
    assert "signed in" in said(forged)
    client = Client(room_site.url, auth=(lan.NAME, "bab-bab-bab"), verbose=False, analytics_enabled=False)
    assert client.predict("tiny", "the lamp", lines=1, rng=1, api_name="/write")["rng"] == 1
    client.close()
