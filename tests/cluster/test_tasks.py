"""What ends tasks ends the run with a sentence, and other tasks keep their results."""

import errno
import os
from pathlib import Path

import pytest

pytest.importorskip("ray")

from poetbot.cluster.files import Place
from poetbot.cluster.found_poems import Part
from poetbot.cluster.tasks import run_all, what_is_finished
from poetbot.errors import Failure, PoetBotError

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300), pytest.mark.usefixtures("cluster")]


def square(job: int) -> int:
    return job * job


def crash(job: int) -> int:
    if job == 3:
        os._exit(1)
    return job


def fill(job: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def refuse(job: int) -> None:
    raise PoetBotError("Number {job} is refused.", job=job)


def test_every_job_has_its_result():
    assert dict(run_all(square, range(20))) == {job: job * job for job in range(20)}


def test_a_job_that_ends_its_workers_is_replaced_and_the_others_are_done():
    assert sorted(job for job, _ in run_all(crash, range(6), lost=lambda job: [10 * job])) == [
        0,
        1,
        2,
        4,
        5,
        30,
    ]
    with pytest.raises(Failure, match="workers of the cluster died again and again"):
        list(run_all(crash, [3]))


def test_a_full_disk_and_a_refusal_are_said_in_a_sentence():
    with pytest.raises(Failure, match=r"disk of the cluster is full .* what is finished is kept"):
        list(run_all(fill, [1]))
    with pytest.raises(PoetBotError, match=r"^Number 1 is refused\.$"):
        list(run_all(refuse, [1]))


def test_a_failure_keeps_its_sentence_if_the_summaries_cannot_be_read(tmp_path):
    (tmp_path / "part-00000.json").mkdir()
    parts = [Part(0, ()), Part(1, ())]
    for work, notes in (
        (tmp_path, ["Left out: a.txt", "1 of 2 parts are read."]),
        (Path(__file__), ["Left out: a.txt"]),
    ):
        place = Place.of(str(work))
        with (
            pytest.raises(Failure, match=r"^The cluster is gone\.") as raised,
            what_is_finished(place, place, parts, ["Left out: a.txt"]),
        ):
            raise Failure("The cluster is gone.")
        assert raised.value.__notes__ == notes
