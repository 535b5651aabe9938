"""Line charts: the layout, and the chart as an SVG or PNG file.

The page draws the same charts as inline SVG with the macros of line_chart.html; so does `chart_file` for a file.
"""

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from poetbot.errors import PoetBotError
from poetbot.study.clouds import INKS, PAPER
from poetbot.study.fonts import font_for

Point = tuple[float, float]

_SMALLEST = 1e-280  # smaller ranges cannot be divided
_MAX_MARKERS = 24  # of one line; more would cover it

# Polygons around (0, 0), in pixels, so that lines differ by more than colour.
_CIRCLE = [
    (round(3.5 * math.cos(k * math.pi / 6), 2), round(3.5 * math.sin(k * math.pi / 6), 2)) for k in range(12)
]
MARKERS: Sequence[Sequence[Point]] = (
    _CIRCLE,
    [(-3, -3), (3, -3), (3, 3), (-3, 3)],
    [(0, -4), (4, 3), (-4, 3)],
    [(0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0)],
    [(-4, -3), (4, -3), (0, 4)],
    [(-1, -4), (1, -4), (1, -1), (4, -1), (4, 1), (1, 1), (1, 4), (-1, 4), (-1, 1), (-4, 1), (-4, -1), (-1, -1)],
    [(-4, 0), (0, -2), (4, 0), (0, 2)],
    [(0, -4), (2, 0), (0, 4), (-2, 0)],
    [(-4, -4), (0, -1.5), (4, -4), (1.5, 0), (4, 4), (0, 1.5), (-4, 4), (-1.5, 0)],
    [(-4, -2), (4, -2), (4, 2), (-4, 2)],
)  # fmt: skip


class Series(NamedTuple):
    """One line of a chart. `kind` is its CSS class; `number` selects its colour and its marker."""

    kind: str
    label: str
    points: Sequence[Point]
    number: int | None = None
    dashed: bool = False

    @property
    def classes(self) -> str:
        """The CSS classes of the line."""
        numbered = [] if self.number is None else [f"ink-{self.number % len(INKS[False])}"]
        return " ".join([self.kind, *numbered, *(["dashed"] if self.dashed else [])])

    @property
    def marker(self) -> Sequence[Point]:
        """The polygon around each of its marked points."""
        return () if self.number is None else MARKERS[self.number % len(MARKERS)]

    @property
    def marked_points(self) -> Sequence[Point]:
        """The points with a marker. A dashed line has one only if it is a single point."""
        if self.number is None or not self.points or (self.dashed and len(self.points) > 1):
            return ()
        step = -(-len(self.points) // _MAX_MARKERS)
        return list(dict.fromkeys([*self.points[::step], self.points[-1]]))


@dataclass(frozen=True)
class Chart:
    """A plotting area from `left` to `right` and `top` to `bottom` (pixels), for x and y within these bounds.

    line_chart.html also needs the size, the labels and the ticks.
    """

    left: float
    right: float
    top: float
    bottom: float
    x: tuple[float, float]
    y: tuple[float, float]
    width: float = 0.0
    height: float = 0.0
    x_label: str = ""
    y_label: str = ""
    x_ticks: Sequence[float] = ()
    y_ticks: Sequence[float] = ()

    def place(self, point: Point) -> Point:
        """Return the position of a point, in pixels."""
        return (
            self.left + _share(point[0], self.x) * (self.right - self.left),
            self.bottom - _share(point[1], self.y) * (self.bottom - self.top),
        )

    def placed(self, points: Iterable[Point]) -> list[Point]:
        """Return the positions of points, in pixels with one decimal."""
        return [(round(x, 1), round(y, 1)) for x, y in map(self.place, points)]

    @property
    def x_marks(self) -> list[tuple[str, float]]:
        """The ticks of the x axis: text and position."""
        return [(number_text(tick), round(self.place((tick, self.y[0]))[0], 1)) for tick in self.x_ticks]

    @property
    def y_marks(self) -> list[tuple[str, float]]:
        """The ticks of the y axis: text and position."""
        return [(number_text(tick), round(self.place((self.x[0], tick))[1], 1)) for tick in self.y_ticks]


def chart_file(
    chart: Chart, lines: Sequence[Series], legend: Sequence[Series], form: str, *, dark: bool = False
) -> bytes:
    """Return a chart with its legend as the bytes of a `png` or an `svg`, the same for the same chart.

    Raises PoetBotError for another form, and if no font has the letters of a label.
    """
    if form == "svg":
        return _svg(chart, lines, legend, dark=dark).encode()
    if form == "png":
        return _png(chart, lines, legend, dark=dark)
    raise PoetBotError("A picture can be saved as .png or .svg. Choose one of the two.")


_MARGIN = 16  # around a chart in a file; pixels
_COLUMNS, _ROW = 2, 22  # of its legend


def _entries(chart: Chart, legend: Sequence[Series]) -> list[tuple[float, float, Series]]:
    """Return the entries of the legend with their positions."""
    column = chart.width / _COLUMNS
    return [
        (k % _COLUMNS * column, chart.height + 12 + k // _COLUMNS * _ROW, entry)
        for k, entry in enumerate(legend)
    ]


def _full_height(chart: Chart, legend: Sequence[Series]) -> float:
    return chart.height + 12 + -(-len(legend) // _COLUMNS) * _ROW


def _svg(chart: Chart, lines: Sequence[Series], legend: Sequence[Series], *, dark: bool) -> str:
    return str(
        _environment()
        .get_template("line_chart.svg")
        .render(
            chart=chart,
            lines=lines,
            entries=_entries(chart, legend),
            height=_full_height(chart, legend),
            margin=_MARGIN,
            paper=PAPER[dark],
            inks=INKS[dark],
        )
    )


@cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).parent
    return Environment(
        loader=FileSystemLoader([folder, folder.parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


_SCALE, _SMOOTHING = (
    2,
    2,
)  # pixels of a PNG per pixel of the chart; the factor by which it is drawn larger and then reduced


def _png(chart: Chart, lines: Sequence[Series], legend: Sequence[Series], *, dark: bool) -> bytes:
    from PIL import Image, ImageColor, ImageDraw, ImageFont

    by = _SCALE * _SMOOTHING
    paper, inks = PAPER[dark], INKS[dark]
    sides = chart.width, _full_height(chart, legend)
    size = [round((side + 2 * _MARGIN) * by) for side in sides]
    page = Image.new("RGB", (size[0], size[1]), paper)
    draw = ImageDraw.Draw(page)
    words = [chart.x_label, chart.y_label, *(entry.label for entry in legend)]
    font = ImageFont.truetype(str(font_for(word.replace(" ", "") for word in words)), 13 * by)
    ink, ground = ImageColor.getrgb(inks[0]), ImageColor.getrgb(paper)
    faint = tuple(round(0.85 * b + 0.15 * a) for a, b in zip(ink, ground, strict=True))

    def scaled(points: Iterable[Point]) -> list[Point]:
        return [((x + _MARGIN) * by, (y + _MARGIN) * by) for x, y in points]

    def write(x: float, y: float, text: str, anchor: str) -> None:
        draw.text(scaled([(x, y)])[0], text, inks[0], font, anchor=anchor)

    def stroke(series: Series, points: Sequence[Point]) -> None:
        colour = inks[(series.number or 0) % len(inks)]
        for part in _dashes(points) if series.dashed else [points]:
            draw.line(scaled(part), colour, round((1.25 if series.dashed else 1.75) * by), joint="curve")

    def mark(series: Series, x: float, y: float) -> None:
        polygon = scaled((x + dx, y + dy) for dx, dy in series.marker)
        draw.polygon(polygon, inks[(series.number or 0) % len(inks)])

    write(0, chart.top - 22, chart.y_label, "ls")
    for text, y in chart.y_marks:
        draw.line(scaled([(chart.left, y), (chart.right, y)]), faint, by)
        write(chart.left - 8, y, text, "rm")
    for text, x in chart.x_marks:
        write(x, chart.bottom + 20, text, "ms")
    write((chart.left + chart.right) / 2, chart.bottom + 44, chart.x_label, "ms")
    for series in lines:
        if len(series.points) > 1:
            stroke(series, chart.placed(series.points))
        for x, y in chart.placed(series.marked_points):
            mark(series, x, y)
    for x, y, entry in _entries(chart, legend):
        stroke(entry, [(x, y), (x + 28, y)])
        if entry.number is not None and not entry.dashed:
            mark(entry, x + 14, y)
        write(x + 36, y, entry.label, "lm")
    buffer = io.BytesIO()
    page.reduce(_SMOOTHING).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _dashes(points: Sequence[Point], on: float = 5.0, off: float = 4.0) -> Iterator[list[Point]]:
    """Yield the dashes of a line."""
    at = 0.0  # position in the pattern
    dash: list[Point] = [points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        length = math.hypot(x1 - x0, y1 - y0)
        done = 0.0
        while done < length:
            step = min((on if at < on else on + off) - at, length - done)
            done, was_on = done + step, at < on
            here = (x0 + (x1 - x0) * done / length, y0 + (y1 - y0) * done / length)
            at += step
            if was_on:
                dash.append(here)
            if was_on and at >= on - 1e-9:
                yield dash
                at = on
            if at >= on + off - 1e-9:
                at, dash = 0.0, [here]
    if at < on and len(dash) > 1:
        yield dash


def round_numbers(low: float, high: float, about: int = 5, *, whole: bool = False) -> list[float]:
    """Return round numbers, 1, 2 or 5 times a power of ten apart, from at or below `low` to at or above `high`.

    With `whole` they are integers.
    """
    if not high - low > 1e-9 * max(abs(low), abs(high), _SMALLEST):
        high = low + (abs(low) if abs(low) > _SMALLEST else 1.0)
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * 0.999)
    if whole:
        step = max(1.0, round(step))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def number_text(value: float) -> str:
    """Return a number for an axis, as short as possible."""
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e9 else f"{value:.6g}"


def _share(value: float, bounds: tuple[float, float]) -> float:
    low, high = bounds
    return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
