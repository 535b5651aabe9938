"""Orders that cannot be carried out, disks that are full, folders that hold something: each a sentence, nothing lost."""

import dataclasses
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poetbot.errors import Failure, PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import load
from poetbot.training import reporter as reporters
from poetbot.training.checkpoint import newest, write
from poetbot.training.model_card import model_card
from poetbot.training.worker import rebuild_index, rebuild_vectors, round_weights, train
from tests.training.worker_to_kill import order


class Disk:
    """Full, it lets this process write no file longer than 2 KB: the system refuses as it does on a full disk."""

    def __init__(self) -> None:
        self._resource = pytest.importorskip("resource")
        _, self._hard = self._resource.getrlimit(self._resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def fill(self) -> None:
        self._resource.setrlimit(self._resource.RLIMIT_FSIZE, (2000, self._hard))

    def make_room(self) -> None:
        self._resource.setrlimit(self._resource.RLIMIT_FSIZE, (self._hard, self._hard))


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk()
    yield disk
    disk.make_room()


def at_steps(monkeypatch: pytest.MonkeyPatch, do: dict[int, Callable[[], None]]) -> list[str]:
    """Do something when a run reaches a step; return the list that its notices will be in."""
    notices: list[str] = []
    real = reporters.Reporter.__call__

    def call(self: reporters.Reporter, event: dict[str, Any]) -> None:
        real(self, event)
        if "notice" in event:
            notices.append(event["notice"])
        if event.get("step") in do:
            do[event["step"]]()

    monkeypatch.setattr(reporters.Reporter, "__call__", call)
    return notices


def stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run stopped in its second epoch."""
    out = tmp_path_factory.mktemp("stopped") / "poet"
    with pytest.MonkeyPatch.context() as patch:
        at_steps(patch, {50: stop})
        card = train(order(out))
    assert not card["training"]["finished"]
    return out


def test_a_run_with_the_poems_of_its_parent_continues_its_training(stopped: Path, tmp_path: Path) -> None:
    first = load(stopped)
    asked = dataclasses.replace(order(tmp_path / "poet"), parent=first)
    card = train(asked)
    second = load(asked.out)
    assert card["parent"] is None and second.words() == first.words()
    texts = [poem.text for poem in asked.corpus.poems]
    indexes = [OverlapIndex.open(poet.overlap_folder) for poet in (first, second)]
    assert [report(indexes[0], text) for text in texts] == [report(indexes[1], text) for text in texts]
    epochs, minutes = (first.card["training"][name] for name in ("epochs", "minutes"))
    assert card["training"]["earlier"]["id"] == first.id
    assert f"`{first.id}`, which had been trained on the same poems for {epochs:g} epochs" in (
        asked.out / "README.md"
    ).read_text("utf-8")
    # Everything can be made again with the same options.
    for again in (rebuild_index, rebuild_vectors, round_weights):
        assert again(asked)["parent"] is None
    assert load(asked.out).words() == first.words()

    earlier = train(dataclasses.replace(asked, out=tmp_path / "third", parent=second))["training"]["earlier"]
    assert earlier["epochs"] == pytest.approx(epochs + card["training"]["epochs"])
    assert earlier["minutes"] == pytest.approx(minutes + card["training"]["minutes"])

    poems = dataclasses.replace(asked.corpus, poems=asked.corpus.poems[:-3])
    other = train(dataclasses.replace(asked, out=tmp_path / "other", corpus=poems))
    assert other["parent"]["id"] == first.id and "earlier" not in other["training"]
    # What was fine-tuned already has two parents' poems, so it is fine-tuned again.
    child = load(tmp_path / "other")
    grandchild = train(dataclasses.replace(asked, out=tmp_path / "next", corpus=poems, parent=child))
    assert grandchild["parent"]["id"] == child.id


def copy(folder: Path, to: Path) -> Path:
    import shutil

    return Path(shutil.copytree(folder, to / "poet"))


def test_a_resumed_run_must_be_the_same_one(stopped: Path) -> None:
    asked = order(stopped)
    wrong = {
        "recipe \\(units\\)": dataclasses.replace(asked, recipe=asked.recipe.changed(["units=25"])),
        "--rng 3": dataclasses.replace(asked, run=dataclasses.replace(asked.run, rng=4)),
        "corpus": dataclasses.replace(
            asked, corpus=dataclasses.replace(asked.corpus, poems=asked.corpus.poems[:-3])
        ),
        "--resume": dataclasses.replace(asked, resume=False),
    }
    before = newest(stopped / "job")[0]
    for said, other in wrong.items():
        with pytest.raises(PoetBotError, match=said):
            train(other)
    after = newest(stopped / "job")[0]
    assert before is not None and after is not None and before.step == after.step


def test_a_run_of_another_version_is_refused(stopped: Path, tmp_path: Path) -> None:
    out = copy(stopped, tmp_path)
    found, _ = newest(out / "job")
    assert found is not None
    for changed in ({"progress": {"pages": 3}}, {"plan": {}}, {"threads": ...}):
        state = {**found.state, **changed}
        state = {key: value for key, value in state.items() if value is not ...}
        write(out / "job", dataclasses.replace(found, state=state))
        with pytest.raises(PoetBotError, match="written by another version of PoetBot"):
            train(order(out))


def test_a_model_card_says_if_the_held_out_poems_are_not_measured_yet(stopped: Path) -> None:
    card = load(stopped).card
    early = {**card, "figures": {**card["figures"], "validation_bits_per_character": None}}
    held_out = card["split"]["validation_poems"]
    assert held_out and f"Not yet measured on {held_out} poems" in model_card(early, [])
    without = {**early, "split": {**card["split"], "validation_poems": 0}}
    assert "No poems were held out." in model_card(without, [])


def test_only_its_own_unfinished_files_are_deleted(stopped: Path, tmp_path: Path) -> None:
    out = copy(stopped, tmp_path)
    own = [out / ".poet.json.123", out / ".weights.safetensors.7", out / "epochs" / ".0001.safetensors.9"]
    others = [out / ".notes.2026", out / ".poet.json.1a"]
    for each in (*own, *others):
        each.touch()
    (out / ".words.json.5").mkdir()
    with pytest.raises(PoetBotError, match="different recipe"):
        train(dataclasses.replace(order(out), recipe=order(out).recipe.changed(["units=25"])))
    assert not any(each.exists() for each in own) and all(each.exists() for each in others)


def test_without_a_checkpoint_that_can_be_read_a_poet_stays_as_it_is(stopped: Path, tmp_path: Path) -> None:
    out = copy(stopped, tmp_path)
    for state in (out / "job" / "checkpoints").glob("*/state.json"):
        state.write_bytes(b"{}")
    weights = (out / "weights.safetensors").read_bytes()
    with pytest.raises(PoetBotError, match="can't be read"):
        train(order(out))
    assert (out / "weights.safetensors").read_bytes() == weights


@pytest.mark.slow
def test_a_damaged_checkpoint_is_skipped_and_the_result_is_the_same(
    stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = at_steps(monkeypatch, {})
    ends = []
    for damage in (False, True):
        out = copy(stopped, tmp_path / str(damage))
        if damage:
            newest_folder = max((out / "job" / "checkpoints").iterdir())
            (newest_folder / "variables.safetensors").write_bytes(b"short")
        train(order(out))
        ends.append((out / "weights.safetensors").read_bytes())
    assert ends[0] == ends[1]
    assert sum("damaged and was skipped" in notice for notice in notices) == 1


def test_a_full_disk_does_not_end_a_run_and_loses_nothing(
    stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk
) -> None:
    plain, short_of_room = copy(stopped, tmp_path / "a"), copy(stopped, tmp_path / "b")
    train(order(plain))
    notices = at_steps(monkeypatch, {60: disk.fill, 90: disk.make_room})
    train(dataclasses.replace(order(short_of_room), checkpoint_seconds=0))
    refused = [notice for notice in notices if "No checkpoint could be written (file too large)" in notice]
    assert refused and "Training continues" in refused[0]
    assert any("poet so far couldn't be saved" in notice for notice in notices)
    assert load(short_of_room).id == load(plain).id
    assert not any(path.name.startswith(".") for path in short_of_room.rglob("*"))


def test_a_failed_save_is_an_error_and_keeps_the_last_checkpoint(
    stopped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disk: Disk
) -> None:
    out = copy(stopped, tmp_path)
    before = newest(out / "job")[0]

    def stop_on_a_full_disk() -> None:
        disk.fill()
        stop()

    at_steps(monkeypatch, {60: stop_on_a_full_disk})
    with pytest.raises(Failure, match="couldn't be saved"):
        train(order(out))
    disk.make_room()
    after, notices = newest(out / "job")
    assert before is not None and after is not None and notices == [] and after.step == before.step == 50


def test_resume_without_a_checkpoint_starts_and_job_json_has_the_options(tmp_path: Path) -> None:
    out = tmp_path / "poet"
    (out / "job").mkdir(parents=True)
    (out / "job" / "progress.jsonl").write_text('{"half a li')
    card = train(order(out, epochs=0.2))
    assert card["training"]["finished"] and card["training"]["threads"] >= 1
    job = json.loads((out / "job" / "job.json").read_text())
    assert job["rng"] == 3 and job["recipe"]["name"] == "tiny" and job["threads"] == 2
    lines = [json.loads(line) for line in (out / "job" / "progress.jsonl").read_text().splitlines()]
    times = np.array([line["time"] for line in lines])
    assert (np.diff(times) <= 2.5).all()  # a line a second was promised; the machine may be busy


@pytest.mark.skipif(sys.platform == "win32", reason="a file that is no folder is said otherwise there")
def test_out_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "poet").write_text("no folder")
    with pytest.raises(PoetBotError, match="can't be written to"):
        train(order(tmp_path / "poet"))
