import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse.alliteration import REACH, UNSTRESSED, alliterations, begins_with_onset, onset


@pytest.mark.parametrize(
    ("word", "sound"),
    [
        ("kettle", "K"),
        ("city", "S"),
        ("knight", "N"),
        ("phone", "F"),
        ("stone", "S-T"),
        ("spring", "S-P"),
        ("skin", "S-K"),
        ("sleep", "S"),
        ("away", "W"),
        ("begin", "G"),
        ("upstairs", "S-T"),
        ("apple", ""),
        ("the", ""),
        ("明月", ""),
    ],
)
def test_a_word_alliterates_on_its_stressed_syllable(word, sound):
    assert onset(word) == sound


@pytest.mark.parametrize(
    ("word", "begins"),
    [
        ("broken", True),
        ("about", False),
        ("upstairs", False),
        ("sustain", False),
        ("stone", True),
        ("knight", True),
        ("apple", False),
        ("the", False),
    ],
)
def test_which_words_begin_with_the_sound_they_alliterate_on(word, begins):
    assert begins_with_onset(word) == begins


@pytest.mark.parametrize(
    ("line", "groups"),
    [
        ("The kettle calls the kitchen cat", [["kettle", "calls", "kitchen", "cat"]]),
        ("A knight took note of the cellar's silver", [["knight", "note"], ["cellar's", "silver"]]),
        ("stone and sand", []),
        ("rain, rain, rain", []),
        ("the these those", []),
        ("peace of the world that was in the air and plenty", []),
        ("", []),
    ],
)
def test_words_near_each_other_that_begin_alike(line, groups):
    assert [[word.text for word in group] for group in alliterations(line)] == groups


@given(
    st.lists(st.sampled_from(["kettle", "cat", "stone", "sand", "the", "of", "apple", "silver"]), max_size=20)
)
def test_a_group_has_two_different_words_of_one_sound_within_reach(words):
    for group in alliterations(" ".join(words)):
        assert len({word.text for word in group}) > 1
        assert len({onset(word.text) for word in group}) == 1
        assert UNSTRESSED.isdisjoint(word.text for word in group)
        line = " ".join(words)
        places = [line[: word.start].count(" ") for word in group]
        assert all(0 < b - a <= REACH for a, b in itertools.pairwise(places))
