import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.poets.vocabulary import Vocabulary

PLAIN = Vocabulary(sorted(set("abcdefghijklmnopqrstuvwxyzAé'\"-. \n+")))


@given(st.text(st.sampled_from(PLAIN.characters)))
def test_known_text_round_trips(text: str) -> None:
    assert PLAIN.text_of(PLAIN.ids_of(text)) == text
    assert PLAIN.replace_unknown(text) == (text, ())


@given(st.text())
def test_any_text_becomes_known_or_is_named(text: str) -> None:
    known, dropped = PLAIN.replace_unknown(text)
    assert (PLAIN.ids_of(known) >= 0).all()
    assert set(dropped) <= set(text)
    assert (PLAIN.ids_of(text) >= 0).sum() == sum(c in PLAIN.ids for c in text)


def test_the_replacement_for_an_unknown_character() -> None:
    assert PLAIN.fallback("ﬁ") == "fi"  # NFKC
    assert PLAIN.fallback("ö") == "o"  # its base letter
    assert PLAIN.fallback("’") == "'"
    assert PLAIN.fallback("—") == "-"
    assert PLAIN.fallback("☃") == ""
    assert PLAIN.replace_unknown("söé☃☃") == ("soé", ("☃",))


@pytest.mark.parametrize("characters", [[], ["a", "a"], ["ab"], [1]])
def test_a_bad_vocabulary_is_refused(characters: list[str]) -> None:
    with pytest.raises(PoetBotError):
        Vocabulary(characters)


def test_the_size_of_a_vocabulary_is_limited() -> None:
    with pytest.raises(PoetBotError, match="65,535"):
        Vocabulary(map(chr, range(0x10000, 0x10000 + 65_536)))
