"""A corpus that is found on a cluster: the poems of one machine, whatever is in the way."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("ray")

import pyarrow.parquet as pq

from poetbot.cli.main import main
from poetbot.cluster import corpus
from poetbot.cluster.corpus import find_poems
from poetbot.cluster.found_poems import HowToRead
from poetbot.errors import Failure, PoetBotError

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300), pytest.mark.usefixtures("cluster")]


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def locally(files: Path, out: Path, *options: str) -> list[dict[str, object]]:
    assert main(["corpus", str(files), "--out", str(out), *options]) == 0
    return rows(out)


@pytest.mark.parametrize("part_bytes", [2_000, 10_000_000])
@pytest.mark.parametrize("deduplicate", [False, True])
def test_the_poems_are_those_of_one_machine(books, tmp_path, monkeypatch, part_bytes, deduplicate):
    monkeypatch.setattr(corpus, "PART_BYTES", part_bytes)
    monkeypatch.setattr(corpus, "_SEQUENCES", part_bytes)
    found = find_poems([str(books)], str(tmp_path / "all.jsonl"), HowToRead(), deduplicate)
    here = locally(books, tmp_path / "here.jsonl", *(["--deduplicate"] if deduplicate else []))
    assert rows(tmp_path / "all.jsonl") == here
    assert (found.poems, found.characters) == (len(here), sum(len(row["text"]) for row in here))
    assert found.repeats > 30 if deduplicate else found.repeats == 0
    assert not (tmp_path / "all.jsonl.parts").exists()


def test_a_folder_has_parquet_files_and_what_cannot_be_read_is_named(books, tmp_path):
    expected = locally(books, tmp_path / "here.jsonl")
    (books / "book0.txt.gz").write_bytes(gzip.compress((books / "book0.txt").read_bytes()))
    (books / "book0.txt").unlink()
    (books / "broken.docx").write_bytes(b"PK\x03\x04 not a document")
    (books / "torn.txt.gz").write_bytes(b"\x1f\x8b\x08 torn")
    found = find_poems([f"{books}/*"], str(tmp_path / "out"), HowToRead())
    (file,) = (tmp_path / "out").iterdir()
    assert [
        {k: v for k, v in row.items() if v is not None} for row in pq.read_table(file).to_pylist()
    ] == expected
    assert found.files == 6 and [note.split("/")[1].split()[0] for note in found.left_out] == [
        "broken.docx",
        "torn.txt.gz",
    ]


def test_a_file_that_takes_too_long_is_left_out_and_named(books, tmp_path):
    (books / "poison.txt").write_text((books / "book1.txt").read_text() * 3_000)
    found = find_poems([str(books)], str(tmp_path / "out"), HowToRead(seconds=1))
    assert found.files == 6
    assert found.left_out == (
        "Left out: books/poison.txt takes more than 1 s to read. Split it into smaller files.",
    )


def test_a_run_that_stopped_goes_on_and_other_options_do_not(books, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "PART_BYTES", 2_000)
    shares: list[float] = []

    def stop(step: str, share: float) -> None:
        if share > 0.4:
            raise KeyboardInterrupt

    out = str(tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        find_poems([str(books)], out, HowToRead(), True, stop)
    with pytest.raises(PoetBotError, match="unfinished result of other files or options"):
        find_poems([str(books)], out, HowToRead(pieces="lines"), True)
    found = find_poems([str(books)], out, HowToRead(), True, lambda step, share: shares.append(share))
    assert shares[0] > 0.4
    assert found.poems == len(locally(books, tmp_path / "here.jsonl", "--deduplicate"))
    with pytest.raises(PoetBotError, match="isn't empty"):
        find_poems([str(books)], out, HowToRead(), True)


def test_a_node_that_is_killed_changes_nothing(books, tmp_path, monkeypatch, cluster, capfd):
    monkeypatch.setattr(corpus, "PART_BYTES", 2_000)
    extra = cluster.add_node(num_cpus=1)

    def kill(step: str, share: float) -> None:
        if not killed:
            killed.append(os.kill(extra.all_processes["raylet"][0].process.pid, signal.SIGKILL))

    killed: list[None] = []
    find_poems([str(books)], str(tmp_path / "all.jsonl"), HowToRead(), True, kill)
    time.sleep(3)  # Ray would tell soon
    assert capfd.readouterr() == ("", "")
    assert killed and rows(tmp_path / "all.jsonl") == locally(books, tmp_path / "here.jsonl", "--deduplicate")


def test_a_full_disk_ends_the_run_with_what_it_did_and_with_room_it_goes_on(books, tmp_path, monkeypatch):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=60k", "none", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root can mount a small disk, on Linux")
    try:
        monkeypatch.setattr(corpus, "PART_BYTES", 2_000)
        (books / "a.docx").write_bytes(b"PK\x03\x04 not a document")
        out = str(disk / "all.jsonl")
        with pytest.raises(Failure, match="A disk of the cluster is full") as raised:
            find_poems([str(books)], out, HowToRead(), True)
        *left_out, finished = raised.value.__notes__
        assert len(left_out) == 1 and "books/a.docx" in left_out[0]
        assert re.fullmatch(r"[1-6] of 7 parts are read\.", finished)
        subprocess.run(["mount", "-o", "remount,size=10m", str(disk)], check=True)
        find_poems([str(books)], out, HowToRead(), True)
        assert rows(disk / "all.jsonl") == locally(books, tmp_path / "here.jsonl", "--deduplicate")
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_target_that_cannot_be_written_is_named_and_then_only_joining_is_left(books, tmp_path):
    (books / "a.docx").write_bytes(b"PK\x03\x04 not a document")
    out = tmp_path / "all.jsonl"
    out.mkdir()
    with pytest.raises(Failure, match=f"This machine can't read or write {re.escape(str(out))} ") as raised:
        find_poems([str(books)], str(out), HowToRead())
    left_out, read = raised.value.__notes__
    assert "books/a.docx" in left_out and read == "1 of 1 parts are read."
    out.rmdir()
    find_poems(
        [str(books)], str(out), HowToRead(), seen=lambda step, share: pytest.fail("a part is read again")
    )
    assert rows(out) == locally(books, tmp_path / "here.jsonl")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--seldom", "3", "--out", "x"], "--seldom doesn't work with --engine ray. Leave one of them out."),
        (["--held-out", "y.jsonl", "--out", "x"], "--held-out doesn't work with --engine ray"),
        ([], "With --engine ray, name a folder or a .jsonl with --out."),
    ],
)
def test_options_that_cannot_work_are_refused(books, capsys, options, sentence):
    assert main(["corpus", str(books), "--engine", "ray", *options]) == 2
    assert sentence in capsys.readouterr().err
