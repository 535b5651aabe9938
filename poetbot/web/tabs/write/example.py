"""The poem that a first visit shows as an example: written by a bundled poet, always from the same settings."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.overlap import report
from poetbot.web.components.poem_view import phrases_of, report_marks
from poetbot.web.components.templates import render
from poetbot.writing import CachedPoet, Request, write

EXAMPLE_REQUESTS = {
    "modern": Request("The lamp is low, and", 0.5, rng=32, lines=4, guard=8),
    "tang": Request("窗燈三兩點，", 0.5, rng=23, lines=4, guard=7),
}
"""By poet. The first words are ours."""


class Piece(NamedTuple):
    """Letters that look alike, from character `start` on: whether they were given, and the kind of the mark they are in.

    `meets`: a mark begins here, inside a line, where one of the same kind ends.
    """

    text: str
    given: bool
    kind: str
    start: int
    begins_mark: bool
    meets: bool


def example_html(poet: str, cached: CachedPoet, language: Locale) -> Markup:
    """Return the example of a poet with its marks, and a caption that explains them."""
    poem = write(cached.poet, EXAMPLE_REQUESTS[poet], cached.index)
    found = report(cached.index, poem.text, poem.seed_characters) if cached.index else None
    marks = report_marks(poem.text, found)
    sentences = [language.gettext("An example by {poet}; the grey words were given.", poet=poet)]
    if marks:
        sentences.append(
            language.gettext(
                "Underlined phrases are in its training poems: tap or click one for its sources."
            )
        )
    return render(
        "tabs/write/example.html",
        language,
        lines=lines_of(poem.text, poem.seed_characters, marks),
        caption=language.sentences(sentences),
        phrases=phrases_of(poem.text, found, language) if found else (),
    )


def lines_of(text: str, given: int, marks: Sequence[tuple[int, int, str]]) -> list[list[Piece]]:
    """Return the lines of a poem in pieces."""
    kinds, numbers = [""] * len(text), [-1] * len(text)
    ends = {end for _, end, _ in marks}
    starts = {start for start, _, _ in marks}
    for start, end, kind in marks:
        kinds[start:end] = [kind] * (end - start)
        numbers[start:end] = [start] * (end - start)
    lines, at = [], 0
    for line in text.split("\n"):
        looks = [(place < given, kinds[place], numbers[place]) for place in range(at, at + len(line))]
        pieces: list[Piece] = []
        for (is_given, kind, _), run in groupby(zip(line, looks, strict=True), key=itemgetter(1)):
            letters = "".join(letter for letter, _ in run)
            meets = at in starts & ends and bool(pieces) and pieces[-1].kind == kind
            pieces.append(Piece(letters, is_given, kind, at, at in starts, meets))
            at += len(letters)
        lines.append(pieces)
        at += 1
    return lines
