import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.verse.marks import LABELS, LARGEST, checked, is_chinese, is_heard, marks, measured

OURS = """The lamp is low, the street is long,
A kettle sings its kitchen song;

And no one asks, asks the rain to stay,
Yet here it sits, and here, all day.

The lamp is low, the street is long"""
CHINESE = "末站灯全亮，\n车厢剩几人。\n黑窗邻座客，\n是我另一身。"


def found(poem, label):
    return [
        (poem[mark.start : mark.end], mark.group, mark.kind) for mark in marks(poem) if mark.label == label
    ]


def test_marks_are_on_their_words():
    assert found(OURS, "rhyme") == [
        ("long", "A", "perfect"),
        ("song", "A", "perfect"),
        ("stay", "B", "perfect"),
        ("day", "B", "perfect"),
        ("long", "A", "perfect"),
    ]
    assert ("kettle", "2", "") in found(OURS, "alliteration") and ("kitchen", "2", "") in found(
        OURS, "alliteration"
    )
    assert [text for text, _, _ in found(OURS, "doubled")] == ["asks", "asks"]
    assert [text for text, _, _ in found(OURS, "refrain")] == [
        "The lamp is low, the street is long,",
        "The lamp is low, the street is long",
    ]
    assert found("We kept the light\nWe kept on", "anaphora") == [("We kept", "1", ""), ("We kept", "1", "")]


def test_chinese_rhymes_are_marked_on_the_last_character():
    assert found(CHINESE, "rhyme") == [("人", "B", "perfect"), ("身", "B", "perfect")]
    assert [line.syllables for line in measured(CHINESE)] == [5, 5, 5, 5]
    assert [line.letter for line in measured(CHINESE)] == ["A", "B", "C", "B"]


def test_a_chinese_rhyme_three_lines_away_is_chance():
    assert [line.letter for line in measured("人，\n明月，\n开花，\n是我另一身。")] == ["A", "B", "C", "D"]


def test_a_line_has_its_place_its_syllables_and_its_letter():
    lines = measured(OURS)
    assert [line.letter for line in lines] == ["A", "A", "B", "B", "A"]
    assert [line.syllables for line in lines] == [8, 8, 9, 8, 8]
    assert OURS[lines[2].start : lines[2].end] == "And no one asks, asks the rain to stay,"


@pytest.mark.parametrize("poem", ["", "\n \n", "— … !"])
def test_a_text_without_words_is_an_error(poem):
    with pytest.raises(PoetBotError, match="at least one line"):
        marks(poem)


@pytest.mark.parametrize("poem", ["ฉันรักเธอ", "буря мглою", "私はここに"])
def test_an_unsupported_script_is_an_error(poem):
    with pytest.raises(PoetBotError, match="English and Chinese"):
        measured(poem)


def test_a_poem_that_is_too_long_is_an_error():
    with pytest.raises(PoetBotError, match="at a time"):
        marks("a" * (LARGEST + 1))


def test_one_word_has_a_line_and_no_mark():
    assert marks("rain") == []
    assert measured("rain") == [(0, 4, 1, "A")]


def test_a_poem_of_three_thousand_lines_is_analysed():
    assert len(measured("The lamp is low tonight\n" * 3_000)) == 3_000


def test_line_ends_of_other_systems_are_read():
    assert checked("a lamp\r\na lamp\r") == "a lamp\na lamp\n"


def test_which_script_decides():
    assert is_chinese("明月 x") and not is_chinese("the moon 月") and not is_chinese("")
    assert is_heard("été") and not is_heard("буря") and not is_heard("…")


@given(st.text(alphabet="abelnorst '\n\u2019,.—é明月", max_size=120) | st.text(max_size=40))
def test_marks_are_inside_the_poem_and_in_groups(poem):
    try:
        all_marks = marks(poem)
    except PoetBotError:
        return
    poem = checked(poem)
    groups = {}
    for mark in all_marks:
        assert 0 <= mark.start < mark.end <= len(poem) and mark.label in LABELS
        assert poem[mark.start : mark.end].strip() == poem[mark.start : mark.end] != ""
        groups.setdefault((mark.label, mark.group), []).append(mark)
    assert all(len(group) > 1 for group in groups.values())
    assert all(line.start < line.end and line.letter for line in measured(poem))
