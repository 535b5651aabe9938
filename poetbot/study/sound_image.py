"""A poem with its sounds marked, as a picture and as a table. `poetbot.verse.marks` finds the sounds."""

import csv
import io
from typing import TYPE_CHECKING

from poetbot.errors import PoetBotError
from poetbot.study.clouds import INKS, PAPER
from poetbot.study.fonts import font_for
from poetbot.verse.marks import Mark, checked, marks, measured

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

MOST_LINES, MOST_CHARACTERS = 80, 160
"""Maximum lines of a poem, and characters of a line, in a picture."""

_LINE, _MARGIN, _TEXT = 38, 28, 110  # pixels; where the text begins
TINTS = {False: (243, 230, 220), True: (58, 44, 36)}
"""Behind a rhyme, by `dark`. Ink has a contrast of at least 4.5 : 1 on it (WCAG 2.2, 1.4.3). A test checks this."""


def marked_png(poem: str, *, dark: bool = False) -> bytes:
    """Return the picture of `marked` as a PNG. Raises PoetBotError as `marked` does."""
    buffer = io.BytesIO()
    marked(poem, dark=dark).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def marked(poem: str, *, dark: bool = False) -> "Image":
    """Draw a poem, each line with its rhyme letter, its number of syllables and its marks.

    A rhyme is underlined, alliteration is underlined with dots, a doubled word twice. Lines that begin with the same
    words have a box around them, and a refrain is in brackets. Raises PoetBotError for a poem that `marks` does not
    accept, that is too large for the page, or for whose letters there is no font.
    """
    from PIL import Image, ImageDraw, ImageFont

    poem = checked(poem)
    lines, found = measured(poem), marks(poem)
    if len(lines) > MOST_LINES or max(line.end - line.start for line in lines) > MOST_CHARACTERS:
        raise PoetBotError(
            "A picture holds {lines} lines of {characters} characters. Draw a part of the poem, or read the table.",
            lines=MOST_LINES,
            characters=MOST_CHARACTERS,
        )
    paper, ink = PAPER[dark], INKS[dark][0]
    font = font_for({character for character in poem if character.isprintable() and not character.isspace()})
    letters, small = (ImageFont.truetype(str(font), size) for size in (20, 13))
    widest = max(letters.getlength(poem[line.start : line.end]) for line in lines)
    apart = [k > 0 and poem.count("\n", lines[k - 1].end, line.start) > 1 for k, line in enumerate(lines)]
    height = 2 * _MARGIN + _LINE * len(lines) + _LINE // 2 * sum(apart)
    page = Image.new("RGB", (int(_TEXT + widest) + 2 * _MARGIN, height), paper)
    draw = ImageDraw.Draw(page)
    top = _MARGIN
    for line, after_a_gap in zip(lines, apart, strict=True):
        top += _LINE // 2 * after_a_gap
        text = poem[line.start : line.end]
        here = [mark for mark in found if line.start <= mark.start and mark.end <= line.end]
        draw.text((_MARGIN, top + 8), line.letter, ink, small)
        draw.text((_TEXT - 24, top + 8), str(line.syllables), ink, small, anchor="ra")
        for mark in here:
            left = _TEXT + letters.getlength(text[: mark.start - line.start])
            right = _TEXT + letters.getlength(text[: mark.end - line.start])
            _draw_mark(draw, mark, (left, top, right), TINTS[dark], ink)
        draw.text((_TEXT, top), text, ink, letters)
        if any(mark.label == "refrain" for mark in here):
            draw.text((_TEXT - 12, top), "[", ink, letters)
            draw.text((_TEXT + letters.getlength(text) + 4, top), "]", ink, letters)
        top += _LINE
    return page


def _draw_mark(
    draw: "ImageDraw", mark: Mark, place: tuple[float, float, float], tint: tuple[int, int, int], ink: str
) -> None:
    left, top, right = place
    low = top + 28
    if mark.label == "rhyme":
        draw.rectangle((left, top + 1, right, low), tint)
        draw.line((left, low, right, low), ink, 2)
    elif mark.label == "alliteration":
        for x in range(int(left), int(right) - 1, 6):
            draw.line((x, low + 4, x + 2, low + 4), ink, 2)
    elif mark.label == "doubled":
        for y in (low + 1, low + 5):
            draw.line((left, y, right, y), ink, 1)
    elif mark.label == "anaphora":
        draw.rectangle((left - 3, top - 1, right + 3, low + 1), outline=ink)


def marks_csv(poem: str) -> str:
    """Return all marks as CSV (RFC 4180): line, position in the text, label and words.

    Raises PoetBotError as `marks` does.
    """
    poem = checked(poem)
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(["line", "syllables", "start", "end", "mark", "group", "kind", "text"])
    found = marks(poem)
    for number, line in enumerate(measured(poem), 1):
        for mark in found:
            if line.start <= mark.start and mark.end <= line.end:
                row = [number, line.syllables, *mark, _cell(poem[mark.start : mark.end])]
                writer.writerow(row)
    return page.getvalue()


def _cell(text: str) -> str:
    """Escape a text that a spreadsheet would read as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
