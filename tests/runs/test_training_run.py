from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.runs.training_run import TrainingRun

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
fields = st.sampled_from([*TrainingRun("x").as_json(), "worker"])


def test_an_order_is_what_was_written() -> None:
    order = TrainingRun("Emily", parent="english", minutes=3, licence="mine")
    assert TrainingRun.from_json(order.as_json()) == order


@given(st.dictionaries(fields, json) | json)
def test_whatever_a_file_says_is_an_order_or_a_sentence(data: Any) -> None:
    with suppress(PoetBotError):
        TrainingRun.from_json(data)


@pytest.mark.parametrize(
    "wrong",
    [
        {"corpus": "/etc/passwd"},
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
def test_what_cannot_be_done_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(PoetBotError):
        TrainingRun("Emily", **wrong)


def test_no_value_is_taken_for_an_option(tmp_path: Path) -> None:
    arguments = TrainingRun("Emily", licence="--overlap-only").arguments(tmp_path)
    assert "--overlap-only" not in arguments and "--licence=--overlap-only" in arguments
