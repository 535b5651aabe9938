"""A line chart: what line_chart.html needs to draw one as inline SVG, and round numbers for its axes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

Point = tuple[float, float]

_LEAST = 1e-280  # what is smaller cannot be divided any more


class Series(NamedTuple):
    """One line of a chart. `kind` is its CSS class."""

    kind: str
    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Graph:
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
        """Return where a point stands, in pixels."""
        return (
            self.left + _share(point[0], self.x) * (self.right - self.left),
            self.bottom - _share(point[1], self.y) * (self.bottom - self.top),
        )

    def placed(self, points: Iterable[Point]) -> list[Point]:
        """Return where points are, in pixels with one decimal."""
        return [(round(x, 1), round(y, 1)) for x, y in map(self.place, points)]

    @property
    def x_marks(self) -> list[tuple[str, float]]:
        """The ticks of the x axis: their text and where they are."""
        return [(number_text(tick), round(self.place((tick, self.y[0]))[0], 1)) for tick in self.x_ticks]

    @property
    def y_marks(self) -> list[tuple[str, float]]:
        """The ticks of the y axis: their text and where they are."""
        return [(number_text(tick), round(self.place((self.x[0], tick))[1], 1)) for tick in self.y_ticks]

    def line(self, kind: str, points: Iterable[Point]) -> str:
        """Return a line through these points."""
        placed = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self.place, points))
        return f'<polyline class="{escape(kind)}" points="{placed}"/>'

    def frame(self, above: str, below: str, rules: Sequence[float], marks: Sequence[float]) -> str:
        """Return a line across for each of `rules`, the numbers of `marks` below, and what both axes count."""
        shapes = [f'<text x="0" y="{self.top - 22:g}">{escape(above)}</text>']
        for value in rules:
            y = self.place((self.x[0], value))[1]
            shapes.append(
                f'<path class="rule" d="M{self.left:g} {y:.1f}H{self.right:g}"/>'
                f'<text x="{self.left - 8:g}" y="{y + 4:.1f}" text-anchor="end">{number_text(value)}</text>'
            )
        for value in marks:
            x = self.place((value, self.y[0]))[0]
            shapes.append(
                f'<text x="{x:.1f}" y="{self.bottom + 24:g}" text-anchor="middle">{number_text(value)}</text>'
            )
        middle = (self.left + self.right) / 2
        shapes.append(
            f'<text x="{middle:g}" y="{self.bottom + 48:g}" text-anchor="middle">{escape(below)}</text>'
        )
        return "".join(shapes)


def round_numbers(low: float, high: float, about: int = 5, *, whole: bool = False) -> list[float]:
    """Return some round numbers, 1, 2 or 5 times a power of ten apart, the first at or below `low`, the last at or above `high`.

    With `whole` they are whole numbers.
    """
    if not high - low > 1e-9 * max(abs(low), abs(high), _LEAST):
        high = low + (abs(low) if abs(low) > _LEAST else 1.0)
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough * 0.999)
    if whole:
        step = max(1.0, round(step))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def number_text(value: float) -> str:
    """Return a number for an axis, as short as it can be told."""
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e9 else f"{value:.6g}"


def _share(value: float, bounds: tuple[float, float]) -> float:
    low, high = bounds
    return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5
