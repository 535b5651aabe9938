"""Words in the Study tab: two clouds on one scale, what a poet read and what it wrote, and the same numbers in tables."""

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np

from poetbot.errors import PoetBotError
from poetbot.study.keyness import SURE, Key
from poetbot.study.word_comparison import Clouds, Comparison
from poetbot.web.tabs.study.page import keep_buttons, languages, table_html
from poetbot.web.tabs.study.words import StudyWords

WIDTH, HEIGHT = 640, 440  # pixels
ROWS = 12  # of each table


def clouds_html(
    found: Comparison, wrote: str, *, by_key: bool, dark: bool, count: int, words: StudyWords
) -> str:
    """Return both clouds with their tables, or a sentence in place of one; `wrote` says what was written.

    `count` is how many poems it would write for this page.
    """
    nothing = (
        f'<p class="nothing">{escape(words.nothing_wrote)}</p>'
        f'<button type="button" class="write" data-do="write">{escape(words.let_it_write.format(n=count))}</button>'
    )
    drawn = _Drawn(dark, words)
    if by_key and not found.all_wrote:
        return f'<div class="clouds"><section>{nothing}</section></div>'
    clouds = found.clouds(by_key=by_key)
    if by_key:
        sides = [
            drawn.side(words.says_more, clouds.first, None, _keys(found.more, words)),
            drawn.side(words.says_less, clouds.second, None, _keys(found.less, words)),
        ]
    else:
        sides = [
            drawn.side(words.it_read, clouds.first, clouds.largest, _counts(found.read, words))
            if found.all_read
            else _section(words.it_read, f'<p class="nothing">{escape(words.nothing_read)}</p>'),
            drawn.side(wrote, clouds.second, clouds.largest, _counts(found.wrote, words))
            if found.all_wrote
            else _section(words.it_wrote.format(n=0), nothing),
        ]
    note = words.key_note.format(sure=SURE) if by_key else words.count_note
    left = (
        words.left_out.format(language=languages(words)[found.language])
        if found.language
        else words.nothing_left_out
    )
    kinds = ("png", "csv") if found.all_read and found.all_wrote else ()
    return (
        f'<div class="clouds">{"".join(sides)}</div><p class="note">{escape(note)} {escape(left)}</p>'
        + keep_buttons(words, *kinds)
    )


def clouds_png(clouds: Clouds, titles: Sequence[str], *, dark: bool) -> bytes:
    """Return both clouds on one page. Raises PoetBotError where one has no words."""
    from poetbot.study.clouds import side_by_side

    page = dict(zip(titles, (clouds.first, clouds.second), strict=True))
    return _png(side_by_side(page, dark=dark, largest=clouds.largest))


class _Drawn:
    """Draws one side after the other on the same paper."""

    def __init__(self, dark: bool, words: StudyWords) -> None:
        self._dark, self._words = dark, words

    def side(self, title: str, counts: Mapping[str, int], largest: float | None, table: str) -> str:
        """Return a cloud with its table, or a sentence where nothing can be drawn."""
        from poetbot.study.clouds import cloud

        if not any(counts.values()):
            return _section(title, f'<p class="nothing">{escape(self._words.no_word_counts)}</p>')
        try:
            rng = np.random.default_rng(0)
            image = cloud(counts, width=WIDTH, height=HEIGHT, dark=self._dark, rng=rng, largest=largest)
        except PoetBotError as error:
            return _section(title, f'<p class="nothing">{escape(self._words.tongue.said(error))}</p>{table}')
        # As a data URI: nothing is left on the server's disk.
        source = f"data:image/png;base64,{base64.b64encode(_png(image)).decode()}"
        alternative = escape(f"{title}{self._words.tongue.colon}{self._words.cloud_alternative}")
        return _section(
            title, f'<img src="{source}" width="{WIDTH}" height="{HEIGHT}" alt="{alternative}">{table}'
        )


def _png(image: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def _counts(counts: Mapping[str, int], words: StudyWords) -> str:
    from poetbot.study import top

    heads = ((words.word, False), (words.count, True), (words.per_thousand, True))
    rows = [(escape(word), f"{count:,}", f"{1000 * share:.1f}") for word, count, share in top(counts, ROWS)]
    return table_html(heads, rows)


def _keys(keys: Sequence[Key], words: StudyWords) -> str:
    heads = (
        (words.word, False),
        (words.keyness, True),
        (words.wrote_column, True),
        (words.read_column, True),
    )
    rows = [
        (escape(key.word), f"{abs(key.keyness):.1f}", f"{key.wrote:,}", f"{key.read:,}")
        for key in keys[:ROWS]
    ]
    return table_html(heads, rows)
