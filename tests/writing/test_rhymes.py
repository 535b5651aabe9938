"""Rhymes among the words a poet has read, and lines that end in a given word."""

import json
import shutil
from pathlib import Path

import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.writing import CachedPoet, LineRequest, form_named, recreate_suggestion, rhymes, suggest
from poetbot.writing.next_line import ends_with

READ = {"light": 5, "night": 9, "white": 2, "bright": 2, "bride": 4, "the": 30, "lamp": 3, "zjrk": 2}
BEFORE = "The lamp is low, the street is long,\n"


def desk_of(folder: Path) -> CachedPoet:
    poet = load(folder)
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


@pytest.fixture(scope="module")
def desk(tiny_poet: Path, tmp_path_factory: pytest.TempPathFactory) -> CachedPoet:
    folder = tmp_path_factory.mktemp("rhymes") / "tiny"
    shutil.copytree(tiny_poet, folder)
    (folder / "words.json").write_text(json.dumps(READ))
    return desk_of(folder)


def test_rhymes_are_words_the_poet_has_read_the_most_frequent_first(desk: CachedPoet) -> None:
    found = rhymes(desk, "Out into the night,")
    assert found.word == "night" and found.group == ""
    perfect = [each.word for each in found.words if each.kind == "perfect"]
    assert perfect == ["light", "bright", "white"]
    assert [each.word for each in found.words if each.kind == "near"] == ["bride"]
    assert [each.count for each in found.words] == [5, 2, 2, 4]
    assert [each.word for each in rhymes(desk, "night", count=1).words] == ["light", "bride"]
    json.dumps(found.as_json(), allow_nan=False)


def test_with_a_line_rhymes_are_ranked_by_how_likely_it_ends_with_them(desk: CachedPoet) -> None:
    for before in (BEFORE + "And all the", BEFORE + "And all the ", BEFORE):
        found = rhymes(desk, "night", before=before).words
        likely = [each.log_probability for each in found if each.kind == "perfect"]
        assert len(likely) == 3 and None not in likely
        assert likely == sorted(likely, reverse=True) and likely[0] < 0


def test_chinese_rhymes_share_the_rhyme_group_and_the_tone(chinese_poet: Path) -> None:
    found = rhymes(desk_of(chinese_poet), "門前雨未停。")
    assert found.word == "停" and found.group == "geng level"
    assert found.words and all(len(each.word) == 1 and each.word != "停" for each in found.words)
    ranked = rhymes(desk_of(chinese_poet), "停", before="門前").words
    assert all((each.log_probability or 0) < 0 for each in ranked)


@pytest.mark.parametrize("word", ["", "雨", "x" * 201, 7, "lamp"])
def test_a_word_without_rhymes_is_one_sentence(desk: CachedPoet, word: object) -> None:
    with pytest.raises(PoetBotError) as caught:
        rhymes(desk, word)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("before", "rules"), [(BEFORE, {}), (BEFORE + "And no", {"temperature": 1.2})])
def test_a_suggested_line_ends_in_the_chosen_word(desk: CachedPoet, before: str, rules: dict) -> None:
    found = suggest(desk, LineRequest(before, rng=2, drafts=16, ends_in="Bright", **rules))
    assert found.notices == () and found.suggestions
    for each in found.suggestions:
        assert ends_with(each.line, "bright") and each.receipt["ends_in"] == "Bright"
        assert recreate_suggestion(desk, json.loads(json.dumps(each.receipt))) == each.text


def test_a_poet_of_subwords_ends_lines_in_the_chosen_word(subword_poet: Path) -> None:
    desk = desk_of(subword_poet)
    found = suggest(desk, LineRequest(BEFORE, rng=2, drafts=16, ends_in="apples"))
    assert found.suggestions and all(ends_with(each.line, "apples") for each in found.suggestions)
    for each in found.suggestions:
        assert recreate_suggestion(desk, each.receipt) == each.text


@pytest.mark.parametrize("form", ["free", "五绝"])
def test_a_chinese_line_ends_in_the_chosen_character(chinese_poet: Path, form: str) -> None:
    asked = LineRequest("", rng=1, drafts=16, form=form_named(form), ends_in="门", script="simplified")
    desk = desk_of(chinese_poet)
    for each in suggest(desk, asked).suggestions:
        assert ends_with(each.line, "门")
        assert recreate_suggestion(desk, each.receipt) == each.text


def test_a_receipt_without_a_last_word_is_as_before(desk: CachedPoet) -> None:
    made = suggest(desk, LineRequest(BEFORE, drafts=4)).suggestions[0]
    assert "ends_in" not in made.receipt and recreate_suggestion(desk, made.receipt) == made.text


def test_what_keeps_a_last_word_from_rhyming_is_one_sentence(desk: CachedPoet) -> None:
    pair = form_named("couplets", stanzas=(4,))
    (said,) = suggest(desk, LineRequest(BEFORE, drafts=4, form=pair, ends_in="lamp")).notices
    assert "lamp doesn't rhyme" in str(said)
    (said,) = suggest(desk, LineRequest("", drafts=4, form=pair, ends_in="lamp")).notices
    assert "has to rhyme with lamp" in str(said)


@pytest.mark.parametrize("word", ["two words", "雨", "twenty-one", "x" * 61, "!", 7])
def test_a_last_word_that_cannot_be_written_is_one_sentence(desk: CachedPoet, word: object) -> None:
    with pytest.raises(PoetBotError) as caught:
        suggest(desk, LineRequest(BEFORE, drafts=4, ends_in=word))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_the_last_word_of_a_line_is_found_behind_its_marks() -> None:
    assert ends_with("into the Night!”", "night") and ends_with("a moon’s", "moon's")
    assert (
        not ends_with("tonight", "night") and not ends_with("o'night", "night") and not ends_with("", "night")
    )
    assert ends_with("門前雨。", "雨") and not ends_with("雨，門前。", "雨")
