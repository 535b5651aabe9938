"""Curves in the Study tab: how poets learned, over each other, with a card for each point and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, TypedDict

from markupsafe import Markup

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.study.curves import MOST_POETS, points_of
from poetbot.study.history import Epoch, History
from poetbot.web.components.line_chart import Graph, Point, round_numbers
from poetbot.web.components.templates import render
from poetbot.web.tabs.study.page import figure_names
from poetbot.web.tabs.study.requests import StudyRequest

WIDTH, HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 708, 40, 344  # of the plotting area
_MAX_POINTS = 200  # of one line
_MAX_MARKERS = 24  # of one line; more would hide it
_MAX_ROWS = 200
_MAX_SAMPLE = 600  # characters

FIGURES = {
    "losses": ("training_nats", "validation_nats"),
    "training_nats": ("training_nats",),
    "validation_nats": ("validation_nats",),
    "accuracy": ("training_accuracy", "validation_accuracy"),
    "learning_rate": ("learning_rate",),
}
"""What can be shown; where there are two, the first is dashed."""
ALONG = ("epoch", "minutes")

# Paths around 0, 0; with the ink, so that no line is told by colour alone.
_MARKERS = (
    "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z", "M-3-3h6v6h-6Z", "M0-4l4 7h-8Z", "M0-4.5l4.5 4.5-4.5 4.5-4.5-4.5Z",
    "M-4-3h8l-4 7Z", "M-1-4h2v3h3v2h-3v3h-2v-3h-3v-2h3Z", "M-4 0l4-2 4 2-4 2Z", "M0-4l2 4-2 4-2-4Z",
    "M-4-4l4 2.5 4-2.5-2.5 4 2.5 4-4-2.5-4 2.5 2.5-4Z", "M-4-2h8v4h-8Z",
)  # fmt: skip


class PointCard(TypedDict):
    """What the page shows of an epoch when its point is looked at, and where that is."""

    line: int
    x: float
    y: float
    head: str
    figures: list[tuple[str, str]]
    under: str
    sample: str


@dataclass(frozen=True)
class DrawnCurves:
    """The curves as HTML, and the card of each point."""

    html: str
    points: list[PointCard]


def curves_html(histories: Sequence[History], request: StudyRequest, note: str = "") -> DrawnCurves:
    """Return the curves of these poets. Raises PoetBotError if there is nothing to draw, or no such figure."""
    language = request.language
    _ = language.gettext
    figure, along = request.choice("figure", tuple(FIGURES)), request.choice("along", ALONG)
    if not 1 <= len(histories) <= MOST_POETS:
        raise request.invalid_choice() if histories else PoetBotError(_("Choose at least one poet."))
    names = FIGURES[figure]
    lines = [[_thinned(points_of(history, along, name)) for name in names] for history in histories]
    drawn = [point for of_poet in lines for line in of_poet for point in line]
    label = figure_names(language)[figure]
    if not drawn:
        raise PoetBotError(_("None of these poets has figures for this: {figure}.", figure=label))
    xs, ys = zip(*drawn, strict=True)
    rules = round_numbers(min(ys), max(ys))
    marks = round_numbers(min(xs), max(xs), 8, whole=along == "epoch")
    marks = [mark for mark in marks if min(xs) <= mark <= max(xs)]
    sides = (min(xs), max(xs)) if max(xs) > min(xs) else (min(xs) - 1, max(xs) + 1)
    graph = Graph(_LEFT, _RIGHT, _TOP, _BOTTOM, sides, (rules[0], rules[-1]))
    above = _("loss (nats)") if figure.endswith(("nats", "losses")) else label
    below = _("minutes") if along == "minutes" else _("epoch")
    shapes = [graph.frame(above, below, rules, marks)]
    for k, of_poet in enumerate(lines):
        for name, line in zip(names, of_poet, strict=True):
            shapes.append(_line(graph, k, line, dashed=len(names) > 1 and name == names[0]))
    points = [
        _card(graph, k, history.name, epoch, along, value, language)
        for k, history in enumerate(histories)
        for epoch in _thinned(history.epochs)
        if (value := _value(epoch, names)) is not None and getattr(epoch, along) is not None
    ]
    title = _("Learning curves. The table below has the same numbers.")
    svg = (
        f'<svg class="graph" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'{"".join(shapes)}<circle class="ring" r="8" cx="-20" cy="-20"/></svg>'
    )
    epochs = [(history.name, epoch) for history in histories for epoch in history.epochs]
    used = {
        name: title
        for name, title in column_names(language).items()
        if any(getattr(epoch, name) is not None for _, epoch in epochs)
    }
    rows = [
        (
            poet,
            epoch.epoch,
            *("–" if (n := getattr(epoch, name)) is None else _figure(n) for name in used),
        )
        for poet, epoch in epochs[:_MAX_ROWS]
    ]
    html = render(
        "tabs/study/curves.html",
        language,
        svg=Markup(svg),
        legend=Markup(_key(histories, names, language)),
        note=note,
        total=len(epochs),
        columns=[(_("Poet"), False), (_("Epoch"), True), *((title, True) for title in used.values())],
        rows=rows,
    )
    return DrawnCurves(html, points)


def column_names(language: Locale) -> dict[str, str]:
    """Return the figures of an epoch and what they are called."""
    _ = language.gettext
    return {
        "minutes": _("Minutes"),
        "training_nats": _("Training loss"),
        "validation_nats": _("Validation loss"),
        "training_accuracy": _("Training accuracy"),
        "validation_accuracy": _("Validation accuracy"),
        "learning_rate": _("Learning rate"),
    }


def _thinned(points: Sequence[Any]) -> list[Any]:
    """Return at most 200 of these, evenly, the first and the last among them."""
    if len(points) <= _MAX_POINTS:
        return list(points)
    step = (len(points) - 1) / (_MAX_POINTS - 1)
    return [points[round(k * step)] for k in range(_MAX_POINTS)]


def _value(epoch: Epoch, names: Sequence[str]) -> float | None:
    """Return the figure at which an epoch is looked at: the last one that it has."""
    found = [getattr(epoch, name) for name in names]
    return next((value for value in reversed(found) if value is not None), None)


def _line(graph: Graph, number: int, points: Sequence[Point], *, dashed: bool) -> str:
    if not points:
        return ""
    kind = f"line c{number % 5}" + " dashed" * dashed
    shapes = graph.line(kind, points) if len(points) > 1 else ""
    every = max(1, -(-len(points) // _MAX_MARKERS))
    for point in () if dashed and len(points) > 1 else [*points[::every], points[-1]]:
        shapes += _marker(number, *graph.place(point))
    return shapes


def _marker(number: int, x: float, y: float) -> str:
    path = _MARKERS[number % len(_MARKERS)]
    return f'<path class="marker c{number % 5}" transform="translate({x:.1f} {y:.1f})" d="{path}"/>'


def _card(
    graph: Graph, number: int, name: str, epoch: Epoch, along: str, value: float, language: Locale
) -> PointCard:
    _ = language.gettext
    x, y = graph.place((getattr(epoch, along), value))
    return {
        "line": number,
        "x": round(x, 1),
        "y": round(y, 1),
        "head": _("{poet}, epoch {n}", poet=name, n=epoch.epoch),
        "figures": [
            (title, _figure(figure))
            for field, title in column_names(language).items()
            if (figure := getattr(epoch, field)) is not None
        ],
        "under": _("Sample") if epoch.sample.strip() else _("No sample was kept of this epoch."),
        "sample": epoch.sample.strip("\n")[:_MAX_SAMPLE],
    }


def _figure(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e6 else f"{value:.3e}"


def _key(histories: Sequence[History], names: Sequence[str], language: Locale) -> str:
    items = "".join(
        f'<li><svg viewBox="0 0 34 12" aria-hidden="true"><path class="line c{k % 5}" d="M1 6H33"/>'
        f"{_marker(k, 17, 6)}</svg>{escape(history.name)}</li>"
        for k, history in enumerate(histories)
    )
    if len(names) > 1:
        columns = column_names(language)
        for kind, name in ((" dashed", names[0]), ("", names[1])):
            items += (
                f'<li><svg viewBox="0 0 34 12" aria-hidden="true"><path class="line{kind}" d="M1 6H33"/></svg>'
                f"{escape(columns[name])}</li>"
            )
    return f'<ul class="legend">{items}</ul>'
