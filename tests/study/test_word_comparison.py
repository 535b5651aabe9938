"""Words written beside words read."""

import csv
import io

import pytest

from poetbot.errors import PoetBotError
from poetbot.study.word_comparison import compare_words

READ = {"the": 50, "lamp": 20, "sea": 30}
WROTE = {"the": 25, "lamp": 30, "star": 5}


def test_common_words_are_left_out_and_still_count():
    found = compare_words(READ, WROTE)
    assert found.language == "en" and found.read == {"lamp": 20, "sea": 30}
    assert [key.word for key in found.more] == ["lamp", "star"] and [key.word for key in found.less] == [
        "sea"
    ]
    assert found.keys[0].wrote_share == 30 / 60
    assert "the" in compare_words(READ, WROTE, "none").read


def test_frequencies_share_a_scale_and_keyness_has_two():
    found = compare_words(READ, WROTE)
    assert found.clouds(by_key=False).largest == 30 / 35
    clouds = found.clouds(by_key=True)
    assert clouds.largest is None and list(clouds.second) == ["sea"]


def test_the_table_has_every_word():
    rows = list(csv.DictReader(io.StringIO(compare_words(READ, WROTE, "none").as_csv())))
    assert {row["word"] for row in rows} == {*READ, *WROTE}


def test_invalid_comparisons_are_errors():
    with pytest.raises(PoetBotError, match="no list of common words"):
        compare_words(READ, WROTE, "xx")
    with pytest.raises(PoetBotError, match="has written no words"):
        compare_words(READ, {}).clouds(by_key=True)
