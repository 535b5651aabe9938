"""A picture of a poem, each character shaded by its surprise. The table of `surprise` has the same as numbers."""

import io
from typing import TYPE_CHECKING

from poetbot.errors import PoetBotError
from poetbot.study.clouds import INKS, PAPER
from poetbot.study.fonts import CJK, font_for
from poetbot.study.surprise import Surprise

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_LINES, MOST_CHARACTERS = 80, 100
"""Maximum lines of a poem, and characters of a line, in a picture."""

_CELLS, _LINE, _MARGIN, _RIGHT = (15, 21), 30, 24, 150  # pixels; the wider cell is for a Chinese character
SHADES = {False: (232, 150, 120), True: (150, 74, 52)}
"""The deepest shade, by `dark`. Ink has a contrast of at least 4.5 : 1 on it (WCAG 2.2, 1.4.3). A test checks this."""
_DEEPEST = 8.0  # nats: a probability of 1/3000 or less has the full shade
_UNDERLINED = 4.6  # nats: less than 1/100 is also underlined, so that it is not shown by shade only


def shaded_png(found: Surprise, *, dark: bool = False) -> bytes:
    """Return the picture of `shaded` as a PNG. Raises PoetBotError as `shaded` does."""
    buffer = io.BytesIO()
    shaded(found, dark=dark).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def shaded(found: Surprise, *, dark: bool = False) -> "Image":
    """Draw a text with each character shaded by its surprise and the perplexity next to each line.

    Raises PoetBotError for a text that is too large for the page, for letters without a font, and for word poets.
    """
    from PIL import Image, ImageColor, ImageDraw, ImageFont

    if found.unit != "characters":
        raise PoetBotError(
            "Only a poet that writes letter by letter can shade a poem. Read the table instead."
        )
    lines: dict[int, list[tuple[str, float]]] = {}
    for unit in found.units:
        nats = unit.nats / len(unit.text)
        lines.setdefault(unit.line, []).extend((character, nats) for character in unit.text)
    longest = max(len(units) for units in lines.values())
    if len(lines) > MOST_LINES or longest > MOST_CHARACTERS + 1:
        raise PoetBotError(
            "A picture holds {lines} lines of {characters} characters. Draw a part of the poem, or read the table.",
            lines=MOST_LINES,
            characters=MOST_CHARACTERS,
        )
    paper, ink = PAPER[dark], INKS[dark][0]
    font = font_for(
        {each for unit in found.units for each in unit.text if each.isprintable() and not each.isspace()}
    )
    letters, small = (ImageFont.truetype(str(font), size) for size in (18, 13))
    cell = _CELLS[any(ord(unit.text[0]) in CJK for unit in found.units)]
    width = 2 * _MARGIN + cell * longest + _RIGHT
    page = Image.new("RGB", (width, 2 * _MARGIN + _LINE * (len(lines) + 1)), paper)
    draw = ImageDraw.Draw(page)
    draw.text((width - _MARGIN, _MARGIN), "perplexity", ink, small, anchor="ra")
    perplexities = {line.line: line.perplexity for line in found.lines}
    ground = ImageColor.getrgb(paper)
    for row, (number, units) in enumerate(lines.items(), 1):
        top = _MARGIN + _LINE * row
        for column, (text, nats) in enumerate(units):
            left = _MARGIN + cell * column
            depth = min(nats / _DEEPEST, 1.0)
            shade = tuple(round(a + depth * (b - a)) for a, b in zip(ground, SHADES[dark], strict=True))
            draw.rectangle((left, top, left + cell - 1, top + _LINE - 6), shade)
            if nats > _UNDERLINED:
                draw.line((left + 1, top + _LINE - 5, left + cell - 3, top + _LINE - 5), ink, 2)
            shown = "¶" if text == "\n" else text if text.isprintable() else " "
            draw.text(
                (left + cell // 2, top + (_LINE - 6) // 2),
                shown,
                ink,
                letters if shown != "¶" else small,
                anchor="mm",
            )
        draw.text((width - _MARGIN, top + 4), f"{perplexities[number]:.2f}", ink, small, anchor="ra")
    return page
