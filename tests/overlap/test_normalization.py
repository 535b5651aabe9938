"""Whatever compares words compares them in one normal form, and says where they stand in the text as given."""

import re

import numpy as np
import pytest

from poetbot.corpus.chinese_scripts import in_script
from poetbot.overlap import OverlapIndex, fourgrams, marks, report, with_human_poems, words
from poetbot.overlap.copy_guard import Guard
from poetbot.poem import Poem

READ = (
    "My neighbour's kettle sings to nobody,\nthe pillow of the hill is white with frost,\n"
    "and every afternoon's a little lost"
)
CHINESE = "後院燈籠照舊書，\n風聲聽盡雨聲餘。\n誰將歲月還遊子，\n萬里歸來認故廬。"
FIGURES = ("words", "fourgrams", "novelty", "coverage", "percentiles")

WRITTEN_OTHERWISE = {
    "soft hyphens": READ.replace("pillow", "pil\u00adlow").replace("kettle", "ket\u00adtle"),
    "zero-width characters": "\ufeff" + re.sub("(?=[aeiou])", "\u200b", READ) + "\u200d",
    "hyphens at line ends": READ.replace("pillow", "pil-\n    low").replace("kettle", "ket\u2010\r\ntle"),
    "capitals": READ.upper(),
    "full width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in READ),
    "mathematical": "".join(chr(ord(c) - ord("a") + 0x1D41A) if "a" <= c <= "z" else c for c in READ),
    **{f"apostrophe {c}": READ.replace("'", c) for c in "`´′‛＇ʻʼ’‘"},
}


def build_index(*texts: str) -> OverlapIndex:
    return OverlapIndex.build([Poem(text) for text in texts])


@pytest.mark.parametrize("text", WRITTEN_OTHERWISE.values(), ids=list(WRITTEN_OTHERWISE))
def test_different_spellings_of_characters_are_the_same_text(text: str) -> None:
    index, other = build_index(READ), build_index(text)
    expected = report(index, READ)
    assert expected["longest"]["words"] == len(words(READ)) == 21
    for made in (report(index, text), report(other, READ), report(other, text)):
        assert {key: made[key] for key in FIGURES} == {key: expected[key] for key in FIGURES}
        assert made["longest"]["words"] == 21
    (span,) = report(index, text)["spans"]
    assert words(text[span["start"] : span["end"]]).keys.tolist() == words(READ).keys.tolist()
    assert [mark[:2] for mark in marks(index, text)] == [(span["start"], span["end"])]
    guard = Guard(index, 6)
    assert guard.after(guard.start(""), text) is None


@pytest.mark.parametrize("script", ["simplified", "traditional"])
def test_both_scripts_are_the_same_text_to_an_index_of_one(script: str) -> None:
    simplified = in_script(CHINESE, "simplified")
    own, other = (simplified, CHINESE) if script == "simplified" else (CHINESE, simplified)
    assert sum(a != b for a, b in zip(own, other, strict=True)) > 10
    index = with_human_poems(build_index(own), [Poem(own[:8])])
    expected = report(index, own)
    made = report(index, other)
    assert made["longest"]["words"] == 28
    without_text = {"text": ""}  # which is in the script of the text
    for name in ("longest", "longest_written"):
        assert made[name]["text"] == other[:-1]
        assert made[name] | without_text == expected[name] | without_text
    assert {**made, "longest": None, "longest_written": None} == {
        **expected,
        "longest": None,
        "longest_written": None,
    }
    assert fourgrams(index, other) == fourgrams(index, own)
    assert marks(index, other) == marks(index, own)


def test_a_text_in_the_script_of_the_index_is_left_as_it_is() -> None:
    read = "皇后天后里里千里\n雲後干戈"  # 后 and 里 have two traditional forms
    index = build_index(read)
    made = report(index, read + "\n龘")
    assert made["longest"]["words"] == 12
    assert index.words("the rain").keys.tolist() == words("the rain").keys.tolist()


@pytest.mark.parametrize("odd", ["\U0003134b", "\U000e0041", "\u9fff", "\U0002f800", "\U0010ffff", "\ud800"])
def test_code_points_without_a_character_change_nothing(odd: str) -> None:
    index = build_index(CHINESE)
    assert report(index, odd)["longest"]["words"] == 0
    assert report(index, CHINESE + odd)["longest"]["words"] == 28


def test_words_of_two_poems_are_never_joined() -> None:
    index = build_index("a pil-", "low hill")
    assert index.word_count == 4
    assert np.count_nonzero(index.ids(words("pillow").keys) >= 0) == 0
