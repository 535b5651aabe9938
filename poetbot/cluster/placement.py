"""The caller's side of a `NodeProcess`: find a node that has what is needed, call the process, and notice if the node dies."""

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from poetbot import __version__
from poetbot.cluster.node_process import FileStamp, NodeFacts, NodeProcess, NodeState
from poetbot.errors import Failure, PoetBotError

_CALL_SECONDS = 120.0
"""Seconds after which a node that doesn't answer counts as lost."""
_LOOK_EVERY = 1.0  # seconds


@dataclass(frozen=True)
class Resources:
    """What a process needs: processor cores and GPUs of one node."""

    cpus: int
    gpus: int = 0


class NodeLost(Exception):
    """The node, or the actor on it, is gone. `host` is empty if it isn't known which."""

    def __init__(self, host: str = "") -> None:
        super().__init__(host)
        self.host = host


def largest_node(gpus: int = 0) -> int:
    """Return the number of cores of the largest node with so many GPUs, 1 if there is none."""
    return max([int(each.cpus) for each in _nodes() if each.gpus >= gpus], default=1)


def check_resources(wanted: Resources) -> None:
    """Raise PoetBotError if no node can ever have what is wanted. The error says what the cluster has."""
    nodes = _nodes()
    if any(each.cpus >= wanted.cpus and each.gpus >= wanted.gpus for each in nodes):
        return
    counts = sorted(Counter(nodes).items(), key=lambda item: (-item[0].gpus, -item[0].cpus))
    raise PoetBotError(
        "No node of the cluster has {cpus} CPUs and {gpus} GPUs. Ask for less, or add a node. There are: {nodes}.",
        cpus=wanted.cpus,
        gpus=wanted.gpus,
        nodes="; ".join(f"{number} × ({each.cpus} CPU, {each.gpus} GPU)" for each, number in counts) or "-",
    )


def _nodes() -> list[Resources]:
    import ray

    found = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    return [Resources(int(each.get("CPU", 0)), int(each.get("GPU", 0))) for each in found]


class PlacedProcess:
    """A process on a node. Every method raises NodeLost if the node is gone, and Failure if its disk is full."""

    def __init__(self, wanted: Resources) -> None:
        import ray

        actor = ray.remote(NodeProcess)
        self._actor = actor.options(num_cpus=wanted.cpus, num_gpus=wanted.gpus, max_restarts=0).remote()
        self.host = ""
        self._answers = False

    def wait(self, libraries: Sequence[str]) -> None:
        """Wait until a node has room.

        Raises PoetBotError if that node lacks something, or has another version of Python or PoetBot.
        """
        import ray

        asked = self._actor.facts.remote(tuple(libraries))
        while not ray.wait([asked], timeout=_LOOK_EVERY)[0]:
            pass  # where Ctrl+C is noticed
        facts = cast(NodeFacts, self._result(asked))
        self._answers = True
        self.host = facts.host
        check_versions(facts)

    def write(self, path: str, data: bytes, offset: int = 0) -> None:
        """Write a part of a file."""
        self._call("write", path, data, offset)

    def snapshot(self, paths: Sequence[str]) -> dict[str, FileStamp]:
        """Keep files as they are until the next call; see `NodeProcess.snapshot`."""
        return cast(dict[str, FileStamp], self._call("snapshot", list(paths)))

    def read(self, path: str, offset: int, size: int) -> bytes:
        """Return a part of a file."""
        return cast(bytes, self._call("read", path, offset, size))

    def start(self, module: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start `python -m module`."""
        self._call("start", module, list(arguments), dict(environment))

    def state(self) -> NodeState:
        """Return the state of the process and its files."""
        return cast(NodeState, self._call("state"))

    def stop(self) -> None:
        """Ask the process to end."""
        self._call("stop")

    def close(self) -> None:
        """Kill the process, delete its folder, and free the node."""
        import ray

        if self._answers:
            with contextlib.suppress(NodeLost, Failure):
                self._call("close")
        ray.kill(self._actor)

    def _call(self, method: str, *arguments: Any) -> Any:
        return self._result(getattr(self._actor, method).remote(*arguments))

    def _result(self, asked: Any) -> Any:
        import ray

        try:
            return ray.get(asked, timeout=_CALL_SECONDS)
        except (ray.exceptions.RayError, ray.exceptions.GetTimeoutError) as error:
            if "failed to import" in str(error):  # what Ray says of the class
                raise PoetBotError(
                    "A node of the cluster lacks PoetBot. Install PoetBot {version} on every node.",
                    version=__version__,
                ) from error
            cause = getattr(error, "cause", None)
            if isinstance(cause, OSError):
                raise Failure(
                    "The node {host} can't write to its disk ({reason}). Make room there, then use --resume.",
                    host=self.host,
                    reason=(cause.strerror or str(cause)).lower(),
                ) from error
            if isinstance(error, ray.exceptions.RayTaskError):
                raise
            self._answers = False
            raise NodeLost(self.host) from error


def check_versions(facts: NodeFacts) -> None:
    """Raise PoetBotError if a node lacks something, or has another version of Python or PoetBot than this machine."""
    here = NodeProcess.facts()
    for name, there, wanted in (
        ("Python", facts.python, here.python),
        ("PoetBot", facts.poetbot, here.poetbot),
    ):
        if there != wanted:
            raise PoetBotError(
                "The node {host} has {name} {there}, and this machine {wanted}. Install the same version on both.",
                host=facts.host,
                name=name,
                there=there,
                wanted=wanted,
            )
    if facts.missing:
        raise PoetBotError(
            "The node {host} lacks {names}, which training needs. Install it there.",
            host=facts.host,
            names=", ".join(facts.missing),
        )
