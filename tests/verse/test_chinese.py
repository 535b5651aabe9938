import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse import Rhyme
from poetbot.verse.chinese import (
    character_rhyme,
    characters_of,
    chinese_lines,
    chinese_rhyme,
    readings,
)

OURS = "末站灯全亮，\n车厢剩几人。\n黑窗邻座客，\n是我另一身。"


def test_a_verse_line_stands_between_two_marks():
    poem = "灯亮，人来。\n雨停了"
    lines = chinese_lines(poem)
    assert [line.text for line in lines] == ["灯亮", "人来", "雨停了"]
    assert all(poem[line.start : line.end] == line.text for line in lines)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("车厢剩几人", "是我另一身", Rhyme.PERFECT),
        ("山", "间。", Rhyme.PERFECT),
        ("光", "霜", Rhyme.PERFECT),
        ("风", "红", Rhyme.PERFECT),
        ("知", "衣", Rhyme.HISTORIC),
        ("书", "鱼", Rhyme.HISTORIC),
        ("山", "饭", None),  # level and oblique
        ("花", "家", Rhyme.PERFECT),
        ("月", "月", Rhyme.SAME),
        ("山", "风", None),
        ("", "山", None),
        ("lamp", "山", None),
    ],
)
def test_lines_rhyme_by_the_readings_of_today(one, other, kind):
    assert chinese_rhyme(one, other) is chinese_rhyme(other, one) is kind


def test_a_character_of_several_readings_rhymes_with_any_of_them():
    assert len({reading.rhyme for reading in readings("还")}) > 1
    assert character_rhyme("还", "山") is Rhyme.PERFECT


def test_tones_are_level_or_oblique():
    assert [readings(character)[0].level for character in "山水"] == [True, False]


@given(st.text(max_size=40))
def test_any_text_has_lines(text):
    assert len(characters_of(text)) <= len(text)
    for line in chinese_lines(text):
        assert text[line.start : line.end] == line.text and characters_of(line.text)


def test_old_quatrains_rhyme_where_they_should(shared):
    rows = (shared / "data/chinese/wujue_title_poem.txt").read_text("utf-8").splitlines()[:2000]
    poems = [[line.text for line in chinese_lines(row.split(":", 1)[-1])] for row in rows]
    poems = [poem for poem in poems if len(poem) == 4]
    rhymed = sum(chinese_rhyme(poem[1], poem[3]) is not None for poem in poems) / len(poems)
    chance = sum(chinese_rhyme(a[1], b[3]) is not None for a, b in itertools.pairwise(poems)) / len(poems)
    assert rhymed > 0.85 and chance < 0.2
