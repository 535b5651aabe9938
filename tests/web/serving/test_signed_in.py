"""Browsers that have signed in are known to every process with the same data folder, and to nobody else."""

import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from poetbot.runs.cleanup import sweep
from poetbot.settings import Settings
from poetbot.storage import Home
from poetbot.web.serving.signed_in import SignedIn
from tests.web.visiting import USERS, Site, Visitor, said

_ADA = {"ada": "lovelace"}


@pytest.fixture
def browsers(tmp_path: Path) -> SignedIn:
    return SignedIn(Home(tmp_path / "data"), _ADA)


def test_another_process_knows_a_browser_until_it_signs_out(browsers: SignedIn) -> None:
    sent = {browsers.cookie: browsers.add("ada")}
    other = SignedIn(browsers.home, dict(_ADA))
    assert other.cookie == browsers.cookie and other.user(sent) == "ada"
    other.remove(sent)
    assert browsers.user(sent) is None


def test_a_new_password_signs_out_and_so_does_a_missing_user(browsers: SignedIn) -> None:
    sent = {browsers.cookie: browsers.add("ada")}
    for users in ({"ada": "countess"}, {"bob": "lovelace"}, {}):
        assert SignedIn(browsers.home, users).user(sent) is None
    assert browsers.user(sent) == "ada"


def test_what_is_stored_signs_nobody_in(browsers: SignedIn) -> None:
    token = browsers.add("ada")
    (file,) = browsers.home.signed_in.iterdir()
    stored = file.name + file.read_text()
    assert token not in stored and "lovelace" not in stored
    assert all(
        browsers.user({browsers.cookie: each}) is None for each in (file.name, "", "../x", "\0", "é\ud800")
    )
    assert browsers.home.signed_in in browsers.home.private


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"user": []}', b'{"user": "ada", "proof": 1}', b"[" * 9999])
def test_a_damaged_file_signs_out(browsers: SignedIn, damage: bytes) -> None:
    token = browsers.add("ada")
    (file,) = browsers.home.signed_in.iterdir()
    file.write_bytes(damage)
    assert browsers.user({browsers.cookie: token}) is None


def test_the_least_recently_used_browser_has_to_go(browsers: SignedIn) -> None:
    few = SignedIn(browsers.home, _ADA, max_browsers=2)
    tokens = []
    for age in (5_000, 9_000, 0):
        tokens.append(few.add("ada"))
        newest = max(few.home.signed_in.iterdir(), key=lambda file: file.stat().st_mtime)
        os.utime(newest, (newest.stat().st_mtime - age,) * 2)
    assert [few.user({few.cookie: token}) for token in tokens] == ["ada", None, "ada"]


def test_unused_ones_are_swept(browsers: SignedIn) -> None:
    sent = {browsers.cookie: browsers.add("ada")}
    (file,) = browsers.home.signed_in.iterdir()
    settings, now = Settings(), file.stat().st_mtime
    sweep(browsers.home, None, settings, now + settings.public_days * 86_400 - 9)
    assert browsers.user(sent) == "ada"
    sweep(browsers.home, None, settings, now + settings.public_days * 86_400 + 9)
    assert browsers.user(sent) is None


def test_a_full_disk_is_said_without_the_folder(school: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("poetbot.web.serving.signed_in.write_atomically", full)
    with httpx.Client(base_url=school.url) as ada:
        refused = ada.post("login", data={"username": "ada", "password": USERS["ada"]})
        assert (refused.status_code, said(refused)) == (
            507,
            "PoetBot can't write to its disk. Tell whoever runs it.",
        )
        assert not ada.cookies


def test_a_name_as_it_was_typed_is_that_of_a_user(school: Site) -> None:
    with Visitor(school) as ada:
        decomposed = {"username": " ZOË/.. ", "password": USERS["ZOË/.."]}
        assert ada.post("login", data=decomposed).status_code == 200
        assert "Sign out" in ada.get("/").text or "signed in" not in ada.get("/config").text
