import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.folder import BUNDLED, load
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES, recipe_named

STORY = RECIPES["story"]


def test_every_preset_survives_json() -> None:
    for name, recipe in RECIPES.items():
        assert recipe.name == name
        assert Recipe.from_json(json.loads(json.dumps(recipe.as_json()))) == recipe


def test_classic_is_the_network_of_the_article() -> None:
    classic = recipe_named("classic")
    assert (classic.layers, classic.units, classic.dropout, classic.recurrent_dropout, classic.window) == (
        3,
        300,
        0.2,
        0.2,
        300,
    )


def test_a_bundled_poet_keeps_its_id_and_its_fields() -> None:
    poet = load("english")
    assert poet.id == poet.card["id"] == "aea3f71ed62e1c437326f6421acee785b7f62847236e0a16056ffba8a8b3deb0"
    written = json.loads((BUNDLED / "english" / "poet.json").read_text("utf-8"))["recipe"]
    assert poet.recipe.as_json() == written


def test_a_newer_field_is_written_only_if_it_differs_from_the_default() -> None:
    assert "embedding" not in Recipe().as_json()
    assert Recipe(embedding=8).as_json()["embedding"] == 8
    assert Recipe(learning_rate=1) == Recipe(learning_rate=1.0)
    assert json.dumps(Recipe(dropout=0).as_json()) == json.dumps(Recipe(dropout=0.0).as_json())


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
        ("weight_drop", 1.0),
        ("window", 1),
        ("cell", "transformer"),
        ("cell", ["lstm"]),
        ("learning_rate", 0),
        ("learning_rate", float("inf")),
        ("name", ""),
        ("precision", "float16"),
        ("pieces", "pages"),
        ("embedding", -1),
        ("fold_case", 1),
        ("fall", 1.5),
        ("dense", "all"),
    ],
)
def test_a_wrong_value_is_an_error_that_names_it(field: str, value: object) -> None:
    with pytest.raises(PoetBotError, match=field) as caught:
        dataclasses.replace(Recipe(), **{field: value})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("recipe", "changes", "named"),
    [
        (Recipe(), {"bidirectional": True}, "bidirectional"),
        (Recipe(), {"last_units": 5}, "last_units"),
        (Recipe(), {"dense": 5}, "dense"),
        (Recipe(), {"level": "words"}, "prefixes"),
        (STORY, {"counted_bias": True}, "counted_bias"),
        (Recipe(), {"counted_bias": "yes"}, "counted_bias"),
        (Recipe(), {"weight_drop": 0.5}, "together"),
        (Recipe(), {"l2": 0.5}, "l2"),
        (Recipe(), {"tied": True}, "embedding"),
        (Recipe(embedding=8), {"tied": True}, "embedding"),
        (Recipe(), {"embedding_dropout": 0.5}, "embedding_dropout"),
        (STORY, {"tied": True}, "tied"),
        (STORY, {"embedding_dropout": 0.5}, "embedding_dropout"),
        (STORY, {"level": "characters"}, "words"),
        (STORY, {"embedding": 0}, "embedding"),
        (STORY, {"weight_drop": 0.1}, "weight_drop"),
        (STORY, {"cell": "gru"}, "lstm"),
    ],
)
def test_contradicting_fields_are_refused(recipe: Recipe, changes: dict, named: str) -> None:
    with pytest.raises(PoetBotError, match=named) as caught:
        dataclasses.replace(recipe, **changes)
    assert "\n" not in str(caught.value)


def test_a_vocabulary_of_half_the_words_is_described() -> None:
    assert STORY.dense_units(5001) == 2500
    assert STORY.changed(["dense=64"]).dense_units(5001) == 64
    assert Recipe().dense_units(5001) == 0


def test_a_wrong_key_is_named() -> None:
    with pytest.raises(PoetBotError, match="hidden"):
        Recipe.from_json({"hidden": 3})
    with pytest.raises(PoetBotError):
        Recipe.from_json([])
    with pytest.raises(PoetBotError, match="classic"):
        recipe_named("sonnets")


def test_settings_change_a_recipe() -> None:
    changed = recipe_named("char-rnn").changed(["cell=gru", "layers = 4", "dropout=0", "fold_case=yes"])
    assert (changed.cell, changed.layers, changed.dropout, changed.fold_case) == ("gru", 4, 0.0, True)
    assert Recipe().changed([]) == Recipe()


@pytest.mark.parametrize(
    "setting",
    ["layers", "layers=", "layers=two", "layers=0", "layers=1e1", "depth=3", "fold_case=2", "=", ""],
)
def test_a_wrong_setting_is_an_error(setting: str) -> None:
    with pytest.raises(PoetBotError) as caught:
        Recipe().changed([setting])
    assert "\n" not in str(caught.value)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_setting_is_accepted_or_an_error(key: str, value: str) -> None:
    for setting in (f"{key}={value}", f"dropout={value}", f"units={value}", f"dense={value}"):
        try:
            changed = Recipe().changed([setting])
        except PoetBotError as refused:
            assert "\n" not in str(refused)
        else:
            assert Recipe.from_json(changed.as_json()) == changed


def test_a_recipe_can_be_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"cell": "gru", "layers": 1}')
    assert recipe_named(str(file)) == Recipe(name="mine", cell="gru", layers=1)
    for wrong in ("{", "[]", '{"layers": 0}', '{"depth": 2}', "[" * 50_000, "\udcff"):
        file.write_text(wrong, errors="surrogateescape")
        with pytest.raises(PoetBotError) as caught:
            recipe_named(str(file))
        assert "\n" not in str(caught.value)
    with pytest.raises(PoetBotError, match="no file"):
        recipe_named(str(tmp_path / "nowhere.json"))
    with pytest.raises(PoetBotError):
        recipe_named("a\0.json")
