import math
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.folder import load
from poetbot.poets.scoring import score
from poetbot.study.surprise import LARGEST, NEXT_BEST, surprise

OURS = "The lamp is low,\nthe street is lông ☃\n\nand rain"


def test_the_mean_is_what_score_says(tiny_poet):
    poet = load(tiny_poet)
    found = surprise(poet, OURS)
    wanted = score(poet.network, poet.vocabulary, [OURS])
    assert found.nats == pytest.approx(wanted.nats_per_character, rel=1e-6)
    assert len(found.units) == wanted.characters
    assert sum(unit.rank is None for unit in found.units) == wanted.unknown_characters


def test_lines_have_their_own_perplexity(tiny_poet):
    found = surprise(load(tiny_poet), OURS)
    assert [line.line for line in found.lines] == [1, 2, 3, 4]
    assert sum(line.units for line in found.lines) == len(found.units)
    first = [unit for unit in found.units if unit.line == 1]
    assert found.lines[0].perplexity == pytest.approx(math.exp(sum(unit.nats for unit in first) / len(first)))


def test_the_five_next_best_are_other_characters_in_order(tiny_poet):
    for unit in surprise(load(tiny_poet), OURS).units:
        shares = [guess.probability for guess in unit.best]
        assert len(shares) == NEXT_BEST and shares == sorted(shares, reverse=True)
        assert unit.text not in [guess.text for guess in unit.best]
        if unit.rank is not None:
            assert unit.nats == pytest.approx(-math.log(unit.probability))
            assert sum(share > unit.probability for share in shares) == min(unit.rank - 1, NEXT_BEST)


def test_a_bundled_poet_finds_verse_easier_than_noise():
    poet = load("english")
    verse = surprise(poet, "The lamp is low, the street is long").perplexity
    assert verse < 6 < surprise(poet, "qzjx vkwq zzgf pqxj").perplexity


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_any_text_is_read_whole_or_is_a_sentence(tiny_poet, text):
    if not text.strip():
        with pytest.raises(PoetBotError, match="at least one word"):
            surprise(load(tiny_poet), text)
        return
    found = surprise(load(tiny_poet), text)
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    assert "".join(unit.text for unit in found.units) == whole + "\n" * (not whole.endswith("\n"))
    assert math.isfinite(found.perplexity) and found.as_json()["unit"] == "characters"


def test_too_long_a_text_is_a_sentence(tiny_poet):
    with pytest.raises(PoetBotError, match="in parts"):
        surprise(load(tiny_poet), "a" * (LARGEST + 1))
