import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from poetbot.poem import Poem
from poetbot.runs.completion import requested_end
from poetbot.runs.job import Job

POEMS = [
    Poem(f"The {word} is red,\nthe {word} is gone to bed.", title=word) for word in ("fox", "sun", "cat")
]

# Enough for a window of a real recipe with poems held out beside it, and no two nearly the same.
REAL = [
    Poem(
        "The fox is at the garden gate,\nhe came too soon, or else too late,\nand will not say for whom to wait."
    ),
    Poem("Whoever put the sun up there\nhad neither ladder, rope nor chair,\nonly a morning's worth of air."),
    Poem(
        "My cat has found a door in me,\nshe scratches softly after three\nand sleeps where nothing used to be."
    ),
    Poem(
        "Rain writes with such a hurried hand\nthat roofs alone can understand\nwhat it has promised to the land."
    ),
    Poem(
        "Old moon, you lend, you never give:\na silver coin, a broken sieve,\nand one more night in which to live."
    ),
    Poem(
        "A wind got up and crossed the street,\nlooked in at us on borrowed feet,\nthen turned the pages of the wheat."
    ),
]

# A worker that trains nothing: it holds the lock a worker holds and listens as one does. What is tested with it is
# how processes are started, watched and ended.
SCRIPT = """
import json, os, pathlib, shutil, signal, sys, time
from filelock import FileLock
from poetbot.training.stopping import stop_when_input_ends
if "--while-open" in sys.argv:
    stop_when_input_ends()
what, tiny = sys.argv[1:3]
out = pathlib.Path(next(a for a in sys.argv if a.startswith("--out=")).split("=", 1)[1])
(out / "job").mkdir(parents=True, exist_ok=True)
latest = time.monotonic() + 600  # where the tests were killed, nobody will say go
def waits():
    return time.monotonic() < latest and not (out.parent.parent / "go").exists()

while what == "reads" and waits():  # the corpus: it holds no lock yet
    time.sleep(0.02)
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))

def poet(finished):
    for path in pathlib.Path(tiny).rglob("*"):
        if path.is_file():
            (out / path.relative_to(tiny)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, out / path.relative_to(tiny))
    card = json.loads((out / "poet.json").read_text())
    card["name"], card["training"]["finished"] = out.name, finished
    (out / "poet.json").write_text(json.dumps(card))

with FileLock(out / "job" / "lock"):
    with (out.parent.parent / "starts").open("a") as starts:
        starts.write(" ".join(sys.argv) + "\\n")
    if what == "fails":
        print("The loss is no longer a number: choose a lower learning rate.", file=sys.stderr)
        sys.exit(1)
    if what == "breaks":
        raise KeyError("nobody foresaw this")
    if what == "fills":
        try:
            with (out / "filling").open("wb", buffering=0) as file:
                while True:
                    file.write(bytes(4096))
        except OSError as error:
            print(f"{out} could not be written ({error.strerror}): make room.", file=sys.stderr)
            sys.exit(1)
    turns = (out.parent.parent.parent.parent / "turns").open("a")
    print("begin", os.getpid(), file=turns, flush=True)
    while what in ("long", "saves slowly") and not asked and waits() or what == "hangs" and waits():
        time.sleep(0.02)
    if what == "saves slowly":
        time.sleep(1.5)
    poet(not asked)
    print("end", os.getpid(), file=turns, flush=True)
"""


@pytest.fixture
def script(tmp_path: Path, tiny_poet: Path) -> Callable[[str], list[str]]:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return lambda what: [sys.executable, str(path), what, str(tiny_poet)]


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def log_of(job: Job) -> str:
    said = (job.folder / "log").read_text() if (job.folder / "log").exists() else ""
    return f"{job.state()} {dict(job.read('ended.json'))} {requested_end(job)} {said}"


def alive(pid: int) -> bool:
    """Say whether a process runs; one that is over and whom nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return state not in "ZX"
