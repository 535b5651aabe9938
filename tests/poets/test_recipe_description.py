from pathlib import Path

import pytest

from poetbot.poets.recipe import Recipe
from poetbot.poets.recipe_description import network_in_words
from poetbot.poets.recipes import FOR, RECIPES


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (Recipe(), "A network that reads one-hot, with 3 layers of 300 LSTM units"),
        (
            RECIPES["char-rnn"].changed(["cell=gru", "layers=1"]),
            "A network that reads embeddings of 128 numbers, with one layer of 128 GRU units",
        ),
        (
            RECIPES["nietzsche"].changed(["cell=rnn"]),
            "A network that reads one-hot, lowercase only, with one layer of 128 simple recurrent units",
        ),
        (
            RECIPES["story"],
            "A network that reads embeddings of 300 numbers, with one layer of 200 LSTM units that read "
            "both ways, one of 100 LSTM units and a dense layer of half as many relu units as it knows words",
        ),
    ],
)
def test_a_network_is_described_from_the_bottom_up(recipe: Recipe, said: str) -> None:
    assert network_in_words(recipe) == said


def training_column(recipe: Recipe) -> str:
    """The dropout, windows, batch, learning rate and pieces of a recipe, as docs/training.md lists them."""
    dropped = [
        f"{name.replace('_', ' ')} {getattr(recipe, name):g}"
        for name in ("dropout", "embedding_dropout", "recurrent_dropout", "weight_drop", "subword_dropout")
        if getattr(recipe, name)
    ]
    framed = f"windows of {recipe.window}, every position a target"
    if recipe.framing == "prefixes":
        framed = f"every beginning of a line, of at most {recipe.window} words"
    precision = ["bfloat16 factors"] if recipe.precision == "bfloat16" else []
    parts = [*dropped, framed, f"batch {recipe.batch}", f"learning rate {recipe.learning_rate:g}", *precision]
    return ", ".join([*parts, recipe.pieces])


def test_the_table_in_the_docs_matches_the_recipes() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "training.md").read_text("utf-8")
    rows = [
        f"| `{name}` | {FOR[name]} | {network_in_words(recipe)} | {training_column(recipe)} |"
        for name, recipe in RECIPES.items()
    ]
    assert "| recipe | for | network | training |\n|---|---|---|---|\n" + "\n".join(rows) + "\n\n" in page
