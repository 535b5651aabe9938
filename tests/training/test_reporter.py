"""What a run says of itself while it goes on."""

import io
import json
import re
import sys
import time
from pathlib import Path

import pytest

from poetbot.messages import Message
from poetbot.training import reporter
from poetbot.training.worker import train
from tests.training.worker_to_kill import order


def test_slow_steps_are_reported_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter, "_EVERY", 0.2)  # the lines that say it lives come every 0.15 seconds
    facts = {"passes": 0.1, "epochs": 1.0, "loss": 2.0, "seconds_left": 1.0, "unit": "characters"}
    with reporter.Reporter(tmp_path) as report:
        for step in range(5):
            report({**facts, "step": step, "characters_per_second": 9.0})
            time.sleep(0.25)
    lines = [json.loads(line) for line in (tmp_path / "progress.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines if "loss" in line] == [0, 1, 2, 3, 4]
    assert any("doing" in line for line in lines)
    assert all(line["memory"] is None or line["memory"] > 1_000_000 for line in lines)


def test_activities_before_the_first_step_are_reported_at_once_and_repeatedly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter, "_EVERY", 0.1)
    monkeypatch.setattr(sys, "stderr", said := io.StringIO())
    with reporter.Reporter(tmp_path) as report:
        report({"doing": "loading"})
        assert "loading TensorFlow" in said.getvalue()
        time.sleep(0.5)
        report({"doing": "indexing"})
        lines = [json.loads(line) for line in (tmp_path / "progress.jsonl").read_text().splitlines()]
        assert [line["doing"] for line in lines[1:-1]] == ["loading"] * (len(lines) - 2) and len(lines) > 3
        assert lines[0]["doing"] == "loading" and lines[-1]["doing"] == "indexing"
        assert "indexing the poems" in said.getvalue() and re.search(r"\d s\b", said.getvalue())


def test_a_run_reports_all_its_activities(tmp_path: Path) -> None:
    train(order(tmp_path / "poet", epochs=1))
    lines = (tmp_path / "poet" / "job" / "progress.jsonl").read_text().splitlines()
    told = [doing for line in lines if (doing := json.loads(line).get("doing"))]
    told = [doing for doing in told if doing != "training"]  # only reported while a step is slow
    assert list(dict.fromkeys(told))[:5] == ["loading", "splitting", "indexing", "building", "measuring"]


def test_a_run_elsewhere_is_followed_without_lines_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    step = {"step": 3, "passes": 0.5, "epochs": 1, "loss": 1.25, "unit": "characters", "seconds_left": 60}
    notice = {"notice": Message("Only {n} poems.", n=3).as_json()}
    alive = {"step": 3, "doing": "training"}
    lines = "".join(json.dumps(line) + "\n" for line in (notice, step, alive)).encode()
    monkeypatch.setattr(reporter, "_EVERY", 0.2)
    with reporter.Reporter(tmp_path) as report:
        report({"doing": "waiting"})
        own = (tmp_path / "progress.jsonl").read_bytes()
        report.follow(lines)
        time.sleep(0.5)  # longer than between two signs of life
        assert (tmp_path / "progress.jsonl").read_bytes() == own + lines
        report({"doing": "waiting"})
        time.sleep(0.5)
    written = (tmp_path / "progress.jsonl").read_text().splitlines()
    assert [json.loads(line).get("doing") for line in written[-2:]] == ["waiting"] * 2
    shown = capsys.readouterr().err
    assert "Only 3 poems." in shown and "step 3 loss 1.250" in shown and "waiting for a node" in shown


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"characters": 9, "validation_bits": 1.5, "validation_nats": 1.0}, "1.500 bits"),
        ({"characters": 9, "validation_bits": None, "validation_nats": 2.0}, "2.000 nats per letter"),
        ({"words": 9, "validation_bits": None, "validation_nats": 5.0}, "5.000 nats per word"),
    ],
)
def test_the_loss_of_an_epoch_has_its_unit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], figures: dict[str, float], said: str
) -> None:
    with reporter.Reporter(tmp_path) as report:
        report({"epoch": {"epoch": 1, "sample": "the sea", **figures}})
    assert f"Epoch 1, {said} on held-out poems" in capsys.readouterr().err
