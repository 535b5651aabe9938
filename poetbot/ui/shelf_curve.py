"""How a poet learned, as a picture: one inline SVG, coloured by shelf.css."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from poetbot.ui.shelf_words import ShelfWords

WIDTH, HEIGHT = 420, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 408, 26, 152  # of the plotting area
_MOST = 400  # points of a line

Point = tuple[float, float]


def number(value: Any) -> float | None:
    """Return a finite number of a file, None where something else stands there."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


def curve_html(history: Sequence[Mapping[str, Any]], of_words: bool, words: ShelfWords) -> str:
    """Return the losses by epoch and what the lines mean; empty where fewer than two epochs have any."""
    share = 1.0 if of_words else math.log(2)
    lines = {
        kind: [
            (float(epoch), nats / share)
            for k, row in enumerate(history[:_MOST], 1)
            for epoch in (number(row.get("epoch")) or k,)
            if (nats := number(row.get(f"{field}_nats"))) is not None and 0 <= nats < 50
        ]
        for kind, field in (("training", "training"), ("held-out", "validation"))
    }
    points = [point for line in lines.values() for point in line]
    if len({x for x, _ in points}) < 2:
        return ""
    (left, right), (low, high) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    low, high = math.floor(low * 2) / 2, math.ceil(high * 2) / 2
    high = max(high, low + 0.5)

    def place(point: Point) -> str:
        x = _LEFT + (point[0] - left) / (right - left) * (_RIGHT - _LEFT)
        y = _BOTTOM - (point[1] - low) / (high - low) * (_BOTTOM - _TOP)
        return f"{x:.1f},{y:.1f}"

    unit = words.curve_nats if of_words else words.curve_bits
    shapes = [_frame(low, high, left, right, unit, words)]
    shapes += [
        f'<polyline class="{kind}" points="{" ".join(map(place, line))}"/>'
        for kind, line in lines.items()
        if line
    ]
    named = {"training": words.curve_training, "held-out": words.curve_held_out}
    key = "".join(
        f'<li><svg class="curve" viewBox="0 0 28 12" aria-hidden="true"><path class="{kind}" d="M1 6H27"/></svg>'
        f"{escape(named[kind])}</li>"
        for kind, line in lines.items()
        if line
    )
    return (
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words.curve)}">'
        f'{"".join(shapes)}</svg><ul class="key">{key}</ul>'
    )


def _frame(low: float, high: float, left: float, right: float, unit: str, words: ShelfWords) -> str:
    steps = round((high - low) * 2)
    every = max(1, math.ceil(steps / 4))
    rules = ""
    for k in range(0, steps + 1, every):
        y = _BOTTOM - k / steps * (_BOTTOM - _TOP)
        rules += (
            f'<path class="rule" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{low + k / 2:.1f}</text>'
        )
    for x, value, anchor in ((_LEFT, left, "start"), (_RIGHT, right, "end")):
        rules += f'<text x="{x}" y="{_BOTTOM + 20}" text-anchor="{anchor}">{value:g}</text>'
    middle = (_LEFT + _RIGHT) / 2
    return (
        f'{rules}<text x="0" y="12">{escape(unit)}</text>'
        f'<text x="{middle:g}" y="{HEIGHT - 8}" text-anchor="middle">{escape(words.curve_epochs)}</text>'
    )
