"""Lines that are poems behind their titles."""

import time

import pytest

from poetbot.corpus.loading import parse_file
from poetbot.corpus.one_line_poems import poems_by_line
from poetbot.corpus.parts import ONE_LINE

ROW = "夜雨:山前一夜雨，門外兩三聲。"


def test_every_line_is_a_poem_after_its_title() -> None:
    poems = poems_by_line(
        f"  {ROW}\n題竹 ： 竹影上窗來，不問客何在！ \n早行:雞鳴人未起，月落馬先知。\n", "songs.txt"
    )
    assert [(poem.title, poem.text, poem.start_line, poem.end_line) for poem in poems] == [
        ("夜雨", "山前一夜雨，門外兩三聲。", 1, 1),
        ("題竹", "竹影上窗來，不問客何在！", 2, 2),
        ("早行", "雞鳴人未起，月落馬先知。", 3, 3),
    ]
    assert {poem.source for poem in poems} == {"songs.txt"}


def test_poems_after_their_titles_are_not_filtered() -> None:
    text = f"{ROW}\n{ROW}\n\n" + f"{ROW}\n" * 18 + "一九二六年記\n"
    file = parse_file(text.encode(), "songs.txt")
    assert len(file.poems) == 20
    assert [block.label for block in file.blocks] == ["poem"] * 20 + ["other"]
    assert {block.reason for block in file.blocks[:-1]} == {ONE_LINE}
    assert [block.start_line for block in file.blocks] == [1, 2, *range(4, 23)]


@pytest.mark.parametrize(
    "row",
    [
        "夜雨:山前一夜雨。",  # one clause
        "夜雨:山前一夜雨，門外兩三聲",  # no mark at the end
        "夜雨:山前一夜雨，，門外兩三聲。",  # an empty clause
        "夜雨:山前一夜 雨，門外兩三聲。",
        "夜雨:二:山前一夜雨，門外兩三聲。",
        "夜，雨:山前一夜雨，門外兩三聲。",
        " :山前一夜雨，門外兩三聲。",
        "山前一夜雨，門外兩三聲。",
        "夜" * 201 + ":山前一夜雨，門外兩三聲。",
        "夜雨:" + "山" * 16 + "，門外兩三聲。",
        "He said: come in, and sit down.",
    ],
)
def test_other_lines_are_not_one_line_poems(row: str) -> None:
    assert poems_by_line(f"{row}\n" * 3, None) == []
    # One line in twenty may be something else.
    assert len(poems_by_line(f"{ROW}\n" * 19 + row, None)) == 19


@pytest.mark.parametrize(
    "unit", [" ", "\t", "\u3000", "夜", ":", "：", "，", "夜，", " :", "夜:", "1", "[", "\u0301"]
)
@pytest.mark.parametrize("row", ["{}", "{}x", "x{}", "{}:夜，", "夜雨:{}", "夜雨:{}x", "夜雨{}:夜，"])
def test_a_long_line_takes_linear_time(unit: str, row: str) -> None:
    before = time.process_time()
    poems_by_line(row.format(unit * 100_000) + "\n", None)
    assert time.process_time() - before < 1
