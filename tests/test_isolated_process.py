"""Work on what a visitor sent, in a process of its own."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from poetbot import isolated_process, storage
from poetbot.errors import Failure, PoetBotError
from poetbot.isolated_process import call
from poetbot.library.kept_poems import poems_of_file
from poetbot.overlap.input_text import text_of_file
from tests.runs.conftest import alive, until


def sleeping(seconds: int) -> None:
    time.sleep(seconds)


def greedy(size: int) -> int:
    return len(bytes(size))


def where() -> int:
    return os.getpid()


def failing(work: bool) -> None:
    raise Failure("The work failed: try again.") if work else PoetBotError("That is wrong: mend it.")


def dying() -> None:
    os._exit(1)


def broken() -> None:
    raise IndexError("no such place")


def waiting_for(pid: str) -> None:
    Path(pid).write_text(str(os.getpid()))
    time.sleep(100)


def hanging_for(pid: str) -> None:
    Path(pid).write_text(str(os.getpid()))
    re.match("(a+)+$", "a" * 60 + "b")  # in C: no other thread gets on


def noisy() -> str:
    print("not a line of ours")
    print('{"odd": true}')
    return "well"


def test_the_result_comes_from_another_process(tmp_path: Path) -> None:
    assert call(where) != os.getpid()
    assert call(poems_of_file, "a \ud800 gull\n%\n夜") == poems_of_file("a \ud800 gull\n%\n夜")
    (tmp_path / "gull.txt").write_text("a gull\r\nand a kettle\n")
    assert call(text_of_file, str(tmp_path / "gull.txt")) == "a gull\nand a kettle\n"
    assert call(noisy) == "well"


def test_work_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETBOT_READING_SECONDS", "1")
    before = time.monotonic()
    with pytest.raises(PoetBotError, match="took more than 1 second and was stopped"):
        call(sleeping, 60)
    assert time.monotonic() - before < 30


def test_work_that_needs_too_much_memory_is_stopped() -> None:
    with pytest.raises(PoetBotError, match="more memory than the computer has"):
        call(greedy, 64 << 30)


@pytest.mark.parametrize(("work", "kind"), [(True, Failure), (False, PoetBotError)])
def test_an_error_is_raised_here_as_it_was_there(work: bool, kind: type[PoetBotError]) -> None:
    with pytest.raises(PoetBotError) as error:
        call(failing, work)
    assert type(error.value) is kind and str(error.value).count(": ") == 1


def test_a_process_that_dies_is_an_error() -> None:
    with pytest.raises(Failure, match="stopped unexpectedly"):
        call(dying)


@pytest.mark.parametrize(
    ("name", "reason"), [("broken", "IndexError: no such place"), ("missing", "AttributeError")]
)
def test_a_bug_is_raised_with_its_traceback(name: str, reason: str) -> None:
    function = SimpleNamespace(__module__=__name__, __qualname__=name)
    with pytest.raises(RuntimeError, match=f"(?s)Traceback.*{reason}"):
        call(function)  # type: ignore[arg-type]


def test_a_process_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.write_text("#!/bin/sh\nexit 0\n")
    nothing.chmod(0o700)
    monkeypatch.setattr(isolated_process, "sys", SimpleNamespace(executable=str(nothing)))
    with pytest.raises(Failure, match="stopped unexpectedly"):
        call(where)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limits")
def test_a_system_that_allows_less_memory_bounds_the_time_as_well() -> None:
    limits = (
        "import resource as r; from poetbot import isolated_process as w; r.setrlimit(r.RLIMIT_AS, (2 << 30, 2 << 30));"
        "w._limit_resources(); print(r.getrlimit(r.RLIMIT_AS)[0] == 2 << 30, r.getrlimit(r.RLIMIT_CPU)[0] < 90_000)"
    )
    done = subprocess.run([sys.executable, "-c", limits], cwd=storage.ROOT, capture_output=True, text=True)
    assert done.stdout.split() == ["True", "True"]


@pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as Unix has them")
@pytest.mark.parametrize("work", [waiting_for, hanging_for])
def test_the_process_ends_with_the_app_that_was_killed(
    work: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETBOT_READING_SECONDS", "6")  # to begin takes some
    file = tmp_path / "pid"
    calls = f"import {__name__} as t; t.call(t.{work.__name__}, {str(file)!r})"
    app = subprocess.Popen([sys.executable, "-c", calls], cwd=storage.ROOT)
    try:
        until(lambda: file.exists() and file.read_text())
    finally:
        app.kill()
        app.wait()
    until(lambda: not alive(int(file.read_text())), 60)
