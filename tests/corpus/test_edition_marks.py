"""What an edition adds to a poem goes; what looks like it and is the poem's stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.edition_marks import without_italics, without_margin_numbers, without_note_marks
from poetbot.corpus.loading import parse_file

LINES = (
    "The rain is on the _roof_ again",
    "And on the garden wall,",
    "And all the apples of the year",
    "Are ripe enough to fall.",
    "I heard them in the grass at night",
    "As soft as any hand",
    "That feels along the window sill",
    "And does not understand",
    "How one could leave the light to burn",
    "And let the ladder stand.",
)


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("The rain is on the wall again          5", "The rain is on the wall again"),
        ("The rain is on the wall again     _15", "The rain is on the wall again"),
        ("The rain is on the wall again  [120]", "The rain is on the wall again"),
        ("The rain is on the wall again\t10", "The rain is on the wall again"),
        ("I counted ten and 5", "I counted ten and 5"),
        ("The rain is on the wall     7", "The rain is on the wall     7"),
        ("      5", "      5"),
    ],
)
def test_numbers_in_the_margin(line: str, bare: str) -> None:
    assert without_margin_numbers(f"Above\n{line}\nbelow") == f"Above\n{bare}\nbelow"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("_All_ the _long day_, he said", "All the long day, he said"),
        ("TO _drift with every passion", "TO drift with every passion"),
        ("snake_case and a _ alone", "snake_case and a _ alone"),
    ],
)
def test_italics(line: str, bare: str) -> None:
    assert without_italics(line) == bare


@given(st.text("a _5\n[]\t", max_size=60))
def test_no_line_is_lost(text: str) -> None:
    assert without_margin_numbers(text).count("\n") == text.count("\n")
    assert without_italics(text).replace("_", "") == text.replace("_", "")


def test_only_books_of_project_gutenberg_are_changed() -> None:
    verse = "\n".join(
        f"{line}{'          ' + str(number) if number % 5 == 0 else ''}"
        for number, line in enumerate(LINES, 1)
    )
    header = "The Project Gutenberg EBook of Rain\n\nAuthor: Ann Other\n\n\n"
    (mine,) = parse_file(verse.encode(), "rain.txt").poems
    (book,) = parse_file((header + verse).encode(), "rain.txt").poems
    assert "_roof_" in mine.text and mine.text.endswith("          10")
    assert " roof " in book.text and book.text.endswith("stand.")


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("the boats are in,[1]", "the boats are in,"),
        ("the boats[A] are in", "the boats are in"),
        ("the nets are dry{12}", "the nets are dry"),
        ("it takes what I know*", "it takes what I know"),
        ("and gives it back.†", "and gives it back."),
        ("The door says [closed]", "The door says [closed]"),
        ("[1] is no mark by itself", "[1] is no mark by itself"),
        ("*so* and *so*", "*so* and *so*"),
        ("we were {twelve}", "we were {twelve}"),
    ],
)
def test_footnote_marks_are_removed(line: str, bare: str) -> None:
    assert without_note_marks(f"{line}\n{line}") == f"{bare}\n{bare}"


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("on the wall,¹ again²", "on the wall, again"),
        ("on the wall[12] again[note 3][B]", "on the wall again"),
        ("on the wall[citation needed]", "on the wall"),
        ("古い港①の灯②，山前〔一〕［2］", "古い港の灯，山前"),
        ("two m² of E=mc², ② as a word, and 10³", "two m² of E=mc², ② as a word, and 10³"),
        ("word[s] [1] 〔港〕", "word[s] [1] 〔港〕"),
    ],
)
def test_footnote_marks(line: str, bare: str) -> None:
    assert without_note_marks(line) == bare
