"""Title pages and lines that name an author: none of their lines is in a poem, and the name goes to the poem below."""

import pytest

from poetbot.corpus.blocks import find_blocks
from poetbot.corpus.line_features import extract_lines
from poetbot.corpus.parts import Reading, judge
from poetbot.corpus.poems import find_poems
from poetbot.corpus.title_pages import is_imprint, lines_with_authors
from poetbot.documents.block import BYLINED

LAMP = """\
The lamp is lit, the door is shut,
The kettle starts to sing,
And every cup inside the hut
Is waiting for the king."""
RAIN = """\
The rain is on the roof tonight,
The dog is at the door,
And nobody has struck a light
Or swept the kitchen floor."""
LYRICS = "my mother keeps a kettle on\nfor anyone who calls\nthe neighbours come with muddy boots\nand sit along the walls"


@pytest.mark.parametrize(
    "page",
    [
        "Songs of the Field\nby\nJohn Roe\nBoston: Little & Co.\n1910",
        "Songs of the Field\n\nby\n\nJohn Roe\n\nBoston: Little & Co.\n1910",
        "Songs of the Field\nby\nJohn Roe\n\nBoston\nLittle & Co.\n1910",
        "Songs of the Field\nBy John Roe\n\nLondon\nElkin and Sons, Vigo Street\n1894",
        "Songs of the Field\nBy John Roe\n\nCopyright, 1894,\nBy Elkin and Sons.",
        "Songs of the Field\n\nJohn Roe\n\nFirst printed, May, 1894.\nReprinted, June, 1894.",
        "Songs of the Field\nJohn Roe\nSecond Edition\nNew York\nThe Century Press\nAll rights reserved",
    ],
)
@pytest.mark.parametrize("room", ["\n\n", "\n\n\n\n"])
def test_a_title_page_is_not_part_of_a_poem(page: str, room: str) -> None:
    poems = find_poems(f"{page}{room}The Lamp\n\n{LAMP}\n\n\nRain\n\n{RAIN}\n")
    assert [(poem.title, poem.author, poem.text) for poem in poems] == [
        ("The Lamp", None, LAMP),
        ("Rain", None, RAIN),
    ]


def test_a_poem_that_names_a_year_and_a_publisher_stays() -> None:
    verse = "In nineteen hundred and ten\nThe Company sent for the men,\nAnd Brothers and Sons\nWent off to the guns\n"
    (poem,) = find_poems(f"{verse * 3}\n{LAMP}\n")
    assert poem.text == f"{verse * 3}\n{LAMP}"


def test_a_poem_about_publishers_stays() -> None:
    verse = "And this will be your publisher's ambition\nTo see it published once and printed twice,\nAnd copied fair.\n"
    (poem,) = find_poems(f"{verse}\n{LAMP}\n")
    assert poem.text == f"{verse}\n{LAMP}"


def test_a_poem_below_a_copyright_line_keeps_its_title() -> None:
    (poem,) = find_poems(f"The Lamp\n\nCopyright 1999 Ann Other\n\n{LAMP}\n\n{RAIN}\n")
    assert (poem.title, poem.text) == ("The Lamp", f"{LAMP}\n\n{RAIN}")


@pytest.mark.parametrize(
    "head",
    [
        "Kettle Song by The Back Porch Four\n",
        "Kettle Song by The Back Porch Four\n\n",
        "Kettle Song\nby The Back Porch Four\n",
        "Kettle Song\nBy: The Back Porch Four\n\n",
        "Kettle Song\nby\nThe Back Porch Four\n\n",
        "KETTLE SONG\nby The Back Porch Four\n\n",
    ],
)
@pytest.mark.parametrize("below", [f"{LYRICS}\n\n{LYRICS}", f"{LAMP}\n\n{RAIN}"])
def test_title_and_author_above_a_poem(head: str, below: str) -> None:
    (poem,) = find_poems(f"{head}{below}\n")
    assert (poem.title.casefold() if poem.title else None, poem.author) == (
        "kettle song",
        "The Back Porch Four",
    )
    assert poem.text == below


def test_each_poem_of_an_anthology_has_its_author() -> None:
    text = f"The Lamp\nby Ann Other\n\n{LAMP}\n\n\nmy kettle\nby Ida Plain\n\n{LYRICS}\n\n\nRain\n\n{RAIN}\n"
    assert [(poem.title, poem.author) for poem in find_poems(text)] == [
        ("The Lamp", "Ann Other"),
        ("my kettle", "Ida Plain"),
        ("Rain", None),
    ]
    assert [block.reason for block in find_blocks(text)].count(BYLINED) == 2


def test_with_everything_included_a_title_with_its_author_is_a_title() -> None:
    (poem,) = judge(f"Kettle Song\nby Ann Other\n\n{LYRICS}\n", Reading.POEMS).poems
    assert (poem.title, poem.author, poem.text) == ("Kettle Song", "Ann Other", LYRICS)


@pytest.mark.parametrize(
    "verse",
    [
        "And yet I lived as if undone\nBy Homer's Paragon\n\nWho never gave a thought",
        "I lay me down\nBy Jordan River, in the sun",
        "The house stood\nby\nthe sea",
        "She came to me\nby Monday",
        "By the old road\nBy Night",
        "Down by Loch Lomond\nwe walked all day\nand said no word",
        "Seen From A Train by night\nthe towns go by",
    ],
)
def test_the_word_by_in_verse_names_no_author(verse: str) -> None:
    text = f"{LAMP}\n{verse}"
    assert lines_with_authors(text, extract_lines(text)) == []


@pytest.mark.parametrize(
    "text",
    ["1894", "MDCCCXCIV.", "Elkin & Sons", "The Century Press", "All rights reserved", "Printed in Leeds"],
)
def test_imprints(text: str) -> None:
    assert is_imprint(text)


@pytest.mark.parametrize(
    "text", ["The Lamp", "In 1894 we met", "Fathers and sons", "Press on", "Edith", "1066"]
)
def test_titles_are_not_imprints(text: str) -> None:
    assert not is_imprint(text)
