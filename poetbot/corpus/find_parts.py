"""From an opened file to its poems; the app and the command line both use this, so they find the same.

`judge` finds the poems in each text. This module removes what Project Gutenberg's editions add, and assigns the title and author
named by a book or at the head of a text.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from poetbot.corpus.blocks import with_plain_spaces
from poetbot.corpus.edition_marks import without_italics, without_margin_numbers
from poetbot.corpus.line_features import Lines, extract_lines
from poetbot.corpus.parts import RECORD, JudgedText, Reading, judge, judge_record
from poetbot.corpus.song_sheets import SONG, songs_in
from poetbot.documents.gutenberg_header import author_named, is_gutenberg, later_authors
from poetbot.documents.reader import FileContent
from poetbot.poem import Poem

Choices = Mapping[int, Mapping[int, bool]]
"""The user's choices for parts: by the text of the file (from 0), then by the line the part starts at."""


@dataclass(frozen=True)
class Text:
    """One text of a file with its parts and poems; `record` is its record, None if the file is one text."""

    text: str
    judged: JudgedText
    record: Poem | None = None


def texts_of(
    content: FileContent,
    reading: Reading = Reading.FILTER,
    choices: Choices | None = None,
    seen: Callable[[float], None] | None = None,
) -> Iterator[Text]:
    """Yield the texts of a file in order, with their parts and poems.

    `choices` are the user's; `seen` is called now and then with the share of the file that is done.
    """
    choices = choices or {}
    for number, (text, record, reason, lines) in enumerate(_units(content, reading, seen)):
        of_text = choices.get(number)
        if record is None:
            judged = judge(text, reading, of_text, content.name, seen, lines, content.marks)
            judged = _with_book_author(judged, content, text)
        elif reason:
            judged = judge_record(record, of_text, reason)
        else:
            judged = judge(text, reading, of_text, content.name, lines=lines)
            poems = (
                replace(record, text=poem.text, title=poem.title or record.title) for poem in judged.poems
            )
            judged = replace(judged, poems=tuple(poems))
        yield Text(text, judged, record)


class _Unit(NamedTuple):
    """A text to judge, its record, why the record is a complete poem (None to find poems in it), and its lines."""

    text: str
    record: Poem | None = None
    reason: str | None = None
    lines: Lines | None = None


def _units(content: FileContent, reading: Reading, seen: Callable[[float], None] | None) -> Iterator[_Unit]:
    """Yield the texts to judge separately, in the order of the file.

    A song of a song sheet is a record too, because its text differs from the sheet's.
    """
    if content.text is not None:
        songs, lines = _songs(content.text, reading, content.name)
        for song in songs:
            yield _Unit(song.text, replace(song, author=song.author or content.author), SONG)
        if not songs:
            yield _Unit(content.text, lines=lines)
        return
    for number, record in enumerate(content.records):
        if seen and number % 100 == 0:
            seen(number / len(content.records))
        if content.whole or number in content.verse or reading is Reading.POEMS:
            yield _Unit(record.text, record, RECORD)
            continue
        songs, lines = _songs(record.text, reading)
        for song in songs:
            named = replace(record, text=song.text, title=song.title or record.title)
            yield _Unit(song.text, replace(named, author=song.author or record.author), SONG)
        if not songs:
            yield _Unit(record.text, record, lines=lines)


def _songs(text: str, reading: Reading, source: str | None = None) -> tuple[list[Poem], Lines | None]:
    """Return the songs of a text, if songs apply to this reading, and the features of its lines."""
    if reading is Reading.SECTIONS:
        return [], None
    text = with_plain_spaces(text)
    lines = extract_lines(text)
    return songs_in(text, source, lines), lines


def _with_book_author(judged: JudgedText, content: FileContent, text: str) -> JudgedText:
    """Return the poems of a text without what its edition added, and with their author."""
    poems = judged.poems
    if is_gutenberg(text):
        bare = (without_italics(without_margin_numbers(poem.text)) for poem in poems)
        # A poem of nothing but marks would be empty; its part still needs one.
        poems = tuple(
            replace(poem, text=text) if text.strip() else poem for poem, text in zip(poems, bare, strict=True)
        )
    # A document's title is the title of its only poem; a book's title isn't that of its poems.
    if content.title and len(poems) == 1 and not poems[0].title:
        poems = (replace(poems[0], title=content.title),)
    if content.authors:
        poems = tuple(replace(poem, author=content.authors.get(poem.start_line or 0)) for poem in poems)
    author = content.author or author_named(text)
    books = later_authors(text) if is_gutenberg(text) and not content.author else []
    if len(books) > 1:
        # Several books in one file; poems above the first named author are by the author the file names first.
        above = [bisect_left(books, (poem.start_line or 0,)) for poem in poems]
        by = [books[place - 1][1] if place else author for place in above]
        poems = tuple(replace(poem, author=poem.author or name) for poem, name in zip(poems, by, strict=True))
    elif author:
        poems = tuple(poem if poem.author else replace(poem, author=author) for poem in poems)
    return replace(judged, poems=poems)
