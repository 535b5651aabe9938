"""The worker process as its runner sees it: start, watch and stop it, and read the error it ended with."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from poetbot.messages import Message
from poetbot.runs.completion import Outcome
from poetbot.runs.job import FULL, Job, State, is_finished
from poetbot.runs.order import worker_arguments
from poetbot.storage import ROOT, Home, json_bytes, subprocess_environment, write_atomically

WORKER = (sys.executable, "-m", "poetbot")
_LOOK_EVERY = 0.2  # seconds
_STOP_SECONDS = 120.0
"""Seconds for a worker to finish its step and save; then it is killed, and its last checkpoint counts."""
_NICE = 5
"""A third of the normal weight: the app goes first, and training still progresses on a busy machine."""


def detached_process_options() -> dict[str, Any]:
    """Return options for Popen that start a process which outlives this one and ignores the terminal."""
    if sys.platform == "win32":
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
        return {"creationflags": flags | subprocess.BELOW_NORMAL_PRIORITY_CLASS}
    return {"start_new_session": True}


def worker_environment(home: Home) -> dict[str, str]:
    """Return the environment of runner and worker: their data folder, and no progress bar in the log."""
    return subprocess_environment(POETBOT_HOME=str(home.root.absolute()), TQDM_DISABLE="1")


def run_worker(job: Job, worker: Sequence[str], given_up: Callable[[], bool]) -> Outcome:
    """Run the worker of `job`; return how it ended. Raises PoetBotError, OSError.

    The worker stops when its standard input ends, so it never outlives its runner for long.
    """
    run = job.training_run()
    with (job.folder / "log").open("ab") as log:
        log_start = log.tell()
        process = subprocess.Popen(
            [*worker, *worker_arguments(run, job.folder), "--while-open"],
            cwd=ROOT,
            env=worker_environment(job.home),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
        )
    stopped_at: float | None = None
    with process:
        with contextlib.suppress(OSError):  # a full disk: the worker will report it
            write_atomically(job.folder / "worker.json", json_bytes({"pid": process.pid}))
        while process.poll() is None:
            if stopped_at is None and given_up():
                stopped_at = time.monotonic()
                process.terminate()
            elif stopped_at is not None and time.monotonic() - stopped_at > _STOP_SECONDS:
                process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_EVERY)
    return _ended(job, process.returncode, stopped_at is not None, log_start)


def _ended(job: Job, code: int, was_stopped: bool, log_start: int) -> Outcome:
    if code == 0:
        return Outcome(State.FINISHED if is_finished(job.out()) else State.STOPPED)
    if was_stopped and (code < 0 or sys.platform == "win32"):
        return Outcome(State.STOPPED)  # before the worker was able to listen
    if code < 0:
        if code == -signal.Signals(9):
            error = Message("Training ran out of memory or was killed. Resume it from its last checkpoint.")
        else:
            error = Message(
                "Training was killed (signal {number}). Resume it from its last checkpoint.", number=-code
            )
        return Outcome(State.DEAD, error)
    if job.home.is_full():  # and there was no room for the worker's own error
        return Outcome(State.FAILED, FULL)
    return Outcome(State.FAILED, _last_words(job.folder / "log", log_start))


def _last_words(log: Path, log_start: int) -> Message:
    """Return the error with which the command line ended."""
    unknown = Message("Training failed unexpectedly. See its log, or resume it to try again.")
    try:
        with log.open("rb") as file:
            file.seek(max(log_start, log.stat().st_size - 4000))
            text = file.read().decode(errors="replace")
    except OSError:
        return unknown
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or "Traceback (most recent" in text:
        return unknown
    try:
        return Message.from_json(json.loads(lines[-1]))
    except (ValueError, RecursionError):
        return Message(lines[-1][-500:])


def lower_priority() -> None:
    """Lower the priority of this process and of those it starts."""
    if hasattr(os, "nice"):
        with contextlib.suppress(OSError):
            os.nice(_NICE)
    # Where Linux groups processes by session, it weighs the groups first, and nice alone does nothing.
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(_NICE))
