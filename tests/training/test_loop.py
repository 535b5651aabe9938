"""Whole runs, small ones: they learn, they stop and go on as if they had not, and they say what is wrong."""

import dataclasses
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import json
import math
from pathlib import Path

import numpy as np
import pytest

from poetbot.corpus.loading import corpus_of
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poem import Poem
from poetbot.poets.folder import load
from poetbot.poets.recipe import Recipe
from poetbot.poets.training_run import TrainingRun
from poetbot.training import stream_dataset
from poetbot.training.loop import run
from poetbot.training.plan import Plan
from poetbot.training.split import Split
from poetbot.training.worker import TrainOptions, train

RECIPE = Recipe(layers=2, units=24, window=20, batch=4, learning_rate=0.02, warmup=2, dropout=0.1)
WORDS = ["lamp", "street", "kettle", "rain", "hall", "apple", "winter", "bridge", "fog", "boat"]


def poems(count: int = 24) -> tuple[Poem, ...]:
    rng = np.random.default_rng(0)
    return tuple(
        Poem("\n".join(" ".join(rng.choice(WORDS, 4)) for _ in range(5)), title=str(n), author="PoetBot")
        for n in range(count)
    )


def plan(epochs: float | None = 2, minutes: float | None = None, recipe: Recipe = RECIPE) -> Plan:
    return Plan(
        TrainingRun("tiny", minutes=minutes, epochs=epochs, rng=3),
        Split(poems()[4:], poems()[:4], {}, "by poem"),
        recipe,
    )


def bytes_of(tensors: dict[str, np.ndarray]) -> bytes:
    return b"".join(tensors[name].tobytes() for name in sorted(tensors))


def test_a_poet_is_trained_and_its_folder_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "poet"
    card = train(
        TrainOptions(
            TrainingRun(out.name, epochs=3, rng=1, licence="CC0"), corpus_of(poems(), "words"), out, RECIPE
        )
    )
    poet = load(out)
    assert poet.id == card["id"]
    assert card["training"]["finished"]
    history = [json.loads(line) for line in (out / "history.jsonl").read_text().splitlines()]
    assert [entry["epoch"] for entry in history] == [1, 2, 3]
    assert history[-1]["validation_nats"] < history[0]["validation_nats"] < math.log(len(poet.vocabulary))
    assert all(entry["sample"] for entry in history)
    index = OverlapIndex.open(poet.overlap_folder)
    assert index.poem_count == card["corpus"]["training_poems"]
    assert sum(poet.words().values()) == index.word_count
    assert "CC0" in (out / "README.md").read_text()
    progress = [json.loads(line) for line in (out / "job" / "progress.jsonl").read_text().splitlines()]
    assert progress and all("time" in line and line["memory"] != 0 for line in progress)
    (begin,) = [line["begin"] for line in progress if "begin" in line]
    assert begin["training_characters"] == card["corpus"]["training_characters"]
    assert begin["validation_poems"] == card["split"]["validation_poems"] and begin["parent"] is None
    (start,) = [line["start"] for line in progress if "start" in line]
    assert start["symbols"] == len(poet.vocabulary) and start["sample"] not in ("", history[0]["sample"])
    with pytest.raises(PoetBotError, match="already"):
        train(TrainOptions(TrainingRun(out.name, epochs=1), corpus_of(poems(), "words"), out, RECIPE))


def test_a_stopped_run_continues_to_the_same_weights_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(plan(), tmp_path / "whole", resume=False, report=lambda event: None, keep=lambda result: None)

    # Stopped in the middle of the first epoch and again in the second, as a signal would.
    stopped_at: list[int] = []
    for stop in (7, 30):

        def report(event: dict, stop: int = stop) -> None:
            if event.get("step") == stop:
                stopped_at.append(stop)
                os.kill(os.getpid(), 15)

        part = run(plan(), tmp_path / "parts", resume=True, report=report, keep=lambda result: None)
        assert not part.finished
    resumed = run(
        plan(), tmp_path / "parts", resume=True, report=lambda event: None, keep=lambda result: None
    )
    assert stopped_at == [7, 30]
    assert resumed.finished
    assert bytes_of(resumed.tensors) == bytes_of(whole.tensors)

    def without_times(history: list[dict]) -> list[dict]:
        return [{key: value for key, value in entry.items() if key != "minutes"} for entry in history]

    assert without_times(resumed.progress.history) == without_times(whole.progress.history)


def test_minutes_are_kept_roughly(tmp_path: Path) -> None:
    result = run(
        plan(epochs=None, minutes=0.05),
        tmp_path,
        resume=False,
        report=lambda event: None,
        keep=lambda best: None,
    )
    assert result.finished
    assert 0.3 < result.progress.seconds < 30
    assert result.progress.epochs is not None and result.progress.history


def test_a_loss_that_is_not_a_number_stops_with_advice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = stream_dataset.build

    def broken(*arguments: object) -> object:
        model = real(*arguments)
        model.get_layer("dense").kernel.assign(model.get_layer("dense").kernel * np.nan)
        return model

    monkeypatch.setattr(stream_dataset, "build", broken)
    with pytest.raises(PoetBotError, match="learning rate"):
        run(plan(), tmp_path, resume=False, report=lambda event: None, keep=lambda result: None)


def test_a_corpus_shorter_than_a_batch_gets_fewer_rows_and_a_tiny_one_is_refused(tmp_path: Path) -> None:
    wide = dataclasses.replace(RECIPE, batch=512)
    result = run(
        plan(1, None, wide), tmp_path, resume=False, report=lambda event: None, keep=lambda best: None
    )
    assert result.finished
    long = dataclasses.replace(RECIPE, window=2000)
    with pytest.raises(PoetBotError, match="too few"):
        run(
            plan(1, None, long),
            tmp_path / "b",
            resume=False,
            report=lambda event: None,
            keep=lambda best: None,
        )
