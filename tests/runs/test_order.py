import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.training_run import TrainingRun
from poetbot.runs.order import order_json, parse_order, validate_order, worker_arguments

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from([*asdict(TrainingRun("x")), "corpus", "worker"])


def test_an_order_is_what_was_written() -> None:
    run = TrainingRun("Emily", parent="english", minutes=3, licence="mine")
    assert parse_order(json.loads(order_json(run))) == run


def test_an_order_of_version_0_1_is_read() -> None:
    old = asdict(TrainingRun("Emily")) | {"corpus": None}
    assert parse_order(old) == TrainingRun("Emily")
    with pytest.raises(PoetBotError, match="damaged"):
        parse_order(old | {"corpus": "/etc/passwd"})


@given(st.dictionaries(fields, values) | values)
def test_whatever_a_file_says_is_an_order_or_an_error(data: Any) -> None:
    with suppress(PoetBotError):
        parse_order(data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"recipe": 7},
        {"parent": ["english"]},
        {"recipe": "../recipe.json"},
        {"parent": "../english"},
        {"minutes": 0},
        {"minutes": float("nan")},
        {"minutes": 1, "epochs": 1},
        {"parent": "english", "recipe": "verse"},
        {"rng": -1},
        {"rng": True},
        {"validation": 1},
        {"licence": "a\nb"},
    ],
)
def test_an_impossible_run_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(PoetBotError):
        validate_order(TrainingRun("Emily", **wrong))


def test_no_value_is_parsed_as_an_option(tmp_path: Path) -> None:
    arguments = worker_arguments(TrainingRun("Emily", licence="--overlap-only"), tmp_path)
    assert "--overlap-only" not in arguments and "--licence=--overlap-only" in arguments


def test_on_a_cluster_the_worker_is_told_which_and_what_it_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    here = worker_arguments(TrainingRun("Emily"), Path("job"))
    assert here[-1] == "--resume"
    monkeypatch.setenv("POETBOT_CLUSTER", " auto ")
    monkeypatch.setenv("POETBOT_CLUSTER_CPUS", "3")
    wanted = ["--engine=ray", "--address=auto", "--cpus=3", "--gpus=0"]
    assert worker_arguments(TrainingRun("Emily"), Path("job")) == [*here, *wanted]
