"""Which texts are mostly Chinese, Japanese or Korean."""

import pytest

from poetbot.cjk import is_mostly_cjk


@pytest.mark.parametrize("text", ["春眠不覺曉", "古池や", "나비", "〇", "a 春 風", "ｶﾅ", "𠀀"])
def test_most_letters_are_cjk(text: str) -> None:
    assert is_mostly_cjk(text) and is_mostly_cjk((text, "\n"))


@pytest.mark.parametrize("text", ["", "。、\n", "春a", "春 rain", "Ｌａｍｐ", "дождь", "\u3099"])
def test_most_letters_are_others(text: str) -> None:
    assert not is_mostly_cjk(text)
