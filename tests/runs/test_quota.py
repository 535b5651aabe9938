"""What a visitor may keep and train. At home nothing of it applies."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.poets.training_run import TrainingRun
from poetbot.runs import quota
from poetbot.runs.completion import discard
from poetbot.runs.job import list_jobs
from poetbot.runs.start import start
from poetbot.storage import Home, folder_size
from tests.runs.conftest import POEMS

Script = Callable[[str], list[str]]


@pytest.fixture
def guest(poetbot_home: Path) -> Home:
    return Home(poetbot_home).visitor("guest-0")


def some(home: Home, count: int) -> None:
    """Make trainings that are over."""
    for number in range(count):
        folder = home.create(home.jobs) / f"20260101-000000-0000000{number}"
        folder.mkdir()
        (folder / "order.json").write_text('{"name": "one"}')
        (folder / "ended.json").write_text('{"state": "stopped"}')


def test_at_home_there_is_no_limit(poetbot_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETBOT_VISITOR_MB", "1")
    home = Home(poetbot_home)
    home.check_quota(10**15, poets=10**6, corpora=10**6)
    with quota.reserve_training(home, None, 10**15), quota.reserve_resume(home):
        assert not home.root.exists()


@pytest.mark.parametrize("minutes", [None, 16.0, 100_000.0])
def test_the_minutes_of_a_visitors_training_are_limited(guest: Home, minutes: float | None) -> None:
    with pytest.raises(PoetBotError, match="at most 15 minutes"), quota.reserve_training(guest, minutes):
        raise AssertionError
    assert not guest.root.exists()


def test_discarded_runs_count_towards_the_minutes_of_a_day(
    guest: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        with quota.reserve_training(guest, 15.0):
            pass
    with pytest.raises(PoetBotError, match="0 minutes of training left"), quota.reserve_training(guest, 1.0):
        raise AssertionError
    tomorrow = time.time() + 86_401
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    with quota.reserve_training(guest, 15.0):
        pass


def test_a_run_that_did_not_start_is_not_counted(guest: Home) -> None:
    for _ in range(10):
        with pytest.raises(ValueError, match="no"), quota.reserve_training(guest, 15.0):
            raise ValueError("no")
    with quota.reserve_training(guest, 15.0):
        pass


def test_a_damaged_count_counts_as_none(guest: Home) -> None:
    guest.create(guest.root)
    for damage in (b"", b"[[1]]", b"{}", b"[" * 50_000, b'[["a", "b"]]'):
        (guest.root / "minutes.json").write_bytes(damage)
        with quota.reserve_training(guest, 15.0):
            pass


def test_the_list_of_trainings_is_bounded(guest: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETBOT_VISITOR_JOBS", "2")
    some(guest, 2)
    with pytest.raises(PoetBotError, match="Discard one"), quota.reserve_training(guest, 1.0):
        raise AssertionError


def test_a_guest_trains_only_so_many_at_once(
    guest: Home, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETBOT_VISITOR_TRAININGS", "1")
    job = start(guest, TrainingRun("one", minutes=1), POEMS, script("long"))
    with pytest.raises(PoetBotError, match="at the same time"):
        start(guest, TrainingRun("two", minutes=1), POEMS, script("long"))
    assert list_jobs(guest) == [job]
    monkeypatch.setenv("POETBOT_TRAININGS", "1")
    with pytest.raises(PoetBotError, match="Too many poets"):
        start(guest.machine.visitor("guest-1"), TrainingRun("two", minutes=1), POEMS, script("long"))
    discard(job)


def test_two_simultaneous_starts_count_as_two(guest: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETBOT_VISITOR_JOBS", "1")
    begun, told = [], []

    def begin() -> None:
        try:
            with quota.reserve_training(guest, 1.0):
                time.sleep(0.2)
                some(guest, 1)
                begun.append(1)
        except PoetBotError as error:
            told.append(error)

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(begun), len(told)) == (1, 2)


def test_size_poets_and_corpora_are_bounded(guest: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETBOT_VISITOR_MB", "1")
    guest.check_quota(1_000_000)
    (guest.create(guest.corpora) / "a.txt").write_bytes(b"x" * 600_000)
    (guest.root / "link").symlink_to("/dev/zero")
    assert folder_size(guest.root) == 600_000
    guest.check_quota(400_000)
    with pytest.raises(PoetBotError, match="limit of 1 MB"):
        guest.check_quota(400_001)
    monkeypatch.setenv("POETBOT_VISITOR_CORPORA", "1")
    with pytest.raises(PoetBotError, match="at most 1 corpora"):
        guest.check_quota(corpora=1)
    monkeypatch.setenv("POETBOT_VISITOR_POETS", "2")
    (guest.create(guest.poets) / "a").mkdir()
    guest.check_quota(poets=1)
    (guest.create(guest.trash) / "b").mkdir()
    with pytest.raises(PoetBotError, match="including the trash"):
        guest.check_quota(poets=1)


def test_guests_together_are_bounded(guest: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETBOT_VISITORS", "1")
    other = guest.machine.visitor("guest-1")
    guest.create(guest.root)
    guest.check_quota(10)
    with pytest.raises(PoetBotError, match="as many visitors"):
        other.check_quota(10)
    monkeypatch.setenv("POETBOT_VISITORS", "2")
    with (guest.root / "big").open("wb") as file:
        file.truncate(10**9)  # a hole, which takes no room
    monkeypatch.setenv("POETBOT_VISITORS_GB", "1")
    with pytest.raises(PoetBotError, match="visitors is full"):
        other.check_quota(10)


def test_errors_do_not_show_paths_to_visitors(guest: Home) -> None:
    with pytest.raises(PoetBotError) as raised, guest.disk_errors():
        raise OSError(28, "No space left on device")
    assert str(guest.root) not in str(raised.value) and "no space" in str(raised.value)
