"""Sweeping: old visitors, their trash and files made for a moment go; what lives stays. The time is passed in."""

import os
import time
from pathlib import Path

import pytest

from poetbot.runs.cleanup import GUEST, USER, last_visit, record_visit, sweep, sweep_files, sweep_visitors
from poetbot.settings import Settings
from poetbot.storage import Home, hold_lock

DAY = 86_400.0
LIMITS = Settings(public_days=7, user_days=30)


@pytest.fixture
def machine(tmp_path: Path) -> Home:
    return Home(tmp_path / "data")


def visitor(machine: Home, key: str, at: float) -> Home:
    home = machine.visitor(key)
    home.create(home.poets)
    record_visit(home, at)
    return home


def test_visitors_who_have_not_come_for_long_are_deleted(machine: Home) -> None:
    now = time.time() + 100 * DAY
    old, new = visitor(machine, f"{GUEST}old", now - 8 * DAY), visitor(machine, f"{GUEST}new", now - 6 * DAY)
    user, gone = (
        visitor(machine, f"{USER}ada", now - 29 * DAY),
        visitor(machine, f"{USER}bob", now - 31 * DAY),
    )
    assert sweep_visitors(machine, LIMITS, now) == 2
    assert machine.visitors() == [new, user]
    assert not old.root.exists() and not gone.root.exists()


def test_a_visit_is_recorded_without_creating_a_data_folder(machine: Home) -> None:
    record_visit(machine.visitor(f"{GUEST}a"))
    record_visit(machine)
    assert not machine.root.exists()
    home = visitor(machine, f"{GUEST}a", 1_000.0)
    assert last_visit(home) == pytest.approx(
        time.time(), abs=100
    )  # what was noted is never older than it was
    later = time.time() + DAY
    record_visit(home, later)
    record_visit(home, later + 10)  # seconds: not written each time
    assert last_visit(home) == pytest.approx(later)


def test_a_visitor_with_a_living_training_is_never_swept(machine: Home) -> None:
    home = visitor(machine, f"{GUEST}a", time.time())
    job = home.create(home.jobs) / "20260101-000000-01234567"
    job.mkdir()
    (job / "order.json").write_text('{"name": "one"}')
    (job / "run.json").write_text('{"token": "t", "begun": 1}')
    now = time.time() + 100 * DAY
    with hold_lock(job / "lock"):
        assert sweep_visitors(machine, LIMITS, now) == 0
    assert job.is_dir()
    assert sweep_visitors(machine, LIMITS, now) == 1 and not home.root.exists()


def test_half_deleted_folders_are_swept(machine: Home) -> None:
    half = machine.visitor(".gone-1234")
    half.create(half.poets)
    assert sweep_visitors(machine, LIMITS, time.time()) == 0 and half.root.exists()
    sweep_visitors(machine, LIMITS, time.time() + 2 * 3600)
    assert not half.root.exists()


def test_nothing_of_the_user_is_swept(machine: Home) -> None:
    for part in (machine.poets, machine.corpora, machine.jobs):
        (machine.create(part) / "mine").mkdir()
    sweep(machine, None, LIMITS, time.time() + 10_000 * DAY)
    assert all((part / "mine").is_dir() for part in (machine.poets, machine.corpora, machine.jobs))


def test_temporary_files_are_swept_and_links_not_followed(tmp_path: Path) -> None:
    kept, folder = tmp_path / "kept.txt", tmp_path / "gradio"
    kept.write_text("mine")
    (folder / "ab").mkdir(parents=True)
    (folder / "cd").mkdir()
    old, new = folder / "ab" / "old.zip", folder / "cd" / "new.zip"
    old.write_text("x")
    (folder / "ab" / "link").symlink_to(kept)
    (folder / "out").symlink_to(tmp_path, target_is_directory=True)
    now = time.time() + 10 * 3600
    new.write_text("x")
    os.utime(new, (now, now))
    os.utime(kept, (1, 1))
    assert sweep_files(folder, 6, now) == 3
    assert new.exists() and kept.read_text() == "mine" and not (folder / "ab" / "old.zip").exists()
    sweep_files(folder, 6, now + 7 * 3600)
    assert list(folder.iterdir()) == [] and kept.exists()
    assert sweep_files(tmp_path / "nothing", 6, now) == 0
