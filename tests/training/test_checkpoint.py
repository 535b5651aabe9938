from pathlib import Path

import numpy as np
import pytest

from poetbot.training.checkpoint import Checkpoint, newest, write


def checkpoint(step: int) -> Checkpoint:
    rng = np.random.default_rng(step)
    variables = [
        rng.normal(size=(3, 2)).astype(np.float32),
        np.array([step, 7], np.uint32),
        np.array(step, np.int64),
    ]
    return Checkpoint(step, {"progress": {"step": step}}, variables, {"w": variables[0]})


def test_what_was_written_is_read_and_two_are_kept(tmp_path: Path) -> None:
    for step in (5, 10, 15):
        write(tmp_path, checkpoint(step))
    found, notices = newest(tmp_path)
    assert found is not None and found.step == 15 and notices == []
    assert found.state["progress"] == {"step": 15}
    for read, written in zip(found.variables, checkpoint(15).variables, strict=True):
        assert read.dtype == written.dtype and read.shape == written.shape and (read == written).all()
    assert sorted(p.name for p in (tmp_path / "checkpoints").glob("[0-9]*")) == ["00000010", "00000015"]
    assert (tmp_path / "checkpoints" / "LATEST").read_text() == "00000015"


@pytest.mark.parametrize("file", ["variables.safetensors", "best.safetensors", "state.json"])
@pytest.mark.parametrize("damage", ["truncate", "flip", "remove"])
def test_the_last_good_one_is_used_and_said(tmp_path: Path, file: str, damage: str) -> None:
    for step in (5, 10):
        write(tmp_path, checkpoint(step))
    path = tmp_path / "checkpoints" / "00000010" / file
    data = bytearray(path.read_bytes())
    if damage == "truncate":
        path.write_bytes(data[:-5])
    elif damage == "flip":
        data[len(data) // 2] ^= 1
        # A flipped bit inside state.json may still read as JSON; broken hashes and numbers must not.
        path.write_bytes(data if file != "state.json" else b"{" + data)
    else:
        path.unlink()
    found, notices = newest(tmp_path)
    assert found is not None and found.step == 5
    assert len(notices) == 1 and "00000010" in notices[0]


def test_nothing_there(tmp_path: Path) -> None:
    assert newest(tmp_path) == (None, [])


def test_a_half_written_one_is_no_checkpoint(tmp_path: Path) -> None:
    write(tmp_path, checkpoint(5))
    (tmp_path / "checkpoints" / ".00000010").mkdir()
    found, _ = newest(tmp_path)
    assert found is not None and found.step == 5
    write(tmp_path, checkpoint(10))
    found, _ = newest(tmp_path)
    assert found is not None and found.step == 10
