"""Reading in a process of its own: the app stays quick meanwhile, its memory small, and reading can be stopped.

Nothing that is slow to read can stop the app, then: after `reading_seconds` (poetbot.settings) the process is ended.
"""

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from poetbot.corpora.record import write_record
from poetbot.corpora.state import State
from poetbot.corpus.records import NoSuchField
from poetbot.errors import Failure, PoetBotError
from poetbot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Step:
    """How far reading is: a share from 0 to 1, and in which of the steps of `reader`."""

    share: float
    name: str


def read_apart(folder: Path, state: State) -> Generator[Step, None, str]:
    """Read the files of a corpus as its state says; return the name of the folder inside it that has what was found.

    When the generator is closed, the process is ended and what it wrote removed. Raises PoetBotError, after
    `reading_seconds` too.
    """
    seconds = Settings.in_force().reading_seconds
    name = f"read-{secrets.token_hex(8)}"
    half = folder / f".half-{name}"
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    # One thread is as fast here, and each takes memory from what the process may have.
    settings = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "poetbot.corpora.reader", str(folder), str(half)],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdin and process.stdout
    said: dict[str, object] = {}
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, end)  # not measured between its lines: a process that hangs says nothing
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(OSError), process.stdin:
            process.stdin.write(json.dumps(state.as_json()))
        for line in process.stdout:
            with contextlib.suppress(ValueError):
                said = json.loads(line)
            if "share" in said:
                yield Step(float(str(said["share"])), str(said["step"]))
        process.wait()
        if late.is_set():
            many = f"{seconds:,} seconds" if seconds > 1 else "1 second"
            raise PoetBotError(f"Reading took more than {many} and was stopped: bring less at once.")
        if error := said.get("error"):
            names = said.get("fields")
            raise (
                NoSuchField(str(error).removesuffix("."), names)
                if isinstance(names, list)
                else PoetBotError(str(error))
            )
        if process.returncode != 0 or "done" not in said:
            raise Failure(
                "Reading ended without a word, perhaps because the memory was too small: bring less at once."
            )
        half.rename(folder / name)
        return name
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
        shutil.rmtree(half, ignore_errors=True)


def read_here(folder: Path, state: State) -> str:
    """Do the same in this process, at once: for what is so small that it is read in milliseconds."""
    name = f"read-{secrets.token_hex(8)}"
    half = folder / f".half-{name}"
    try:
        write_record(folder, state, half, lambda share, step: None)
        half.rename(folder / name)
        return name
    finally:
        shutil.rmtree(half, ignore_errors=True)


def remove_read(folder: Path, name: str) -> None:
    """Take off the disk what was read before."""
    if name:
        shutil.rmtree(folder / name, ignore_errors=True)
