"""The one way from an opened file to its poems: what the app and the command line find is the same.

`judge` looks for poems in each text; here a text of Project Gutenberg's loses what its edition added, and what a book
says of its author is noted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from poetbot.corpus.editions import without_italics, without_margin_numbers
from poetbot.corpus.imprint import author_named, is_gutenberg
from poetbot.corpus.opened import Opened
from poetbot.corpus.poem import Poem
from poetbot.corpus.songs import SONG, songs_in
from poetbot.corpus.verdicts import RECORD, Judged, Reading, judge, judge_record

Heard = Mapping[int, Mapping[int, bool]]
"""What a person says of parts: by the text of the file (from 0), then by the line the part starts at."""


@dataclass(frozen=True)
class Text:
    """One text of a file with its parts and poems; `record` is the record it is of, None where the file is one text."""

    text: str
    judged: Judged
    record: Poem | None = None


def texts_of(
    content: Opened,
    reading: Reading = Reading.FILTER,
    heard: Heard | None = None,
    seen: Callable[[float], None] | None = None,
) -> Iterator[Text]:
    """Yield the texts of a file with their parts and poems, in its order.

    `heard` is what a person says of parts; `seen` is told, now and then, the share of the file that was looked at.
    """
    heard = heard or {}
    for number, (text, record, reason) in enumerate(_units(content, reading, seen)):
        said = heard.get(number)
        if record is None:
            judged = _of_book(judge(text, reading, said, content.name, seen), content, text)
        elif reason:
            judged = judge_record(record, said, reason)
        else:
            judged = judge(text, reading, said, content.name)
            poems = (
                replace(record, text=poem.text, title=poem.title or record.title) for poem in judged.poems
            )
            judged = replace(judged, poems=tuple(poems))
        yield Text(text, judged, record)


def _units(
    content: Opened, reading: Reading, seen: Callable[[float], None] | None
) -> Iterator[tuple[str, Poem | None, str | None]]:
    """Yield each text to judge, the record it is of, and why that is a poem as it is; None where poems are looked for.

    A song of a song sheet is a record too: its text is not that of the sheet.
    """
    if content.text is not None:
        songs = [] if reading is Reading.SECTIONS else songs_in(content.text, content.name)
        for song in songs:
            yield song.text, replace(song, author=song.author or content.author), SONG
        if not songs:
            yield content.text, None, None
        return
    for number, record in enumerate(content.records):
        if seen and number % 100 == 0:
            seen(number / len(content.records))
        if content.whole or number in content.verse or reading is Reading.POEMS:
            yield record.text, record, RECORD
            continue
        songs = [] if reading is Reading.SECTIONS else songs_in(record.text)
        for song in songs:
            named = replace(record, text=song.text, title=song.title or record.title)
            yield song.text, replace(named, author=song.author or record.author), SONG
        if not songs:
            yield record.text, record, None


def _of_book(judged: Judged, content: Opened, text: str) -> Judged:
    """Return what was found in a text, as its poems were before an edition was made of them, with their author."""
    poems = judged.poems
    if is_gutenberg(text):
        bare = (without_italics(without_margin_numbers(poem.text)) for poem in poems)
        # Of a poem of marks alone nothing would be left; its part must still have one.
        poems = tuple(
            replace(poem, text=text) if text.strip() else poem for poem, text in zip(poems, bare, strict=True)
        )
    # What a document is called is the title of its only poem; a book of several is called otherwise than each of them.
    if content.title and len(poems) == 1 and not poems[0].title:
        poems = (replace(poems[0], title=content.title),)
    if author := content.author or author_named(text):
        poems = tuple(poem if poem.author else replace(poem, author=author) for poem in poems)
    return replace(judged, poems=poems)
