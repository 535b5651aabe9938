"""Tables of contents and indexes."""

from poetbot.corpus.line_features import extract_lines
from poetbot.corpus.lists import find_lists
from poetbot.corpus.segment_features import segment_features
from poetbot.corpus.segments import segment

POEM = "The tide is in, the tide is out,\nAnd still you stand and think about\nThe boats."


def listed(text: str) -> list[int]:
    """Return the first lines (from 1) of the pieces that belong to a list."""
    lines = extract_lines(text)
    pieces = segment(text, lines)
    flags = find_lists(text, lines, pieces, segment_features(lines, pieces))
    return [int(first) + 1 for first in pieces.first[flags]]


def test_entries_with_pages() -> None:
    assert listed("The Tide   3\nOf Boats and of the\n  Harbour in March\nThe Sand   9\nThe Gulls   12") == [
        1,
        2,
        4,
    ]


def test_a_heading_covers_what_follows_but_not_the_first_poem() -> None:
    assert listed(f"CONTENTS\n\nThe Tide\nBoats\n\nPART TWO\n\nThe Sand\n\n\n\nTHE TIDE\n\n{POEM}") == [
        1,
        3,
        6,
        8,
    ]
    assert listed(f"Contents\n\nThe Tide\n\nThe Sand\n\n\nThe Tide\n\n{POEM}") == [1, 3, 5]


def test_prose_below_a_heading_is_not_a_list() -> None:
    prose = "What these pages hold was written in the course of a long winter at\nthe coast, when there was little else to do; and much of it was written\nby candle light."
    assert listed(f"CONTENTS\n\n{prose}") == [1]


def test_verse_that_starts_in_lowercase_is_not_an_entry() -> None:
    verse = (
        "Shadows over a kettle...\nlight on the wall.\nA hand\nputs something on the shelf\nand goes away."
    )
    contents = "CONTENTS\n\n  The Tide\n  Boats\n\n  THE TIDE"
    below = "\n\n".join("\n".join("  " + line for line in verse.split("\n")) for _ in range(3))
    assert listed(f"{contents}\n\n{below}") == [1, 3]


def test_titles_one_below_the_other() -> None:
    assert listed("The Tide Comes In.\nOf Boats.\nThe Sand.\nThe Harbour Lights.\nGulls.\nA Song.") == [1]
    assert listed(POEM) == []


def test_headings_in_other_languages() -> None:
    for heading in ("Inhalt", "TABLE DES MATIÈRES", "Índice", "Содержание", "目录"):
        assert listed(f"{heading}\n\nAbend") == [1, 3], heading
