"""What a poem is about: related words, raised logits, ranked drafts, receipts."""

import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, words
from poetbot.poets.folder import Poet, load
from poetbot.writing import (
    CachedPoet,
    EndingRequest,
    FormRequest,
    LineRequest,
    Request,
    Theme,
    form_named,
    form_request_of_receipt,
    recreate_suggestion,
    request_of_receipt,
    rhymes,
    suggest,
    titles,
    write,
    write_ending,
    write_in_form,
    write_together,
)
from poetbot.writing import theme_words as finding
from poetbot.writing.endings import ENDING
from poetbot.writing.lexicon import casefolded
from poetbot.writing.theme_bias import ThemeBias
from poetbot.writing.theme_words import resolved
from poetbot.writing.word_vectors import save_vectors, vectors_of
from tests.conftest import STANZAS

BEFORE = "The lamp is low, the street is long,\n"


def with_words(given: Path, folder: Path) -> Poet:
    """A copy of a poet that has counted its words and has vectors of them."""
    shutil.copytree(given, folder)
    counts = Counter(words("\n".join(STANZAS)).strings()) + Counter({"the": 30, "and": 20})
    (folder / "words.json").write_text(json.dumps(counts))
    save_vectors(folder, vectors_of(STANZAS * 3))
    return load(folder)


@pytest.fixture(scope="module")
def poet(tiny_poet: Path, tmp_path_factory: pytest.TempPathFactory) -> Poet:
    return with_words(tiny_poet, tmp_path_factory.mktemp("theme") / "tiny")


@pytest.fixture(scope="module")
def subwords(subword_poet: Path, tmp_path_factory: pytest.TempPathFactory) -> Poet:
    return with_words(subword_poet, tmp_path_factory.mktemp("theme") / "subwords")


@pytest.fixture(scope="module")
def desk(poet: Poet) -> CachedPoet:
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


def test_a_theme_has_its_words_and_those_read_with_them(poet: Poet) -> None:
    theme, notices = resolved(Theme("the lamp's apple", "rain"), poet)
    assert theme.wanted["lamp"] == theme.wanted["apple"] == theme.wanted["apples"] == 1
    assert theme.avoided == {"rain"} and notices == () and "the" not in theme.wanted
    related = {word: weight for word, weight in theme.wanted.items() if weight < 1}
    assert (
        related and all(0 < weight < 1 for weight in related.values()) and set(related) <= set(poet.words())
    )
    assert resolved(theme, poet) == (theme, ())
    assert Theme.from_json(json.loads(json.dumps(theme.as_json()))) == theme


def test_without_vectors_a_theme_uses_wordnet_or_its_own_words(
    tiny_poet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain_poet = load(tiny_poet)
    with monkeypatch.context() as without_nltk:
        without_nltk.setitem(sys.modules, "nltk.corpus", None)
        assert finding._of_wordnet("bridge") == []
    monkeypatch.setattr(finding, "_of_wordnet", lambda word: [])
    theme, (said,) = resolved(Theme("lamp"), plain_poet)
    assert theme.wanted == {"lamp": 1} and "own words" in str(said)
    monkeypatch.setattr(finding, "_of_wordnet", lambda word: ["bridge", "zeppelin"])
    theme, (said,) = resolved(Theme("lamp"), plain_poet)
    assert theme.wanted == {"lamp": 1, "bridge": 0.5} and "WordNet" in str(said)


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("tomp", "never read"),
        ("дождь", "can write"),
        ("雨", "can write"),
        ("!?", ""),
    ],
)
def test_a_theme_that_cannot_be_had_is_one_sentence_and_the_poem_is_written(
    poet: Poet, about: str, said: str
) -> None:
    poem = write(poet, Request(lines=1, theme=Theme(about)))
    assert len(poem.notices) == 1 and said in str(poem.notices[0]) and poem.text.strip()


def test_an_opening_is_the_theme_if_there_is_no_other(poet: Poet) -> None:
    theme, notices = resolved(Theme(avoid="rain").or_opening("The lamp, the tomp"), poet)
    assert theme.from_opening and theme.wanted["lamp"] == 1 and theme.avoided == {"rain"} and notices == ()
    assert Theme.from_json(json.loads(json.dumps(theme.as_json()))) == theme
    assert Theme("apple").or_opening("The lamp") == Theme("apple") and Theme().or_opening(" \n") == Theme()
    assert resolved(Theme().or_opening("and the"), poet) == (Theme(), ()) and Theme().or_opening(
        "lamp " * 9_000
    )
    request = Request("The lamp", lines=3, rng=4, theme=Theme().or_opening("The lamp"))
    poem = write(poet, request)
    assert poem.text != write(poet, Request("The lamp", lines=3, rng=4)).text and poem.notices == ()
    assert write(poet, request_of_receipt(poem.receipt, poet)) == poem


def test_an_opening_is_no_theme_in_chinese() -> None:
    tang = load("tang")
    poem = write(tang, Request("春風", lines=2, rng=1, theme=Theme().or_opening("春風")))
    assert "theme" not in poem.receipt and poem.notices == ()
    assert poem == write(tang, Request("春風", lines=2, rng=1))


def test_a_long_theme_counts_in_part(poet: Poet) -> None:
    about = " ".join(f"lamp{'abcdefghij'[k % 10]}{'abcdefghij'[k // 10]}" for k in range(60))
    theme, (said,) = resolved(Theme((about + " ") * 10), poet)
    assert "first 40 words" in str(said) and len(theme.wanted) <= 400
    with pytest.raises(PoetBotError):
        Theme("lamp " * 5_000)


@pytest.mark.parametrize("which", ["poet", "subwords"])
def test_the_biases_of_a_word_add_up_to_its_weight(which: str, request: pytest.FixtureRequest) -> None:
    """Whatever units spell a word, with the space after it they gain as much as the word has weight."""
    given: Poet = request.getfixturevalue(which)
    bias = ThemeBias(given, Theme("x", words=(("bridge", 1.0), ("apples", 0.5), ("rain", -1.0))))

    def gained(text: str) -> float:
        before, total = "And\nthe", 0.0
        for number in given.vocabulary.ids_of(before + text)[len(given.vocabulary.ids_of(before)) :]:
            logits = np.zeros(len(given.vocabulary), np.float32)
            bias.add(before, logits)
            total += float(logits[number])
            before += given.vocabulary.piece(int(number), before)
        return total

    base = gained(" lamp, ")
    assert gained(" bridge, ") - base == pytest.approx(bias._strength, abs=0.01)
    assert gained(" apples, ") - base == pytest.approx(bias._strength / 2, abs=0.01)
    assert gained(" rain, ") - base == pytest.approx(-12, abs=0.01)
    assert gained(" brown, ") - base == pytest.approx(0, abs=0.01)


def test_a_word_that_has_occurred_is_raised_less(poet: Poet) -> None:
    bias = ThemeBias(poet, Theme("x", words=(("bridge", 1.0),)))
    fresh, used = (np.zeros(len(poet.vocabulary), np.float32) for _ in range(2))
    bias.add("the fog\n", fresh)
    bias.add("the bridge\n", used)
    b = poet.vocabulary.ids["b"]
    assert fresh[b] > used[b] > 0
    assert bias.penalty("the bridge", "the fog\n") < 0 == bias.penalty("the bridge", "the bridge\n")


@pytest.mark.parametrize("which", ["poet", "subwords"])
def test_poems_have_more_of_the_theme_and_nothing_of_what_they_avoid(
    which: str, request: pytest.FixtureRequest
) -> None:
    given: Poet = request.getfixturevalue(which)
    theme = Theme("x", words=(("bridge", 1.0), ("lamp", 1.0), ("a", -1.0)))

    def found(asked: Request, word: str) -> int:
        poems = [poem.text for _, poem in write_together(given, asked, 8)]
        return sum(words(text).strings().count(word) for text in poems)

    asked = Request(lines=6, temperature=1.0, rng=3)
    raised = Request(lines=6, temperature=1.0, rng=3, theme=theme)
    assert found(raised, "bridge") + found(raised, "lamp") > found(asked, "bridge") + found(asked, "lamp")
    assert found(raised, "a") == 0


def test_receipts_hold_the_theme_and_recreate_the_poem(poet: Poet, desk: CachedPoet) -> None:
    theme = Theme("lamp, rain", "bridge")
    alone = write(poet, Request(lines=3, rng=4, theme=theme))
    (_, batch), *_ = sorted(write_together(poet, Request(lines=3, rng=4, theme=theme), 4))
    for poem in (alone, batch):
        receipt = json.loads(json.dumps(poem.receipt))
        assert receipt["theme"]["about"] == "lamp, rain" and receipt["theme"]["words"]["bridge"] == -1
        assert write(poet, request_of_receipt(receipt, poet)).text == poem.text
    formed, _ = write_in_form(desk, FormRequest(form_named(acrostic="TAY"), drafts=6, theme=theme))
    receipt = json.loads(json.dumps(formed.receipt))
    assert write_in_form(desk, form_request_of_receipt(receipt, poet))[0].text == formed.text
    for each in suggest(desk, LineRequest(BEFORE, drafts=8, theme=theme)).suggestions:
        assert "bridge" not in casefolded(each.line)
        assert recreate_suggestion(desk, json.loads(json.dumps(each.receipt))) == each.text
    ending = write_ending(desk, EndingRequest(BEFORE, drafts=8, theme=theme))
    assert ending.receipt["theme"]["avoid"] == "bridge" and "bridge" not in casefolded(ending.text)
    again = ENDING.request_of(json.loads(json.dumps(ending.receipt)), poet)
    assert write_ending(desk, again).text == ending.text


def test_a_receipt_without_a_theme_is_as_before(poet: Poet, desk: CachedPoet) -> None:
    poem = write(poet, Request(lines=2, rng=1))
    assert (
        "theme" not in poem.receipt and write(poet, request_of_receipt(poem.receipt, poet)).text == poem.text
    )
    assert "theme" not in suggest(desk, LineRequest(BEFORE, drafts=4)).suggestions[0].receipt
    assert "theme" not in write_ending(desk, EndingRequest(BEFORE, drafts=4)).receipt


def test_titles_prefer_the_words_of_the_theme_and_leave_out_those_to_avoid(desk: CachedPoet) -> None:
    poem = "The lamp is low, the street is long,\nA kettle sings its kitchen song.\n"
    about, avoided = Theme("street"), Theme(avoid="street")
    best = titles(desk, poem, count=10, theme=about)
    plainly = {each.text: each.penalty for each in titles(desk, poem, count=10)}
    found = [each for each in best if "Street" in each.text]
    assert found and all(each.penalty < plainly.get(each.text, 99.0) for each in found)
    assert not any("Street" in each.text for each in titles(desk, poem, count=10, theme=avoided))


def test_rhymes_of_the_theme_come_sooner_and_those_to_avoid_are_left_out(
    tiny_poet: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_poet, tmp_path / "tiny")
    read = {"light": 40, "night": 9, "white": 20, "bright": 2, "the": 30, "lamp": 3, "kite": 1}
    (tmp_path / "tiny" / "words.json").write_text(json.dumps(read))
    save_vectors(
        tmp_path / "tiny", vectors_of(["A kite is bright, is bright a kite.\n", "The lamp is light.\n"] * 9)
    )
    desk = CachedPoet(load(tmp_path / "tiny"))
    assert [each.word for each in rhymes(desk, "night").words] == ["light", "white", "bright", "kite"]
    found = rhymes(desk, "night", theme=Theme("kite", "white")).words
    assert found[0].word == "kite" and found[0].theme == 1
    assert "white" not in {each.word for each in found}
    assert next(each.theme for each in found if each.word == "bright") > 0


@pytest.mark.parametrize(
    "wrong",
    [
        7,
        {"about": 7},
        {"words": []},
        {"words": {"a": 2}},
        {"words": {"a": True}},
        {"words": {"": 1}},
        {"more": ""},
    ],
)
def test_a_damaged_theme_is_refused(wrong: object) -> None:
    with pytest.raises(PoetBotError):
        Theme.from_json(wrong)
    with pytest.raises(PoetBotError):
        Request(theme=wrong)  # type: ignore[arg-type]


def test_chinese_characters_are_raised_in_either_script(chinese_poet: Path) -> None:
    poet = load(chinese_poet)
    theme, _ = resolved(Theme("门前的雨"), poet)
    assert {"門", "前", "雨"} <= set(theme.wanted)
    logits = np.zeros(len(poet.vocabulary), np.float32)
    ThemeBias(poet, theme).add("山", logits)
    assert logits[poet.vocabulary.ids["雨"]] > 0 >= logits[poet.vocabulary.ids["山"]]
