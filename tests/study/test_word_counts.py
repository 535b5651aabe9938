import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap.tokens import words
from poetbot.study import count_words, top, without_common_words


def test_words_are_those_of_the_overlap_report():
    assert count_words(["Love\u2019s rose\u2014ROSE,", "rose love\u02bcs"], common=True) == {
        "rose": 3,
        "love's": 2,
    }


def test_common_words_modern_and_old_are_left_out_unless_asked_for():
    line = "Thou hast the heart o\u2019er which \u2019tis thy delight to reign"
    assert set(count_words([line])) == {"heart", "delight", "reign"}
    assert {"thou", "hast", "the", "o'er", "tis", "thy", "to"} <= set(count_words([line], common=True))


def test_the_switch_needs_no_second_count():
    texts = ["the sea the sea", "my love hath gone to sea"]
    assert without_common_words(count_words(texts, common=True)) == count_words(texts)


def test_counts_come_sorted_so_that_equal_texts_give_equal_files():
    assert list(count_words(["b a c c"], common=True).items()) == [("c", 2), ("a", 1), ("b", 1)]


@given(st.lists(st.text(alphabet="abc '\u2019\n-", max_size=40), max_size=5))
def test_every_word_is_counted_once(texts):
    counts = count_words(texts, common=True)
    assert sum(counts.values()) == sum(len(words(text)) for text in texts)
    assert top(counts, 10**6) == [(w, n, n / sum(counts.values())) for w, n in counts.items()]


def test_top_gives_word_count_and_share():
    assert top({"rose": 1, "love": 3, "none": 0}, 2) == [("love", 3, 0.75), ("rose", 1, 0.25)]
    assert top({"love": 3, "none": 0}, 9) == [("love", 3, 1.0)]
    assert top({}, 5) == []


def test_a_table_of_no_words_is_refused():
    with pytest.raises(PoetBotError, match="at least 1 word"):
        top({"rose": 1}, 0)
