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


def test_phrases_are_whole_and_end_in_a_content_word() -> None:
    found = {each.text for each in phrases(POEM)}
    assert {"the lamp", "the street", "the apples in the hall", "gold by the wall"} <= found
    assert not {"is low", "asks", "stay", "the", "sits"} & found
    refrain = phrases("All night, all night\nthe harbour bell is ringing over water\nAll night, all night\n")
    assert ("all night all night", "refrain") in {(each.text, each.source) for each in refrain}


def test_chinese_phrases_do_not_cross_pauses() -> None:
    found = [each.text for each in phrases("山中雨未停，溪上一舟輕。\n日暮江樓人獨立")]
    assert {"山中", "雨未停", "溪上", "一舟輕", "日暮", "江樓", "日暮江樓", "人獨立"} <= set(found)
    assert all("，" not in each and 2 <= len(each) <= 4 for each in found)


def test_english_titles_are_capitalised() -> None:
    assert as_title("the apples in the hall", english=True) == "The Apples in the Hall"
    assert as_title("der Abend", english=False) == "Der Abend"
    assert as_title("", english=True) == ""


def test_three_different_titles_that_are_reproducible(cached: CachedPoet) -> None:
    found = titles(cached, POEM, rng=4)
    assert found == titles(cached, POEM, rng=4)
    assert len(found) == 3 and len({each.text for each in found}) == 3
    assert all(0 < len(each.text.split()) <= MOST_WORDS and "\n" not in each.text for each in found)
    json.dumps([each.as_json() for each in found], allow_nan=False)
    ten = titles(cached, POEM, count=10)
    assert len(ten) == 10 and {each.text for each in titles(cached, POEM)} == {each.text for each in ten[:3]}


def test_the_probability_decides_between_equal_phrases(copies: Poet) -> None:
    """The copyist has read of a street and of a lamp; letters thrown together surprise it."""
    found = titles(CachedPoet(copies), "the street is long\nthe xqzzt is long\n", count=10)
    bits = {each.text: each.bits_per_character for each in found}
    assert bits["The Street"] < bits["The Xqzzt"]
    order = [each.text for each in found]
    assert order.index("The Street") < order.index("The Xqzzt") or found[0].lift_bits > 0


def test_chinese_poems_have_titles_too(copies_signs: Poet) -> None:
    found = titles(CachedPoet(copies_signs), "山中雨未停，溪上一舟輕。\n燈下聽風過，門前見月明。\n")
    assert len(found) == 3 and all(2 <= len(each.text) <= 4 and " " not in each.text for each in found)


@settings(max_examples=25)
@given(st.text(max_size=300))
def test_any_text_has_titles_or_an_error(cached: CachedPoet, text: str) -> None:
    try:
        found = titles(cached, text)
    except PoetBotError as error:
        assert str(error).endswith(".") and "\n" not in str(error)
    else:
        assert 1 <= len(found) <= 3 and all(each.text.strip() for each in found)


def test_invalid_requests_are_errors(cached: CachedPoet, tiny_poet: Path) -> None:
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


def test_a_very_long_poem_is_only_partly_searched(cached: CachedPoet) -> None:
    begun = time.perf_counter()
    assert titles(cached, "The lamp of the street and the kettle of the hall went by.\n" * 30_000)
    assert time.perf_counter() - begun < 20
