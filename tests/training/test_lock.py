"""The lock on a job folder, held and tried by true processes."""

import subprocess
import sys
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.storage import is_locked
from poetbot.training.lock import only_worker

HOLDER = """
import sys, time
from pathlib import Path
from poetbot.training.lock import only_worker
with only_worker(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(100)
"""


def test_a_second_worker_is_refused_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    job = tmp_path / "poet" / "job"
    assert not is_locked(job / "lock")
    root = Path(__file__).resolve().parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(job)], stdout=subprocess.PIPE, cwd=root, text=True
    )
    try:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        assert is_locked(job / "lock")
        with pytest.raises(PoetBotError, match="another process"), only_worker(job):
            pytest.fail("two workers hold one lock")
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    assert not is_locked(job / "lock")
    with only_worker(job):
        assert is_locked(job / "lock")
    assert not is_locked(job / "lock")


def test_a_file_instead_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(PoetBotError, match="can't be written to"), only_worker(tmp_path / "file" / "job"):
        pytest.fail("a lock in a file")
