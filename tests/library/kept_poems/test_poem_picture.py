"""The picture card: within its bounds, with the poem's ink on it and its receipt in it."""

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems import poem_picture as cards
from poetbot.library.kept_poems.poem_picture import COLOURS, RECEIPT, WIDTH, draw_poem

POEM = "The lamp is low, the street is long,\n  A kettle sings its kitchen song;\n\nAnd no one asks the rain to stay."
TOLD = {"poet": "english", "poet_id": "0123456789abcdef", "temperature": 0.7, "rng": 42, "seed": "The lamp"}


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_the_picture_shows_poem_and_title_and_contains_the_receipt() -> None:
    image = opened(draw_poem(POEM, title="Kitchen Song", receipt=TOLD))
    assert image.size[0] == WIDTH and image.size[1] >= 800
    assert json.loads(image.text[RECEIPT]) == TOLD
    colours = {colour for _, colour in image.getcolors(1 << 20)}
    for name in ("paper", "ink", "accent", "hairline"):
        assert tuple(bytes.fromhex(COLOURS[False][name][1:])) in colours
    assert draw_poem(POEM, title="Kitchen Song", receipt=TOLD) == draw_poem(
        POEM, title="Kitchen Song", receipt=TOLD
    )
    assert opened(draw_poem(POEM, dark=True)).getpixel((0, 0)) == tuple(
        bytes.fromhex(COLOURS[True]["paper"][1:])
    )


def test_the_colours_are_those_of_the_page() -> None:
    theme = pytest.importorskip("poetbot.web.theme")
    for dark, colours in COLOURS.items():
        assert colours == {name: theme.COLOURS[name][dark] for name in colours}


@pytest.mark.parametrize("text", ["word " * 400, "x" * 5_000, "a\n" * 10_000, POEM * 40])
def test_long_lines_and_long_poems_stay_on_the_card(text: str) -> None:
    image = opened(draw_poem(text, title="t" * 200, receipt=TOLD))
    assert image.size[0] == WIDTH and image.size[1] < 5_500
    paper = tuple(bytes.fromhex(COLOURS[False]["paper"][1:]))
    edge = image.crop((WIDTH - cards._MARGIN // 2, 0, WIDTH, image.size[1]))
    assert edge.getcolors() == [(edge.size[0] * edge.size[1], paper)]


def test_chinese_is_drawn_if_a_font_has_it() -> None:
    try:
        drawn = draw_poem("山中雨未停，溪上一舟輕。", title="山中", poet="tang")
    except PoetBotError as error:
        assert "font" in str(error)
    else:
        assert drawn != draw_poem("川中雨未停，溪上一舟輕。", title="山中", poet="tang")


def test_a_missing_font_is_an_error() -> None:
    with pytest.raises(PoetBotError, match="font"):
        draw_poem("\U00013000\U00013001")  # Egyptian hieroglyphs


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"text": " \n"}, {"text": "a" * 1_000_001}, {"text": POEM, "title": "a\nb"}]
)
def test_invalid_values_are_errors(wrong: dict) -> None:
    with pytest.raises(PoetBotError):
        draw_poem(**wrong)


@settings(max_examples=25)
@given(st.text(st.characters(max_codepoint=0x2FF), max_size=200))
def test_any_text_gives_a_picture_or_an_error(text: str) -> None:
    try:
        assert opened(draw_poem(text)).size[0] == WIDTH
    except PoetBotError as error:
        assert "\n" not in str(error)
