from pathlib import Path

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.study import cloud, fonts

CHINESE = {"春眠": 3, "明月": 2, "灯": 1}


def test_our_own_font_is_enough_for_europe():
    assert fonts.font_for(["love", "été", "дождь", "χρόνος", "don't"]) == fonts.bundled_font()


@pytest.mark.parametrize("words", [["قمر", "مطر"], ["ירח", "גשם"], ["rain", "مطر"]])
def test_arabic_and_hebrew_find_the_sans_that_comes_along(words, monkeypatch):
    monkeypatch.setattr(fonts, "_of_the_machine", tuple)
    sans = fonts.bundled_font().with_name("DejaVuSans.ttf")
    assert fonts.font_for(words) == sans
    assert set(map(ord, "".join(words))) <= fonts.letters_of(sans)


def test_a_font_of_the_machine_that_has_the_letters_is_taken(monkeypatch):
    mono = fonts.bundled_font().with_name("DejaVuSansMono.ttf")
    has = {mono: frozenset(map(ord, "月雨"))}
    monkeypatch.setattr(fonts, "_of_the_machine", lambda: (mono,))
    monkeypatch.setattr(fonts, "letters_of", lambda font: has.get(font, frozenset(map(ord, "rain"))))
    assert fonts.font_for(["月", "雨"]) == mono
    assert fonts.font_for(["rain"]) == fonts.bundled_font()


@pytest.mark.parametrize(("word", "package"), [("明月", "fonts-noto-cjk"), ("ฉัน", "fonts-noto-core")])
def test_without_a_font_one_sentence_names_a_package(word, package, monkeypatch):
    monkeypatch.setattr(fonts, "_of_the_machine", tuple)
    with pytest.raises(PoetBotError, match=package):
        fonts.font_for([word])


def test_a_file_that_is_not_a_font_has_no_letters(tmp_path):
    (tmp_path / "wqy.ttf").write_text("not a font")
    assert fonts.letters_of(tmp_path / "wqy.ttf") == fonts.letters_of(Path("nowhere.ttf")) == frozenset()


def test_a_chinese_cloud_is_drawn_where_the_machine_has_a_font():
    try:
        font = fonts.font_for(CHINESE)
    except PoetBotError:
        pytest.skip("No Chinese font here: Debian's fonts-wqy-microhei or fonts-noto-cjk would do.")
    assert set(map(ord, "春眠明月灯")) <= fonts.letters_of(font)
    page = np.asarray(cloud(CHINESE, width=320, height=220, dark=False, rng=np.random.default_rng(0)))
    assert len(np.unique(page.reshape(-1, 3), axis=0)) > 10
