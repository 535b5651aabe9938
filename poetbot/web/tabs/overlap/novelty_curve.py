"""The novelty curve as a picture: one inline SVG, coloured by report.css, sharp at every size, light or dark."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from poetbot.web.words import Words

WIDTH, HEIGHT = 420, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 408, 14, 200  # of the plotting area
_LENGTHS = range(1, 11)

Point = tuple[float, float]


def curve_svg(report: Mapping[str, Any], words: Words) -> str:
    """Return the novelty of the text for n = 1 … 10, over the band that holds 90 of 100 human poems and their middle.

    Lengths for which nothing is counted have no point; without human poems there is no band.
    """
    own = words.overlap
    people = people_of(report)
    shapes = [_frame(own.curve_words)]
    if people:
        low, middle, high = (
            [_point(n, people[n]["quantiles"][q]) for n in people] for q in ("5", "50", "95")
        )
        shapes.append(f'<polygon class="band" points="{_points([*high, *reversed(low)])}"/>')
        shapes.append(f'<polyline class="middle" points="{_points(middle)}"/>')
    line = [_point(n, share) for n in _LENGTHS if (share := report["novelty"][str(n)]) is not None]
    shapes.append(f'<polyline class="text" points="{_points(line)}"/>')
    shapes += [f'<circle class="text" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in line]
    return (
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(own.curve_label)}">'
        f"{''.join(shapes)}</svg>"
    )


def curve_key(report: Mapping[str, Any], words: Words) -> str:
    """Return what the lines and the band mean, each with a piece of it."""
    own = words.overlap
    pieces = [
        (
            _piece('<path class="text" d="M1 8H27"/><circle class="text" cx="14" cy="8" r="3.5"/>'),
            own.this_text,
        )
    ]
    if people_of(report):
        pieces += [
            (_piece('<path class="middle" d="M1 8H27"/>'), own.curve_middle),
            (_piece('<rect class="band" x="1" y="2" width="26" height="12"/>'), own.curve_people),
        ]
    items = "".join(f"<li>{piece}{escape(text)}</li>" for piece, text in pieces)
    return f'<ul class="key">{items}</ul>'


def people_of(report: Mapping[str, Any]) -> dict[int, Any]:
    """Return where the novelty of each length stands among human poems; empty where nobody knows."""
    standing = (report["percentiles"] or {}).get("novelty") or {}
    return {n: standing[str(n)] for n in _LENGTHS if standing.get(str(n))}


def _piece(shape: str) -> str:
    return f'<svg class="curve piece" viewBox="0 0 28 16" aria-hidden="true">{shape}</svg>'


def _point(n: int, share: float) -> Point:
    return _LEFT + (n - 1) * (_RIGHT - _LEFT) / 9, _BOTTOM - share * (_BOTTOM - _TOP)


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _frame(below: str) -> str:
    rules = []
    for percent in (0, 50, 100):
        y = _point(1, percent / 100)[1]
        rules.append(
            f'<path class="rule" d="M{_LEFT} {y:g}H{_RIGHT}"/>'
            f'<text x="{_LEFT - 10}" y="{y + 4:g}" text-anchor="end">{percent} %</text>'
        )
    for n in _LENGTHS:
        rules.append(f'<text x="{_point(n, 0)[0]:.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{n}</text>')
    middle = (_LEFT + _RIGHT) / 2
    return (
        f'{"".join(rules)}<text x="{middle:g}" y="{HEIGHT - 8}" text-anchor="middle">{escape(below)}</text>'
    )
