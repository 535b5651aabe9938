"""Train on a node of a cluster, with the poet's folder here.

The node trains in a folder of its own, and changes there are copied here every half second. If the node dies, the run continues
on another node from the last checkpoint that is here, and the poet is the same as if the node hadn't died.
"""

import json
import os
import pickle
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass, replace
from typing import Any

from poetbot.cluster.connection import connected
from poetbot.cluster.mirror import Mirror, send_file
from poetbot.cluster.node_process import NodeState
from poetbot.cluster.placement import NodeLost, PlacedProcess, Resources, check_resources, largest_node
from poetbot.errors import Failure
from poetbot.messages import N_, Message
from poetbot.poets.folder import BUNDLED, Poet
from poetbot.training import checkpoint as checkpoints
from poetbot.training.lock import only_worker
from poetbot.training.on_node import NodeError
from poetbot.training.reporter import Reporter
from poetbot.training.stopping import Stopping
from poetbot.training.worker import STOPPED, TrainOptions, disk_errors, refuse_to_overwrite

LOOK_EVERY = 0.5
"""Seconds between two looks at the node."""
_ANSWER_SECONDS = 60.0
"""How long the cluster may take to answer. The runs of an app have a low priority, and Ray takes seconds to load."""
_MOST_IN_VAIN = 3  # nodes; the run itself may be what makes them fail
_LOST = N_("The node {host} is gone. Training continues on another one from the last checkpoint.")
_LOG = "job/progress.jsonl"
_IGNORED = frozenset(("job/lock",))


@dataclass(frozen=True)
class ClusterOptions:
    """Which cluster, and what a node must have.

    `address` is HOST:PORT or "auto"; without one, Ray is started on this machine. Without `cpus`, a run with GPUs takes one
    core for each GPU, and any other run takes all cores of the largest node. With GPUs, Keras runs on JAX.
    """

    address: str | None = None
    cpus: int | None = None
    gpus: int = 0


def train_on_cluster(
    options: TrainOptions, cluster: ClusterOptions, look_every: float = LOOK_EVERY
) -> dict[str, Any]:
    """Train as `worker.train` does, but on a node, and return the poet's card.

    SIGINT and SIGTERM let the node finish its step and save. Raises PoetBotError for impossible options, or if the cluster
    doesn't answer or lacks what is wanted; Failure if the work fails.
    """
    job = options.out / "job"
    refuse_to_overwrite(options, job)
    with only_worker(job), disk_errors(options.out), connected(cluster.address, _ANSWER_SECONDS):
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)  # Ray's handler would make it an ordinary exit
        wanted = Resources(cluster.cpus or cluster.gpus or largest_node(), cluster.gpus)
        check_resources(wanted)
        if not checkpoints.any_in(job):
            (options.out / _LOG).unlink(missing_ok=True)
            shutil.rmtree(options.out / "epochs", ignore_errors=True)
        with Reporter(job) as reporter:
            in_vain, newest = 0, checkpoints.newest_name(job)
            while True:
                try:
                    _Attempt(options, wanted, reporter, look_every).run()
                    break
                except NodeLost as lost:
                    reached = checkpoints.newest_name(job)
                    in_vain, newest = (in_vain + 1 if reached == newest else 0), reached
                    if in_vain == _MOST_IN_VAIN:
                        raise Failure(
                            "{count} nodes were lost one after the other, the last one {host}, without a new checkpoint. Look at the cluster, then use --resume.",
                            count=in_vain,
                            host=lost.host,
                        ) from lost
                    reporter({"notice": Message(_LOST, host=lost.host)})
    card: dict[str, Any] = json.loads((options.out / "poet.json").read_bytes())
    if not card["training"]["finished"]:
        print(STOPPED, file=sys.stderr)
    return card


@dataclass(frozen=True)
class _Attempt:
    """One try on one node."""

    options: TrainOptions
    wanted: Resources
    reporter: Reporter
    look_every: float

    def run(self) -> None:
        """Train until the poet is finished or the run was stopped. Raises NodeLost, and what `train_on_cluster` raises."""
        backend = "jax" if self.wanted.gpus else os.environ.get("KERAS_BACKEND") or "tensorflow"
        self.reporter({"doing": "waiting"})
        node = PlacedProcess(self.wanted)
        try:
            node.wait(("keras", backend))
            self.reporter({"doing": "sending"})
            folder = f"poets/{self.options.out.name}"
            mirror = Mirror(node, folder, self.options.out, _LOG, _IGNORED)
            arguments = self._send(node, folder)
            mirror.send()
            threads = str(self.wanted.cpus)
            node.start(
                "poetbot.training.on_node",
                arguments,
                {
                    "KERAS_BACKEND": backend,
                    "TQDM_DISABLE": "1",
                    "OMP_NUM_THREADS": threads,  # Ray sets both to 1
                    "OPENBLAS_NUM_THREADS": threads,
                },
            )
            self._follow(node, mirror)
        finally:
            node.close()

    def _send(self, node: PlacedProcess, folder: str) -> list[str]:
        """Send the options and the parent, and return the arguments for the node's process."""
        options, parent = self.options, self.options.parent
        resumes = checkpoints.any_in(options.out / "job")  # with the threads of job.json
        threads = options.threads or (None if resumes else self.wanted.cpus)
        sent = replace(options, parent=None, threads=threads)
        node.write("options.pickle", pickle.dumps(sent))
        arguments = ["options.pickle", folder, *([_send_parent(node, parent)] if parent else [])]
        return [*arguments, *(["--gpu"] if self.wanted.gpus else [])]

    def _follow(self, node: PlacedProcess, mirror: Mirror) -> None:
        with Stopping() as stopping:
            try:
                state = self._end(node, mirror, stopping)
            except NodeLost:
                if not stopping.requested:
                    raise
                state = None
        if state is not None and state.code == 0:
            return
        if stopping.signal is not None:  # there was nothing to save, or nothing that could save it
            signal.raise_signal(stopping.signal)
        assert state is not None
        if (found := NodeError.in_words(state.last_words)) is not None:
            raise found.error()
        if state.code == -signal.SIGKILL:
            raise Failure(
                "Training ran out of memory on the node {host} or was killed there. Use --resume to continue from the last checkpoint.",
                host=node.host,
            )
        raise Failure(
            "Training failed on the node {host}: {words}",
            host=node.host,
            words=state.last_words.strip().rpartition("\n")[2][-500:] or state.code,
        )

    def _end(self, node: PlacedProcess, mirror: Mirror, stopping: Stopping) -> NodeState:
        """Copy what the node does until its process ends, and return how it ended."""
        told = False
        while True:
            state = node.state()
            self.reporter.follow(mirror.fetch(state.files))
            if state.code is not None:
                return state
            if stopping.requested and not told:
                node.stop()
                told = True
            time.sleep(self.look_every)


def _send_parent(node: PlacedProcess, parent: Poet) -> str:
    """Send the parent unless it is bundled, and return its name or path on the node."""
    if parent.folder.resolve().parent == BUNDLED.resolve():
        return parent.folder.name
    for file in sorted(parent.folder.rglob("*")):
        path = file.relative_to(parent.folder)
        if file.is_file() and path.parts[0] != "job":
            send_file(node, file, f"parents/{parent.folder.name}/{path.as_posix()}")
    return f"parents/{parent.folder.name}"
