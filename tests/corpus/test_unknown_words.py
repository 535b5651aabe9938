"""Dialect, old spelling and other languages have a large share of odd words; plain verse and poets' spellings do not."""

import time

import pytest

from poetbot.corpus.unknown_words import unknown_share
from poetbot.verse.dictionary import all_words

WORDS = frozenset(all_words())


@pytest.mark.parametrize(
    "text",
    [
        "The kettle on the kitchen stove\nBegan to sing of rain,\nAnd no one heard it but the clock\nThat answered it again.",
        "She look'd and laugh'd and walk'd away,\nWhat lov'st thou, friend? He goeth home\n'Twas e'en the morn, o'er hill and dale,\n'Mid unforgotten, wave-washed foam.",
        "We came to Tarvonbury late,\nAnd asked for Mistress Quillifane,\nBut Quillifane had shut the gate\nAnd gone by Tarvonbury lane.",
        "‘And now,’ he said, ‘it’s time to go;\nI’ll take the lamp, you’ll take the key.’",
    ],
)
def test_plain_verse(text: str) -> None:
    assert unknown_share(text, WORDS) < 0.05


@pytest.mark.parametrize(
    "text",
    [
        "Dey's comin' down de road dis mawnin',\nAn' de dawg is barkin' loud",
        "The bairnies wadna gang tae kirk,\nThey wha hae muckle wark tae dae",
        "'E took 'is 'at an' 'ad 'is tea,\nAn' 'ung 'is coat be'ind the door",
        "The olde kynge yeelded hys crowne\nAnd wepte ful sorely at the losse",
        "Nous étions seuls dans la maison,\nEt la pluie tombait doucement",
        "Th3 xq brqk zzt vvlm qwr",
    ],
)
def test_dialect_and_broken_text_count(text: str) -> None:
    assert unknown_share(text, WORDS) > 0.2


def test_texts_without_words() -> None:
    assert unknown_share("", WORDS) == unknown_share("12 34\n- -", WORDS) == 1


@pytest.mark.parametrize("text", ["'" * 200_000, "a'" * 100_000, "A" * 200_000, "a, B" * 50_000])
def test_time_is_linear(text: str) -> None:
    begun = time.perf_counter()
    assert 0 <= unknown_share(text, WORDS) <= 1
    assert time.perf_counter() - begun < 5
