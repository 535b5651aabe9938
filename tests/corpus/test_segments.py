"""Where paragraphs are cut, and what the parts are."""

import pytest

from poetbot.corpus.line_features import extract_lines
from poetbot.corpus.poems import find_poems
from poetbot.corpus.segments import (
    CAPITALS,
    DIRECTION,
    ENTRY,
    LICENCE,
    NOTE,
    NUMERAL,
    RULE,
    RUNNING,
    SPEAKER,
    segment,
)


def pieces(text: str) -> list[tuple[int, int, int]]:
    """Return first line (from 1), last line and make of each piece."""
    found = segment(text, extract_lines(text))
    return list(zip((found.first + 1).tolist(), found.end.tolist(), found.make.tolist(), strict=True))


@pytest.mark.parametrize("line", ["IV", "xii.", "_31_", "7", "1849.", "Canto II", "§ 12", "XCVIII", "viiii"])
def test_numerals(line: str) -> None:
    assert pieces(f"{line}\nThe tide is in.") == [(1, 1, NUMERAL), (2, 2, RUNNING)]


@pytest.mark.parametrize("line", ["mild", "I am", "Did he", "civic", "ill", "lxiv c"])
def test_words_are_not_numerals(line: str) -> None:
    assert pieces(line)[0][2] == RUNNING


@pytest.mark.parametrize("line", ["* * *", "-----", "++++", "_____"])
def test_rules(line: str) -> None:
    assert pieces(f"the tide\n{line}\nthe sand")[1] == (2, 2, RULE)


def test_dots_belong_to_the_verse() -> None:
    assert pieces("the tide\n .  .  .  .\nthe sand") == [(1, 3, RUNNING)]


def test_capitals_are_cut_off() -> None:
    assert pieces("THE TIDE\nComes in and goes.") == [(1, 1, CAPITALS), (2, 2, RUNNING)]


def test_a_name_with_a_colon_above_its_speech() -> None:
    assert pieces("First Sailor:\nThe wind has turned.\n\nAll:\n\nAye.") == [
        (1, 1, SPEAKER),
        (2, 2, RUNNING),
        (4, 4, RUNNING),
        (6, 6, RUNNING),
    ]


def test_entries_next_to_entries_with_pages() -> None:
    contents = "The Tide       3\nThe Sand       9\nThe Gulls ... 12"
    assert pieces(contents) == [(1, 3, ENTRY)]
    numbered = "\n".join(f"A line of verse goes on{'      5' if n == 4 else ''}" for n in range(9))
    assert pieces(numbered) == [(1, 9, RUNNING)]


def test_a_bracket_extends_over_paragraphs_to_its_end() -> None:
    assert pieces("[Footnote: he wrote\n\n  the tide,\n\nlater changed.]\n\nthe sand") == [
        (1, 1, NOTE),
        (3, 3, NOTE),
        (5, 5, NOTE),
        (7, 7, RUNNING),
    ]


def test_an_unclosed_bracket_is_one_line() -> None:
    assert pieces("[Exit.\nthe tide\nthe sand") == [(1, 1, NOTE), (2, 3, RUNNING)]


def test_a_footnote_mark_covers_its_paragraph_but_not_a_poem() -> None:
    assert pieces("[1] In the paper this line\nwas shorter.") == [(1, 2, NOTE)]
    verse = "[1] The tide is in,\n" + "And out again it goes,\n" * 12
    assert pieces(verse) == [(1, 13, RUNNING)]
    assert pieces("the tide [a neap]\n[and] the sand") == [(1, 2, RUNNING)]


def test_directions_of_a_play_and_verse_in_parentheses() -> None:
    assert pieces("(_Exit._)\n\n(Enter MARY with\na lamp.)\n\n(Or so I dreamed,\nand woke.)") == [
        (1, 1, DIRECTION),
        (3, 4, DIRECTION),
        (6, 7, RUNNING),
    ]


def test_words_of_project_gutenberg() -> None:
    start, end = (
        "*** START OF THE PROJECT GUTENBERG EBOOK X ***",
        "*** END OF THE PROJECT GUTENBERG EBOOK X ***",
    )
    book = f"Title: X\n{start}\nthe tide\nEnd of Project Gutenberg's X\n{end}\nof use"
    assert pieces(book) == [(1, 2, LICENCE), (3, 3, RUNNING), (4, 6, LICENCE)]
    assert [piece[2] for piece in pieces(f"{book}\n\n{book}")] == [
        LICENCE,
        RUNNING,
        LICENCE,
        LICENCE,
        RUNNING,
        LICENCE,
    ]
    assert pieces("We read of PROJECT GUTENBERG today,")[0][2] == RUNNING


OLD_HEADER = "The Project Gutenberg Etext of Ferries, by Ann Other\n\nCopyright laws are changing.\n"
SMALL_PRINT = "***START**THE SMALL PRINT!**START***\nYou know: lawyers.\n*END THE SMALL PRINT! FOR PUBLIC DOMAIN EBOOKS*\n"
VERSE = "\n\n\nThe ferry has a broken bell\nand no one rings it now;\nthe river has a tale to tell\nand no one asks it how.\n\n\n"


@pytest.mark.parametrize(
    "end",
    [
        "End of The Project Gutenberg Etext of Ferries\n\n" + SMALL_PRINT,
        "End of Project Gutenberg's Ferries, by Ann Other\n\n" + SMALL_PRINT,
        "*** END OF THE PROJECT GUTENBERG EBOOK FERRIES ***\nUpdated editions will replace it.\n",
        "*** End of this Project Gutenberg EBook Ferries ***\n",
    ],
)
def test_old_etexts_keep_their_poems(end: str) -> None:
    book = OLD_HEADER + VERSE + end
    assert [poem.text for poem in find_poems(book)] == [VERSE.strip()]
    top = OLD_HEADER + SMALL_PRINT + VERSE + end.removesuffix(SMALL_PRINT)
    assert [poem.text for poem in find_poems(book + "\n\n" + top)] == [VERSE.strip()] * 2


def test_a_sentence_about_project_gutenberg_does_not_end_the_book() -> None:
    text = "We talked until the\nend of Project Gutenberg was near, or so we thought, and then went home.\n"
    assert [poem.text for poem in find_poems(text + VERSE)] == [VERSE.strip()]
