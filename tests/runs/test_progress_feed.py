"""A run as a page follows it: read on from where it was, thinned, and never broken by a damaged file."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.messages import Message
from poetbot.runs.progress_feed import RunProgress, current_activity, update_progress

BEGIN = {
    "begin": {
        "training_poems": 9,
        "training_characters": 900,
        "validation_poems": 1,
        "parent": "english",
        "bits": 2.5,
    }
}
START = {"start": {"symbols": 64, "sample": "babble"}}


def step(number: int, passes: float, time: float, **more: Any) -> dict[str, Any]:
    event = {
        "time": time,
        "memory": 5e8,
        "step": number,
        "passes": passes,
        "epochs": 10.0,
        "loss": 3.0 - passes / 10,
    }
    return {**event, "unit": "characters", "characters_per_second": 100.0, "seconds_left": 77.0, **more}


def tell(poet: Path, *events: dict[str, Any]) -> None:
    (poet / "job").mkdir(parents=True, exist_ok=True)
    with (poet / "job" / "progress.jsonl").open("ab") as file:
        file.write("".join(json.dumps(event) + "\n" for event in events).encode())


def remember(poet: Path, *losses: float | None) -> None:
    lines = [
        {"epoch": k, "training_nats": 2.0, "validation_nats": loss, "sample": f"sample {k}"}
        for k, loss in enumerate(losses, 1)
    ]
    (poet / "history.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_it_is_updated_from_the_log(tmp_path: Path) -> None:
    assert update_progress(RunProgress(), tmp_path) == RunProgress()
    tell(tmp_path, BEGIN, START)
    run = update_progress(RunProgress(), tmp_path)
    assert (run.parent, run.poems, run.held_out, run.symbols) == ("english", 9, 1, 64)
    assert run.first_sample == "babble" and run.doing == "reading" and run.share == 0
    assert run.start == pytest.approx(2.5 * math.log(2)) and run.best is None and run.seconds_left is None
    tell(tmp_path, step(1, 0.5, 10.0), {"notice": "Little room."}, {"notice": "Little room."})
    remember(tmp_path, 1.6, 1.5, 1.55)
    run = update_progress(run, tmp_path)
    assert run.doing == "training" and run.notices == [Message("Little room.")] and run.memory == 500_000_000
    assert run.share == 0.05 and run.rate == 100.0 and run.seconds_left == 77.0
    assert (
        run.best
        and run.best.number == 2
        and [e.sample for e in run.epochs] == ["sample 1", "sample 2", "sample 3"]
    )
    tell(tmp_path, {"step": 1, "doing": "measuring"})
    assert update_progress(run, tmp_path).doing == "measuring"


def test_the_start_of_the_current_activity_is_known(tmp_path: Path) -> None:
    assert current_activity(RunProgress(), None, 7.0) == ("reading", 0.0)
    assert current_activity(RunProgress(), 2.0, 7.0) == ("reading", 5.0)
    tell(tmp_path, {"time": 10.0, "doing": "loading"}, {"time": 11.0, "step": 0, "doing": "loading"})
    tell(tmp_path, {"time": 12.5, "step": 0, "doing": "loading"})
    run = update_progress(RunProgress(), tmp_path)
    assert current_activity(run, 2.0, 13.0) == ("loading", 3.0)
    assert current_activity(run, 2.0, 9.0) == ("loading", 0.0)  # the clock was put back
    tell(tmp_path, {"time": 14.0, **BEGIN}, {"time": 14.0, "doing": "building"}, step(1, 0.5, 20.0))
    run = update_progress(run, tmp_path)
    assert current_activity(run, 2.0, 21.0) == ("training", 1.0)
    # Resumed after a pause: it reads again, until it says something.
    assert current_activity(run, 100.0, 104.0) == ("reading", 4.0)
    tell(tmp_path, {"time": 105.0, "doing": "loading"})
    assert current_activity(update_progress(run, tmp_path), 100.0, 107.0) == ("loading", 2.0)


def test_the_remaining_time_is_measured_by_the_clock(tmp_path: Path) -> None:
    # Half an epoch takes ten seconds here, with all that lies between the steps; the worker counts the steps alone.
    tell(tmp_path, BEGIN, *(step(k, k / 2, 10.0 * k) for k in range(1, 5)))
    run = update_progress(RunProgress(), tmp_path)
    assert run.seconds_left == pytest.approx((10 - 2) * 20)
    tell(tmp_path, BEGIN, step(5, 2.5, 5000.0), step(6, 3.0, 5005.0))  # a pause of an hour lies between
    assert update_progress(run, tmp_path).seconds_left == pytest.approx(7 * 10)


def test_an_epoch_is_complete_even_if_its_last_steps_were_not_reported(tmp_path: Path) -> None:
    tell(tmp_path, BEGIN, step(9, 9.6, 10.0), {"epoch": {"epoch": 10}})
    assert update_progress(RunProgress(), tmp_path).share == 1
    tell(tmp_path, BEGIN, step(3, 3.1, 20.0, epochs=3.4), {"epoch": {"epoch": 4}})
    assert update_progress(RunProgress(), tmp_path).passes == 3.4
    tell(tmp_path, BEGIN, {"epoch": {"epoch": "many"}}, {"epoch": {}}, step(2, 1.5, 30.0))
    assert update_progress(RunProgress(), tmp_path).passes == 1.5


def test_without_a_parent_it_begins_at_chance_and_without_poems_held_out_the_last_is_the_best(
    tmp_path: Path,
) -> None:
    tell(tmp_path, {"begin": {**BEGIN["begin"], "parent": None, "bits": None, "validation_poems": 0}}, START)
    remember(tmp_path, None, None)
    run = update_progress(RunProgress(), tmp_path)
    assert run.start == pytest.approx(math.log(64)) and run.best and run.best.number == 2


def test_a_killed_run_repeats_its_last_steps(tmp_path: Path) -> None:
    tell(tmp_path, BEGIN, *(step(k, k / 10, k) for k in range(1, 31)))
    run = update_progress(RunProgress(), tmp_path)
    assert len(run.steps) == 30
    tell(tmp_path, BEGIN, step(21, 2.1, 100.0, loss=9.0))
    run = update_progress(run, tmp_path)
    assert run.passes == 2.1 and [each.passes for each in run.steps][-2:] == [2.0, 2.1]
    assert run.steps[-1].nats == 9.0


def test_a_restarted_run_replaces_the_progress(tmp_path: Path) -> None:
    tell(tmp_path, BEGIN, START, *(step(k, k / 10, k) for k in range(1, 31)))
    run = update_progress(RunProgress(), tmp_path)
    (tmp_path / "job" / "progress.jsonl").unlink()
    tell(tmp_path, step(1, 0.1, 1000.0))
    run = update_progress(run, tmp_path)
    assert run.passes == 0.1 and len(run.steps) == 1 and run.poems is None


def test_a_long_run_takes_no_more_room_than_a_short_one(tmp_path: Path) -> None:
    tell(tmp_path, *(step(k, k / 1000, k) for k in range(1, 10_001)))
    run = update_progress(RunProgress(), tmp_path)
    assert 100 <= len(run.steps) <= 240
    assert run.steps[-1].passes == 10.0 and sum(each.steps for each in run.steps) == 10_000
    mean = sum(each.nats * each.steps for each in run.steps) / 10_000
    assert mean == pytest.approx(sum(3.0 - k / 10_000 for k in range(1, 10_001)) / 10_000)


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["symbols", "sample", "parent", "bits", "training_poems"]), inner, max_size=4
        )
    ),
    max_leaves=4,
)
NAMES = [
    "time",
    "memory",
    "doing",
    "notice",
    "begin",
    "start",
    "passes",
    "epochs",
    "loss",
    "unit",
    "seconds_left",
]
NAMES += ["characters_per_second", "epoch", "training_nats", "validation_nats", "sample"]
LINES = st.one_of(
    st.binary(max_size=20),
    st.dictionaries(st.sampled_from(NAMES), VALUES).map(lambda d: json.dumps(d).encode()),
)


@given(st.lists(LINES, max_size=12), st.lists(LINES, max_size=6))
def test_any_line_is_accepted(
    tmp_path_factory: pytest.TempPathFactory, progress: list[bytes], history: list[bytes]
) -> None:
    poet = tmp_path_factory.mktemp("poet")
    (poet / "job").mkdir()
    (poet / "job" / "progress.jsonl").write_bytes(b"\n".join(progress))
    (poet / "history.jsonl").write_bytes(b"\n".join(history))
    run = update_progress(update_progress(RunProgress(), poet), poet)
    assert 0 <= run.share <= 1
    assert run.seconds_left is None or math.isfinite(run.seconds_left)
    assert run.start is None or math.isfinite(run.start)
    assert run.best is None or run.best in run.epochs
