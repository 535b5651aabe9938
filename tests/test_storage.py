import datetime
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.storage import Home, dated_id


def test_the_folder_is_the_one_that_is_named(poetbot_home: Path) -> None:
    assert Home.default().root == poetbot_home


def test_without_a_name_the_system_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POETBOT_HOME")
    assert Home.default().root.name == "poetbot"


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a person's folders private by itself.")
def test_the_folder_is_created_when_needed_and_private(poetbot_home: Path) -> None:
    home = Home.default()
    assert not poetbot_home.exists()
    assert home.create(home.poets).is_dir()
    for folder in (home.root, home.poets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    home = Home(tmp_path / "file" / "home")
    with pytest.raises(PoetBotError, match="POETBOT_HOME"):
        home.create(home.jobs)


@given(st.lists(st.datetimes(datetime.datetime(2026, 1, 1)), min_size=2, max_size=2, unique=True))
def test_ids_sort_by_their_time(times: list[datetime.datetime]) -> None:
    early, late = (dated_id(when) for when in sorted(times))
    assert early < late and len(early) == len(late) == len("20261122-084000-0123abcd")
