"""A poet of subwords: everything a poet of characters does, and words that go on where a seed cuts them."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.corpus.slurs import STEMS, has_slur
from poetbot.overlap import OverlapIndex, words
from poetbot.poem import MARKER
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.poets.subword_vocabulary import Subwords
from poetbot.study.surprise import surprise
from poetbot.verse.word_letters import vowel_groups
from poetbot.writing.batch_writer import write_together
from poetbot.writing.continuation import continuations
from poetbot.writing.form_rules import Ending, Spelling
from poetbot.writing.form_writer import FormRequest, write_in_form
from poetbot.writing.forms import Form
from poetbot.writing.lexicon import Lexicon
from poetbot.writing.poet_cache import CachedPoet
from poetbot.writing.request import Request
from poetbot.writing.subword_constraints import SubwordConstraints
from poetbot.writing.subword_rules import Cache, SubwordRule, SubwordSpelling, UnitTrie, units_of
from poetbot.writing.suggestions import LineRequest, recreate_suggestion, suggest
from poetbot.writing.titles import titles
from poetbot.writing.token_healing import end_of
from poetbot.writing.writer import Writer, write

POEM = "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n"


@pytest.fixture(scope="module")
def poet(subword_poet: Path) -> Poet:
    return load(subword_poet)


@pytest.fixture(scope="module")
def cached(poet: Poet) -> CachedPoet:
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


@pytest.fixture(scope="module")
def units(poet: Poet) -> Subwords:
    assert isinstance(poet.vocabulary, Subwords)
    return poet.vocabulary


SEEDS = (
    "",
    "T",
    "The la",
    "The lam",
    "The lamp",
    "The lamp ",
    "  ",
    "The rain,",
    "The rain\n",
    "k",
    "appl",
    "bri",
)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("guard", [0, 3])
def test_any_seed_gives_a_poem_that_can_be_recreated(poet: Poet, seed: str, guard: int) -> None:
    request = Request(seed=seed, lines=3, rng=4, guard=guard)
    poem = write(poet, request)
    assert poem.text.startswith(seed) and len(poem.text) > len(seed) and "+" not in poem.text
    assert write(poet, request).text == poem.text
    assert "".join(Writer(poet, request)) == poem.text[poem.seed_characters :]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("characters", [1, 7, 60])
def test_a_length_in_characters_is_an_upper_bound(poet: Poet, seed: str, characters: int) -> None:
    for k in range(6):
        poem = write(poet, Request(seed=seed, characters=characters, rng=k, temperature=1.0))
        assert len(poem.text) - poem.seed_characters <= characters


def test_written_alone_or_together_a_poem_is_the_same(poet: Poet) -> None:
    request = Request(seed="The la", lines=3, rng=7)
    together = dict(write_together(poet, request, 5))
    for k in range(5):
        assert together[k].text == write(poet, dataclasses.replace(request, rng=7 + k)).text


def test_a_cut_word_is_completed_and_a_whole_one_is_not_extended(poet: Poet) -> None:
    assert end_of(poet, "the lam").pending == "lam" and not end_of(poet, "the lam").whole_word
    assert end_of(poet, "The lamp").whole_word and end_of(poet, "and LAMP").whole_word
    assert not end_of(poet, "the lamp,").whole_word and not end_of(poet, "the lamp ").whole_word
    assert not end_of(poet, "the cat").whole_word, "a word that was read once may be cut off"
    for k in range(20):
        written = write(poet, Request(seed="The lamp", lines=1, rng=k, temperature=1.5)).text[
            len("The lamp") :
        ]
        assert not written[:1].isalnum()


def test_the_state_is_restored_after_taking_text_back(poet: Poet, units: Subwords) -> None:
    for seed in ("the lam", "the br", "a ra", "b"):
        assert end_of(poet, seed).pending
        allowed = units.beginning_as(end_of(poet, seed).pending)
        assert allowed.any() and not allowed.all()


def test_no_slur_is_written_however_it_is_split(units: Subwords) -> None:
    stem = min(STEMS, key=len)
    letters = sorted(set("".join(STEMS)) | set(" \n+"))
    whole = [*letters, MARKER]
    merges = []
    for at in range(1, len(stem)):
        merges.append((whole.index(stem[:at]), whole.index(stem[at])))
        whole.append(stem[: at + 1])
    merges.append((whole.index(" "), whole.index(stem)))
    whole.append(" " + stem)
    merges.append((whole.index(stem[-2]), whole.index(stem[-1])))
    whole.append(stem[-2:])
    vocabulary = Subwords(whole, merges)
    forbid = SubwordConstraints(vocabulary, "", open_end=False)
    for length in range(len(stem)):
        for before in ("x " + stem[:length], stem[:length].upper()):
            logits = np.zeros(len(vocabulary), np.float32)
            forbid(before, logits)
            for number, unit in enumerate(vocabulary.units):
                if has_slur(before + unit) and not has_slur(before):
                    assert logits[number] == -np.inf, (length, number)
    logits = np.zeros(len(vocabulary), np.float32)
    forbid("x" + stem[:-1], logits)
    assert logits[whole.index(stem[-1])] == 0, "inside another word its letters are innocent"


def test_lines_are_suggested_and_recreated(cached: CachedPoet) -> None:
    for before in (POEM, POEM + "And the ra", POEM + "The lamp", POEM + "And "):
        found = suggest(cached, LineRequest(before, rng=5, drafts=12))
        assert found.suggestions
        for each in found.suggestions:
            assert each.line.startswith(before.rsplit("\n", 1)[-1]) and "\n" not in each.text
            assert recreate_suggestion(cached, each.receipt) == each.text


def test_only_real_words_are_suggested_on_request(cached: CachedPoet) -> None:
    for before in (POEM, POEM + "And the app"):
        found = suggest(cached, LineRequest(before, rng=5, drafts=8, real_words=True, temperature=1.2))
        for each in found.suggestions:
            for word in words(each.line).strings():
                assert word in cached.poet.words() or word in words(before).strings(), each.line


def test_forms_acrostics_titles_and_ends(cached: CachedPoet) -> None:
    poem, report = write_in_form(cached, FormRequest(Form(acrostic="TAR", stanzas=(3,)), rng=2, drafts=6))
    assert report.met and [line[0].casefold() for line in poem.text.split("\n")] == ["t", "a", "r"]
    assert titles(cached, POEM)
    for before in (POEM, POEM + "And the ra", POEM + "The lamp"):
        (one,) = continuations(cached, before, Request(lines=2, rng=4), drafts=3)
        assert one.text.strip()


def test_a_rule_of_characters_holds_for_every_character_of_a_unit(units: Subwords) -> None:
    lifted_units = UnitTrie(units)
    lexicon = Lexicon(["the", "lamp", "rain", "apples"])
    plain_rule = Spelling(lifted_units.alphabet, lexicon)
    lifted = SubwordRule(lifted_units, plain_rule)
    for line in ("", "The", "The ", "The la", "the rain, ", "the app"):
        logits = np.zeros(len(units), np.float32)
        lifted.forbid(line, logits)
        for number, unit in enumerate(units.units):
            if unit == MARKER:
                continue
            allowed, at = True, line
            for character in unit:
                free = np.zeros(len(lifted_units.alphabet), np.float32)
                plain_rule.forbid(at, free)
                allowed &= bool(free[lifted_units.alphabet.ids[character]] == 0)
                at += character
            assert (logits[number] == 0) == allowed, (line, unit)


@pytest.fixture(scope="module")
def english_units() -> UnitTrie:
    vocabulary = load(BUNDLED / "english").vocabulary
    assert isinstance(vocabulary, Subwords)
    return UnitTrie(vocabulary)


@pytest.mark.parametrize("syllables", [None, 3, 4])  # the rules share a cache
def test_units_of_letters_are_looked_up_as_they_are_spelled(
    english_units: UnitTrie, syllables: int | None
) -> None:
    units = english_units
    lexicon = Lexicon(
        ["a", "i", "the", "theme", "lamp", "don't", "o'er", "night", "nightingale"], vowel_groups
    )
    spelling = Spelling(units.alphabet, lexicon, syllables, lambda line: sum(map(vowel_groups, line.split())))
    by_letters, looked_up = SubwordRule(units, spelling), SubwordSpelling(units, spelling)
    lines = (
        "",
        "The",
        "The night",
        "the lamp,",
        "a",
        "don'",
        "the o",
        "the night,—",
        "xyz",
        "the 'the",
        "I don't",
    )
    for line in (*lines, *(line + " " for line in lines), "a theme, a theme,"):
        expected, found = np.zeros((2, len(units.vocabulary)), np.float32)
        by_letters.forbid(line, expected)
        looked_up.forbid(line, found)
        assert np.array_equal(expected, found), line


def test_a_poet_has_one_trie_and_its_cache_is_bounded(poet: Poet) -> None:
    units = units_of(poet)
    assert units and units is units_of(poet) is not units_of(load(poet.folder))
    cache, large = Cache(), np.zeros(9_000_000, np.bool_)
    for number in range(3):
        cache.put(number, large)
    assert [cache.get(number) is large for number in range(3)] == [False, False, True]
    for number in range(50_000):
        cache.put(number, np.zeros(0, np.bool_))
    assert cache.get(1) is None and cache.get(49_999) is not None


def test_the_last_word_is_put_behind_a_space_that_was_not_read(units: Subwords) -> None:
    lifted_units = UnitTrie(units)
    lifted = SubwordRule(lifted_units, Ending(lifted_units.alphabet, Lexicon(["rain"]), len("the ")))
    logits = np.zeros(len(units), np.float32)
    lifted.forbid("the ", logits, " ")
    allowed = {unit for number, unit in enumerate(units.units) if logits[number] == 0}
    assert allowed == {" ", " rain"} & set(units.units) | {
        unit for unit in allowed if " rain".startswith(unit)
    }
    assert " rain" in allowed and " the" not in allowed


def test_surprise_is_measured_by_the_character(poet: Poet) -> None:
    found = surprise(poet, POEM)
    assert "".join(unit.text for unit in found.units) == POEM
    assert [line.units for line in found.lines] == [len(line) + 1 for line in POEM.splitlines()]
    assert found.unit == "characters"
    json_units = found.as_json()["units"]
    assert len(json_units) == len(found.units)


@settings(max_examples=20)
@given(st.text(alphabet="the lamprinbdgosT,\n", max_size=30), st.integers(0, 5))
def test_any_text_gets_a_suggestion(subword_poet: Path, text: str, rng: int) -> None:
    poet = load(subword_poet)
    poem = write(poet, Request(seed=text, lines=1 + text.count("\n") % 3, rng=rng))
    assert poem.text.startswith(text)
