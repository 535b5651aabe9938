import pytest

from poetbot.commands.poets import figures_of, predicting


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        ({"validation_bits_per_character": 2.2173}, "2.217 bits a character"),
        ({"validation_bits_per_character": None, "validation_nats_per_token": 4.5}, "4.500 nats a token"),
        ({"validation_bits_per_character": None}, ""),
    ],
)
def test_what_a_poet_predicts_is_said_in_its_own_unit(figures: dict, said: str) -> None:
    assert predicting(figures_of({"figures": figures})) == said
