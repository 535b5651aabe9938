import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse import Rhyme, rhyme, rhyme_letters, rhyme_scheme, word_rhyme


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("And so to bed", "the queen is dead", Rhyme.PERFECT),
        ("night,", "a Knight!", Rhyme.PERFECT),
        ("nation", "a long vacation", Rhyme.PERFECT),
        ("spirit", "merit", Rhyme.HISTORIC),
        ("thee", "to stop posterity", Rhyme.PERFECT),
        ("tir'd", "expired", Rhyme.PERFECT),
        ("o'er", "the shore", Rhyme.PERFECT),
        ("fire", "desire", Rhyme.PERFECT),
        ("love", "prove", Rhyme.HISTORIC),
        ("wind", "kind", Rhyme.PERFECT),  # as in: to wind a clock
        ("have", "grave", Rhyme.HISTORIC),
        ("die", "memory", Rhyme.HISTORIC),
        ("gone", "alone", Rhyme.HISTORIC),
        ("desert", "part", Rhyme.HISTORIC),
        ("presage", "age", Rhyme.HISTORIC),
        ("tongue", "song", Rhyme.HISTORIC),
        ("soul", "all", Rhyme.HISTORIC),
        ("shape", "cup", Rhyme.SLANT),
        ("despised", "sufficed", Rhyme.SLANT),
        ("argument", "spent", Rhyme.HISTORIC),
        ("accidents", "prints", Rhyme.SLANT),
        ("time", "nine", Rhyme.SLANT),
        ("rose", "Rose!", Rhyme.SAME),
        ("making", "knowing", None),
        ("day", "night", None),
        ("beauty", "thee", None),
        ("", "night", None),
        ("明月", "night", None),
    ],
)
def test_lines_rhyme_at_their_ends(one, other, kind):
    assert rhyme(one, other) is rhyme(other, one) is kind


def test_the_kinds_come_in_order_of_closeness():
    assert [kind.closeness for kind in (Rhyme.SAME, Rhyme.PERFECT, Rhyme.HISTORIC, Rhyme.SLANT)] == [
        3,
        2,
        1,
        0,
    ]


OURS = """The lamp is low, the street is long,
The rain has put the fire out;
A kettle sings its kitchen song
And no one knows what it's about.

I set two cups beside the bread,
I cut the apple on the plate;
The clock says what it always said:
It is not early, is not late."""


@pytest.mark.parametrize(
    ("poem", "scheme"),
    [
        (OURS, "ABAB CDCD"),
        ("night\nlight\nday\nway", "AABB"),
        ("tower\nsea\nstone\nme", "ABCB"),
        ("night\nday\nsay\nlight", "ABBA"),
        ("", ""),
        ("\n\n", ""),
        ("—\nnight\nlight", "AA"),
        ("prove\nday\nlove\nsay", "ABAB"),
    ],
)
def test_the_scheme_of_a_poem(poem, scheme):
    assert rhyme_scheme(poem) == scheme


def test_a_closer_rhyme_wins_over_a_nearer_one():
    assert rhyme_letters(["stone", "gone", "alone", "on"]) == ["A", "B", "A", "B"]


@given(
    st.lists(
        st.sampled_from(["night", "light", "love", "prove", "stone", "gone", "all", "soul", "", "—"]),
        max_size=30,
    )
)
def test_lines_of_one_letter_rhyme_and_letters_come_in_order(lines):
    letters = rhyme_letters(lines)
    assert [bool(letter) for letter in letters] == [line.isalpha() for line in lines]
    assert list(dict.fromkeys(filter(None, letters))) == [
        chr(65 + k) for k in range(len(set(letters) - {""}))
    ]
    for j, letter in enumerate(letters):
        if letter and letter in letters[:j]:
            assert any(letters[i] == letter and rhyme(lines[i], lines[j]) for i in range(j))


@given(st.text(max_size=30), st.text(max_size=30))
def test_rhyme_is_symmetric_for_any_two_lines(one, other):
    assert rhyme(one, other) == rhyme(other, one)


def test_ten_thousand_lines_have_a_scheme():
    letters = rhyme_letters(["night", "stone", "light", "alone"] * 2_500)
    assert len(letters) == 10_000 and len(set(letters)) >= 2
    many = rhyme_letters([f"{'ab'[k % 2]}{k}" for k in range(40)])
    assert all(many)


def test_the_scheme_of_sonnets_is_found(shared):
    rows = (shared / "data/english/clean/shakespeare_sonnets.jsonl").read_text("utf-8").splitlines()
    wanted, right = "ABABCDCDEFEFGG", 0
    for row in rows[40:60]:
        letters = rhyme_letters(json.loads(row)["text"].split("\n"))
        right += sum(letters[i] == letters[wanted.index(wanted[i])] for i in range(14))
    assert right >= 0.93 * 20 * 14


def test_word_rhyme_uses_words_as_given():
    assert word_rhyme("th'", "night") is None
    assert word_rhyme("night", "light") is Rhyme.PERFECT
