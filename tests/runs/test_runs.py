"""Jobs from outside: real processes, with a small script for the worker where training is not what is asked about."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.poets.folder import load, poet_folders
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.completion import discard, keep_best_poet, recover_runs
from poetbot.runs.job import STARTING, Job, State, find_job, list_jobs, requested_at, started_at
from poetbot.runs.progress_log import latest_events
from poetbot.runs.queue import queue_position, running_jobs
from poetbot.runs.start import resume, start, stop
from poetbot.storage import Home, hold_lock, is_locked
from poetbot.training.checkpoint import newest
from tests.runs.conftest import POEMS, REAL, alive, log_of, until

ROOT = Path(__file__).resolve().parents[2]
Script = Callable[[str], list[str]]

APP = """
import sys, time
from poetbot.poem import Poem
from poetbot.storage import Home
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.start import start
print(start(Home.default(), TrainingRun("Emily"), [Poem("A word.")], sys.argv[1:]).id, flush=True)
time.sleep(100)
"""


def reaches(job: Job, state: State) -> None:
    until(lambda: job.state() is state or (not job.state().alive and pytest.fail(log_of(job))))


def go(job: Job) -> None:
    (job.folder / "go").touch()


def runner_of(job: Job) -> int:
    """The process that has the job's folder among its arguments, as a person would find it."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(job.folder).encode() in (words := path.read_bytes()) and b"poetbot.runs.runner" in words:
                return int(path.parent.name)
        except OSError:
            continue
    raise AssertionError("no runner")


finds_the_runner = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="finds the runner in Linux' /proc"
)


@pytest.mark.slow
@pytest.mark.timeout(330)
def test_a_job_trains_a_real_poet_that_can_write(home: Home) -> None:
    job = start(home, TrainingRun("Emily's fox", epochs=1, recipe="char-rnn", licence="mine"), REAL)
    assert job.state().alive
    # Seconds; on a busy machine TensorFlow alone takes forty to load.
    until(lambda: not job.state().alive, 300)
    assert job.state() is State.FINISHED, log_of(job)
    until(lambda: poet_folders(home.poets) == [job.poet()])
    poet = load("Emily's fox")
    assert (poet.name, poet.card["corpus"]["licence"]) == ("Emily's fox", "mine")
    assert any("epoch" in event for event in latest_events(poet.folder).events)
    assert "%|" not in (job.folder / "log").read_text()  # no bar is drawn into it
    discard(job)
    assert list_jobs(home) == [] and load("Emily's fox")


@pytest.mark.parametrize("time", [10**400, float("inf"), float("nan"), "soon", True, None])
def test_a_folder_without_times_gives_none(time: object) -> None:
    assert requested_at({"asked": time}) == 0.0 and started_at({"begun": time}) is None


def test_one_run_trains_at_a_time_and_the_others_know_their_position(home: Home, script: Script) -> None:
    first = start(home, TrainingRun("one"), POEMS, script("long"))
    reaches(first, State.RUNNING)
    second = start(home, TrainingRun("two"), POEMS, script("long"))
    third = start(home, TrainingRun("three"), POEMS, script("long"))
    assert [job.state() for job in (second, third)] == [State.WAITING] * 2
    assert [queue_position(home, job) for job in (first, second, third)] == [None, 1, 2]
    stop(second)
    until(lambda: second.state() is State.STOPPED)
    assert queue_position(home, third) == 1 and not (second.folder / "starts").exists()
    go(first)
    reaches(third, State.RUNNING)
    assert running_jobs(home) == [third]
    go(third)
    until(lambda: third.state() is State.FINISHED)
    until(lambda: {folder.name for folder in poet_folders(home.poets)} == {"one", "three"})


def test_on_a_cluster_as_many_runs_train_at_a_time_as_the_setting_says(
    home: Home, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETBOT_CLUSTER", "10.0.0.1:6379")
    monkeypatch.setenv("POETBOT_CLUSTER_TRAININGS", "2")
    monkeypatch.setenv("POETBOT_CLUSTER_GPUS", "1")
    monkeypatch.setattr("poetbot.runs.start.check_can_start", lambda: None)
    first, second, third, fourth = (
        start(home, TrainingRun(name), POEMS, script("long")) for name in ("one", "two", "three", "four")
    )
    reaches(first, State.RUNNING)
    reaches(second, State.RUNNING)
    assert [job.state() for job in (third, fourth)] == [State.WAITING] * 2
    assert [queue_position(home, job) for job in (first, second, third, fourth)] == [None, None, 1, 2]
    until(lambda: (first.folder / "starts").exists())
    assert "--engine=ray --address=10.0.0.1:6379 --cpus=2 --gpus=1" in (first.folder / "starts").read_text()
    go(second)
    reaches(third, State.RUNNING)
    assert running_jobs(home) == [first, third] and queue_position(home, fourth) == 1
    for job in (first, third, fourth):
        go(job)
    until(lambda: fourth.state() is State.FINISHED)


def test_a_stopped_job_keeps_its_poet_and_can_be_resumed(home: Home, script: Script) -> None:
    job = start(home, TrainingRun("one", minutes=5), POEMS, script("long"))
    reaches(job, State.RUNNING)
    until(lambda: (job.folder / "starts").exists())
    stop(job)
    until(lambda: job.state() is State.STOPPED)
    assert job.poet() == job.out()
    resume(job, script("long"))
    reaches(job, State.RUNNING)
    resume(job, script("long"))  # a second window: nothing happens
    until(lambda: (job.folder / "starts").read_text().count("--resume") == 2)
    stop(job)
    until(lambda: job.state() is State.STOPPED)
    assert keep_best_poet(job) == "one"
    assert job.state() is State.FINISHED and load("one").name == "one"
    with pytest.raises(PoetBotError, match="is finished"):
        resume(job)


def test_a_job_survives_the_killed_app(home: Home, script: Script) -> None:
    app = subprocess.Popen([sys.executable, "-c", APP, *script("long")], cwd=ROOT, stdout=subprocess.PIPE)
    assert app.stdout
    job = find_job(home, app.stdout.readline().decode().strip())
    reaches(job, State.RUNNING)
    app.kill()
    app.wait()
    app.stdout.close()
    assert job.state() is State.RUNNING
    go(job)
    until(lambda: job.state() is State.FINISHED)
    until(lambda: poet_folders(home.poets) == [home.poets / "Emily"])


def test_a_killed_worker_is_reported_and_can_be_resumed(home: Home, script: Script) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("long"))
    until(lambda: (job.folder / "starts").exists())
    os.kill(job.read("worker.json")["pid"], signal.SIGKILL)
    until(lambda: job.state() is State.DEAD)
    assert "Resume it" in str(job.error())
    go(job)
    resume(job, script("long"))
    until(lambda: job.state() is State.FINISHED)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has priority classes instead")
def test_a_worker_has_a_low_priority(home: Home, script: Script) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("long"))
    until(lambda: (job.folder / "starts").exists())
    worker = job.read("worker.json")["pid"]
    assert os.getpriority(os.PRIO_PROCESS, worker) >= os.getpriority(os.PRIO_PROCESS, 0) + 5 or (
        os.getpriority(os.PRIO_PROCESS, worker) == 19
    )
    mine, its = (Path(f"/proc/{pid}/autogroup") for pid in ("self", worker))
    if mine.exists():  # Linux weighs these groups, one a session, before what is nice within them
        # empty for a process of no session's group, such as this one may be in a container
        assert its.read_text().split()[:1] != mine.read_text().split()[:1]
        assert its.read_text().endswith("nice 5\n")
    go(job)


@finds_the_runner
def test_a_worker_whose_runner_was_killed_saves_and_the_next_one_begins(home: Home, script: Script) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("long"))
    until(lambda: (job.folder / "starts").exists())
    second = start(home, TrainingRun("two"), POEMS, script("short"))
    os.kill(runner_of(job), signal.SIGKILL)
    until(lambda: job.state() is State.DEAD)
    assert job.poet() == job.out()  # saved
    assert "Resume it" in str(job.error())
    until(lambda: second.state() is State.FINISHED)
    go(job)
    resume(job, script("long"))
    until(lambda: job.state() is State.FINISHED)
    until(lambda: job.poet() == home.poets / "one")


@finds_the_runner
def test_a_run_is_resumed_when_the_worker_whose_runner_was_killed_has_saved(
    home: Home, script: Script
) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("saves slowly"))
    until(lambda: (job.folder / "starts").exists())
    second = start(home, TrainingRun("two"), POEMS, script("short"))
    os.kill(runner_of(job), signal.SIGKILL)
    until(lambda: not is_locked(job.lock))
    assert job.state() is State.RUNNING and job.worker_lives() and queue_position(home, second) == 1
    windows = [threading.Thread(target=resume, args=(job, script("saves slowly"))) for _ in range(2)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert is_locked(job.lock) and job.state().alive
    go(job)
    until(lambda: job.state() is State.FINISHED and second.state() is State.FINISHED)
    assert (job.folder / "starts").read_text().count("--resume") == 2
    turns = [line.split() for line in (home.root / "turns").read_text().splitlines()]
    assert len(turns) == 6
    for begin, end in zip(turns[::2], turns[1::2], strict=True):  # never two at a time
        assert (begin[0], end[0]) == ("begin", "end") and begin[1] == end[1]


@finds_the_runner
def test_a_worker_that_takes_too_long_to_save_is_an_error_and_can_be_discarded(
    home: Home, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("hangs"))
    until(lambda: (job.folder / "starts").exists())
    os.kill(runner_of(job), signal.SIGKILL)
    until(lambda: not is_locked(job.lock))
    monkeypatch.setattr("poetbot.runs.start._PATIENCE", 0.3)
    with pytest.raises(PoetBotError, match="still being saved"):
        resume(job, script("short"))
    discard(job)
    go(job)
    until(lambda: not job.state().alive)
    recover_runs(home)
    assert not job.folder.exists()


@finds_the_runner
def test_a_worker_that_still_reads_ends_with_its_runner(home: Home, script: Script) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("reads"))
    until(lambda: "pid" in job.read("worker.json"))
    worker = job.read("worker.json")["pid"]
    os.kill(runner_of(job), signal.SIGKILL)
    until(lambda: not alive(worker))
    assert job.state() is State.DEAD and not (job.folder / "starts").exists()
    resume(job, script("short"))
    until(lambda: job.state() is State.FINISHED)


@finds_the_runner
def test_a_folder_that_was_deleted_by_hand_leaves_no_process_behind(home: Home, script: Script) -> None:
    running_one = start(home, TrainingRun("one"), POEMS, script("long"))
    until(lambda: (running_one.folder / "starts").exists())
    waiting_one = start(home, TrainingRun("two"), POEMS, script("long"))
    processes = [runner_of(running_one), runner_of(waiting_one), running_one.read("worker.json")["pid"]]
    for job in (waiting_one, running_one):
        job.folder.rename(home.root / job.id)
        shutil.rmtree(home.root / job.id)
    until(lambda: not any(map(alive, processes)))
    assert not waiting_one.folder.exists()


@finds_the_runner
@pytest.mark.slow
@pytest.mark.timeout(630)
def test_a_real_run_whose_runner_was_killed_goes_on_from_where_it_was(home: Home) -> None:
    job = start(home, TrainingRun("Emily", epochs=100_000, recipe="char-rnn"), REAL)
    until(lambda: any(event.get("step", 0) > 0 for event in latest_events(job.out()).events), 300)
    os.kill(runner_of(job), signal.SIGKILL)
    resume(job)
    saved, notices = newest(job.out() / "job")
    assert saved and saved.step > 0 and notices == []
    assert "Stopped and saved" in (job.folder / "log").read_text()
    going_on = f"Resuming from step {saved.step:,}."
    until(lambda: any(event.get("notice") == going_on for event in latest_events(job.out()).events), 300)
    until(lambda: any(event.get("step", 0) > saved.step for event in latest_events(job.out()).events), 300)
    stop(job)
    until(lambda: job.state() is State.STOPPED, 60)


@pytest.mark.parametrize(
    ("what", "sentence"), [("fails", "choose a lower learning rate"), ("breaks", "See its log")]
)
def test_the_last_line_of_the_worker_is_the_error(
    home: Home, script: Script, what: str, sentence: str
) -> None:
    job = start(home, TrainingRun("one"), POEMS, script(what))
    until(lambda: job.state() is State.FAILED)
    assert sentence in str(job.error())
    with pytest.raises(PoetBotError, match="no poet yet"):
        keep_best_poet(job)


def test_a_running_job_can_be_discarded(home: Home, script: Script) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("long"))
    until(lambda: (job.folder / "starts").exists())
    with pytest.raises(PoetBotError, match="Stop it first"):
        keep_best_poet(job)
    discard(job)
    until(lambda: not job.folder.exists())
    assert list_jobs(home) == [] and poet_folders(home.poets) == []


def test_a_name_that_was_taken_meanwhile_gets_a_number(home: Home, script: Script, shelf: Callable) -> None:
    job = start(home, TrainingRun("one"), POEMS, script("long"))
    shelf("One")  # the same name for some systems
    go(job)
    until(lambda: job.state() is State.FINISHED)
    until(lambda: (home.poets / "one 2").exists())
    assert load("one 2").name == "one 2" and job.poet() == home.poets / "one 2"


STARTS = """
import sys
from poetbot.poem import Poem
from poetbot.errors import PoetBotError
from poetbot.storage import Home
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.start import start
for name in ("one", "two", sys.argv[1]):
    try:
        start(Home.default(), TrainingRun(name), [Poem("A word.")], sys.argv[2:])
        print(name, end=" ")
    except PoetBotError as error:
        assert "already" in str(error), error
"""


def test_two_apps_on_one_folder_do_not_harm_each_other(home: Home, script: Script) -> None:
    apps = [
        subprocess.Popen(
            [sys.executable, "-c", STARTS, name, *script("brief")], cwd=ROOT, stdout=subprocess.PIPE
        )
        for name in ("three", "four")
    ]
    begun = " ".join(app.communicate(timeout=100)[0].decode() for app in apps).split()
    assert [app.returncode for app in apps] == [0, 0]
    assert sorted(begun) == ["four", "one", "three", "two"]  # no name twice
    until(lambda: all(job.state() is State.FINISHED for job in list_jobs(home)), 60)
    until(lambda: {folder.name for folder in poet_folders(home.poets)} == set(begun))
    turns = [line.split() for line in (home.root / "turns").read_text().splitlines()]
    assert len(turns) == 8
    for begin, end in zip(turns[::2], turns[1::2], strict=True):  # never two at a time
        assert (begin[0], end[0]) == ("begin", "end") and begin[1] == end[1]


def test_visitors_of_one_app_wait_in_one_queue(home: Home, script: Script, shelf: Callable) -> None:
    ann, ben = home.visitor("ann"), home.visitor("ben")
    first = start(ann, TrainingRun("mine", minutes=5), POEMS, script("long"))
    reaches(first, State.RUNNING)
    second = start(ben, TrainingRun("mine", minutes=5), POEMS, script("short"))
    assert queue_position(ben, second) == 1 and running_jobs(ben) == [first] and list_jobs(home) == []
    go(first)
    until(lambda: first.state() is State.FINISHED and second.state() is State.FINISHED)
    until(lambda: [len(poet_folders(each.poets)) for each in (ann, ben, home)] == [1, 1, 0])
    shelf("theirs")
    with pytest.raises(PoetBotError, match="no poet theirs"):
        start(ann, TrainingRun("new", parent="theirs", minutes=5), POEMS)
    with pytest.raises(PoetBotError, match="no poet nobody"):
        start(ann, TrainingRun("new", parent="nobody", minutes=5), POEMS)


def test_a_disk_without_locks_is_an_error(
    home: Home, script: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = start(home, TrainingRun("one"), POEMS, script("fails"))
    until(lambda: stopped.state() is State.FAILED)

    def no_flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "sitecustomize.py").write_text(
        "import errno, fcntl\ndef no_flock(*_):\n    raise OSError(errno.ENOSYS, 'Function not implemented')\n"
        "fcntl.flock = no_flock\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    with pytest.raises(PoetBotError, match=r"can't lock files\. Set POETBOT_HOME"):
        resume(stopped, script("short"))  # the runner's process meets it
    assert stopped.state() is State.FAILED and "can't lock files" in str(stopped.error())
    assert "Traceback" not in (stopped.folder / "log").read_text()
    monkeypatch.setattr("fcntl.flock", no_flock)
    with pytest.raises(PoetBotError, match=r"can't lock files\. Set POETBOT_HOME"):
        start(home, TrainingRun("two"), POEMS, script("short"))  # and so does the app's
    assert list_jobs(home) == [stopped]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB; only root may have one."""
    queue_position = tmp_path / "disk"
    queue_position.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", queue_position], capture_output=True
    )
    if made.returncode:
        pytest.skip("A small disk cannot be mounted here.")
    yield queue_position
    subprocess.run(["umount", "-l", queue_position], check=True)


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")
def test_a_full_disk_is_an_error_and_the_job_can_be_resumed(small_disk: Path, script: Script) -> None:
    home = Home(small_disk / "home")
    job = start(home, TrainingRun("one"), POEMS, script("fills"))
    until(lambda: not job.state().alive)
    assert job.state() is State.FAILED and "disk is full. Make room" in str(job.error()), log_of(job)
    with suppress(OSError), (small_disk / "more").open("wb", buffering=0) as more:
        while more.write(bytes(512)):  # somebody takes the rest
            pass
    with pytest.raises(PoetBotError, match=r"Make room"):
        start(home, TrainingRun("two"), POEMS, script("short"))
    with suppress(PoetBotError):
        resume(job, script("short"))
    until(lambda: not job.state().alive)
    assert "disk is full. Make room" in str(job.error())
    (small_disk / "more").unlink()
    (job.out() / "filling").unlink()
    resume(job, script("short"))
    until(lambda: job.state() is State.FINISHED)
    assert "Traceback" not in (job.folder / "log").read_text()


def test_an_impossible_run_is_refused_before_anything_is_written(home: Home, shelf: Callable) -> None:
    shelf("mine")
    for order, poems, sentence in [
        (TrainingRun("Mine"), POEMS, "already"),
        (TrainingRun("english"), POEMS, "already"),
        (TrainingRun("new", parent="nobody"), POEMS, "no poet nobody"),
        (TrainingRun("new"), [], "no poems"),
    ]:
        with pytest.raises(PoetBotError, match=sentence):
            start(home, order, poems)
    assert list_jobs(home) == []


@pytest.mark.parametrize(
    "number", ["", "..", "../poets", "20260101-000000-0123456", "a" * 4000, "x\0y", None]
)
def test_an_id_is_never_a_path(home: Home, number: str) -> None:
    with pytest.raises(PoetBotError, match="no longer exists"):
        find_job(home, number)


def test_an_unreadable_end_is_ignored(home: Home) -> None:
    job = Job(home.create(home.jobs) / "20260101-000000-01234567")
    job.folder.mkdir()
    (job.folder / "order.json").write_text('{"name": "one"}')
    (job.folder / "ended.json").write_text('{"state": "running"}')
    assert job.state() is State.DEAD


def test_a_runner_may_start_slowly_on_a_busy_machine(home: Home) -> None:
    job = Job(home.create(home.jobs) / "20260101-000000-01234567")
    job.folder.mkdir()
    (job.folder / "order.json").write_text('{"name": "one"}')
    for seconds, state in ((STARTING - 10, State.WAITING), (STARTING + 10, State.DEAD)):
        (job.folder / "run.json").write_text(json.dumps({"asked": time.time() - seconds}))
        assert job.state() is state


def test_a_runner_that_cannot_start_leaves_a_failed_run(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PoetBotError, match="couldn't be started"):
        start(home, TrainingRun("one"), POEMS)
    (job,) = list_jobs(home)
    assert job.state() is State.FAILED and "couldn't be started" in str(job.error())


def dead_job(home: Home) -> Job:
    """Return a job whose runner was killed."""
    job = Job(home.create(home.jobs) / "20260101-000000-01234567")
    job.folder.mkdir()
    (job.folder / "order.json").write_text('{"name": "one"}')
    (job.folder / "run.json").write_text('{"token": "an earlier one"}')
    (job.folder / "poems.jsonl").write_text('{"text": "A word."}\n')
    assert job.state() is State.DEAD
    return job


@pytest.mark.parametrize("ended", ["{}", '{"state": "failed", "error": "The disk was full."}'])
def test_a_resumed_run_whose_runner_cannot_start_has_failed_for_that_reason(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ended: str
) -> None:
    job = dead_job(home)
    (job.folder / "ended.json").write_text(ended)
    (tmp_path / "sitecustomize.py").write_text("raise SystemExit(3)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PoetBotError, match="couldn't be started"):
        resume(job)
    assert job.state() is State.FAILED and "couldn't be started" in str(job.error())


@pytest.fixture
def slow_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which runners create `started`, and fail once there is a file `go`."""
    (tmp_path / "sitecustomize.py").write_text(
        "import pathlib, time\nhere = pathlib.Path(__file__).parent\n(here / 'started').touch()\n"
        "end = time.monotonic() + 25\nwhile time.monotonic() < end and not (here / 'go').exists():\n"
        "    time.sleep(0.02)\nraise SystemExit(3)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_a_runner_that_fails_leaves_the_run_that_another_window_started(
    home: Home, slow_failure: Path
) -> None:
    job = dead_job(home)
    with ThreadPoolExecutor() as pool:
        window = pool.submit(resume, job)
        until((slow_failure / "started").exists)
        with hold_lock(job.lock):  # as a runner of the other window does
            (slow_failure / "go").touch()
            window.result()
    assert job.state() is State.DEAD and not (job.folder / "ended.json").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't delete a folder with an open file")
def test_a_runner_that_fails_does_not_create_a_deleted_folder_again(home: Home, slow_failure: Path) -> None:
    job = dead_job(home)
    with ThreadPoolExecutor() as pool:
        window = pool.submit(resume, job)
        until((slow_failure / "started").exists)
        shutil.rmtree(job.folder)
        (slow_failure / "go").touch()
        with pytest.raises(PoetBotError, match="couldn't be started"):
            window.result()
    assert not job.folder.exists()


@pytest.mark.parametrize(
    "damage",
    [b"", b"\xff\xfe", b"[" * 50_000, b"[]", b'{"name": "../x"}', b'{"name": ["a"]}', b"1" * 200_000],
)
def test_a_damaged_folder_is_an_error_and_can_be_discarded(home: Home, damage: bytes) -> None:
    job = Job(home.create(home.jobs) / "20260101-000000-01234567")
    job.folder.mkdir()
    for name in ("order.json", "run.json", "ended.json", "stop"):
        (job.folder / name).write_bytes(damage)
    assert list_jobs(home) == [job] and job.state() is State.FAILED
    assert "Discard it" in str(job.error()) and job.poet() is None
    with pytest.raises(PoetBotError):
        resume(job)
    discard(job)
    assert list_jobs(home) == []
