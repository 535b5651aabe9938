import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.study.keyness import keyness

COUNTS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**6), min_size=1)


def test_the_figure_is_the_one_worked_out_by_hand():
    # Two cells of words and two of all others: 2 * sum of O ln(O / E).
    found = {key.word: key.keyness for key in keyness({"rose": 10, "other": 90}, {"rose": 20, "other": 880})}
    expected = 2 * (
        10 * math.log(10 / 3) + 20 * math.log(20 / 27) + 90 * math.log(90 / 97) + 880 * math.log(880 / 873)
    )
    assert found["rose"] == pytest.approx(expected, abs=1e-3)
    assert found["other"] == pytest.approx(-expected, abs=1e-3)


def test_words_of_one_side_alone_are_there_too():
    found = {key.word: key for key in keyness({"lamp": 3, "sea": 1}, {"sea": 5, "rain": 2})}
    assert found["lamp"].keyness > 0 > found["rain"].keyness
    assert (found["lamp"].read, found["rain"].wrote) == (0, 0)
    assert found["sea"].wrote_share == 0.25


@given(COUNTS, COUNTS)
def test_keyness_turns_round_with_the_sides_and_is_nothing_for_equal_shares(wrote, read):
    if not any(wrote.values()) or not any(read.values()):
        with pytest.raises(PoetBotError):
            keyness(wrote, read)
        return
    there = {key.word: key for key in keyness(wrote, read)}
    back = {key.word: key for key in keyness(read, wrote)}
    assert set(there) == {*wrote, *read}
    for word, key in there.items():
        assert math.isfinite(key.keyness)
        assert abs(key.keyness) == pytest.approx(abs(back[word].keyness), abs=1e-3)
        if key.wrote_share == key.read_share:
            assert key.keyness == pytest.approx(0, abs=1e-3)
    order = [key.keyness for key in keyness(wrote, read)]
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize(
    ("wrote", "read", "says"),
    [
        ({}, {"a": 1}, "written no words"),
        ({"a": 1}, {}, "no words to compare"),
        ({"a": 0}, {"a": 1}, "written no words"),
    ],
)
def test_nothing_to_compare_is_an_error(wrote, read, says):
    with pytest.raises(PoetBotError, match=says):
        keyness(wrote, read)
