"""Start, resume and stop training jobs. A job's folder is complete before its runner starts on its own."""

import datetime
import json
import secrets
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from poetbot.errors import Failure, PoetBotError
from poetbot.library.poets import names
from poetbot.library.poets.folder_contents import POEMS
from poetbot.messages import Message
from poetbot.poem import Poem
from poetbot.poets.folder import load
from poetbot.poets.training_run import TrainingRun
from poetbot.runs import quota
from poetbot.runs.cluster import check_can_start
from poetbot.runs.completion import Outcome, keep_best_poet, request_end, write_outcome
from poetbot.runs.job import Job, State, list_jobs
from poetbot.runs.order import order_json, validate_order
from poetbot.runs.runner import ANOTHER
from poetbot.runs.worker import WORKER, detached_process_options, worker_environment
from poetbot.storage import (
    LOCK_TIMEOUT,
    ROOT,
    Home,
    Locked,
    dated_id,
    hold_lock,
    is_locked,
    json_bytes,
    sync_file,
    write_atomically,
)

_PATIENCE = 30.0
"""Seconds to wait for a runner that starts, or for a worker that saves after its runner was killed."""
_LOOK_EVERY = 0.02  # seconds


def start(home: Home, run: TrainingRun, poems: Sequence[Poem], worker: Sequence[str] = WORKER) -> Job:
    """Start or queue a training run, and return at once.

    Raises PoetBotError if the run is impossible, its folder can't be written, or the visitor has no quota left.
    """
    check_can_start()
    run = validate_order(run)
    if not poems:
        raise PoetBotError("There are no poems to train on.")
    if run.parent:
        load(names.find_poet(home, run.parent))  # says what is wrong with it, now and not in half an hour
    size = sum(len(poem.text.encode()) for poem in poems)
    try:
        with (
            quota.reserve_training(home, run.minutes, size),
            home.disk_errors(),
            hold_lock(home.create(home.jobs) / ".start", _PATIENCE),
        ):
            names.check_available(home, run.name)
            if any(names.name_key(run.name) == names.name_key(name) for name in _coming(home)):
                raise PoetBotError(
                    "A poet called {name} is already being trained. Choose another name.", name=run.name
                )
            job = _folder(home, run, poems)
    except Locked:
        raise Failure("Another window is starting a training run. Try again.") from None
    _run(job, worker)
    return job


def resume(job: Job, worker: Sequence[str] = WORKER) -> None:
    """Resume a job that was stopped, failed or died, from its last checkpoint, at the end of the queue.

    Does nothing to a live job. Waits until a worker whose runner was killed has saved. Raises PoetBotError if that takes
    too long, or if there is nothing to resume.
    """
    check_can_start()
    _wait_for_saving(job)
    state = job.state()
    if state.alive:
        return
    if state is State.FINISHED:
        raise PoetBotError("This training run is finished. Start a new one from its poet.")
    job.training_run()  # raises if it is damaged
    if not (job.folder / POEMS).is_file():
        raise PoetBotError("The poems of this training run are missing. Discard it and start a new one.")
    with quota.reserve_resume(job.home):
        _run(job, worker)


def _wait_for_saving(job: Job) -> None:
    until = time.monotonic() + _PATIENCE
    while job.worker_lives() and not is_locked(job.lock):
        if time.monotonic() > until:
            raise PoetBotError("This training run is still being saved. Try again in a minute.")
        time.sleep(_LOOK_EVERY)


def stop(job: Job) -> None:
    """Ask a job to finish its step, save and end; it can be resumed later.

    Does nothing to a job that is over. Returns at once; `job.state()` tells when it has ended.
    """
    if not job.state().alive:
        return
    request_end(job, "keep")


def finish(job: Job) -> None:
    """Ask a job to end now and keep its best poet so far.

    A job without a poet is stopped instead. Returns at once. Raises PoetBotError if it is over and has none.
    """
    if job.state().alive:
        request_end(job, "shelve")
    elif job.state() is not State.FINISHED:
        keep_best_poet(job)


def _coming(home: Home) -> list[str]:
    """Return the names of poets in training."""
    found = []
    for job in list_jobs(home):
        try:
            if job.state() is not State.FINISHED:
                found.append(job.training_run().name)
        except PoetBotError:
            continue  # damaged; it will never come to anything
    return found


def _folder(home: Home, run: TrainingRun, poems: Sequence[Poem]) -> Job:
    """Create the folder of a job under a hidden name, then rename it, so that no other process sees half of it."""
    root = home.create(home.jobs)
    when = datetime.datetime.now(datetime.UTC)
    number = dated_id(when)
    hidden, folder = root / f".new-{number}", root / number
    with home.disk_errors():
        try:
            hidden.mkdir(mode=0o700)
            with (hidden / POEMS).open("w", encoding="utf-8", newline="") as file:
                for poem in poems:
                    file.write(json.dumps(poem.as_row(), ensure_ascii=False) + "\n")
                sync_file(file)
            write_atomically(hidden / "order.json", order_json(run))
            write_atomically(hidden / "run.json", json_bytes({"asked": when.timestamp()}))
            hidden.rename(folder)
        except OSError:
            shutil.rmtree(hidden, ignore_errors=True)
            raise
    return Job(folder)


def _run(job: Job, worker: Sequence[str]) -> None:
    """Start a runner and wait until it, or another one, holds the job. Raises Failure if none does."""
    token, ended = secrets.token_hex(8), job.read("ended.json")
    with job.home.disk_errors(), (job.folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "poetbot.runs.runner", str(job.folder.absolute()), token, *worker],
            cwd=ROOT,
            env=worker_environment(job.home),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **detached_process_options(),
        )
    threading.Thread(
        target=process.wait, daemon=True
    ).start()  # or it stays a zombie as long as the app lives
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if job.read("run.json").get("token") == token or process.poll() is not None:
            break
        time.sleep(_LOOK_EVERY)
    started = process.returncode in (None, 0, ANOTHER) or job.read("run.json").get("token") == token
    if not started and (error := _failed_start(job, ended)):
        raise Failure.of(error)


def _failed_start(job: Job, ended: Mapping[str, Any]) -> Message | None:
    """Return why a runner failed to start the job; None if another one has started it.

    If neither has written how the job ended since that was `ended`, it is marked as failed.
    """
    if job.home.is_visitor:
        error = Message("The training run couldn't be started. Its log says why.")
    else:
        error = Message("The training run couldn't be started. See {log}.", log=str(job.folder / "log"))
    if not job.folder.exists():  # locking it would create it again
        return error
    try:
        with hold_lock(job.lock, LOCK_TIMEOUT):
            if job.read("ended.json") == ended:
                write_outcome(job, Outcome(State.FAILED, error))  # or it would seem to wait for a runner
    except Locked:
        return None
    except (OSError, PoetBotError):
        if job.read("ended.json") == ended:
            return error
    return job.error()
