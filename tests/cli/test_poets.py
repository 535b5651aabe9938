import pytest

from poetbot.cli.poets import in_words


@pytest.mark.parametrize(
    ("recipe", "figures", "said"),
    [
        (
            {},
            {"validation_bits_per_character": 2.2173},
            "12 poems (3,400 characters); 2.217 bits per character on poems",
        ),
        (
            {"level": "words"},
            {"validation_bits_per_character": None, "validation_nats_per_token": 4.5},
            "12 poems (3,400 characters); 4.500 nats per word or punctuation mark on poems",
        ),
        (
            {"pieces": "sections", "fold_case": True},
            {"validation_bits_per_character": None, "validation_nats_per_token": 1.5},
            "12 sections (3,400 characters); 1.500 nats per lowercase letter on sections",
        ),
    ],
)
def test_figures_are_in_the_unit_of_the_poet(recipe: dict, figures: dict, said: str) -> None:
    corpus = {"training_poems": 12, "training_characters": 3400}
    card = {"name": "one", "recipe": {"level": "characters", **recipe}, "corpus": corpus, "figures": figures}
    assert in_words(card) == f"one: read {said} it never saw"


def test_no_figure_without_held_out_poems() -> None:
    card = {
        "name": "one",
        "recipe": {"level": "characters"},
        "corpus": {"training_poems": 12, "training_characters": 3400},
        "figures": {"validation_bits_per_character": None},
    }
    assert in_words(card) == "one: read 12 poems (3,400 characters)"
