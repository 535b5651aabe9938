"""Connect to a Ray cluster, or start one on this machine. Whatever goes wrong, one sentence explains it.

If nothing answers at an address, Ray waits two minutes and then ends the process. So we try the port first,
then Ray's own health check in a process that we can stop.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator

from poetbot.errors import Failure, PoetBotError
from poetbot.installation import check_cluster_installed
from poetbot.storage import subprocess_environment

HERE = "auto"
"""The address of the cluster that this machine belongs to."""

ANSWER_SECONDS = 20
"""How long a cluster may take to answer."""

_NO_REPORTS = {"RAY_USAGE_STATS_ENABLED": "0"}  # Ray would report its use over the network


def connect(address: str | None = None, seconds: float = ANSWER_SECONDS) -> None:
    """Connect to the cluster at `address`, or start Ray on this machine without one.

    `address` is HOST:PORT of the head node, or "auto" for the cluster that this machine belongs to. Nodes run PoetBot as it
    is installed there. Raises PoetBotError if Ray isn't installed, the address is invalid, nobody answers within `seconds`,
    or this machine doesn't belong to the cluster.
    """
    check_cluster_installed()
    os.environ.update({name: os.environ.get(name, value) for name, value in _NO_REPORTS.items()})
    if address and address != HERE:
        _check_answers(address, seconds)
    import ray

    _be_quiet()
    options = {} if address else {"include_dashboard": False}
    environment = {
        name: value
        for name, value in subprocess_environment(OPENBLAS_NUM_THREADS="1").items()
        if name in ("PYTHONPATH", "PYTHONUTF8", "OPENBLAS_NUM_THREADS")
    }
    try:
        ray.init(
            address=address,
            log_to_driver=False,
            logging_level="ERROR",
            configure_logging=True,
            runtime_env={"env_vars": environment},
            **options,
        )
    except (ConnectionError, SystemExit) as error:
        if address == HERE:
            raise PoetBotError(
                "This machine belongs to no Ray cluster. Start one with `ray start --head`, or leave out the address."
            ) from error
        raise _no_answer(address or "this machine", seconds) from error
    except (RuntimeError, ValueError, OSError) as error:
        if not address:
            raise Failure(
                "Ray can't start on this machine ({reason}).", reason=str(error).split("\n")[0]
            ) from error
        versions = re.findall(r"(?:Ray|Python): (\S+)", str(error))
        if len(versions) == 4:
            raise PoetBotError(
                "The cluster has Ray {ray} and Python {python}, and this machine Ray {own_ray} and Python {own_python}. Install the same versions on both.",
                ray=versions[0],
                python=versions[1],
                own_ray=versions[2],
                own_python=versions[3],
            ) from error
        raise PoetBotError(
            "This machine doesn't belong to the cluster at {address}. Run `ray start --address {address}` on it, then try again.",
            address=address,
        ) from error


def disconnect() -> None:
    """Leave the cluster. Ray ends if `connect` started it."""
    import ray

    ray.shutdown()


@contextlib.contextmanager
def connected(address: str | None = None, seconds: float = ANSWER_SECONDS) -> Iterator[None]:
    """Connect as `connect` does, and disconnect at the end."""
    connect(address, seconds)
    try:
        yield
    finally:
        disconnect()


def _be_quiet() -> None:
    """Keep Ray from printing on standard output how a node died; with `--json`, only JSON may be there. It has no option for that."""
    from ray._private import worker

    worker.print_to_stdstream = lambda *given, **named: None


def _check_answers(address: str, seconds: float) -> None:
    """Raise PoetBotError unless Ray answers at an address within `seconds`."""
    host, _, port = address.rpartition(":")
    if not host or "/" in address or not port.isdecimal() or not 0 < int(port) < 65536:
        raise PoetBotError(
            "{address} is no address of a Ray cluster. Give the head node's HOST:PORT, such as 10.0.0.1:6379.",
            address=address[:100],
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=seconds).close()
        subprocess.run(
            [sys.executable, "-m", "ray.scripts.scripts", "health-check", "--address", address],
            check=True,
            timeout=seconds,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, UnicodeError, subprocess.SubprocessError) as error:
        raise _no_answer(address, seconds) from error


def _no_answer(address: str, seconds: float) -> PoetBotError:
    return PoetBotError(
        "No Ray cluster answered at {address} within {seconds:g} seconds. Check the address, and that `ray start --head` runs there.",
        address=address,
        seconds=seconds,
    )
