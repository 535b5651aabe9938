"""From one script to the other: as long as before, and by phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.chinese_scripts import SCRIPTS, in_script, other_forms, script_of
from poetbot.poets.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("春风吹绿江南岸", "春風吹綠江南岸"),
        ("后来皇后到门前", "後來皇后到門前"),  # one simplified character, two traditional ones
        ("乾坤万里，\n面条", "乾坤萬里，\n麪條"),
        ("only English, and ö", "only English, and ö"),
    ],
)
def test_conversion_works_both_ways(simplified: str, traditional: str) -> None:
    assert in_script(simplified, "traditional") == traditional
    assert in_script(traditional, "simplified") == simplified


@given(
    st.text(
        st.one_of(st.characters(codec="utf-8"), st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF))
    )
)
def test_conversion_keeps_the_length(text: str) -> None:
    for script in SCRIPTS:
        assert len(in_script(text, script)) == len(text)


def test_the_script_of_a_vocabulary() -> None:
    traditional = "門風雲馬鐘傳鳥聲隨過東歸處萬長還問燈輕聽"
    assert script_of(traditional) == "traditional"
    assert script_of(in_script(traditional, "simplified")) == "simplified"
    assert script_of(traditional + in_script(traditional, "simplified")) is None
    assert script_of("門山中水abc") is None  # too few to tell


def test_an_unknown_character_is_tried_in_the_other_script() -> None:
    poet = Vocabulary("門風顏山\n")
    assert poet.replace_unknown("门风顔颜山☃") == ("門風顏顏山", ("☃",))
    assert Vocabulary("门风\n").replace_unknown("門風") == ("门风", ())
    assert Vocabulary("鐘").fallback("钟") == "鐘" and Vocabulary("鍾").fallback("钟") == "鍾"
    assert other_forms("山") == other_forms("a") == ()
