"""The metre of lines and poems."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse.metre import FEET, MOST_LINES, metre, metre_of, metres

LINES = [
    ("The lamp is low, the street is long", "iambic", 4),
    ("And no one asks the rain to stay", "iambic", 4),
    ("The silent garden sleeps beneath the snow", "iambic", 5),
    ("Winter evening, candle burning", "trochaic", 4),
    ("Silver water, broken river", "trochaic", 4),
    ("In the dark of the house at the end of the lane", "anapaestic", 4),
    ("Carefully, tenderly, mother was carrying", "dactylic", 4),
]


@pytest.mark.parametrize(("line", "foot", "feet"), LINES)
def test_plain_lines(line, foot, feet):
    found = metre(line)
    assert found and (found.foot, found.feet) == (foot, feet)
    assert found == min(metres(line), key=lambda each: round(each.cost, 9))


def test_metrical_licences_are_allowed_at_a_cost():
    plain, turned = (
        metre("The silent garden sleeps beneath the snow"),
        metre("Under the moon the garden lay asleep"),
    )
    assert plain and turned and turned.foot == plain.foot == "iambic" and turned.cost > plain.cost
    feminine = metre("The silent garden sleeps beneath the flowers of winter")
    assert feminine is None or feminine.foot in FEET


@pytest.mark.parametrize("line", ["", "—", "огонь и вода", "蓮", "word " * 41, "lamp"])
def test_text_that_cannot_be_scanned_has_no_metre(line):
    assert metre(line) is None


def test_a_poem_decides_where_a_line_may_be_read_in_two_ways():
    poem = "\n".join([line for line, _, feet in LINES[:2]] * 3)
    found = metre_of(poem)
    assert found and (found.foot, found.feet[0], found.fitting, found.lines) == ("iambic", (4, 6), 6, 6)
    assert metre_of("") is None and metre_of("蓮\n雨") is None
    long = metre_of(f"{LINES[0][0]}\n" * 10_000)
    assert long and long.lines == MOST_LINES


def test_shakespeare_wrote_iambic_pentameters(shared):
    import json

    rows = (shared / "data/english/clean/shakespeare_sonnets.jsonl").read_text("utf-8").splitlines()
    some = [json.loads(row)["text"] for row in random.Random(0).sample(rows, 12)]
    found = [metre_of(poem) for poem in some]
    assert all(each and (each.foot, each.feet[0][0]) == ("iambic", 5) for each in found)


@given(st.text(alphabet="abcdeinorst ',-\u00e9\u0301\n\u84ee", max_size=80))
def test_any_text_is_scanned_or_not(text):
    found = metre_of(text)
    assert found is None or (found.foot in FEET and 0 < found.fitting <= found.lines)
    for each in metres(text.split("\n", maxsplit=1)[0]):
        assert each.cost >= 0
