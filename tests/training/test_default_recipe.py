import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.training.default_recipe import default_recipe


@given(st.integers(0, 10**9), st.floats(0.01, 10_000))
def test_there_is_a_recipe_for_every_corpus_and_length(characters: int, minutes: float) -> None:
    for recipe in (default_recipe(characters, minutes=minutes), default_recipe(characters, epochs=minutes)):
        assert recipe.layers in (2, 3) and recipe.cell == "lstm" and not recipe.recurrent_dropout


@given(st.integers(1_000, 10**8), st.floats(0.1, 500), st.floats(0.1, 500))
def test_more_epochs_need_more_dropout(characters: int, one: float, other: float) -> None:
    few, often = (default_recipe(characters, epochs=epochs) for epochs in sorted((one, other)))
    assert few.dropout <= often.dropout
    assert few.weight_drop <= often.weight_drop
    assert few.units <= often.units and few.layers <= often.layers


def test_without_a_length_it_is_for_twenty_epochs() -> None:
    assert default_recipe(400_000) == default_recipe(400_000, epochs=20)


def test_short_runs_need_no_dropout_and_small_corpora_much() -> None:
    assert default_recipe(1_000_000, minutes=2.5).dropout == 0
    assert default_recipe(1_000_000, minutes=2.5).units < default_recipe(1_000_000, minutes=45).units == 300
    assert default_recipe(60_000, minutes=20).dropout == pytest.approx(0.5, abs=0.1)
