"""Chinese verse comes out in its form whatever the network draws: here one with random weights."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.folder import Poet, load
from poetbot.verse import Rhyme
from poetbot.verse.chinese import character_rhyme
from poetbot.writing import (
    FormRequest,
    FormWriter,
    LineRequest,
    form_named,
    recreate_suggestion,
    suggest,
    write_in_form,
)
from poetbot.writing.forms import CHINESE, Form
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.word_sounds import CjkSounds
from tests.conftest import CHINESE as QUATRAINS
from tests.writing.conftest import copyist

SHAPES = {"五绝": (4, 5), "七绝": (4, 7), "五律": (8, 5), "七律": (8, 7)}
KNOWN = sorted(set(re.sub(r"[^\u4e00-\u9fff]", "", "".join(QUATRAINS))))


@pytest.fixture(scope="module")
def cached(chinese_poet: Path) -> CachedPoet:
    return CachedPoet(load(chinese_poet))


@given(
    st.sampled_from(list(CHINESE)),
    st.integers(0, 10_000),
    st.floats(0.2, 2),
    st.text(KNOWN, max_size=4),
    st.one_of(st.none(), st.lists(st.sampled_from(KNOWN), min_size=8, max_size=8)),
)
@settings(max_examples=12)
def test_lines_punctuation_and_first_characters_follow_the_form(
    cached: CachedPoet, name: str, rng: int, temperature: float, seed: str, letters: list[str] | None
) -> None:
    lines, signs = SHAPES[name]
    form = form_named(name, acrostic="".join((letters or [])[:lines]))
    seed = "" if letters else seed
    poem, found = write_in_form(cached, FormRequest(form, seed, temperature, rng=rng, drafts=4))
    rows = poem.text.split("\n")
    assert len(rows) == lines and poem.text.startswith(seed)
    for row, mark in zip(rows, ("，", "。？！") * (lines // 2), strict=True):
        assert re.fullmatch(rf"[\u4e00-\u9fff]{{{signs}}}[{mark}]", row)
    assert found.syllables == found.marks == (lines, lines)
    if letters:
        assert [row[0] for row in rows] == letters[:lines] and found.letters == (lines, lines)


def test_even_lines_rhyme(cached: CachedPoet) -> None:
    met = wanted = 0
    for rng in range(8):
        form = form_named("wulü", rhyme_book="none")
        poem, found = write_in_form(cached, FormRequest(form, rng=rng, drafts=8))
        ends = [line[-2] for line in poem.text.split("\n")][1::2]
        pairs = [character_rhyme(a, b) is Rhyme.PERFECT for a, b in pairwise(ends)]
        assert found.rhymes == (sum(pairs), 3)
        met, wanted = met + sum(pairs), wanted + 3
    assert met >= 0.9 * wanted, (met, wanted)


def test_a_started_line_is_completed_unless_it_is_too_long(cached: CachedPoet) -> None:
    poem, found = write_in_form(
        cached,
        FormRequest(form_named("五絕", rhyme_book="xinyun"), "山中雨未停，\n溪上一", rng=3, drafts=6),
    )
    assert poem.text.startswith("山中雨未停，\n溪上一") and found.met
    _, found = write_in_form(cached, FormRequest(form_named("五绝"), "山中雨未停溪上\n", rng=3, drafts=4))
    assert found.syllables == (3, 4) and found.marks == (3, 4) and "3 of 4 lines" in found.sentence()


def test_suggestions_are_in_form(cached: CachedPoet) -> None:
    asked = LineRequest(
        "山中雨未停，\n溪上一舟輕。\n燈下聽風過，\n",
        form=form_named("wujue", rhyme_book="xinyun"),
        rng=5,
        drafts=12,
    )
    for each in suggest(cached, asked).suggestions:
        assert re.fullmatch(r"[\u4e00-\u9fff]{5}[。？！]", each.line)
        assert each.figures["form"]["rhymes"] and each.figures["form"]["mark"]
        assert character_rhyme("輕", each.line[-2]) is Rhyme.PERFECT
        assert recreate_suggestion(cached, each.receipt) == each.text


def test_characters_are_counted_without_couplets_too(cached: CachedPoet) -> None:
    form = Form(stanzas=(3,), syllables=(2, 6, 4))
    poem, found = write_in_form(cached, FormRequest(form, rng=1, drafts=4, temperature=1.5))
    assert found.syllables == (3, 3), poem.text


def test_simplified_input_for_a_traditional_poet(cached: CachedPoet) -> None:
    asked = FormRequest(form_named("五绝", acrostic="云门风马"), rng=7, drafts=6, script="simplified")
    poem, found = write_in_form(cached, asked)
    assert found.met and [line[0] for line in poem.text.split("\n")] == list("雲門風馬")
    assert [line[0] for line in poem.given.split("\n")] == list("云门风马")
    assert poem.as_json()["text"] == poem.given and poem.receipt["script"] == "simplified"
    receipt = json.loads(json.dumps(poem.receipt))
    assert write_in_form(cached, FormRequest(**{**_fields(receipt), "form": asked.form}))[0] == poem
    # Without the option a character that the poet does not know is still tried in the other script.
    poem, _ = write_in_form(cached, FormRequest(form_named("五绝"), "钟传古寺", rng=7, drafts=4))
    assert poem.text.startswith("鐘傳古寺") and poem.given == poem.text and not poem.notices
    assert "script" not in poem.receipt


def test_suggestions_are_in_the_script_of_the_input(cached: CachedPoet) -> None:
    asked = LineRequest("山中雨未停，\n门前", form=form_named("五绝"), rng=2, drafts=8, script="simplified")
    for each in suggest(cached, asked).suggestions:
        assert each.line.startswith("门前") and len(each.line) == 6
        assert (
            each.receipt["script"] == "simplified" and recreate_suggestion(cached, each.receipt) == each.text
        )


def test_invalid_requests_are_errors(cached: CachedPoet, copies: Poet, tmp_path: Path) -> None:
    english = CachedPoet(copies)
    for poet, asked, what in (
        (english, FormRequest(form_named("五绝")), "Chinese poets only"),
        (english, FormRequest(Form(stanzas=(2,)), script="simplified"), "doesn't write Chinese"),
        (cached, FormRequest(form_named("五绝", acrostic="春Ж秋冬")), "know the letter Ж"),
    ):
        with pytest.raises(PoetBotError, match=what):
            FormWriter(poet, asked)
    for wrong in ({"script": "klingon"}, {"script": 7}, {"script": ["simplified"]}):
        with pytest.raises(PoetBotError, match="script"):
            FormRequest(form_named("五绝"), **wrong)
    for fields in (
        {"couplets": True},
        {"couplets": True, "stanzas": (3,), "syllables": (5,)},
        {"couplets": True, "stanzas": (4,)},
        {"couplets": "yes", "stanzas": (4,), "syllables": (5,)},
    ):
        with pytest.raises(PoetBotError):
            Form(**fields)
    markless = CachedPoet(copyist(["山中雨未停\n溪上一舟輕\n"], tmp_path))
    with pytest.raises(PoetBotError, match="never ends a line with"):
        FormWriter(markless, FormRequest(form_named("五绝")))


def test_japanese_is_counted_and_not_rhymed(tmp_path: Path) -> None:
    poet = CachedPoet(copyist(["ふるいけや\nかわずとびこむ\nみずのおと\n"], tmp_path))
    assert type(poet.sounds) is CjkSounds
    with pytest.raises(PoetBotError, match="Rhymes"):
        FormWriter(poet, FormRequest(Form(rhyme="AA")))
    _, found = write_in_form(poet, FormRequest(Form(syllables=(5, 7, 5)), drafts=4))
    assert found.syllables == (3, 3)


def _fields(receipt: dict) -> dict:
    return {name: value for name, value in receipt.items() if name in FormRequest.__dataclass_fields__}
