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
from poetbot.corpus.verdicts import Judged, Reading, judge, judge_record

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
    if content.text is not None:
        judged = judge(content.text, reading, heard.get(0), content.name, seen)
        yield Text(content.text, _of_book(judged, content.text))
        return
    for number, record in enumerate(content.records):
        if seen and number % 100 == 0:
            seen(number / len(content.records))
        said = heard.get(number)
        if content.whole or number in content.verse or reading is Reading.POEMS:
            judged = judge_record(record, said)
        else:
            judged = judge(record.text, reading, said, content.name)
            poems = (
                replace(record, text=poem.text, title=poem.title or record.title) for poem in judged.poems
            )
            judged = replace(judged, poems=tuple(poems))
        yield Text(record.text, judged, record)


def _of_book(judged: Judged, text: str) -> Judged:
    """Return what was found in a text, as its poems were before an edition was made of them, with their author."""
    poems = judged.poems
    if is_gutenberg(text):
        bare = (without_italics(without_margin_numbers(poem.text)) for poem in poems)
        # Of a poem of marks alone nothing would be left; its part must still have one.
        poems = tuple(
            replace(poem, text=text) if text.strip() else poem for poem, text in zip(poems, bare, strict=True)
        )
    if author := author_named(text):
        poems = tuple(poem if poem.author else replace(poem, author=author) for poem in poems)
    return replace(judged, poems=poems)
