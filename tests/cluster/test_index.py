"""An index that is built and searched on a cluster is that of one machine."""

import json
import os
import shutil
from pathlib import Path

import pytest

pytest.importorskip("ray")

import pyarrow as pa
import pyarrow.parquet as pq
import ray

from poetbot.cluster import corpus, index, tasks
from poetbot.cluster.found_poems import HowToRead, Part
from poetbot.cluster.index import build_index, open_on_cluster
from poetbot.corpus.loading import read_poems
from poetbot.errors import Failure, PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.overlap.sharded_report import ShardedIndex

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300), pytest.mark.usefixtures("cluster")]


def test_reports_are_those_of_one_index_here_and_on_the_cluster(books: Path, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "PART_BYTES", 6_000)
    corpus.find_poems([str(books)], str(tmp_path / "poems"), HowToRead())
    (tmp_path / "poems" / "torn.parquet").write_bytes(b"PAR1 torn")
    pq.write_table(pa.table({"verse": ["no column with text"]}), tmp_path / "poems" / "untitled.parquet")
    sizes, left_out = build_index([str(tmp_path / "poems")], tmp_path / "index", 300, 60)
    poems = read_poems(books).poems
    assert len(sizes) > 5 and sum(size.poems for size in sizes) == len(poems)
    assert left_out == (
        "Left out: poems/torn.parquet is damaged.",
        "Left out: poems/untitled.parquet is damaged.",
    )
    text = "\n".join(poem.text[:200] for poem in poems[::20]) + "\nand nothing else that anybody wrote"
    one = report(OverlapIndex.build(poems), text)
    for opened in (ShardedIndex.open(tmp_path / "index"), open_on_cluster(tmp_path / "index")):
        found = opened.report(text)
        found["compared_with"]["what"] = one["compared_with"]["what"]
        assert json.dumps(found, sort_keys=True) == json.dumps(one, sort_keys=True)
    shutil.rmtree(tmp_path / "index" / sizes[-1].name)
    with pytest.raises(PoetBotError, match=sizes[-1].name):
        open_on_cluster(tmp_path / "index").report(text)


def test_building_goes_on_where_it_stopped(books: Path, tmp_path, monkeypatch):
    monkeypatch.setattr(corpus, "PART_BYTES", 6_000)

    def stop(step: str, share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index([str(books)], tmp_path / "index", 300, 60, stop)
    finished = {path: path.stat().st_mtime_ns for path in (tmp_path / "index").glob("*/index.json")}
    assert finished
    with pytest.raises(PoetBotError, match="unfinished result of other files or options"):
        build_index([str(books)], tmp_path / "index", 400, 60)
    shares: list[float] = []
    sizes, _ = build_index(
        [str(books)], tmp_path / "index", 300, 60, lambda step, share: shares.append(share)
    )
    assert shares[0] > 0.3 and all(path.stat().st_mtime_ns == when for path, when in finished.items())
    assert sum(size.poems for size in sizes) == len(read_poems(books).poems)


def test_a_check_is_answered_while_another_job_has_all_cores(books: Path, tmp_path):
    build_index([str(books)], tmp_path / "index", 2_000, 60)
    text = read_poems(books).poems[0].text

    @ray.remote(num_cpus=1)
    class Busy:
        def is_here(self) -> bool:
            return True

    busy = [Busy.remote() for _ in range(2)]
    try:
        assert all(ray.get([each.is_here.remote() for each in busy], timeout=100))
        assert ray.available_resources().get("CPU", 0) == 0
        found = open_on_cluster(tmp_path / "index").report(text)
    finally:
        for each in busy:
            ray.kill(each)
    assert found == ShardedIndex.open(tmp_path / "index").report(text)


def test_a_folder_that_the_nodes_do_not_share_is_refused(books: Path, tmp_path, monkeypatch):
    def elsewhere(part: object, out: Path, shard_words: int, seconds: int) -> None:
        """As on a node where this path is a disk of its own."""

    monkeypatch.setattr(index, "index_part", elsewhere)
    with pytest.raises(Failure, match="Choose a folder that all nodes share"):
        build_index([str(books)], tmp_path / "index", 300, 60)
    assert not (tmp_path / "index" / "shards.json").exists()


def test_a_run_that_fails_names_the_files_that_ended_their_workers(books: Path, tmp_path, monkeypatch):
    def end_worker_or_write_nothing(part: Part, out: Path, shard_words: int, seconds: int) -> None:
        if part.number == 0:
            os._exit(1)

    monkeypatch.setattr(tasks, "RETRIES", 0)
    monkeypatch.setattr(corpus, "PART_BYTES", 2_000)
    monkeypatch.setattr(index, "index_part", end_worker_or_write_nothing)
    with pytest.raises(Failure) as raised:
        build_index([str(books)], tmp_path / "index", 300, 60)
    assert raised.value.__notes__ == [
        "Left out: books/book0.txt ended every worker that read it.",
        "0 of 6 parts are read.",
    ]
