"""The Chinese poems that come with PoetBot: valid, no two alike, and in the shapes that their forms promise."""

import json
import re
import unicodedata

import pytest

from poetbot.corpus.named_corpora import CORPORA, read_named

ROWS = [json.loads(line) for line in (CORPORA / "chinese.jsonl").read_text("utf-8").splitlines()]

REGULATED = {"五绝": (4, 5), "七绝": (4, 7), "五律": (8, 5), "七律": (8, 7)}
"""Lines, and characters in each of them."""

TUNES = {
    "十六字令": [[1, 7, 3, 5]],
    "忆江南": [[3, 5, 7, 7, 5]],
    "渔歌子": [[7, 7, 3, 3, 7]],
    "捣练子": [[3, 3, 7, 7, 7]],
    "如梦令": [[6, 6, 5, 6, 2, 2, 6]],
    "浣溪沙": [[7, 7, 7], [7, 7, 7]],
    "卜算子": [[5, 5, 7, 5], [5, 5, 7, 5]],
    "采桑子": [[7, 4, 4, 7], [7, 4, 4, 7]],
    "长相思": [[3, 3, 7, 5], [3, 3, 7, 5]],
    "西江月": [[6, 6, 7, 6], [6, 6, 7, 6]],
}
"""Tune pattern (词牌): characters in each line of each stanza."""

TRADITIONAL = str.maketrans("憶間", "忆间")

RHYMES = [
    "人身分纹匀昏",
    "截斜",
    "溪泥低棋齐梯提移",
    "边盐酸删宽烟尖砖偏完圆牵肩年间悬连镰圈穿甜干单湾填坛衫弯搬",
    "开来白苔材抬孩歪",
    "升晴名声城庭葱中惊鹰争厅星钉听冰停声形层",
    "收楼沟牛头流舟",
    "墙光塘黄浆量长江行慌伤阳窗",
    "拿家牙纱它峡霞花",
    "飞堆灰危归",
    "敲摇刀锚羔毫",
    "蔬株朱无",
]
"""Characters that rhyme as Chinese is spoken now: the classes of 中华新韵, as far as the poems use them."""


def rows_of(*forms: str) -> list[object]:
    return [pytest.param(row, id=row["title"]) for row in ROWS if row["form"] in forms]


def characters(line: str) -> int:
    return sum(unicodedata.category(c) == "Lo" for c in line)


def test_there_are_enough_and_each_is_valid() -> None:
    assert len(ROWS) >= 60
    forms = {row["form"] for row in ROWS}
    assert forms == {*REGULATED, "词", "古风", "新诗", "短诗", "散文诗"}
    assert all(list(row) == ["title", "author", "form", "subject", "text"] for row in ROWS)
    assert all(
        isinstance(value, str) and value == value.strip() != "" for row in ROWS for value in row.values()
    )
    assert len({row["subject"] for row in ROWS}) >= 50, "many subjects"


def test_no_two_are_alike() -> None:
    assert len({row["title"] for row in ROWS}) == len(ROWS)
    runs: dict[str, str] = {}
    for row in ROWS:
        bare = re.sub(r"\W", "", row["text"])
        for start in range(len(bare) - 4):
            run = bare[start : start + 5]
            assert runs.setdefault(run, row["title"]) == row["title"], f"{run} stands in two poems"


def test_they_are_found_unchanged() -> None:
    corpus = read_named("chinese-poems")
    assert [poem.text for poem in corpus.poems] == [row["text"] for row in ROWS]
    assert corpus.notices == ()


@pytest.mark.parametrize("row", [pytest.param(row, id=row["title"]) for row in ROWS])
def test_marks_are_the_full_width_ones(row: dict[str, str]) -> None:
    text = row["text"]
    others = {c for c in text if c != "\n" and unicodedata.category(c) != "Lo"}
    assert others <= set("，。？！：、“”「」"), "only the marks of Chinese print"
    assert not re.search(r"\n{3,}|[ \t　]\n|^[，。？！：、”」]", text, re.MULTILINE)
    assert text.count("“") == text.count("”") and text.count("「") == text.count("」")
    assert text.rstrip("”」")[-1] in "。？！"


@pytest.mark.parametrize("row", rows_of(*REGULATED))
def test_a_regulated_poem_has_its_lines_marks_and_rhyme(row: dict[str, str]) -> None:
    count, length = REGULATED[row["form"]]
    lines = row["text"].split("\n")
    assert [characters(line) for line in lines] == [length] * count
    assert all(re.fullmatch(r"\w+[，。？！]", line) for line in lines)
    assert all(line[-1] in "。？！" for line in lines[1::2]), "a couplet ends a sentence"
    rhymes = [line[-2].translate(TRADITIONAL) for line in lines[1::2]]
    assert len(set(rhymes)) == len(rhymes)
    assert any(set(rhymes) <= set(group) for group in RHYMES), rhymes


@pytest.mark.parametrize("row", rows_of("词"))
def test_a_lyric_has_the_lines_of_its_tune(row: dict[str, str]) -> None:
    tune = row["title"].translate(TRADITIONAL).split("·")[0]
    stanzas = [stanza.split("\n") for stanza in row["text"].split("\n\n")]
    assert [[characters(line) for line in stanza] for stanza in stanzas] == TUNES[tune]


@pytest.mark.parametrize("row", rows_of("短诗"))
def test_a_short_poem_is_short(row: dict[str, str]) -> None:
    assert row["text"].count("\n") == 2 and characters(row["text"]) <= 24
