import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse import (
    line_syllables,
    possible_line_syllables,
    possible_syllables,
    pronunciations,
    syllables,
    words_of,
)
from poetbot.verse.dictionary import is_listed, listed, syllable_count
from poetbot.verse.unknown_words import _by_ending, _neighbours, guessed
from poetbot.verse.word_letters import last_word, spoken


@pytest.mark.parametrize(
    ("word", "sounds", "count"),
    [
        ("love", "L AH1 V", 1),
        ("o'er", "AO1 R", 1),
        ("whate'er", "W AH1 T EH1 R", 2),
        ("th'", "DH", 0),
        ("hmm", "HH M", 1),
        ("th'expense", "DH IH0 K S P EH1 N S", 2),
        ("'tis", "T IH1 Z", 1),
        ("'gainst", "G EH1 N S T", 1),
        ("'scape", "S K EY1 P", 1),
        ("wand'ring", "W AA1 N D R IH0 NG", 2),
        ("heav'n", "HH EH1 V N", 1),
        ("pow'r", "P AW1 R", 1),
        ("lov'd", "L AH1 V D", 1),
        ("mak'st", "M EY1 K S T", 1),
        ("believ'st", "B IH0 L IY1 V S T", 2),
        ("viewest", "V Y UW1 AH0 S T", 2),
        ("wouldst", "W UH1 D S T", 1),
        ("is't", "IH1 Z T", 1),
        ("ta'en", "T EY1 N", 1),
        ("learnèd", "L ER1 N IH0 D", 2),
        ("learne\u0300d", "L ER1 N IH0 D", 2),
        ("harbour", "HH AA1 R B ER0", 2),
        ("moonlit", "M UW1 N L IH2 T", 2),
        ("59", "F IH1 F T IY0 N AY1 N", 3),
    ],
)
def test_archaic_and_invented_words_sound_as_spelled(word, sounds, count):
    assert " ".join(pronunciations(word)[0]) == sounds
    assert syllables(word) == count


def test_the_dictionary_comes_first_and_gives_every_way_to_say_a_word():
    assert listed("every") == (("EH1", "V", "ER0", "IY0"), ("EH1", "V", "R", "IY0"))
    assert listed("every(2)") == () == listed("qqqq") == listed("")
    assert possible_syllables("every") == (2, 3)


@pytest.mark.parametrize(("word", "count"), [("slithy", 2), ("gimbled", 2), ("outgrabe", 2), ("mimsy", 2)])
def test_an_unknown_word_has_the_syllables_of_similar_words(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("An old silent pond", 5),
        ("a frog jumps into the pond —", 7),
        ("Splash! Silence again.", 5),
        ("The kettle sings above a little flame,", 10),
        ("Th\u2019 evening wand\u2019ring o\u2019er the roofs of slate", 9),
        ("", 0),
        ("— … !", 0),
        ("明月", 2),
        ("Буря мглою небо кроет", 8),
    ],
)
def test_syllables_of_a_line(line, count):
    assert line_syllables(line) == count


def test_verse_may_drop_or_add_a_syllable():
    assert possible_syllables("heaven") == (1, 2)
    assert possible_syllables("spirit") == (1, 2)
    assert possible_syllables("banished") == (2, 3)
    assert possible_syllables("power") == (1, 2)
    low, high = possible_line_syllables("The power of heaven is in the fixed star")
    assert low <= 9 and high >= 12


def test_apostrophes_that_replace_letters_belong_to_words():
    line = "\u2018Tis th\u2019 hour,\u2019 said he, \u2018goin\u2019 o\u2019er the princes\u2019 hill\u2019"
    assert [word.text for word in words_of(line)] == (
        ["'tis", "th'", "hour", "said", "he", "goin'", "o'er", "the", "princes", "hill"]
    )
    assert [
        line[word.start : word.end].lower().replace("\u2019", "'").replace("\u2018", "'")
        for word in words_of(line)
    ] == [word.text for word in words_of(line)]


@given(st.text(max_size=60) | st.text(alphabet="aeioulrstnwdh' -\u2019èÉ,.", max_size=60))
def test_any_line_has_words_with_places_and_a_number_of_syllables(line):
    found = words_of(line)
    assert all(0 <= word.start < word.end <= len(line) and word.text for word in found)
    assert [word.text for word in found] == spoken(line)
    assert last_word(line) == (found[-1].text if found else "")
    low, high = possible_line_syllables(line)
    assert 0 <= low <= line_syllables(line) <= high


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=80))
def test_any_letters_have_a_sound(word):
    assert syllable_count(guessed(word)) >= 1
    assert syllables(word) >= 0 and pronunciations(word)


@given(st.text(max_size=80), st.integers(1, 3))
def test_the_last_word_of_a_long_line_is_that_of_its_end(line, times):
    long = "the lamp " * 40 * times + line
    found = words_of(long)
    assert last_word(long) == found[-1].text


def test_a_word_is_not_its_own_neighbour():
    assert "rohtua" in _neighbours(_by_ending(), "rohtua", 3, itself=True)
    assert "rohtua" not in _neighbours(_by_ending(), "rohtua", 3, itself=False)


def test_a_listed_word_is_one_with_a_pronunciation() -> None:
    for word in ("read", "read(2)", "don't", "readd", "'", ""):
        assert is_listed(word) == bool(listed(word)), word
    assert is_listed("read") and not is_listed("read(2)")
