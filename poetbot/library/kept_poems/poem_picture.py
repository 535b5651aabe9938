"""A poem as a picture: paper and ink as on the page, its title above, its receipt in small print below and in the file's metadata.

The picture is as high as the poem needs and always 1080 pixels wide. The font gets smaller for a long poem and for long lines,
down to what is readable on a phone; beyond that, lines are wrapped with an indent.
"""

import io
import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from poetbot.errors import PoetBotError
from poetbot.library.kept_poems.records import MAX_TEXT, MAX_TITLE, check_line, clean
from poetbot.messages import Message
from poetbot.study.fonts import bundled_font, font_for, letters_of
from poetbot.writing.receipt import Receipt, checked_receipt

WIDTH = 1080
MOST_LINES = 100
"""Maximum number of lines; a wrapped line counts several times. A longer poem is cut."""

RECEIPT = "PoetBot receipt"
"""The name of the PNG's text field with the complete receipt, as JSON."""

COLOURS = {
    False: {"paper": "#fbf9f4", "ink": "#2b2824", "soft-ink": "#675f54", "hairline": "#e3dccf", "accent": "#7a3e2c"},
    True: {"paper": "#1c1b19", "ink": "#e8e4da", "soft-ink": "#aca497", "hairline": "#34312c", "accent": "#e0a48c"},
}  # fmt: skip
"""The colours of the page (`poetbot/web/theme.py`), by whether it is dark."""

_MARGIN = 108
_COLUMN = WIDTH - 2 * _MARGIN
_SIZES = ((14, 40), (24, 36), (40, 31), (MOST_LINES, 27))  # maximum lines, font size in pixels
_SMALLEST = 25
_LEADING = 1.55
_LONGEST = 400  # characters of a line that are drawn
_MOST_TITLE = 3  # rows
_SMALL = 20  # pixels of the receipt


def draw_poem(
    text: str,
    *,
    title: str = "",
    poet: str = "",
    receipt: Receipt | None = None,
    dark: bool = False,
) -> bytes:
    """Return a poem as a PNG. `receipt` is the JSON that came with it, None if you wrote the poem without a poet.

    Raises PoetBotError if there is no poem, or no font on this machine has its characters.
    """
    if not isinstance(text, str) or not text.strip():
        raise PoetBotError("There is no poem to draw. Write a few lines first.")
    if len(text) > MAX_TEXT:
        raise PoetBotError(
            "A picture can show a poem of at most {most:,} characters. Draw part of it.", most=MAX_TEXT
        )
    title, poet = (
        check_line(Message("title of the poem"), title, MAX_TITLE),
        check_line(Message("name of the poet"), poet, MAX_TITLE),
    )
    receipt = None if receipt is None else checked_receipt(receipt)
    lines = [_plain(line) for line in clean(text).strip("\n").split("\n")]
    settings = _settings_line(poet, receipt)
    pens = _Pens("\n".join([*lines[:MOST_LINES], title, settings]))
    size = next((size for most, size in _SIZES if len(lines) <= most), _SIZES[-1][1])
    while size > _SMALLEST and max(pens.width(line, size) for line in lines[:MOST_LINES]) > _COLUMN:
        size -= 1
    rows = [row for line in lines[:MOST_LINES] for row in pens.broken(line, size)]
    shown = rows[:MOST_LINES]
    if len(rows) > MOST_LINES or len(lines) > MOST_LINES:
        shown = [*shown[:-1], "…"]
    heading = list(pens.broken(title, round(size * 1.3), indent=False))[:_MOST_TITLE] if title else []
    small = list(pens.broken(settings, _SMALL, indent=False))[:_MOST_TITLE]
    return _drawn(pens, size, shown, heading, small, COLOURS[dark], receipt)


def _drawn(
    pens: "_Pens",
    size: int,
    rows: list[str],
    heading: list[str],
    small: list[str],
    colours: Mapping[str, str],
    receipt: Receipt | None,
) -> bytes:
    large = round(size * 1.3)
    step, large_step, small_step = (round(each * _LEADING) for each in (size, large, _SMALL))
    heights = [len(heading) * large_step, step if heading else 0]
    heights += [step if row else step * 2 // 3 for row in rows]
    foot = len(small) * small_step + _MARGIN // 2
    inner = sum(heights) + foot
    height = max(WIDTH * 3 // 4, inner + 2 * _MARGIN)
    image = Image.new("RGB", (WIDTH, height), colours["paper"])
    draw = ImageDraw.Draw(image)
    # A short poem is placed a little above the centre, where it looks centred.
    top = _MARGIN + (height - 2 * _MARGIN - inner) * 2 // 5
    widest = max([pens.width(row, size) for row in rows] + [pens.width(row, large) for row in heading])
    left = _MARGIN + min(int(_COLUMN - widest) // 2, _MARGIN) if widest < _COLUMN else _MARGIN
    for row in heading:
        pens.write(draw, (left, top), row, large, colours["accent"])
        top += large_step
    top += step if heading else 0
    for row in rows:
        pens.write(draw, (left, top), row, size, colours["ink"])
        top += step if row else step * 2 // 3
    at = height - _MARGIN - len(small) * small_step
    draw.line((left, at - small_step // 2, WIDTH - _MARGIN, at - small_step // 2), colours["hairline"], 2)
    for row in small:
        pens.write(draw, (left, at), row, _SMALL, colours["soft-ink"])
        at += small_step
    info = PngImagePlugin.PngInfo()
    if receipt is not None:
        info.add_itxt(RECEIPT, json.dumps(dict(receipt), ensure_ascii=False, sort_keys=True))
    file = io.BytesIO()
    image.save(file, "PNG", pnginfo=info)
    return file.getvalue()


def _plain(line: str) -> str:
    """Return a line as it is drawn: tabs as spaces, no invisible characters, not too long."""
    line = unicodedata.normalize("NFC", line.replace("\t", "    ").rstrip())[:_LONGEST]
    return "".join(each for each in line if unicodedata.category(each)[0] not in "C")


def _settings_line(poet: str, receipt: Receipt | None) -> str:
    """Return a line that says how the poem was written, from its receipt."""
    written = "Written with PoetBot"
    if receipt is None:
        return written

    values: Mapping[str, object] = receipt

    def value_of(name: str) -> str:
        value = values.get(name)
        return "".join(each for each in str(value)[:60] if each.isprintable()) if value is not None else ""

    name, poet_id = value_of("poet") or poet, value_of("poet_id")[:12]
    parts = [written, name and f"poet {name}", poet_id and f"id {poet_id}"]
    parts += [
        f"{label} {value_of(key)}"
        for key, label in (("temperature", "temperature"), ("rng", "random seed"))
        if value_of(key)
    ]
    return " · ".join(part for part in parts if part)


class _Pens:
    """Fonts for a text: our own, and a fallback for missing characters."""

    def __init__(self, text: str) -> None:
        own = bundled_font()
        letters = letters_of(own)
        missing = {each for each in text if ord(each) not in letters and not each.isspace()}
        self._fonts: list[tuple[Path, frozenset[int]]] = [(own, letters)]
        if any(map(str.isalpha, missing)):
            other = font_for(sorted(filter(str.isalpha, missing)))
            lacking = "".join(
                sorted(each for each in missing if each.isalpha() and ord(each) not in letters_of(other))
            )
            if lacking:
                raise PoetBotError(
                    "No font on this machine has the letters {letters}. Remove them, or install a font such as Noto.",
                    letters=lacking[:20],
                )
            self._fonts.append((other, letters_of(other)))
        self._made: dict[tuple[Path, int], ImageFont.FreeTypeFont] = {}

    def width(self, row: str, size: int) -> float:
        """Return the width of a row, in pixels."""
        return sum(font.getlength(run) for run, font in self._runs(row, size))

    def write(
        self, draw: ImageDraw.ImageDraw, place: tuple[int, int], row: str, size: int, colour: str
    ) -> None:
        """Draw a row with the baseline of our own font."""
        at, (left, top) = 0.0, place
        baseline = top + self._font(0, size).getmetrics()[0]
        for run, font in self._runs(row, size):
            draw.text((left + at, baseline), run, fill=colour, font=font, anchor="ls")
            at += font.getlength(run)

    def broken(self, line: str, size: int, *, indent: bool = True) -> Iterator[str]:
        """Yield a line in rows that fit the column: broken between words, or inside a word that is longer."""
        begun = ""
        while self.width(begun + line, size) > _COLUMN:
            fits = next(
                (end for end in range(len(line), 1, -1) if self.width(begun + line[:end], size) <= _COLUMN), 1
            )
            space = line.rfind(" ", 0, fits + 1)
            cut = space if space > 0 and line[:space].strip() else fits
            yield begun + line[:cut]
            line, begun = line[cut:].lstrip(" "), "    " * indent
        yield begun + line

    def _runs(self, row: str, size: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
        """Yield the segments of a row that one font can draw; characters that no font has are left out."""
        run, now = "", 0
        for each in row:
            number = next((k for k, (_, has) in enumerate(self._fonts) if ord(each) in has), None)
            if number is None:
                continue
            if number != now and run:
                yield run, self._font(now, size)
                run = ""
            run, now = run + each, number
        if run:
            yield run, self._font(now, size)

    def _font(self, number: int, size: int) -> ImageFont.FreeTypeFont:
        path = self._fonts[number][0]
        if (path, size) not in self._made:
            self._made[path, size] = ImageFont.truetype(str(path), size)
        return self._made[path, size]
