"""Training curves of several poets in one chart, by epoch or by minutes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from poetbot.errors import PoetBotError
from poetbot.messages import Message
from poetbot.study.history import FIGURES, Epoch, History
from poetbot.study.line_chart import Chart, Point, Series, chart_file, round_numbers

MAX_POETS = 10
LABELS = {
    "epoch": Message("epoch"),
    "minutes": Message("minutes of training"),
    "training_nats": Message("training loss (bits)"),
    "validation_nats": Message("held-out loss (bits)"),
    "training_accuracy": Message("training accuracy"),
    "validation_accuracy": Message("held-out accuracy"),
    "learning_rate": Message("learning rate"),
    "loss": Message("loss (bits)"),
}
LOSSES = ("training_nats", "validation_nats")
_MAX_POINTS = 200  # of a line
_MAX_NAME = 40  # characters in the legend of a file
_WIDTH, _HEIGHT = 720, 400

Item = TypeVar("Item")


@dataclass(frozen=True)
class Curves:
    """A chart, its lines and the entries of its legend."""

    chart: Chart
    lines: Sequence[Series]
    legend: Sequence[Series]


def curves(
    histories: Sequence[History],
    *,
    by: str = "epoch",
    figures: Sequence[str] = LOSSES,
    say: Callable[[Message], str] = str,
) -> Curves:
    """Lay out the figures of each poet by `epoch` or by `minutes`. Of two figures the first is dashed.

    `say` translates the labels.

    Raises PoetBotError for an unknown axis or figure, for too many poets, and if no poet has any of the figures.
    """
    if by not in ("epoch", "minutes"):
        raise PoetBotError("Curves run by epoch or by minutes. Choose one of the two.")
    if not figures or len(figures) > 2 or any(name not in FIGURES for name in figures):
        raise PoetBotError("Curves show one or two of these figures: {figures}.", figures=", ".join(FIGURES))
    if not 1 <= len(histories) <= MAX_POETS:
        raise PoetBotError("Curves can compare 1 to {most} poets. Choose fewer.", most=MAX_POETS)
    labels = {name: say(label) for name, label in LABELS.items()}
    # The two curves of a single poet differ by colour, too.
    both_coloured = len(histories) == 1 and len(figures) > 1
    lines = [
        Series(
            "line",
            history.name,
            thinned(points),
            figures[::-1].index(name) if both_coloured else number,
            dashed=name != figures[-1],
        )
        for number, history in enumerate(histories)
        for name in figures
        if (points := points_of(history, by, name))
    ]
    if not lines:
        raise PoetBotError(
            "None of these poets has values for {figures}.",
            figures=" / ".join(labels[name] for name in figures),
        )
    legend = [Series("line", history.name, (), number) for number, history in enumerate(histories)]
    if both_coloured:
        legend = [
            Series("line", f"{histories[0].name}: {labels[name]}", (), number, dashed=number > 0)
            for number, name in enumerate(figures[::-1])
        ]
    elif len(figures) > 1:
        legend += [
            Series("plain", labels[figures[0]], (), dashed=True),
            Series("plain", labels[figures[1]], ()),
        ]
    y_label = (
        labels[figures[-1]] if len(figures) == 1 else labels["loss"] if set(figures) <= set(LOSSES) else ""
    )
    return Curves(_chart(lines, by, labels[by], y_label), lines, legend)


def _chart(lines: Sequence[Series], by: str, x_label: str, y_label: str) -> Chart:
    xs, ys = zip(*(point for line in lines for point in line.points), strict=True)
    y_ticks = round_numbers(min(ys), max(ys))
    x_ticks = round_numbers(min(xs), max(xs), 8, whole=by == "epoch")
    return Chart(
        left=56,
        right=_WIDTH - 12,
        top=40,
        bottom=_HEIGHT - 56,
        x=(min(xs), max(xs)) if max(xs) > min(xs) else (min(xs) - 1, max(xs) + 1),
        y=(y_ticks[0], y_ticks[-1]),
        width=_WIDTH,
        height=_HEIGHT,
        x_label=x_label,
        y_label=y_label,
        x_ticks=[tick for tick in x_ticks if min(xs) <= tick <= max(xs)],
        y_ticks=y_ticks,
    )


def points_of(history: History, by: str, figure: str) -> list[Point]:
    """Return the points of one curve, without epochs for which a coordinate was not measured."""
    pairs = [(getattr(epoch, by), figure_of(epoch, figure)) for epoch in history.epochs]
    return [(float(x), y) for x, y in pairs if x is not None and y is not None]


def figure_of(epoch: Epoch, name: str) -> float | None:
    """Return a figure of an epoch as it is shown: losses in bits, which are nats in a history."""
    value = getattr(epoch, name)
    return None if value is None else value / math.log(2) if name in LOSSES else float(value)


def thinned(points: Sequence[Item]) -> list[Item]:
    """Return at most 200 of these, evenly spaced, including the first and the last."""
    if len(points) <= _MAX_POINTS:
        return list(points)
    step = (len(points) - 1) / (_MAX_POINTS - 1)
    return [points[round(k * step)] for k in range(_MAX_POINTS)]


def picture_of(drawn: Curves, form: str, *, dark: bool = False) -> bytes:
    """Return curves as the bytes of a `png` or an `svg`. Raises PoetBotError as `chart_file` does."""
    legend = [
        entry if len(entry.label) <= _MAX_NAME else entry._replace(label=f"{entry.label[: _MAX_NAME - 1]}…")
        for entry in drawn.legend
    ]
    return chart_file(drawn.chart, drawn.lines, legend, form, dark=dark)
