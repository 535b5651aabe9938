"""A folder here follows one on a node. The node is a `NodeProcess` in this process, and needs no Ray."""

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from poetbot.cluster import mirror as mirrors
from poetbot.cluster.mirror import Mirror
from poetbot.cluster.node_process import FileStamp, NodeFacts, NodeProcess
from poetbot.cluster.placement import check_versions
from poetbot.errors import PoetBotError

LOG = "job/progress.jsonl"


class Node(NodeProcess):
    """Counts what is read from it. Two files may vanish, just before and just after a snapshot."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[str] = []
        self.vanishes = ("none", "none")

    def read(self, path: str, offset: int, size: int) -> bytes:
        self.reads.append(path)
        return super().read(path, offset, size)

    def snapshot(self, paths: Sequence[str]) -> dict[str, FileStamp]:
        (self.folder / self.vanishes[0]).unlink(missing_ok=True)
        found = super().snapshot(paths)
        (self.folder / self.vanishes[1]).unlink(missing_ok=True)
        return found


@pytest.fixture
def node() -> Iterator[Node]:
    node = Node()
    yield node
    node.close()
    assert not node.folder.exists()


@pytest.fixture
def mirror(node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    monkeypatch.setattr(mirrors, "CHUNK", 4)
    (tmp_path / "poet" / "job").mkdir(parents=True)
    return Mirror(node, "poets/poet", tmp_path / "poet", LOG, frozenset(["job/lock"]))  # type: ignore[arg-type]


def there(node: Node, path: str, text: str) -> Path:
    file = node.folder / "poets/poet" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_node_gets_what_is_here_and_nothing_comes_back(
    node: Node, mirror: Mirror, tmp_path: Path
) -> None:
    here = tmp_path / "poet"
    for path in ("poet.json", "empty", "job/checkpoints/00000001/state.json", LOG, "job/lock", "job/.half"):
        (here / path).parent.mkdir(parents=True, exist_ok=True)
        (here / path).write_text("" if path == "empty" else f"text of {path}")
    mirror.send()
    assert set(files(node.folder / "poets/poet")) == {
        *("poet.json", "empty", "job/checkpoints/00000001/state.json")
    }
    assert (node.folder / "poets/poet/poet.json").read_text() == "text of poet.json"
    mirror.fetch(node.state().files)
    assert node.reads == []


def test_what_changes_on_the_node_changes_here(node: Node, mirror: Mirror, tmp_path: Path) -> None:
    card = there(node, "poet.json", "one")
    there(node, "job/lock", "")
    there(node, "job/checkpoints/00000001/state.json", "a state of some length")
    there(node, "job/checkpoints/.00000002/state.json", "half")
    (tmp_path / "poet/job/checkpoints").mkdir()
    there(node, LOG, '{"step": 1}\n{"st')
    assert mirror.fetch(node.state().files) == b'{"step": 1}\n'
    assert files(tmp_path / "poet") == {
        "poet.json": "one",
        "job/checkpoints/00000001/state.json": "a state of some length",
    }
    node.reads.clear()
    card.write_text("two, and longer")
    there(node, LOG, '{"step": 1}\n{"step": 2}\n')
    there(node, "job/checkpoints/00000002/state.json", "whole")
    (node.folder / "poets/poet/job/checkpoints/00000001/state.json").unlink()
    assert mirror.fetch(node.state().files) == b'{"step": 2}\n'
    assert files(tmp_path / "poet") == {
        "poet.json": "two, and longer",
        "job/checkpoints/00000002/state.json": "whole",
    }
    assert not (tmp_path / "poet/job/checkpoints/00000001").exists()
    assert not any("00000001" in path for path in node.reads)


def test_a_folder_that_is_deleted_meanwhile_is_fetched_as_a_whole_or_not_at_all(
    node: Node, mirror: Mirror, tmp_path: Path
) -> None:
    (tmp_path / "poet/job/checkpoints").mkdir()
    for name in ("a", "b"):
        there(node, f"job/checkpoints/00000001/{name}", name * 9)
    file = "poets/poet/job/checkpoints/00000001/b"
    node.vanishes = (file, "none")
    mirror.fetch(node.state().files)
    assert list((tmp_path / "poet/job/checkpoints").iterdir()) == []
    there(node, "job/checkpoints/00000001/b", "again")
    node.vanishes = ("none", file)
    mirror.fetch(node.state().files)
    assert files(tmp_path / "poet/job/checkpoints") == {"00000001/a": "a" * 9, "00000001/b": "again"}


def test_a_file_that_is_replaced_meanwhile_is_never_mixed(node: Node, mirror: Mirror, tmp_path: Path) -> None:
    there(node, "poet.json", "old and long")
    taken = node.snapshot(["poets/poet/poet.json"])
    there(node, ".poet.json", "new, longer").replace(node.folder / "poets/poet/poet.json")
    assert node.read(".snapshot/poets/poet/poet.json", 0, 99) == b"old and long"
    assert set(taken) == {"poets/poet/poet.json"}
    mirror.fetch(node.state().files)
    assert files(tmp_path / "poet") == {"poet.json": "new, longer"}


PROGRAM = "import pathlib, sys, time; print('begun', flush=True); time.sleep(float(sys.argv[1])); sys.exit(3)"


def test_a_process_is_followed_and_stopped(node: Node) -> None:
    node.write("program.py", PROGRAM.encode())
    node.start("program", ["0"], {})
    until = time.monotonic() + 60
    while (state := node.state()).code is None and time.monotonic() < until:
        time.sleep(0.02)
    assert (state.code, state.last_words) == (3, "begun\n")
    node.start("program", ["600"], {})
    assert node.state().code is None
    node.stop()
    while (state := node.state()).code is None and time.monotonic() < until:
        time.sleep(0.02)
    assert state.code is not None and state.code < 0


def test_other_versions_are_said() -> None:
    here = NodeProcess.facts(["json"])
    assert here.missing == () and here.python == f"{sys.version_info[0]}.{sys.version_info[1]}"
    check_versions(here)
    for facts, sentence in (
        (
            NodeFacts("n1", "3.12", here.poetbot),
            f"The node n1 has Python 3.12, and this machine {here.python}.",
        ),
        (
            NodeFacts("n1", here.python, "0.1"),
            f"The node n1 has PoetBot 0.1, and this machine {here.poetbot}.",
        ),
        (NodeFacts("n1", here.python, here.poetbot, ("keras", "jax")), "The node n1 lacks keras, jax"),
    ):
        with pytest.raises(PoetBotError) as raised:
            check_versions(facts)
        assert str(raised.value).startswith(sentence)
    assert NodeProcess.facts(["no_such_library"]).missing == ("no_such_library",)
