"""Titles and numbers."""

import pytest

from poetbot.corpus.titles import Paragraph, clean_title, number_of, title_of
from poetbot.documents.block import HEADING, NUMBER, SHORT_TEXT


def above(*rows: tuple[str, str, int]) -> list[Paragraph]:
    return [Paragraph(text, reason, gap, place) for place, (text, reason, gap) in enumerate(rows, start=1)]


def test_the_last_heading_in_capitals() -> None:
    rows = above(("PART TWO", HEADING, 5), ("THE TIDE.[2]", HEADING, 2), ("Written at sea", SHORT_TEXT, 1))
    assert title_of(rows) == "THE TIDE"


def test_text_with_space_above_it() -> None:
    assert (
        title_of(above(("1849", SHORT_TEXT, 1), ("_The Tide_", SHORT_TEXT, 4), ("At sea", SHORT_TEXT, 1)))
        == "The Tide"
    )
    assert title_of(above(("The Tide", SHORT_TEXT, 1), ("At sea", SHORT_TEXT, 1))) == "The Tide"


@pytest.mark.parametrize("text", ["BY ANNA WRITER", "(FROM THE WELSH)", "--A. W.", "W" * 121, "***"])
def test_no_titles(text: str) -> None:
    assert title_of(above((text, HEADING, 3))) is None


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("_To the  Sea_.", "To the Sea"),
        ("Where to?", "Where to?"),
        ("Well ...", "Well ..."),
        ("The Tide^1", "The Tide"),
        ("_", None),
    ],
)
def test_titles_are_cleaned(text: str, title: str | None) -> None:
    assert clean_title(text) == title


@pytest.mark.parametrize(
    ("text", "number"),
    [("XIV.", 14), ("_31_", 31), ("xc", 90), ("IIII", None), ("1849", None), ("Canto III", 3), ("IIX", None)],
)
def test_numbers(text: str, number: int | None) -> None:
    assert number_of(Paragraph(text, NUMBER, 1, 1)) == number
    assert number_of(Paragraph(text, HEADING, 1, 1)) is None


def test_the_author_of_a_motto_is_not_a_title() -> None:
    above = [
        Paragraph("THE HOUSE", HEADING, 3, 1),
        Paragraph('"The night is long."', SHORT_TEXT, 1, 3),
        Paragraph("A ROMAN.", HEADING, 0, 4),
    ]
    assert title_of(above) == "THE HOUSE"
