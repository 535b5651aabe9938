"""A poem with its marks as a picture and as a table."""

import csv
import io

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.study.clouds import INKS, PAPER
from poetbot.study.sound_image import MOST_LINES, TINTS, marked, marked_png, marks_csv

POEM = "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\nRain, rain on the lane\nRain, rain on the lane"


def test_a_line_for_each_line_and_a_mark_for_each_mark():
    page = np.asarray(marked(POEM))
    paper = [int(PAPER[False][k : k + 2], 16) for k in (1, 3, 5)]
    assert (page == TINTS[False]).all(axis=2).any()  # a rhyme
    assert (page != paper).any(axis=2).any(axis=1).sum() > 4 * 10
    assert marked_png(POEM, dark=True).startswith(b"\x89PNG") and marked_png(POEM) == marked_png(POEM)
    plain = np.asarray(marked("The lamp is out"))
    assert not (plain == TINTS[False]).all(axis=2).any()


@pytest.mark.parametrize("dark", [False, True])
def test_ink_is_readable_on_its_tint(dark):
    def luminance(channels):
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (k / 255 for k in channels)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ink = [int(INKS[dark][0][k : k + 2], 16) for k in (1, 3, 5)]
    lighter, darker = sorted((luminance(ink), luminance(TINTS[dark])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_table_has_every_mark_with_its_words():
    rows = list(csv.DictReader(io.StringIO(marks_csv(POEM))))
    assert {row["mark"] for row in rows} >= {"rhyme", "refrain", "doubled"}
    for row in rows:
        assert POEM[int(row["start"]) : int(row["end"])] == row["text"]
    assert [row["text"] for row in rows if row["mark"] == "rhyme"][:2] == ["long", "song"]


def test_what_the_page_does_not_hold_is_said():
    with pytest.raises(PoetBotError, match="a part of the poem"):
        marked("a lamp\n" * (MOST_LINES + 1))
    with pytest.raises(PoetBotError, match="no words"):
        marked(" \n")
