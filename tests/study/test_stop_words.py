import pytest

from poetbot.documents.decoding import decode
from poetbot.errors import PoetBotError
from poetbot.study import count_words
from poetbot.study.chinese_words import count_chinese_words
from poetbot.study.stop_words import LANGUAGES, language_of, stop_words, without_stop_words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_list_of_casefolded_words(language):
    words = stop_words(language)
    assert len(words) > 40
    assert all(word == word.casefold() and word for word in words)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The lamp is low and the street is long", "en"),
        ("La lampe est dans la rue et il ne pleut pas", "fr"),
        ("Die Lampe ist aus und der Regen ist in der Stadt", "de"),
        ("И дождь, и лампа, и я не знаю, что он мне сказал", "ru"),
        ("灯还在那里，我的伞不在你的手里", "zh"),
        ("Zyzzyx brillig mimsy", None),
        ("", None),
    ],
)
def test_a_text_is_in_the_language_whose_small_words_it_uses(text, language):
    assert language_of(count_words([text], common=True)) == language


def test_the_switch_leaves_out_what_it_says():
    counts = {"lampe": 2, "la": 5, "the": 1}
    assert without_stop_words(counts, "fr") == {"lampe": 2, "the": 1}
    assert without_stop_words(counts, None) == counts


def test_a_language_without_a_list_is_an_error():
    with pytest.raises(PoetBotError, match="Choose one of"):
        stop_words("xx")


@pytest.mark.parametrize(
    ("file", "language"),
    [
        ("fr_baudelaire_fleurs_du_mal_pg6099.txt", "fr"),
        ("de_heine_buch_der_lieder_pg3498.txt", "de"),
        ("ru_pushkin_onegin.txt", "ru"),
    ],
)
def test_books_of_verse_are_told_apart(shared, file, language):
    data = (shared / "data/other_languages" / file).read_bytes()
    assert language_of(count_words([decode(data, file)], common=True)) == language


def test_chinese_is_counted_by_words_of_more_than_one_character():
    counts = count_chinese_words(["我喜欢明月，明月 the moon", "明月"])
    assert counts["明月"] == 3 and counts["喜欢"] == 1
    assert "the" not in counts and "，" not in counts
    assert list(counts) == sorted(counts, key=lambda word: (-counts[word], word))
    assert count_chinese_words([]) == count_chinese_words(["abc"]) == {}
