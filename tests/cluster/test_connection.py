"""Connecting to a cluster: what stands in the way is said in a sentence, soon."""

import socket
import time

import pytest

from poetbot.cluster.connection import connect, connected
from poetbot.errors import PoetBotError

pytest.importorskip("ray")
pytestmark = pytest.mark.cluster


def test_nobody_answers_at_a_closed_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    started = time.monotonic()
    with pytest.raises(PoetBotError, match=f"No Ray cluster answered at {address} within 3 seconds"):
        connect(address, seconds=3)
    assert time.monotonic() - started < 5


def test_a_program_that_is_not_ray_is_no_answer():
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        started = time.monotonic()
        with pytest.raises(PoetBotError, match=f"No Ray cluster answered at {address}"):
            connect(address, seconds=3)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "ray://10.0.0.1:10001", "10.0.0.1:many", ":6379", "host:99999"]
)
def test_an_address_that_can_be_none_says_what_one_looks_like(address):
    with pytest.raises(PoetBotError, match=r"such as 10\.0\.0\.1:6379"):
        connect(address)


def test_a_machine_without_a_cluster_has_no_automatic_address(monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    with pytest.raises(PoetBotError, match="belongs to no Ray cluster"):
        connect("auto")


def test_without_an_address_ray_starts_here_and_its_workers_find_poetbot(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with connected():
        import ray

        @ray.remote
        def version() -> str:
            from poetbot import __version__

            return __version__

        from poetbot import __version__

        assert ray.get(version.remote(), timeout=60) == __version__
    assert not ray.is_initialized()
