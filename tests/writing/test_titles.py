"""Titles: phrases of the poem and of the poet's drafts, ranked, the same each time."""

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, load
from poetbot.poets.word_vocabulary import Words
from poetbot.writing.phrases import MOST_WORDS, as_title, phrases
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.titles import titles

POEM = (
    "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\n"
    "And no one asks the rain to stay,\nYet here it sits, and here, all day.\n"
    "We kept the apples in the hall,\nRed by the stair and gold by the wall.\n"
)


@pytest.fixture(scope="module")
def cached(tiny_poet: Path) -> CachedPoet:
    return CachedPoet(load(tiny_poet))


def test_phrases_are_whole_and_end_in_a_word_that_says_something() -> None:
    found = {each.text for each in phrases(POEM)}
    assert {"the lamp", "the street", "the apples in the hall", "gold by the wall"} <= found
    assert not {"is low", "asks", "stay", "the", "sits"} & found
    refrain = phrases("All night, all night\nthe harbour bell is ringing over water\nAll night, all night\n")
    assert ("all night all night", "refrain") in {(each.text, each.source) for each in refrain}


def test_of_signs_phrases_lie_between_the_places_to_breathe() -> None:
    found = [each.text for each in phrases("山中雨未停，溪上一舟輕。\n日暮江樓人獨立")]
    assert {"山中", "雨未停", "溪上", "一舟輕", "日暮", "江樓", "日暮江樓", "人獨立"} <= set(found)
    assert all("，" not in each and 2 <= len(each) <= 4 for each in found)


def test_large_letters_as_english_titles_have_them() -> None:
    assert as_title("the apples in the hall", english=True) == "The Apples in the Hall"
    assert as_title("der Abend", english=False) == "Der Abend"
    assert as_title("", english=True) == ""


def test_three_titles_unlike_each_other_the_same_each_time(cached: CachedPoet) -> None:
    found = titles(cached, POEM, rng=4)
    assert found == titles(cached, POEM, rng=4)
    assert len(found) == 3 and len({each.text for each in found}) == 3
    assert all(0 < len(each.text.split()) <= MOST_WORDS and "\n" not in each.text for each in found)
    json.dumps([each.as_json() for each in found], allow_nan=False)
    ten = titles(cached, POEM, count=10)
    assert len(ten) == 10 and {each.text for each in titles(cached, POEM)} == {each.text for each in ten[:3]}


def test_the_poets_own_probability_decides_between_phrases_that_are_worth_the_same(copies: Poet) -> None:
    """The copyist has read of a street and of a lamp; letters thrown together surprise it."""
    found = titles(CachedPoet(copies), "the street is long\nthe xqzzt is long\n", count=10)
    bits = {each.text: each.bits_per_character for each in found}
    assert bits["The Street"] < bits["The Xqzzt"]
    order = [each.text for each in found]
    assert order.index("The Street") < order.index("The Xqzzt") or found[0].lift_bits > 0


def test_signs_have_titles_too(copies_signs: Poet) -> None:
    found = titles(CachedPoet(copies_signs), "山中雨未停，溪上一舟輕。\n燈下聽風過，門前見月明。\n")
    assert len(found) == 3 and all(2 <= len(each.text) <= 4 and " " not in each.text for each in found)


@settings(max_examples=25)
@given(st.text(max_size=300))
def test_any_text_has_titles_or_one_sentence(cached: CachedPoet, text: str) -> None:
    try:
        found = titles(cached, text)
    except PoetBotError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        assert 1 <= len(found) <= 3 and all(each.text.strip() for each in found)


def test_what_cannot_be_asked_is_told_in_a_sentence(cached: CachedPoet, tiny_poet: Path) -> None:
    for wrong, said in (
        ({"poem": ""}, "Write a few lines"),
        ({"poem": POEM, "count": 0}, "number of suggestions"),
        ({"poem": POEM, "rng": -1}, "random seed"),
        ({"poem": None}, "text"),
    ):
        with pytest.raises(PoetBotError, match=said):
            titles(cached, **wrong)
    of_words = replace(
        load(tiny_poet), vocabulary=Words(["a", "b"], line_capitals=False, sentence_capitals=False)
    )
    with pytest.raises(PoetBotError, match="letter by letter"):
        titles(CachedPoet(of_words), POEM)


def test_a_poem_without_end_is_looked_at_within_bounds(cached: CachedPoet) -> None:
    begun = time.perf_counter()
    assert titles(cached, "The lamp of the street and the kettle of the hall went by.\n" * 30_000)
    assert time.perf_counter() - begun < 20
