import subprocess
import sys
from random import Random

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.study import cloud, fonts, largest_share, top
from poetbot.study.clouds import (
    INKS,
    LARGEST_SIDE,
    MOST_WORDS,
    PAPER,
    SMALLEST_SIDE,
    _layout,
    _letter_sizes,
    side_by_side,
)


def sizes_of(counts, **page):
    drawable = fonts.letters_of(fonts.bundled_font())
    return _letter_sizes(top(counts, MOST_WORDS), drawable, **page)


COUNTS = {"love": 40, "night": 21, "sea": 20, "heart": 9, "rose": 4, "lantern": 1}


def draw(counts=COUNTS, *, width=360, height=200, dark=False, rng=7, largest=None):
    return cloud(
        counts, width=width, height=height, dark=dark, rng=np.random.default_rng(rng), largest=largest
    )


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_every_ink_is_readable_on_its_paper(dark):
    paper = luminance(PAPER[dark])
    for ink in INKS[dark]:
        lighter, darker = sorted((paper, luminance(ink)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, ink


@pytest.mark.parametrize("dark", [False, True])
def test_a_cloud_has_its_size_its_paper_and_something_on_it(dark):
    image = draw(dark=dark)
    assert image.size == (360, 200)
    pixels = np.asarray(image)
    paper = [int(PAPER[dark][i : i + 2], 16) for i in (1, 3, 5)]
    inked = (pixels != paper).any(axis=2).mean()
    assert 0.02 < inked < 0.6


def test_the_same_rng_draws_the_same_picture_and_another_one_does_not():
    assert draw(rng=7).tobytes() == draw(rng=7).tobytes()
    assert draw(rng=7).tobytes() != draw(rng=8).tobytes()


def test_the_order_of_the_counts_does_not_matter():
    assert draw(dict(reversed(COUNTS.items()))).tobytes() == draw().tobytes()


def test_a_letters_area_follows_the_share():
    sizes = sizes_of({"love": 40, "rose": 10}, width=760, height=420, largest=0.8)
    assert sizes["love"] == pytest.approx(2 * sizes["rose"], abs=1)


def test_two_clouds_with_one_largest_share_have_one_scale():
    read, wrote = {"love": 1, **{f"x{i}": 1 for i in range(9)}}, {"love": 1, "rose": 1}
    largest = largest_share(read, wrote)
    assert largest == 0.5
    of_read = sizes_of(read, width=760, height=420, largest=largest)
    of_wrote = sizes_of(wrote, width=760, height=420, largest=largest)
    assert of_read["love"] < of_wrote["love"]
    assert of_read["love"] == round(of_wrote["love"] * (0.1 / 0.5) ** 0.5)


def test_the_page_is_never_overfilled_and_the_most_frequent_words_come_first():
    counts = {f"word{i:04}": 1000 - i for i in range(900)}
    sizes = sizes_of(counts, width=300, height=200, largest=largest_share(counts))
    assert 0 < len(sizes) <= MOST_WORDS
    assert list(sizes) == list(counts)[: len(sizes)]


@pytest.mark.parametrize(("width", "height"), [(300, 200), (350, 260), (760, 420), (1200, 300)])
def test_every_word_is_drawn_in_exactly_its_size(width, height):
    counts = {f"word{i}": 1000 // (i + 1) for i in range(900)}
    sizes = sizes_of(counts, width=width, height=height, largest=0.3)
    layout = _layout(sizes, fonts.bundled_font(), width=width, height=height, dark=False, random=Random(3))
    assert {word: size for (word, _), size, *_ in layout.layout_} == sizes


def test_words_that_cannot_be_drawn_are_left_out():
    sizes = sizes_of({"春": 9, "a" * 5000: 8, "rose": 1}, width=760, height=420, largest=0.5)
    assert list(sizes) == ["rose"]


@pytest.mark.parametrize("counts", [{}, {"love": 0}])
def test_nothing_to_draw_is_an_error(counts):
    with pytest.raises(PoetBotError, match=r"^There are no words to draw yet.*\.$"):
        draw(counts)


def test_letters_that_no_font_has_are_errors(monkeypatch):
    monkeypatch.setattr(fonts, "_of_the_machine", tuple)
    with pytest.raises(PoetBotError, match="table"):
        draw({"春眠": 3, "不覺": 2})


@pytest.mark.parametrize("side", [0, -1, SMALLEST_SIDE - 1, LARGEST_SIDE + 1, float("nan")])
def test_a_page_out_of_bounds_is_refused(side):
    with pytest.raises(PoetBotError, match="pixels"):
        draw(width=side)
    with pytest.raises(PoetBotError, match="pixels"):
        draw(height=side)


@pytest.mark.parametrize("largest", [0, -0.1, 1.01, float("nan")])
def test_an_impossible_scale_is_refused(largest):
    with pytest.raises(PoetBotError, match="share"):
        draw(largest=largest)


def test_one_word_on_the_smallest_page_is_drawn():
    assert draw({"wandering": 1}, width=SMALLEST_SIDE, height=SMALLEST_SIDE).size == (SMALLEST_SIDE,) * 2


def test_the_app_does_not_pay_for_the_drawing_library_at_its_start():
    check = "import sys, poetbot.study; sys.exit('matplotlib' in sys.modules or 'wordcloud' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check]).returncode == 0


def test_clouds_beside_each_other_have_titles_and_one_page():
    page = side_by_side({"read": COUNTS, "wrote": {"rose": 3}}, dark=True, largest=0.5)
    assert page.size == (1280, 480)
    band = np.asarray(page)[:40]
    assert all((half != band[0, 0]).any() for half in (band[:, :640], band[:, 640:]))
    with pytest.raises(PoetBotError, match="no words to draw"):
        side_by_side({"read": COUNTS, "wrote": {}}, dark=False)
