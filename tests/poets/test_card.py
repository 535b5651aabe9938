"""A card may come from anywhere: what has the wrong type is left out."""

from typing import Any

import pytest

from poetbot.poets.card import Card

WRONG: list[Any] = [
    None,
    5,
    "text",
    [],
    {"training": None},
    {"training": [1]},
    {"training": {"earlier": "x"}},
]


@pytest.mark.parametrize("data", WRONG)
def test_what_is_missing_or_wrong_is_empty(data: Any) -> None:
    earlier = Card(data).part("training").part("earlier")
    assert earlier.number("minutes") is None and earlier.text("id") == "" and not earlier.flag("finished")
    assert earlier.authors() == []


@pytest.mark.parametrize("value", [True, "1", float("nan"), 10**400, [1]])
def test_a_number_is_finite(value: Any) -> None:
    assert Card({"minutes": value}).number("minutes") is None


def test_values_of_the_right_type_are_returned() -> None:
    card = Card({"id": "x" * 301, "minutes": 2, "finished": True, "authors": ["Emily Dickinson (1,000)"]})
    assert card.text("id") == "x" * 300 and card.number("minutes") == 2.0 and card.flag("finished")
    assert card.authors() == ["Emily Dickinson"]
