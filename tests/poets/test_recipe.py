import dataclasses

import pytest

from poetbot.errors import PoetBotError
from poetbot.poets.recipe import RECIPES, Recipe, recipe_named


def test_every_preset_survives_the_way_through_json() -> None:
    for name, recipe in RECIPES.items():
        assert recipe.name == name
        assert Recipe.from_json(recipe.as_json()) == recipe


def test_classic_is_the_article_s_network() -> None:
    classic = recipe_named("classic")
    assert (classic.layers, classic.units, classic.dropout, classic.recurrent_dropout, classic.window) == (
        3,
        300,
        0.2,
        0.2,
        300,
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("layers", 0),
        ("layers", True),
        ("layers", 2.0),
        ("units", 10**9),
        ("dropout", 1.0),
        ("dropout", float("nan")),
        ("recurrent_dropout", "much"),
        ("window", 1),
        ("cell", "transformer"),
        ("learning_rate", 0),
        ("learning_rate", float("inf")),
        ("name", ""),
        ("precision", "float16"),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(field: str, value: object) -> None:
    with pytest.raises(PoetBotError, match=field) as caught:
        dataclasses.replace(Recipe(), **{field: value})
    assert "\n" not in str(caught.value)


def test_a_wrong_key_is_named() -> None:
    with pytest.raises(PoetBotError, match="hidden"):
        Recipe.from_json({"hidden": 3})
    with pytest.raises(PoetBotError):
        Recipe.from_json([])
    with pytest.raises(PoetBotError, match="classic"):
        recipe_named("sonnets")
