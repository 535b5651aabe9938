"""How often a poet that goes on with other poems should read them."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.poets.fine_tuning_epochs import FEWEST, MOST, epochs_for_fine_tuning
from poetbot.poets.folder import BUNDLED, Poet, load

VERSE = [
    "The lamp is low, the street is long,\nThe rain has learned a softer song;\nAnd no one asks the night to stay,\n"
    "Yet here it sits till break of day.",
    "Tell me the name of the bridge you crossed\nWhen the fog came up and the boats were lost.",
]
GERMAN = [
    "Die Lampe brennt, die Straße schweigt,\nder Regen hat sein Lied gegeigt;\nund niemand bat die Nacht zu gehn,\n"
    "sie bleibt am offnen Fenster stehn."
]


@pytest.fixture(scope="module")
def english() -> Poet:
    return load(BUNDLED / "english")


def with_figure(poet: Poet, bits: Any) -> Poet:
    return dataclasses.replace(poet, card={**poet.card, "figures": {"validation_bits_per_character": bits}})


def test_a_few_poems_of_its_own_kind_are_read_a_few_times(english: Poet) -> None:
    assert epochs_for_fine_tuning(english, VERSE) == FEWEST
    assert epochs_for_fine_tuning(english, VERSE * 300) == FEWEST


def test_poems_in_another_language_are_read_often(english: Poet) -> None:
    assert epochs_for_fine_tuning(english, GERMAN) == MOST
    assert FEWEST < epochs_for_fine_tuning(english, [*VERSE * 2, *GERMAN]) < MOST


def test_many_poems_are_read_more_often(english: Poet) -> None:
    sizes = [epochs_for_fine_tuning(english, VERSE * count) for count in (1000, 2400, 6000, 26_000)]
    assert sizes == sorted(sizes) and FEWEST < sizes[0] < sizes[1] < sizes[2] < sizes[3] == MOST


@given(st.none() | st.floats() | st.integers() | st.text())
def test_any_card_gives_a_valid_number_of_epochs(english: Poet, bits: Any) -> None:
    assert FEWEST <= epochs_for_fine_tuning(with_figure(english, bits), VERSE[:1]) <= MOST


def test_without_figures_of_the_parent_it_reads_often(english: Poet) -> None:
    for card in (
        {},
        {"figures": None},
        {"figures": {}},
        {"figures": {"validation_bits_per_character": None}},
    ):
        assert epochs_for_fine_tuning(dataclasses.replace(english, card=card), VERSE) == MOST
    for texts in ([], [""], ["", "\n"]):
        assert FEWEST <= epochs_for_fine_tuning(english, texts) <= MOST
