"""Each standard pattern of regulated verse is accepted, and each broken one isn't."""

import re
from itertools import product

import pytest

from poetbot.verse.rhyme_books import LEVEL, OBLIQUE
from poetbot.verse.tone_patterns import (
    OPENINGS,
    Opening,
    is_regular,
    likely_openings,
    mistakes,
    patterns,
)

# Wang Li's four patterns of five characters; those of seven have two characters before each line.
FIVE = {
    Opening(OBLIQUE, rhymes=False): "仄仄平平仄 平平仄仄平 平平平仄仄 仄仄仄平平",
    Opening(OBLIQUE, rhymes=True): "仄仄仄平平 平平仄仄平 平平平仄仄 仄仄仄平平",
    Opening(LEVEL, rhymes=False): "平平平仄仄 仄仄仄平平 仄仄平平仄 平平仄仄平",
    Opening(LEVEL, rhymes=True): "平平仄仄平 仄仄仄平平 仄仄平平仄 平平仄仄平",
}
SEVEN = {
    Opening(LEVEL, rhymes=False): "平平仄仄平平仄 仄仄平平仄仄平 仄仄平平平仄仄 平平仄仄仄平平",
    Opening(LEVEL, rhymes=True): "平平仄仄仄平平 仄仄平平仄仄平 仄仄平平平仄仄 平平仄仄仄平平",
    Opening(OBLIQUE, rhymes=False): "仄仄平平平仄仄 平平仄仄仄平平 平平仄仄平平仄 仄仄平平仄仄平",
    Opening(OBLIQUE, rhymes=True): "仄仄平平仄仄平 平平仄仄仄平平 平平仄仄平平仄 仄仄平平仄仄平",
}
STANDARD = [(int(size), each, FIVE[each] if size == "5" else SEVEN[each]) for size in "57" for each in FIVE]


def tones(text):
    return [frozenset(each) if each in "平仄" else frozenset() for each in text]


@pytest.mark.parametrize(("length", "opening", "poem"), STANDARD)
def test_the_standard_patterns_are_regular(length, opening, poem):
    lines = poem.split()
    for number, line in enumerate(
        [*lines, *(FIVE if length == 5 else SEVEN)[opening._replace(rhymes=False)].split()]
    ):
        assert is_regular(tones(line), patterns(length, opening, number)), (number, line)
    known = {number: tones(line) for number, line in enumerate(lines)}
    assert likely_openings(known, length, OPENINGS) == [opening]


@pytest.mark.parametrize(("length", "opening", "poem"), STANDARD)
def test_a_wrong_tone_in_the_even_places_or_at_the_end_breaks_each_of_them(length, opening, poem):
    for number, line in enumerate(poem.split()):
        for place in [*range(1, length - 1, 2), length - 1]:
            if number == 0 and place == length - 1:
                continue  # the first line may rhyme or not
            broken = line[:place] + ("平" if line[place] == "仄" else "仄") + line[place + 1 :]
            assert not is_regular(tones(broken), patterns(length, opening, number)), (line, broken)


@pytest.mark.parametrize(("length", "opening"), [(each[0], each[1]) for each in STANDARD])
def test_couplets_oppose_and_follow(length, opening):
    second = [{each[1] for each in patterns(length, opening, number)} for number in range(8)]
    assert all(len(each) == 1 for each in second)
    for couplet in range(0, 8, 2):
        assert second[couplet] != second[couplet + 1]
    for couplet in range(2, 8, 2):
        assert second[couplet] == second[couplet - 1]
    ends = ["".join(sorted({each[-1] for each in patterns(length, opening, number)})) for number in range(8)]
    assert ends == ["平" if opening.rhymes else "仄", *"平仄平仄平仄平"]


def test_no_pattern_has_a_lone_level_tone_or_three_of_a_kind_at_the_end():
    for length, opening, number in product((5, 7), OPENINGS, range(8)):
        for each in patterns(length, opening, number):
            assert each[-3:] not in ("平平平", "仄仄仄"), each
            assert not re.fullmatch("(..)?仄平仄仄平", each), each


@pytest.mark.parametrize(
    ("line", "regular"),
    [
        ("仄平平仄平", True),  # the lone level tone has another beside it
        ("平平平仄平", True),
        ("平平仄仄平", True),
        ("仄平仄仄平", False),  # 孤平
        ("仄仄平平平", False),  # 三平調
        ("平平仄平仄", True),  # the variant
        ("仄平仄平仄", False),
        ("平平仄仄仄", False),  # 三仄尾
        ("仄仄仄平仄", True),
        ("平仄平平仄", True),
        ("仄平平仄仄", True),
        ("平仄仄平平", True),
        ("平平仄仄", False),
    ],
)
def test_the_bounds_of_the_freer_places(line, regular):
    anywhere = [each for opening in OPENINGS for number in range(8) for each in patterns(5, opening, number)]
    assert is_regular(tones(line), anywhere) == regular


def test_two_readings_and_unknown_ones_fit_either():
    opening = Opening(OBLIQUE, rhymes=False)
    line = [frozenset("平仄"), frozenset("仄"), frozenset("平"), frozenset(), frozenset("仄")]
    assert is_regular(line, patterns(5, opening, 0))
    assert mistakes(tones("仄平"), "仄仄平平仄") == 1 and mistakes(tones("仄仄"), "仄仄平平仄") == 0


def test_a_broken_opening_has_the_pattern_that_it_fits_best():
    wrong = {0: tones("仄仄平平仄"), 1: tones("平平仄平平")}  # the second line is nearest to 平平仄仄平
    assert likely_openings(wrong, 5, OPENINGS) == [Opening(OBLIQUE, rhymes=False)]
    assert likely_openings({}, 5, OPENINGS) == list(OPENINGS)
