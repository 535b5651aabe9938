"""Who may come in, and how fast somebody may guess or ask."""

from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.web.serving.access import Access, Kind, access, is_loopback
from poetbot.web.serving.rate_limit import RateLimiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_on_this_machine_there_is_one_user(host: str) -> None:
    assert is_loopback(host) and access(host, False).kind is Kind.ONE


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "192.168.1.7", "poems.example", "", "127.0.0.1.example", "::ffff:0"]
)
def test_an_app_that_others_can_reach_needs_an_access_option(host: str) -> None:
    with pytest.raises(PoetBotError, match="--auth-file"):
        access(host, False)
    assert access(host, False, public=True).kind is Kind.PUBLIC
    assert access(host, False, ["ada:lovelace"]).kind is Kind.USERS


def test_slimiters_count_as_public() -> None:
    assert access("0.0.0.0", True).kind is Kind.PUBLIC
    assert access("127.0.0.1", True).kind is Kind.PUBLIC
    assert access("0.0.0.0", True, ["ada:lovelace"]).kind is Kind.USERS


def test_users_come_from_the_command_line_and_a_file(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    file.write_text("\ufeff# the class\n\nEmily: a certain slant\r\nZoë:pass:word\n", "utf-8")
    made = access("0.0.0.0", False, ["ada:lovelace"], file)
    assert made.users == {"ada": "lovelace", "Emily": " a certain slant", "Zoë": "pass:word"}
    assert "lovelace" not in repr(made)
    assert made.sentence().startswith("3 users")


@pytest.mark.parametrize(
    "pairs",
    [
        ["ada"],
        [":secretword"],
        ["ada:short"],
        ["a\nb:secretword"],
        ["x" * 61 + ":secretword"],
        ["ada:secretword"] * 2,
    ],
)
def test_errors_about_users_do_not_contain_passwords(pairs: list[str]) -> None:
    with pytest.raises(PoetBotError) as raised:
        access("0.0.0.0", False, pairs)
    assert "secretword" not in str(raised.value) and "short" not in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"# nobody\n", b"\xff\xfe\x00", b"a:secretword\n" * 100_000, None])
def test_an_invalid_file_of_users_is_an_error(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "users.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(PoetBotError, match=r"users\.txt"):
        access("0.0.0.0", False, auth_file=file)


def test_names_and_passwords_may_be_in_any_script() -> None:
    opens = Access(Kind.USERS, {"Zoë": "pässwort", "ada": "lovelace"}).accepts
    assert opens("Zoe\u0308", "pa\u0308sswort") and opens(" ada ", "lovelace")
    assert not opens("ada", "pässwort") and not opens("", "") and not opens("bob", "lovelace")
    assert not opens("ada", "\ud800") and not opens("a" * 10**6, "x") and not opens("ada", "x" * 10**6)


def test_a_bucket_refills_over_time() -> None:
    clock = Clock()
    limiter = RateLimiter(clock=clock)
    assert all(limiter.take("a", 1, 3, 60) for _ in range(3))
    assert not limiter.take("a", 1, 3, 60) and limiter.take("b", 3, 3, 60)
    clock.now += 20
    assert limiter.has("a", 1, 3, 60) and limiter.take("a", 1, 3, 60) and not limiter.take("a", 1, 3, 60)
    clock.now += 10_000
    assert not limiter.has("a", 3.1, 3, 60) and limiter.take("a", 3, 3, 60)
    limiter.charge("a", 3, 3, 60)
    clock.now += 60
    assert not limiter.has("a", 1, 3, 60)


def test_the_number_of_buckets_is_limited() -> None:
    limiter = RateLimiter(capacity=2, clock=Clock())
    for key in "abc":
        assert limiter.take(key, 1, 1, 60)
    assert limiter.take("a", 1, 1, 60) and not limiter.take("c", 1, 1, 60)
