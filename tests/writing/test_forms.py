"""A form says of each line what it must be, and in one sentence why it cannot be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.writing.form_fit import begins_with, fit_of, form_report
from poetbot.writing.forms import FREE, NAMED, Form, form_given, form_named


def test_a_sonnet_rhymes_as_shakespeares_do() -> None:
    sonnet = NAMED["sonnet"]
    assert sonnet.stanzas == (4, 4, 4, 2) and sonnet.lines == 14
    assert sonnet.pairs == ((0, 2), (1, 3), (4, 6), (5, 7), (8, 10), (9, 11), (12, 13))
    assert [k for k in range(14) if sonnet.line(k).begins_stanza] == [0, 4, 8, 12]
    assert sonnet.line(2).rhymes_with == (0,) and sonnet.line(0).rhymes_with == (2,)


def test_a_short_scheme_repeats_with_new_rhymes() -> None:
    form = Form(stanzas=(4, 4), rhyme="AABB")
    assert form.pairs == ((0, 1), (2, 3), (4, 5), (6, 7))
    assert Form(stanzas=(6,), rhyme="AA").pairs == ((0, 1), (2, 3), (4, 5))
    assert Form(rhyme="-A-A").pairs == ((1, 3),)
    assert Form(rhyme="abba").pairs == ((1, 2), (0, 3))
    assert Form(rhyme="AABBA").pairs == ((0, 1), (2, 3), (1, 4))


def test_haiku_and_acrostic_give_the_lines() -> None:
    assert [NAMED["haiku"].line(k).syllables for k in range(3)] == [5, 7, 5]
    form = Form(acrostic="Rain Song")
    assert form.stanzas == (4, 4)
    assert "".join(form.line(k).letter for k in range(8)) == "RainSong"
    assert Form(stanzas=(2,), syllables=10).line(1).syllables == 10


def test_chinese_forms_are_written_in_the_same_fields() -> None:
    form = Form(stanzas=(4,), syllables=7, rhyme="AA-A", acrostic="山中雨停")
    assert form.line(3).syllables == 7 and form.line(3).letter == "停" and form.pairs == ((0, 1), (1, 3))


def test_a_refrain_returns_and_keeps_its_rhyme() -> None:
    form = Form(stanzas=(4, 4, 4), rhyme="AABB", refrain="last")
    assert [form.line(k).returns for k in (3, 7, 11)] == [None, 3, 3]
    assert form.line(6).rhymes_with == (2, 3, 10)  # with the refrain, which stands in line 3 first
    assert form.line(7).rhymes_with == ()
    assert (6, 7) not in form.pairs and (3, 6) in form.pairs
    assert Form(stanzas=(2, 2), refrain="first").line(2).returns == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"stanzas": (3,), "acrostic": "SEA!"},
        {"stanzas": (4,), "acrostic": "SEA"},
        {"stanzas": (4,), "syllables": (5, 7, 5)},
        {"stanzas": (5,), "rhyme": "ABAB"},
        {"syllables": 5},
        {"syllables": (5, 7, 5), "acrostic": "RAIN"},
        {"rhyme": "A?B"},
        {"rhyme": 7},
        {"refrain": "last"},
        {"stanzas": (4,), "refrain": "last"},
        {"stanzas": (2, 2), "refrain": "middle"},
        {"acrostic": "AB CD", "refrain": "first"},
        {"stanzas": (2, 2), "syllables": (5, 7, 6, 5), "refrain": "first"},
        {"stanzas": (201,)},
        {"stanzas": (0,)},
        {"stanzas": (True,)},
        {"stanzas": "4,4"},
        {"stanzas": (150, 150)},
        {"syllables": (41,)},
        {"acrostic": "A" * 401},
        {"rhyme": "AABB", "metre": "trochaic"},
        {"rhyme": "AABB", "metre": 5},
        {"rhyme": "AABB", "metre": "iambic", "syllables": 7},
        {"rhyme": "AABB", "metre": "iambic", "syllables": 2},
        {"rhyme": "AABB", "metre": "iambic", "syllables": 18},
        {"rhyme": "AABB", "metre": "anapaestic", "syllables": 10},
        {"metre": "iambic", "syllables": (8, 6), "stanzas": (3,)},
    ],
)
def test_a_form_that_contradicts_itself_is_an_error(wrong: dict) -> None:
    with pytest.raises(PoetBotError) as caught:
        Form(**wrong)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 300


def test_named_forms_take_changes_and_refuse_what_does_not_fit() -> None:
    assert form_named("haiku", acrostic="SEA").line(1).letter == "E"
    assert form_named("couplets", stanzas=(8,)).pairs == ((0, 1), (2, 3), (4, 5), (6, 7))
    assert form_named() is FREE or form_named() == FREE
    for name, changes in (
        ("haiku", {"stanzas": (4,)}),
        ("sonnet", {"rhyme": "AABBA"}),
        ("villanelle", {}),
        ("haiku", {"metre": "iambic"}),
    ):
        with pytest.raises(PoetBotError):
            form_named(name, **changes)


def test_a_line_past_the_end_is_an_error() -> None:
    with pytest.raises(PoetBotError, match="all 3 lines"):
        NAMED["haiku"].line(3)
    assert FREE.line(1_000_000).number == 1_000_000


@given(
    stanzas=st.lists(st.integers(1, 6), min_size=1, max_size=5),
    scheme=st.text("ABC-", max_size=6),
    syllables=st.integers(0, 12),
    refrain=st.sampled_from(["", "first", "last"]),
    metre=st.sampled_from(["", "none", "iambic", "anapaestic"]),
)
def test_every_valid_form_survives_json(
    stanzas: list[int], scheme: str, syllables: int, refrain: str, metre: str
) -> None:
    try:
        form = Form(tuple(stanzas), (syllables,) if syllables else (), scheme, "", refrain, metre=metre)
    except PoetBotError:
        return
    assert Form.from_json(form.as_json()) == form
    for number in range(form.lines or 0):
        line = form.line(number)
        assert line.number == number and number not in line.rhymes_with
        for other in line.rhymes_with:
            assert number in form.line(other).rhymes_with
    for data in ({"meter": "iambic"}, [], "sonnet", None):
        with pytest.raises(PoetBotError):
            Form.from_json(data)


def test_named_forms_have_their_metre_until_it_is_taken_from_them() -> None:
    def feet(form: Form) -> list[int]:
        return [form.line(k).feet for k in range(form.lines or 0)]

    assert feet(NAMED["sonnet"]) == [5] * 14 and NAMED["sonnet"].line(3).metre == "iambic"
    assert feet(NAMED["ballad"]) == [4, 3] * 4 and feet(NAMED["limerick"]) == [3, 3, 2, 2, 3]
    assert NAMED["limerick"].line(0).metre == "anapaestic" and NAMED["haiku"].line(0).metre == ""
    assert feet(form_named("ballad", stanzas=(4, 4, 4))) == [4, 3] * 6
    assert feet(form_named("sonnet", syllables=(8,))) == [4] * 14
    assert feet(form_named("couplet", metre="anapaestic")) == [4, 4]
    assert form_named("sonnet", metre="none") == Form(rhyme="ABAB CDCD EFEF GG")
    assert form_named("haiku", metre="none") == NAMED["haiku"]
    assert form_named("free", metre="none") == FREE


def test_a_metre_needs_no_number_of_lines() -> None:
    form = Form(metre="iambic", syllables=8)
    assert form.lines is None and not form.is_open
    assert form.line(30).feet == 4 and form.line(30).metre == "iambic"
    assert form_given(form, 4).stanzas == (4,)


def test_the_receipt_of_an_old_sonnet_has_no_metre() -> None:
    old = {"stanzas": [4, 4, 4, 2], "rhyme": "ABAB CDCD EFEF GG"}
    form = Form.from_json(old)
    assert form.as_json() == old and form != NAMED["sonnet"]
    assert form.line(0).syllables is None and form.line(0).feet == 0


class Ends:
    """Lines rhyme where their last letters are the same; a syllable is a word."""

    def syllables(self, line: str) -> int:
        return len(line.split())

    def scans(self, line: str, metre: str, feet: int) -> bool:
        return len(line) == 2 * feet

    def rhyme(self, one: str, other: str) -> bool:
        return one[-1] == other[-1] and one != other

    def rhymes_of(self, lines: object) -> frozenset[str]:
        return frozenset("abcdef")


def test_the_report_counts_what_fits() -> None:
    form = Form(rhyme="AABB", syllables=(2, 2, 2, 3), acrostic="abcd")
    report = form_report("a one\n\nbook one\nnot o\nd is it\n", form, Ends())
    assert report.lines == 4 and report.syllables == (4, 4)
    assert report.rhymes == (1, 2) and report.letters == (3, 4) and not report.met
    assert report.sentence() == (
        "The poem has 1 of 2 pairs of lines that rhyme and 3 of 4 lines with the right first letter."
    )
    short = form_report("a one\n", form, Ends())
    assert short.lines == 1 and short.syllables == (1, 4) and "1 of 4 lines" in short.sentence()
    assert form_report("a b\nbb b\ncc c\ndd d c\n", form, Ends()).met
    assert form_report("anything at all", FREE, Ends()).met
    assert report.as_json()["rhymes"] == [1, 2] and "syllables" in report.as_json()


def test_the_report_counts_the_lines_that_scan_and_not_their_syllables() -> None:
    form = Form(rhyme="AA", metre="iambic", syllables=4)
    report = form_report("a b\nb b\n", form, Ends())
    assert report.metre == (0, 2) and report.syllables == (0, 0) and not report.met
    assert report.sentence() == "The poem has 0 of 2 lines that scan."
    assert report.as_json()["metre"] == [0, 2] and "syllables" not in report.as_json()
    found = form_report("abcd", form, Ends())
    assert found.metre == (1, 2) and found.sentence().startswith("The poem has 1 of 2 lines and 1 of 2")
    assert form_report("abcd\nab\nab", Form(metre="iambic", syllables=4), Ends()).metre == (1, 3)
    off, on = (fit_of(line, form.line(0), {}, Ends()) for line in ("a b", "abcd"))
    assert (off.scans, off.syllables, on.scans, on.syllables) == (False, 2, True, None)
    assert off.distance == 4 and on.distance == 0


def test_an_acrostic_looks_at_the_first_letter() -> None:
    assert begins_with('  "Évening', "é") and not begins_with("", "a") and not begins_with("Bee", "e")
