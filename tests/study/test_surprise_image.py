import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.poets.folder import load
from poetbot.study import fonts
from poetbot.study.clouds import INKS, PAPER
from poetbot.study.surprise import Line, Surprise, Unit, surprise
from poetbot.study.surprise_image import MOST_CHARACTERS, MOST_LINES, SHADES, shaded


def luminance(colour):
    parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def of_hex(colour):
    return tuple(int(colour[k : k + 2], 16) for k in (1, 3, 5))


@pytest.mark.parametrize("dark", [False, True])
def test_letters_can_be_read_on_every_shade(dark):
    lights = sorted(luminance(c) for c in (of_hex(INKS[dark][0]), SHADES[dark]))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5


def units(*nats, text="a"):
    found = tuple(Unit(text, 1, 0.5, n, 1, ()) for n in nats)
    return Surprise("characters", found, (Line(1, len(found), sum(nats)),), "characters")


def test_what_is_more_surprising_is_darker_and_at_last_underlined():
    page = np.asarray(shaded(units(0.0, 2.0, 8.0), dark=False)).astype(int)
    corners = [page[54 + 1, 24 + 15 * k + 1] for k in range(3)]
    assert tuple(corners[0]) == of_hex(PAPER[False]) and tuple(corners[2]) == SHADES[False]
    assert corners[0].sum() > corners[1].sum() > corners[2].sum()
    under = [page[54 + 25, 24 + 15 * k + 5] for k in range(3)]
    assert [tuple(pixel) == of_hex(INKS[False][0]) for pixel in under] == [False, False, True]


def test_a_poem_is_drawn_with_a_line_for_each_of_its_lines(tiny_poet):
    poet = load(tiny_poet)
    two, three = (shaded(surprise(poet, text)) for text in ("the lamp\nrain", "the lamp\nrain\n\x00é\tx"))
    assert three.height > two.height and three.width == two.width


@pytest.mark.parametrize("text", ["a" * (MOST_CHARACTERS + 1), "a\n" * (MOST_LINES + 1)])
def test_a_poem_too_long_for_the_page_is_an_error(text, tiny_poet):
    with pytest.raises(PoetBotError, match="a part of the poem"):
        shaded(surprise(load(tiny_poet), text))


def test_letters_without_a_font_and_poets_of_words_are_errors(monkeypatch):
    monkeypatch.setattr(fonts, "_of_the_machine", tuple)
    with pytest.raises(PoetBotError, match="fonts-noto"):
        shaded(units(1.0, text="明"))
    with pytest.raises(PoetBotError, match="letter by letter"):
        shaded(Surprise("words", (), (), "words"))
