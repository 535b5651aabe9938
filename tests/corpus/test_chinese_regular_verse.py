"""Chinese verse in lines of one length, out of whatever layout it comes in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.__main__ import main
from poetbot.corpus.chinese_regular_verse import regular_verse, without_rare_characters
from poetbot.poem import Poem

QUATRAIN = "山中雨未停，\n溪上一舟輕。\n燈下聽風過，\n門前見月明。"


def texts(*poems: str, lengths: tuple[int, ...] = (5, 7)) -> list[str]:
    return [poem.text for poem in regular_verse(map(Poem, poems), lengths)]


def test_every_layout_is_normalised() -> None:
    run = QUATRAIN.replace("\n", "")
    couplets = "山中雨未停，溪上一舟輕。\n燈下聽風過，門前見月明。\n"
    other_marks = run.replace("停，", "停；").replace("過，", "過、 ")
    assert texts(QUATRAIN, run, couplets, other_marks) == [QUATRAIN] * 4


@pytest.mark.parametrize(
    "poem",
    [
        "",
        "山中雨未停，溪上一舟輕。",  # one couplet
        "山中雨未停，溪上一舟輕。燈下聽風過。",  # an odd line
        "山中雨未停，溪上一舟。燈下聽風過，門前見月明。",
        "山中雨□停，溪上一舟輕。燈下聽風過，門前見月明。",
        "山中雨未停，溪上一舟輕。燈下聽風過，門前見月明",
        "山中雨未停，溪上一舟輕。（一作船）燈下聽風過，門前見月明。",
        "中雨未停，上一舟輕。下聽風過，前見月明。",  # four characters
        "The lamp is low, the street is long.",
    ],
)
def test_irregular_poems_are_left_out(poem: str) -> None:
    assert texts(poem) == []


@given(st.text("山中雨未停，。\n□ ", max_size=40))
def test_found_poems_are_regular(poem: str) -> None:
    for text in texts(poem):
        lines = text.split("\n")
        assert len(lines) % 2 == 0 and len({len(line) for line in lines}) == 1
        assert all(line[-1] in "，。？！" and len(line) - 1 in (5, 7) for line in lines)


def test_poems_with_rare_characters_are_left_out() -> None:
    poems = [Poem("山水"), Poem("山水"), Poem("山谷"), Poem("山水谷")]
    assert without_rare_characters(poems, 3) == [poems[0], poems[1]]
    assert without_rare_characters(poems, 1) == poems


def test_the_command_line_option_keeps_regular_verse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "book.json"
    poems = [QUATRAIN.split("\n"), ["山中雨未停，"], [QUATRAIN.replace("山", "㟧").replace("\n", "")]]
    book.write_text(json.dumps([{"title": "夜", "paragraphs": each} for each in poems]), encoding="utf-8")
    out = tmp_path / "verse.jsonl"
    assert main(["corpus", str(book), "--regular", "5,7", "--out", str(out)]) == 0
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["text"][:1] for row in rows] == ["山", "㟧"] and rows[0]["text"] == QUATRAIN
    assert main(["corpus", str(book), "--regular", "5", "--seldom", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["poems"] == 0
    for wrong in (["--regular", "five"], ["--regular", "0"], ["--regular", "5,"], ["--seldom", "0"]):
        assert main(["corpus", str(book), *wrong]) == 2
        assert capsys.readouterr().err.count("\n") == 1
