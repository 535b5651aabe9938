"""What a run says of itself while it goes on."""

import json
import time
from pathlib import Path

import pytest

from poetbot.training import reporter


def test_slow_steps_are_told_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
