"""Who wrote a book, by its own header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.corpus.loading import parse_file
from poetbot.documents.gutenberg_header import author_named

VERSE = "The rain is on the roof again\nAnd on the garden wall,\nAnd all the apples of the year\nAre ripe enough to fall.\n"
GUTENBERG = "The Project Gutenberg EBook of Rain, by Ann Other\n\nTitle: Rain\n\nAuthor: Ann  Other \n\nLanguage: English\n\n"


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (GUTENBERG, "Ann Other"),
        (GUTENBERG.replace("Ann  Other ", "Various"), None),
        (GUTENBERG.replace("Other ", "Other, et al."), "Ann Other"),
        (GUTENBERG.replace("Other ", "Other et al"), "Ann Other"),
        (GUTENBERG.replace("Other ", "Other and Others"), "Ann Other"),
        (GUTENBERG.replace("Other ", "Etal"), "Ann Etal"),
        (GUTENBERG.replace("Project Gutenberg", "Library"), None),
        ("\n" * 80 + GUTENBERG, None),
        ("**The Project Gutenberg Etext of Rain by the Way, by Ann Other**\n\n", "Ann Other"),
        ("Project Gutenberg's Rain, by Ann Other\n\nThis eBook is for", "Ann Other"),
        ("The Project Gutenberg eBook, Rain, by Various\n\n", None),
        ("Project Gutenberg Etext of Rain by Ann Other, Second Series\n\n", None),
        ("[Rain by Ann Other 1855]\n\nLeaves", "Ann Other"),
        ("[Rain]\n\nAuthor: Ann Other\n", None),
        ("Author: Ann Other\n" + VERSE, None),
        ("", None),
    ],
)
def test_a_header_names_the_author(text: str, author: str | None) -> None:
    assert author_named(text) == author


@given(st.text(max_size=500))
def test_any_text_gives_a_one_line_author_or_none(text: str) -> None:
    author = author_named(GUTENBERG.replace("Ann  Other ", text))
    assert author is None or (0 < len(author) <= 80 and "\n" not in author)


def test_the_poems_of_a_book_have_its_author() -> None:
    file = parse_file((GUTENBERG + "\n\n" + VERSE).encode(), "rain.txt")
    assert [(poem.author, poem.text) for poem in file.poems] == [("Ann Other", VERSE.strip())]
    assert [poem.author for poem in parse_file(VERSE.encode(), "rain.txt").poems] == [None]


def test_several_books_in_one_file_have_each_its_author() -> None:
    other = VERSE.replace("apples", "cherries")
    books = [(GUTENBERG, VERSE), (GUTENBERG.replace("Ann  Other ", "Bob Else"), other)]
    books.append((GUTENBERG.replace("Ann  Other ", "Various"), VERSE.replace("apples", "pears")))
    text = "".join(
        f"{head}*** START OF THIS PROJECT GUTENBERG EBOOK ***\n\n\n{verse}\n\n*** END OF THIS PROJECT GUTENBERG EBOOK ***\n\n"
        for head, verse in books
    )
    found = parse_file(text.encode(), "rain.txt").poems
    assert [poem.author for poem in found] == ["Ann Other", "Bob Else", None]
    once = f"{GUTENBERG}{VERSE}\n\n{'Some words. ' * 3000}\n\nAuthor: Bob Else\n\n{other}"
    assert {poem.author for poem in parse_file(once.encode(), "rain.txt").poems} == {"Ann Other"}
