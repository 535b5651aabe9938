import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.training.checkpoint import Checkpoint, any_in, newest, write

FILES = ["variables.safetensors", "best.safetensors", "state.json", "SHA256SUMS"]


def checkpoint(step: int) -> Checkpoint:
    rng = np.random.default_rng(step)
    variables = [
        rng.normal(size=(3, 2)).astype(np.float32),
        np.array([step, 7], np.uint32),
        np.array(step, np.int64),
    ]
    return Checkpoint(step, {"progress": {"step": step}}, variables, {"w": variables[0]})


def folders(job: Path) -> list[str]:
    return sorted(path.name for path in (job / "checkpoints").iterdir())


def test_checkpoints_are_read_as_written_and_two_are_kept(tmp_path: Path) -> None:
    assert not any_in(tmp_path)
    for step in (5, 10, 10, 15):
        write(tmp_path, checkpoint(step))
    assert any_in(tmp_path)
    found, notices = newest(tmp_path)
    assert found is not None and found.step == 15 and notices == []
    assert found.state["progress"] == {"step": 15}
    for read, written in zip(found.variables, checkpoint(15).variables, strict=True):
        assert read.dtype == written.dtype and read.shape == written.shape and (read == written).all()
    assert folders(tmp_path) == ["00000003", "00000004"]


def test_a_deleted_folder_is_not_created_again(tmp_path: Path) -> None:
    job = tmp_path / "poet" / "job"
    with pytest.raises(FileNotFoundError):
        write(job, checkpoint(5))
    assert not job.parent.exists()


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", ["truncate", "flip", "empty", "remove", "folder"])
def test_the_last_valid_checkpoint_is_used_and_reported(tmp_path: Path, file: str, damage: str) -> None:
    for step in (5, 10):
        write(tmp_path, checkpoint(step))
    path = tmp_path / "checkpoints" / "00000002" / file
    data = bytearray(path.read_bytes())
    if damage == "truncate":
        path.write_bytes(data[:-5])
    elif damage == "flip":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.unlink()
        if damage == "folder":
            path.mkdir()
    found, notices = newest(tmp_path)
    assert found is not None and found.step == 5
    assert notices == ["The checkpoint 00000002 is damaged and was skipped."]


@settings(max_examples=30)
@given(file=st.sampled_from(FILES), place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, file: str, place: float, bit: int
) -> None:
    job = tmp_path_factory.mktemp("job")
    for step in (5, 10):
        write(job, checkpoint(step))
    path = job / "checkpoints" / "00000002" / file
    data = bytearray(path.read_bytes())
    data[int(place * len(data))] ^= 1 << bit
    path.write_bytes(data)
    found, _ = newest(job)
    # A letter of a hash may change its case, and mean the same.
    assert found is not None and found.step in ((5, 10) if file == "SHA256SUMS" else (5,))
    shutil.rmtree(job)


def test_no_checkpoint(tmp_path: Path) -> None:
    assert newest(tmp_path) == (None, [])


def test_every_checkpoint_damaged(tmp_path: Path) -> None:
    for step in (5, 10):
        write(tmp_path, checkpoint(step))
    for folder in (tmp_path / "checkpoints").iterdir():
        (folder / "state.json").unlink()
    found, notices = newest(tmp_path)
    assert found is None and len(notices) == 2


def test_a_half_written_file_is_not_a_checkpoint(tmp_path: Path) -> None:
    write(tmp_path, checkpoint(5))
    half = tmp_path / "checkpoints" / ".00000002"
    half.mkdir()
    (half / "variables.safetensors").write_bytes(b"half")
    found, _ = newest(tmp_path)
    assert found is not None and found.step == 5
    write(tmp_path, checkpoint(10))
    found, _ = newest(tmp_path)
    assert found is not None and found.step == 10
    assert folders(tmp_path) == ["00000001", "00000002"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize("limit", [0, 100, 200])
def test_a_full_disk_keeps_the_last_checkpoint(tmp_path: Path, limit: int) -> None:
    """The system itself refuses to write further, as it does where a disk is full."""
    import resource
    import signal

    write(tmp_path, checkpoint(5))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        with pytest.raises(OSError):
            write(tmp_path, checkpoint(10))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    found, notices = newest(tmp_path)
    assert found is not None and found.step == 5 and notices == []
    assert folders(tmp_path) == ["00000001"]
    write(tmp_path, checkpoint(15))
    found, _ = newest(tmp_path)
    assert found is not None and found.step == 15


def test_a_file_instead_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").write_bytes(b"")
    with pytest.raises(OSError):
        write(tmp_path, checkpoint(5))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, checkpoint(5))
    (tmp_path / "checkpoints").chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            write(tmp_path, checkpoint(10))
    finally:
        (tmp_path / "checkpoints").chmod(0o700)
    found, _ = newest(tmp_path)
    assert found is not None and found.step == 5
