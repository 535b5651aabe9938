import math
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.corpus.chinese_scripts import in_script
from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, load
from poetbot.poets.interfaces import shapes_of
from poetbot.poets.recipes import RECIPES
from poetbot.poets.scoring import score
from poetbot.poets.word_vocabulary import Words
from poetbot.study.surprise import LARGEST, NEXT_BEST, surprise

OURS = "The lamp is low,\nthe street is lông ☃\n\nand rain"


def test_the_mean_equals_the_score(tiny_poet):
    poet = load(tiny_poet)
    found = surprise(poet, OURS)
    wanted = score(poet.in_floats.network, poet.vocabulary, [OURS])
    assert found.nats == pytest.approx(wanted.nats_per_character, rel=1e-6)
    assert len(found.units) == wanted.characters
    assert sum(unit.rank is None for unit in found.units) == wanted.unknown_characters


def test_both_chinese_scripts_are_the_same_text_to_a_poet():
    poet = load("tang")
    given = "誰將舊燈照歸雁，\n風雨聲中憶遠書。\n"
    other = in_script(given, "simplified")
    first, second = surprise(poet, given), surprise(poet, other)
    assert "".join(unit.text for unit in second.units) == other != given
    assert [unit.nats for unit in first.units] == [unit.nats for unit in second.units]
    for each in (given, other):
        found = score(poet.in_floats.network, poet.vocabulary, [each])
        assert found.nats_per_character == pytest.approx(first.nats, rel=1e-5)
        assert found.unknown_characters == 0


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
    found = surprise(poet, "The lamp is low")
    assert (found.unit, found.level) == ("characters", "subwords") and len(found.units) < 10
    assert found.as_csv().startswith("line,subwords,")


@settings(max_examples=40)
@given(st.text(max_size=40))
def test_any_text_is_read_whole_or_is_an_error(tiny_poet, text):
    if not text.strip():
        with pytest.raises(PoetBotError, match="at least one word"):
            surprise(load(tiny_poet), text)
        return
    found = surprise(load(tiny_poet), text)
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    assert "".join(unit.text for unit in found.units) == whole + "\n" * (not whole.endswith("\n"))
    assert math.isfinite(found.perplexity) and found.as_json()["unit"] == "characters"


def test_too_long_a_text_is_an_error(tiny_poet):
    with pytest.raises(PoetBotError, match="at a time"):
        surprise(load(tiny_poet), "a" * (LARGEST + 1))


@pytest.fixture(scope="module")
def word_poet():
    """A poet of words with random weights."""
    recipe = RECIPES["story"].changed(["units=8", "layers=2", "embedding=6", "window=6", "min_count=1"])
    words = Words.of(["the lamp is low, the street is long\nand rain\n\nthe rain"], min_count=1)
    rng = np.random.default_rng(2)
    tensors = {
        name: (0.5 * rng.normal(size=shape)).astype(np.float32)
        for name, shape in shapes_of(recipe, len(words)).items()
    }
    return Poet("words", Path("nowhere"), recipe, words, tensors, {})


def test_a_poet_of_words_is_measured_word_by_word(word_poet):
    found = surprise(word_poet, "the lamp is dark, the rain\n\nand long")
    assert found.unit == "words"
    texts = [unit.text for unit in found.units]
    assert texts == ["the", "lamp", "is", "dark", ",", "the", "rain", "\n\n", "and", "long", "\n"]
    assert [unit.rank is None for unit in found.units] == [text == "dark" for text in texts]
    assert [line.line for line in found.lines] == [1, 3]
    for unit in found.units:
        assert len(unit.best) == NEXT_BEST and all(guess.text for guess in unit.best)
        assert sum(guess.probability for guess in unit.best) + unit.probability <= 1 + 1e-6


def test_a_text_without_words_is_still_read_by_a_poet_of_words(word_poet):
    assert [unit.text for unit in surprise(word_poet, "…").units] == ["…", "\n"]
