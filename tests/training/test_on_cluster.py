"""Training on a small cluster on this machine, whose nodes are processes: killed, stopped, and from the app."""

import contextlib
import importlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray")

from poetbot.cli.main import main
from poetbot.cluster import placement
from poetbot.cluster.connection import connected
from poetbot.cluster.placement import NodeLost, PlacedProcess, Resources
from poetbot.errors import Failure, PoetBotError
from poetbot.messages import Message
from poetbot.poets.folder import load
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.job import State, list_jobs
from poetbot.runs.start import start
from poetbot.storage import ROOT, Home, subprocess_environment
from poetbot.training import on_cluster
from poetbot.training.checkpoint import newest
from poetbot.training.on_cluster import ClusterOptions, train_on_cluster
from poetbot.training.worker import train
from tests.runs.conftest import REAL, log_of, until
from tests.training.test_killing import poet_bytes
from tests.training.worker_to_kill import order

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1200)]
_PATIENCE = 500.0  # seconds; on a busy machine TensorFlow alone takes a minute to load


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head without cores of its own, and two nodes with two each."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("RAY_worker_niceness", "0")  # by default 15: next to other work it would never end
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
        for _ in range(2):
            cluster.add_node(num_cpus=2)
        yield cluster
        cluster.shutdown()


def checkpoint_names(out: Path) -> list[str]:
    folder = out / "job" / "checkpoints"
    return sorted(path.name for path in folder.iterdir() if path.name.isdecimal()) if folder.exists() else []


def lines_of(out: Path) -> list[dict[str, Any]]:
    file = out / "job" / "progress.jsonl"
    return [json.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def process_in(folder: str) -> int:
    """Return the process that trains in this folder of a node."""
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.encode() in (path / "cmdline").read_bytes().split(b"\0"):
                return int(path.name)
    raise AssertionError(f"Nothing trains in {folder}.")


def parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds the node in Linux' /proc")
def test_a_run_whose_node_is_killed_ends_as_one_that_was_left_alone(cluster: Any, tmp_path: Path) -> None:
    whole, out = tmp_path / "whole", tmp_path / "parts"
    subprocess.run(
        [sys.executable, "-m", "tests.training.worker_to_kill", str(whole), "40", "1000"],
        cwd=ROOT,
        env=subprocess_environment(TF_CPP_MIN_LOG_LEVEL="3"),
        check=True,
        stderr=subprocess.DEVNULL,
    )
    killed: list[int] = []

    def kill() -> None:
        until(lambda: len(checkpoint_names(out)) == 2, _PATIENCE)
        found = newest(out / "job")[0]
        assert found is not None
        killed.append(found.step)
        os.kill(parent(parent(process_in(f"poets/{out.name}"))), signal.SIGKILL)  # the node, of its actor

    killer = threading.Thread(target=kill)
    killer.start()
    card = train_on_cluster(
        order(out, epochs=40.0, checkpoint_seconds=0.3, resume=False), ClusterOptions(cluster.address)
    )
    killer.join()
    assert card["training"]["finished"] and 0 < killed[0] < card["training"]["steps"]
    notices = [str(Message.from_data(line["notice"])) for line in lines_of(out) if "notice" in line]
    assert len(notices) == 2 and "is gone. Training continues" in notices[0]
    assert notices[1].startswith("Resuming from step ")
    assert poet_bytes(out) == poet_bytes(whole)


def train_command(out: Path, poems: Path, cluster: Any, *more: str) -> list[str]:
    command = [sys.executable, "-m", "poetbot", "train", str(poems), f"--out={out}", "--recipe=char-rnn"]
    return [*command, "--engine=ray", f"--address={cluster.address}", "--cpus=1", *more]


def test_ctrl_c_stops_and_saves_and_resume_continues(cluster: Any, tmp_path: Path) -> None:
    out, poems = tmp_path / "poet", tmp_path / "poems.jsonl"
    poems.write_text("".join(json.dumps(poem.as_row()) + "\n" for poem in REAL))
    environment = subprocess_environment(TF_CPP_MIN_LOG_LEVEL="3")
    process = subprocess.Popen(
        train_command(out, poems, cluster, "--epochs=100000"),
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: any("loss" in line for line in lines_of(out)), _PATIENCE)
    times = [line["time"] for line in lines_of(out)]
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=_PATIENCE)
    assert process.returncode == 0 and "Stopped and saved" in said and "Traceback" not in said, said
    assert "step " in said and "|" in said  # the bar
    assert max(after - before for before, after in itertools.pairwise(times)) < 10
    steps = json.loads((out / "poet.json").read_text())["training"]["steps"]
    found = newest(out / "job")[0]
    assert found is not None and found.step == steps > 0
    done = subprocess.run(
        train_command(out, poems, cluster, "--resume", f"--epochs={steps + 3}", "--json"),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=True,
    )
    card = json.loads(done.stdout)
    assert card["training"]["finished"] and card["training"]["steps"] > steps


@pytest.mark.parametrize("what", [{"gpus": 1}, {"cpus": 64}])
def test_what_no_node_has_is_said(cluster: Any, tmp_path: Path, what: dict[str, int]) -> None:
    options = replace(ClusterOptions(cluster.address, cpus=1), **what)
    with pytest.raises(PoetBotError, match=r"No node of the cluster has .* There are: .* × \(2 CPU, 0 GPU\)"):
        train_on_cluster(order(tmp_path / "poet"), options)


def test_a_cluster_of_another_version_is_said(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    monkeypatch.setattr(ray, "__version__", "2.0.0")
    with pytest.raises(
        PoetBotError, match=r"The cluster has Ray 2\.\d+\.\d+ and Python .* this machine Ray 2\.0\.0"
    ):
        train_on_cluster(order(tmp_path / "poet"), ClusterOptions(cluster.address))


def test_a_node_without_poetbot_and_one_that_cant_write_are_said(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_here.py").write_text("class NodeProcess:\n    def facts(self, libraries): pass\n")
    with connected(cluster.address, 60):
        monkeypatch.syspath_prepend(tmp_path)
        node = PlacedProcess(Resources(1))
        node.wait(["keras"])
        node.write("folder/file", b"text")
        with pytest.raises(Failure, match=r"The node .+ can't write to its disk \(is a directory\)"):
            node.write("folder", b"text")
        node.close()
        with monkeypatch.context() as patch:
            patch.setattr(placement, "NodeProcess", importlib.import_module("only_here").NodeProcess)
            with pytest.raises(PoetBotError, match="A node of the cluster lacks PoetBot"):
                PlacedProcess(Resources(1)).wait(["keras"])


def test_an_error_on_the_node_is_the_same_sentence(cluster: Any, tmp_path: Path) -> None:
    options = order(tmp_path / "poet")
    few = replace(options, corpus=replace(options.corpus, poems=options.corpus.poems[:1]))
    with pytest.raises(PoetBotError) as here:
        train(replace(few, out=tmp_path / "here"))
    with pytest.raises(PoetBotError) as there:
        train_on_cluster(few, ClusterOptions(cluster.address))
    assert str(there.value) == str(here.value)


def test_a_visitors_run_trains_on_the_cluster(
    cluster: Any, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETBOT_CLUSTER", cluster.address)
    job = start(home.visitor("user-ada"), TrainingRun("Emily", minutes=1.0, recipe="char-rnn"), REAL)
    until(lambda: not job.state().alive or any("loss" in line for line in lines_of(job.out())), _PATIENCE)
    doing = {line.get("doing") for line in lines_of(job.out())}
    assert {"waiting", "sending", "loading"} <= doing
    assert job.state() is State.RUNNING, log_of(job)
    (job.folder / "stop").write_bytes(b"shelve")
    until(lambda: not job.state().alive, _PATIENCE)
    until(lambda: job.state() is State.FINISHED)  # it was stopped, and is then moved to the library
    assert list_jobs(job.home) == [job] and load(job.home.poets / "Emily").name == "Emily"


def test_nobody_at_the_address_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poems = tmp_path / "poems.jsonl"
    poems.write_text("".join(json.dumps(poem.as_row()) + "\n" for poem in REAL))
    command = ["train", str(poems), f"--out={tmp_path / 'poet'}", "--engine=ray", "--address=127.0.0.1:1"]
    assert main(command) == 2
    assert capsys.readouterr().err.startswith("No Ray cluster answered at 127.0.0.1:1")


def test_a_run_that_loses_every_node_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(self: object) -> None:
        raise NodeLost("n7")

    monkeypatch.setattr(on_cluster, "connected", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(on_cluster, "check_resources", lambda _: None)
    monkeypatch.setattr(on_cluster._Attempt, "run", dies)
    with pytest.raises(Failure, match="3 nodes were lost one after the other, the last one n7"):
        train_on_cluster(order(tmp_path / "poet"), ClusterOptions("10.0.0.1:6379", cpus=1))
    assert sum("notice" in line for line in lines_of(tmp_path / "poet")) == 2
