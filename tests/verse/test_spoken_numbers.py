"""Numbers, signs, accents and contractions are heard as people say them; what nobody says is not heard."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.verse import Rhyme, last_word, line_syllables, pronunciations, rhyme, rhyme_scheme, words_of
from poetbot.verse.chinese import characters_of, chinese_lines, chinese_rhyme
from poetbot.verse.spoken_numbers import number_words


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("7", "seven"),
        ("42", "forty two"),
        ("100", "one hundred"),
        ("1066", "ten sixty six"),
        ("1900", "nineteen hundred"),
        ("1905", "nineteen oh five"),
        ("2001", "two thousand one"),
        ("1,000", "one thousand"),
        ("2,300,017", "two million three hundred thousand seventeen"),
        ("007", "zero zero seven"),
        ("3.14", "three point one four"),
        ("1960s", "nineteen sixties"),
        ("'60s", "sixties"),
        ("1st", "first"),
        ("7th", "seventh"),
        ("12th", "twelfth"),
        ("21st", "twenty first"),
        ("30th", "thirtieth"),
        ("3:15", "three fifteen"),
        ("6:00", "six"),
        ("9:05", "nine oh five"),
        ("1914-18", "nineteen fourteen to eighteen"),
        ("10–12", "ten to twelve"),
        ("24/7", "twenty four seven"),
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("½", "half"),
        ("2½", "two and a half"),
        ("$1", "one dollar"),
        ("£5", "five pounds"),
        ("$2.50", "two dollars fifty"),
        ("50%", "fifty percent"),
        ("90°", "ninety degrees"),
        ("&", "and"),
        ("٣", "three"),
    ],
)
def test_numbers_are_read_as_people_say_them(token: str, said: str) -> None:
    assert " ".join(number_words(token)[0]) == said
    assert pronunciations(token)[0] == tuple(p for word in said.split() for p in pronunciations(word)[0])
    (word,) = words_of(f"the {token} roofs")[1:-1]
    assert f"the {token} roofs"[word.start : word.end].strip("'") == word.text.strip("'") == token.strip("'")


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("my 10 hens", 3),
        ("bread & cheese", 3),
        ("bed No. 9", 4),
        ("half of 100", 5),
        ("tea @ noon", 3),
        ("one + two", 3),
        ("90% done", 5),
        ("Dr. Moss", 3),
        ("a résumé", 4),
        ("two résumés", 4),
        ("rosé", 2),
        ("touché", 2),
        ("Rene\u0301e", 2),
        ("a soufflé’s top", 4),
        ("passé", 2),
        ("learnéd", 2),
        ("noösphere", 3),
        ("Eloïse", 3),
        ("Thaïs", 2),
        ("Noël", 2),
        ("reëlect", 3),
        ("coöperate", 4),
        ("shouldn't’ve", 3),
        ("couldn't've", 3),
        ("who'd've", 2),
        ("it'll", 2),
        ("we'll", 1),
    ],
)
def test_syllables_of_numbers(line: str, count: int) -> None:
    assert line_syllables(line) == count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shelve", "a crew of 12"),
        ("plenty", "only 20"),
        ("mine", "9"),
        ("shoe", "42"),
        ("thirst", "the 21st"),
        ("it tolls", "5 moles"),
        ("a play", "rosé"),
        ("a play", "the résumé"),
        ("stone", "alone (twice)"),
        ("stone", "alone (x2)."),
        ("stone", "alone [Repeat]"),
        ("stone", "alone (Am)"),
        ("stone", "alone [G7/B]"),
        ("stone", "alone[12]"),
        ("stone", "alone3"),
        ("stone", "alone¹²"),
        ("stone", "alone*"),
        ("stone", "alone          15"),
        ("stone", "alone\t15"),
        ("stone", "alone /"),
    ],
)
def test_the_last_word_is_the_last_spoken_one(one: str, other: str) -> None:
    assert rhyme(one, other) is Rhyme.PERFECT
    assert rhyme_scheme(f"{one}\n{other}") == "AA"


@pytest.mark.parametrize(
    ("line", "last"),
    [("we walked (alone)", "alone"), ("[closed]", "closed"), ("(twice)", "twice"), ("the age of 15", "15")],
)
def test_every_reading_of_a_number_counts(line: str, last: str) -> None:
    assert last_word(line) == last


def test_figures_do_not_rhyme_by_spelling() -> None:
    assert rhyme("zero", "20") is not Rhyme.PERFECT


def test_text_in_brackets_is_not_a_chinese_verse() -> None:
    poem = "檐下聽風雨（聽一作：看），\n燈前憶故鄉。\n[一]窗外竹聲涼。"
    lines = chinese_lines(poem)
    assert [line.text.strip() for line in lines] == ["檐下聽風雨", "燈前憶故鄉", "窗外竹聲涼"]
    assert all(poem[line.start : line.end] == line.text for line in lines)
    assert characters_of("月（一作日）光") == ["月", "光"]
    assert chinese_rhyme("憶故鄉（一作：國）", "竹聲涼") is Rhyme.PERFECT


@given(st.text(alphabet="0123456789,.:/-–$%½'sth &(x)[]A ", max_size=60))
def test_any_figures_have_a_reading(line: str) -> None:
    found = words_of(line)
    assert all(0 <= word.start < word.end <= len(line) for word in found)
    assert line_syllables(line) >= 0
    assert last_word(line) == (found[-1].text if found else "")


@pytest.mark.parametrize(
    "piece", ["1", "1,", "1-", "1/", "$", "(", "[", " ", "'1", "a.", "é", "1½", "（", "a1", "\t"]
)
def test_time_is_linear(piece: str) -> None:
    line = piece * (40_000 // len(piece)) + "a"
    start = time.process_time()
    words_of(line)
    last_word(line)
    line_syllables(line)
    chinese_lines(line)
    assert time.process_time() - start < 3
