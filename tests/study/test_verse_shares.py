import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.study.verse_shares import MOST_POEMS, SHARES, compared, heard, shuffle_lines, shuffle_words

RHYMED = "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\nAnd no one asks the rain to stay,\nYet here it sits, and here, all day."


def rng():
    return np.random.default_rng(3)


def test_shares_of_one_poem():
    found = heard([RHYMED])
    assert (found.poems, found.lines) == (1, 4)
    assert found.rhyming == found.perfectly_rhyming == 1.0
    assert found.anaphora == found.refrain == found.doubled == 0.0
    assert found.syllables == {8: 4} and found.stanzas == {2: 2} and found.schemes == {"AA": 2}
    assert 0 < found.alliterating < 1


def test_a_repeated_word_is_not_a_rhyme_and_a_repeated_line_is_a_refrain():
    found = heard(["We lit the lamp\nWe lit the lamp"])
    assert found.rhyming == 0.0 and found.refrain == 1.0 and found.anaphora == 1.0


def test_chinese_verse_is_measured_by_its_lines():
    found = heard(["末站灯全亮，\n车厢剩几人。\n黑窗邻座客，\n是我另一身。"])
    assert found.rhyming == 0.5 and found.alliterating is None
    assert found.syllables == {5: 4} and found.schemes == {"ABCB": 1}


def test_people_rhyme_more_than_chance(shared):
    rows = (shared / "data/english/clean/shakespeare_sonnets.jsonl").read_text("utf-8").splitlines()
    found = compared([json.loads(row)["text"] for row in rows], rng())
    assert found.heard.rhyming > 0.95 and found.chance.rhyming < 0.35
    assert found.heard.schemes["ABABCDCDEFEFGG"] > 100


@given(
    st.lists(
        st.lists(st.sampled_from(["a lamp", "rain, rain", "the sea", ""]), min_size=1, max_size=6).map(
            "\n".join
        ),
        max_size=4,
    )
)
def test_dealing_keeps_the_lines_and_the_words(poems):
    lines = shuffle_lines(poems, rng())
    assert Counter("\n".join(lines).split("\n")) == Counter("\n".join(poems).split("\n"))
    assert [poem.count("\n") for poem in lines] == [poem.count("\n") for poem in poems]
    words = shuffle_words(poems, rng())
    assert Counter(" ".join(words).split()) == Counter(" ".join(poems).split())
    assert [[len(line.split()) for line in poem.split("\n")] for poem in words] == [
        [len(line.split()) for line in poem.split("\n")] for poem in poems
    ]


def test_equal_chance_gives_equal_figures():
    poems = [RHYMED, "We kept the apples\nin the hall"]
    assert compared(poems, rng()).as_json() == compared(poems, rng()).as_json()
    assert set(compared(poems, rng()).as_json()["chance"]) == set(SHARES)


def test_a_sample_of_ten_thousand_poems_is_measured():
    found = compared([RHYMED] * 10_000, rng())
    assert found.given == 10_000 and found.heard.poems == MOST_POEMS


def test_one_word_is_a_poem():
    assert compared(["rain"], rng()).heard.rhyming == 0.0


@pytest.mark.parametrize(
    ("poems", "says"),
    [
        ([], "no poems to analyse"),
        (["", " … "], "no poems to analyse"),
        (["буря мглою небо кроет"], "English and Chinese"),
        (["La lampe est dans la rue et il ne pleut pas"], "seem to be in French"),
    ],
)
def test_poems_that_cannot_be_measured_are_an_error(poems, says):
    with pytest.raises(PoetBotError, match=says):
        compared(poems, rng())
