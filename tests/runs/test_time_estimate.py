"""How fast this machine is: measured once, kept, and not known where it cannot be."""

import dataclasses
import subprocess
import sys
import time
from pathlib import Path

import pytest

from poetbot.poets.recipe import Recipe
from poetbot.runs import time_estimate
from poetbot.storage import Home
from tests.runs.conftest import alive, until

TINY = time_estimate.SpeedKey(90, 3.0, Recipe(name="tiny", layers=1, units=8, window=16, batch=4))
STORY = time_estimate.SpeedKey(90, 3.0, recipe="story")


@pytest.fixture
def home(poetbot_home: Path) -> Home:
    return Home.default()


def command(tmp_path: Path, says: str) -> list[str]:
    script = tmp_path / "measure.py"
    script.write_text(
        f"import pathlib\nwith pathlib.Path({str(tmp_path / 'calls')!r}).open('a') as f: f.write('x')\n{says}\n"
    )
    return [sys.executable, str(script)]


def test_the_speed_is_measured_once_and_saved(home: Home, tmp_path: Path) -> None:
    measuring = time_estimate.SpeedMeasurer(command(tmp_path, "print('{\"characters_per_second\": 1234.5}')"))
    assert time_estimate.known_rate(home, TINY) is None
    assert measuring.is_measuring(home, TINY)
    until(lambda: not measuring.is_measuring(home, TINY))
    assert time_estimate.known_rate(home, TINY) == 1234.5
    assert (
        time_estimate.known_rate(home, dataclasses.replace(TINY, symbols=100, minutes=9.0)) == 1234.5
    )  # as fast
    for other in (
        time_estimate.SpeedKey(90, 3.0),
        time_estimate.SpeedKey(90, 9.0),
        time_estimate.SpeedKey(90, 3.0, recipe="verse"),
    ):
        assert time_estimate.known_rate(home, other) is None
    assert time_estimate.known_rate(home, dataclasses.replace(TINY, symbols=4000)) is None
    assert time_estimate.known_rate(home.visitor("ab"), TINY) == 1234.5  # the machine's, not the person's
    assert (tmp_path / "calls").read_text() == "x"
    time_estimate.store_rate(home, TINY, 99)
    assert time_estimate.known_rate(home, TINY) == 99.0


@pytest.mark.parametrize(
    "says", ["print('nothing')", "raise SystemExit(3)", "print('{\"characters_per_second\": NaN}')"]
)
def test_a_failed_measurement_is_not_repeated(home: Home, tmp_path: Path, says: str) -> None:
    measuring = time_estimate.SpeedMeasurer(command(tmp_path, says))
    assert measuring.is_measuring(home, TINY)
    until(lambda: not measuring.is_measuring(home, TINY))
    assert time_estimate.known_rate(home, TINY) is None
    time.sleep(0.05)
    assert not measuring.is_measuring(home, TINY) and (tmp_path / "calls").read_text() == "x"


def test_if_a_cluster_trains_only_its_own_runs_count(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    time_estimate.store_rate(home, STORY, 5.0)
    monkeypatch.setenv("POETBOT_CLUSTER", "auto")
    measuring = time_estimate.SpeedMeasurer(command(tmp_path, "print('{\"characters_per_second\": 1}')"))
    assert not measuring.is_measuring(home, TINY) and not (tmp_path / "calls").exists()
    assert time_estimate.known_rate(home, STORY) is None
    time_estimate.store_rate(home, STORY, 500.0)
    monkeypatch.delenv("POETBOT_CLUSTER")
    assert time_estimate.known_rate(home, STORY) == 5.0


def test_recipes_of_words_are_not_measured(home: Home, tmp_path: Path) -> None:
    measuring = time_estimate.SpeedMeasurer(command(tmp_path, "print('{\"characters_per_second\": 1}')"))
    assert not measuring.is_measuring(home, STORY)
    assert not (tmp_path / "calls").exists()


@pytest.mark.parametrize("data", [b"", b"[1]", b'{"a": "b"}', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_file_is_rebuilt(home: Home, data: bytes) -> None:
    home.create(home.root)
    (home.root / "rates.json").write_bytes(data)
    assert time_estimate.known_rate(home, TINY) is None
    time_estimate.store_rate(home, TINY, 5.0)
    assert time_estimate.known_rate(home, TINY) == 5.0


@pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as Unix has them")
def test_a_measurement_does_not_outlive_the_app_even_killed(tmp_path: Path) -> None:
    """The child ends because the pipe that it reads closes with the app, whatever ended that."""
    child = tmp_path / "child.py"
    child.write_text(
        "import os, pathlib, time\n"
        "from poetbot.training.stopping import stop_when_input_ends\n"
        "stop_when_input_ends()\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))\n"
        "time.sleep(100)\n"
    )
    app = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time\n"
            "from poetbot.storage import Home\n"
            "from poetbot.runs import time_estimate\n"
            f"m = time_estimate.SpeedMeasurer([sys.executable, {str(child)!r}])\n"
            "m.is_measuring(Home.default(), time_estimate.SpeedKey(90, 3.0))\n"
            "time.sleep(100)\n",
        ],
        cwd=time_estimate.ROOT,
    )
    try:
        until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
        pid = int((tmp_path / "pid").read_text())
        assert alive(pid)
    finally:
        app.kill()
        app.wait()
    until(lambda: not alive(pid))
