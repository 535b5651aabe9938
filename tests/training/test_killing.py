"""Workers killed with SIGKILL at any moment: what is resumed ends as what was never stopped, byte for byte."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from poetbot.storage import is_locked
from poetbot.training.checkpoint import newest
from tests.training.worker_to_kill import order

ROOT = Path(__file__).resolve().parents[2]
WORKER = Path(__file__).with_name("worker_to_kill.py")


def start(out: Path, epochs: float, checkpoint_seconds: float) -> subprocess.Popen[bytes]:
    with out.with_suffix(".said").open("wb") as said:
        return subprocess.Popen(
            [sys.executable, str(WORKER), str(out), str(epochs), str(checkpoint_seconds)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.DEVNULL,
            stderr=said,
            start_new_session=True,
        )


def said(out: Path) -> str:
    return out.with_suffix(".said").read_text(errors="replace")[-3000:]


def names(out: Path) -> set[str]:
    folder = out / "job" / "checkpoints"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def kill_in_training(out: Path, worker: subprocess.Popen[bytes], rng: np.random.Generator) -> bool:
    """Kill the worker a moment after it began to write checkpoints; return False where it ended before."""
    before = names(out)
    while worker.poll() is None and len(names(out) - before) < 2:
        time.sleep(0.002)
    moment = time.monotonic() + rng.uniform(0, 0.4)
    while worker.poll() is None and time.monotonic() < moment:
        time.sleep(0.0005)
    over = worker.poll() is not None
    worker.kill()
    assert worker.wait() in (0, -signal.SIGKILL), said(out)
    return not over


def ended(worker: subprocess.Popen[bytes], out: Path) -> dict[str, bytes]:
    assert worker.wait(timeout=200) == 0, said(out)
    return poet_bytes(out)


def poet_bytes(out: Path) -> dict[str, bytes]:
    """Everything in the poet folder that has no times in it, and the last checkpoint's variables."""
    kept = ["weights.safetensors", "vocabulary.json", "words.json"]
    kept += [str(path.relative_to(out)) for path in sorted((out / "epochs").iterdir())]
    found = {name: (out / name).read_bytes() for name in kept}
    last, notices = newest(out / "job")
    assert last is not None and notices == []
    found["variables"] = b"".join(value.tobytes() for value in last.variables)
    history = [json.loads(line) for line in (out / "history.jsonl").read_text().splitlines()]
    found["history"] = json.dumps([{**entry, "minutes": 0} for entry in history]).encode()
    card = json.loads((out / "poet.json").read_text())
    card["training"].update(minutes=0)
    card.update(name="")
    found["card"] = json.dumps(card).encode()
    found["README"] = found["card"] if (out / "README.md").stat().st_size else b""
    return found


def killed_again_and_again(tmp_path: Path, kills: int, epochs: float, rng: np.random.Generator) -> int:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    left_alone = start(whole, epochs, 1000)
    killed, half_written = 0, 0
    while killed < kills:
        worker = start(parts, epochs, 0)
        if not kill_in_training(parts, worker, rng):
            break
        killed += 1
        half_written += any(name.startswith(".") for name in names(parts))
        assert not is_locked(parts / "job" / "lock")
        found, notices = newest(parts / "job")
        assert found is not None and notices == []
    assert killed == kills, "the run ended before it was killed often enough: give it more epochs"
    assert ended(start(parts, epochs, 1000), parts) == ended(left_alone, whole)
    assert not any(path.name.startswith(".") for path in parts.rglob("*"))
    for line in (parts / "job" / "progress.jsonl").read_text().splitlines():
        json.loads(line)
    return half_written


@pytest.mark.timeout(300)
def test_a_run_that_was_killed_ends_as_one_that_was_left_alone(tmp_path: Path) -> None:
    killed_again_and_again(tmp_path, 1, 4, np.random.default_rng(1))


READS = """
import sys, time
from poetbot.cli import main, train
def read(*_):
    print("reading", file=sys.stderr, flush=True)
    time.sleep(100)
train.read_given = read
main(sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no end by a signal")
def test_a_worker_whose_input_ends_before_it_trains_ends_at_once(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        READS,
        "train",
        "poems.txt",
        f"--out={tmp_path / 'poet'}",
        "--while-open",
    ]
    worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert worker.stdin and worker.stderr
    assert worker.stderr.readline() == "reading\n"
    assert worker.poll() is None
    worker.stdin.close()
    assert worker.wait(timeout=30) == -signal.SIGTERM
    worker.stderr.close()
    assert not (tmp_path / "poet").exists()


@pytest.mark.timeout(300)
def test_a_worker_whose_input_ends_saves_and_ends(tmp_path: Path) -> None:
    out, poems = tmp_path / "poet", tmp_path / "poems.jsonl"
    poems.write_text("".join(json.dumps({"text": poem.text}) + "\n" for poem in order(out).corpus.poems))
    command = ["-m", "poetbot", "train", str(poems), f"--out={out}", "--recipe=char-rnn", "--while-open"]
    worker = subprocess.Popen(
        [sys.executable, *command, "--epochs=100000"], cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    progress = out / "job" / "progress.jsonl"
    while worker.poll() is None and not (progress.exists() and b'"loss"' in progress.read_bytes()):
        time.sleep(0.05)
    assert worker.poll() is None
    _, errors = worker.communicate()  # closes its input
    assert worker.returncode == 0 and b"Stopped and saved" in errors
    saved, notices = newest(out / "job")
    assert saved is not None and saved.step > 0 and notices == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_run_killed_thirty_times_ends_as_one_that_was_left_alone(tmp_path: Path) -> None:
    half_written = killed_again_and_again(tmp_path, 30, 60, np.random.default_rng(2))
    assert half_written, "no kill fell into the writing of a checkpoint"
