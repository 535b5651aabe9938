"""Curves in the Study tab: how poets learned, over each other, as one inline SVG with its points to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from poetbot.errors import PoetBotError
from poetbot.study.curves import MOST_POETS, points_of
from poetbot.study.history import Epoch, History
from poetbot.web.components.line_chart import Graph, Point, round_numbers
from poetbot.web.tabs.study.page import keep_buttons, table_html
from poetbot.web.tabs.study.words import StudyWords

WIDTH, HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 708, 40, 344  # of the plotting area
_MOST_POINTS = 200  # of one line
_MOST_MARKERS = 24  # of one line; more would hide it
_MOST_ROWS = 200
_SAMPLE = 600  # characters

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


@dataclass(frozen=True)
class Shown:
    """The curves as HTML, and each point that can be looked at: where it stands, what it is called and what it says."""

    html: str
    points: list[dict[str, Any]]


def curves_html(
    histories: Sequence[History], figure: str, along: str, words: StudyWords, note: str = ""
) -> Shown:
    """Return the curves of these poets. Raises PoetBotError where there is nothing to draw, or no such figure."""
    if figure not in FIGURES or along not in ALONG:
        raise PoetBotError(words.no_such_choice)
    if not 1 <= len(histories) <= MOST_POETS:
        raise PoetBotError(words.choose_one if not histories else words.no_such_choice)
    names = FIGURES[figure]
    lines = [[_thinned(points_of(history, along, name)) for name in names] for history in histories]
    drawn = [point for of_poet in lines for line in of_poet for point in line]
    labels = {
        "losses": words.both_losses,
        "training_nats": words.training_loss,
        "validation_nats": words.held_out_loss,
        "accuracy": words.accuracy,
        "learning_rate": words.learning_rate,
    }
    if not drawn:
        missing = " ".join((labels[figure], words.by_minutes if along == "minutes" else "")).strip()
        raise PoetBotError(f"{words.no_histories_of.format(figure=missing)}")
    xs, ys = zip(*drawn, strict=True)
    rules = round_numbers(min(ys), max(ys))
    marks = round_numbers(min(xs), max(xs), 8, whole=along == "epoch")
    marks = [mark for mark in marks if min(xs) <= mark <= max(xs)]
    sides = (min(xs), max(xs)) if max(xs) > min(xs) else (min(xs) - 1, max(xs) + 1)
    graph = Graph(_LEFT, _RIGHT, _TOP, _BOTTOM, sides, (rules[0], rules[-1]))
    above = words.loss_axis if figure.endswith(("nats", "losses")) else labels[figure]
    below = words.minutes_column if along == "minutes" else words.epoch_column
    shapes = [graph.frame(above, below, rules, marks)]
    for k, of_poet in enumerate(lines):
        for name, line in zip(names, of_poet, strict=True):
            shapes.append(_line(graph, k, line, dashed=len(names) > 1 and name == names[0]))
    points = [
        _point(graph, k, history.name, epoch, along, value, words)
        for k, history in enumerate(histories)
        for epoch in _thinned(history.epochs)
        if (value := _value(epoch, names)) is not None and getattr(epoch, along) is not None
    ]
    svg = (
        f'<svg class="graph" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words.curves_label)}">'
        f'{"".join(shapes)}<circle class="ring" r="8" cx="-20" cy="-20"/></svg>'
    )
    html = (
        f'<div class="looked"><div class="points" tabindex="0" role="group" aria-label="{escape(words.curves_hint)}">'
        f"{svg}</div>{_key(histories, names, words)}"
        f'<div class="card" aria-live="polite"><p class="hint">{escape(words.curves_hint)}</p></div></div>'
        f"{_note(note)}{keep_buttons(words, 'png', 'csv')}{_table(histories, words)}"
    )
    return Shown(html, points)


def _note(note: str) -> str:
    return f'<p class="note">{escape(note)}</p>' if note else ""


def _thinned(points: Sequence[Any]) -> list[Any]:
    """Return at most 200 of these, evenly, the first and the last among them."""
    if len(points) <= _MOST_POINTS:
        return list(points)
    step = (len(points) - 1) / (_MOST_POINTS - 1)
    return [points[round(k * step)] for k in range(_MOST_POINTS)]


def _value(epoch: Epoch, names: Sequence[str]) -> float | None:
    """Return the figure at which an epoch is looked at: the last one that it has."""
    found = [getattr(epoch, name) for name in names]
    return next((value for value in reversed(found) if value is not None), None)


def _line(graph: Graph, number: int, points: Sequence[Point], *, dashed: bool) -> str:
    if not points:
        return ""
    kind = f"line c{number % 5}" + " dashed" * dashed
    shapes = graph.line(kind, points) if len(points) > 1 else ""
    every = max(1, -(-len(points) // _MOST_MARKERS))
    for point in () if dashed and len(points) > 1 else [*points[::every], points[-1]]:
        shapes += _marker(number, *graph.place(point))
    return shapes


def _marker(number: int, x: float, y: float) -> str:
    path = _MARKERS[number % len(_MARKERS)]
    return f'<path class="marker c{number % 5}" transform="translate({x:.1f} {y:.1f})" d="{path}"/>'


def _point(
    graph: Graph, number: int, name: str, epoch: Epoch, along: str, value: float, words: StudyWords
) -> dict[str, Any]:
    x, y = graph.place((getattr(epoch, along), value))
    figures = [
        (label, _figure(value))
        for label, value in (
            (words.minutes_column, epoch.minutes),
            (words.training_column, epoch.training_nats),
            (words.held_out_column, epoch.validation_nats),
            (words.training_accuracy_column, epoch.training_accuracy),
            (words.held_out_accuracy_column, epoch.validation_accuracy),
            (words.rate_column, epoch.learning_rate),
        )
        if value is not None
    ]
    return {
        "line": number,
        "x": round(x, 1),
        "y": round(y, 1),
        "head": words.point_head.format(poet=name, n=epoch.epoch),
        "figures": figures,
        "under": words.sample if epoch.sample.strip() else words.no_sample,
        "sample": epoch.sample.strip("\n")[:_SAMPLE],
    }


def _figure(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e6 else f"{value:.3e}"


def _key(histories: Sequence[History], names: Sequence[str], words: StudyWords) -> str:
    items = "".join(
        f'<li><svg viewBox="0 0 34 12" aria-hidden="true"><path class="line c{k % 5}" d="M1 6H33"/>'
        f"{_marker(k, 17, 6)}</svg>{escape(history.name)}</li>"
        for k, history in enumerate(histories)
    )
    if len(names) > 1:
        for kind, label in ((" dashed", words.training_column), ("", words.held_out_column)):
            items += (
                f'<li><svg viewBox="0 0 34 12" aria-hidden="true"><path class="line{kind}" d="M1 6H33"/></svg>'
                f"{escape(label)}</li>"
            )
    return f'<ul class="legend">{items}</ul>'


def _table(histories: Sequence[History], words: StudyWords) -> str:
    columns = (
        (words.minutes_column, "minutes"),
        (words.training_column, "training_nats"),
        (words.held_out_column, "validation_nats"),
        (words.training_accuracy_column, "training_accuracy"),
        (words.held_out_accuracy_column, "validation_accuracy"),
        (words.rate_column, "learning_rate"),
    )
    epochs = [(history.name, epoch) for history in histories for epoch in history.epochs]
    used = [(label, name) for label, name in columns if any(getattr(e, name) is not None for _, e in epochs)]
    heads = [(words.poet_column, False), (words.epoch_column, True), *((label, True) for label, _ in used)]
    rows = [
        (
            escape(poet),
            str(epoch.epoch),
            *("–" if (n := getattr(epoch, name)) is None else _figure(n) for _, name in used),
        )
        for poet, epoch in epochs[:_MOST_ROWS]
    ]
    cut = words.table_cut.format(n=_MOST_ROWS, total=f"{len(epochs):,}") if len(epochs) > _MOST_ROWS else ""
    return (
        f'<details class="fold"><summary>{escape(words.figures_fold)}</summary>{_note(cut)}'
        f"{table_html(heads, rows)}</details>"
    )
