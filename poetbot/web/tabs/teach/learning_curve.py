"""The learning curve of a run: its losses as a chart and as a table."""

import itertools
import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.runs.progress_feed import Epoch, RunProgress
from poetbot.study.line_chart import Chart, Point, Series, round_numbers
from poetbot.web.components.templates import render_blocks

WIDTH, HEIGHT = 320, 268
NO_FIGURE = "–"
_MAX_STEP_POINTS = 60  # more would be noise
_MAX_DOTS = 16
_Y_STEP = 0.5  # the y axis grows in steps of this, so that it stands still while the losses change
_MAX_ROWS = 200


class Row(NamedTuple):
    """A row of the table."""

    name: str
    training: str
    held_out: str


def in_bits(nats: float) -> float:
    """Return a loss in bits."""
    return nats / math.log(2)


def epoch_name(epoch: Epoch, run: RunProgress) -> str:
    """Return the number of an epoch, or how many had been read where the last one is a part of one."""
    end = run.end_of(epoch)
    return str(epoch.number) if end == epoch.number else f"{end:.1f}"


def curve_and_table(run: RunProgress, language: Locale) -> tuple[Markup, Markup]:
    """Return the chart and the table: the training loss by step and by epoch, the loss on held-out poems, the start."""
    _ = language.gettext
    start = None if run.start is None else in_bits(run.start)
    held_out = [(run.end_of(e), in_bits(e.held_out)) for e in run.epochs if e.held_out is not None]
    if start is not None and run.held_out:
        held_out.insert(0, (0.0, start))
    by_epoch = [(run.end_of(epoch), in_bits(epoch.training)) for epoch in run.epochs]
    steps = Series("steps", _("poems it reads, step by step"), _step_means(run))
    training = Series("training", _("poems it reads, mean of each reading"), by_epoch)
    unseen = Series("held-out", _("poems it hasn't read"), held_out)
    lines, chart = [unseen, training, steps], None
    if steps.points or training.points:
        length = max(run.length or 0.0, run.passes, float(len(run.epochs)), 1.0)
        if start is not None:
            lines.append(Series("start", _("start"), [(0.0, start), (length, start)]))
        chart = _chart(lines, length, run, language)
    blocks = render_blocks(
        "tabs/teach/learning_curve.html",
        language,
        chart=chart,
        lines=lines,
        dotted=[Series(s.kind, s.label, _dots(s.points)) for s in (training, unseen)],
        rows=_rows(run, language),
    )
    return blocks["curve"], blocks["table"]


def _chart(lines: Sequence[Series], length: float, run: RunProgress, language: Locale) -> Chart:
    losses = [loss for line in lines for _, loss in line.points]
    low = math.floor(min(losses) / _Y_STEP) * _Y_STEP
    high = max(math.ceil(max(losses) / _Y_STEP) * _Y_STEP, low + _Y_STEP)
    ticks = round_numbers(low, high)
    _ = language.gettext
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=36,
        right=312,
        top=36,
        bottom=216,
        x=(0.0, length),
        y=(ticks[0], ticks[-1]),
        x_label=_("readings of the poems"),
        y_label=_("surprise, bits per character")
        if run.unit == "characters"
        else _("surprise, bits per word"),
        x_ticks=[tick for tick in round_numbers(0.0, length, 4) if tick <= length],
        y_ticks=ticks,
    )


def _step_means(run: RunProgress) -> list[Point]:
    """Return the losses of the steps, averaged into few enough points to be read."""
    width = run.passes / _MAX_STEP_POINTS or 1.0
    points: list[Point] = []
    for _, group in itertools.groupby(run.steps, lambda each: int(each.passes / width)):
        bins = list(group)
        mean = sum(each.nats * each.steps for each in bins) / sum(each.steps for each in bins)
        points.append((bins[-1].passes, in_bits(mean)))
    return points


def _dots(points: Sequence[Point]) -> Sequence[Point]:
    return points if len(points) <= _MAX_DOTS else points[-1:]


def _rows(run: RunProgress, language: Locale) -> list[Row]:
    """Return the rows of the table, the newest epoch first."""

    def text(nats: float | None) -> str:
        return NO_FIGURE if nats is None else f"{in_bits(nats):.3f}"

    best = run.best if run.best and run.best.held_out is not None else None
    rows = [
        Row(
            f"{epoch_name(epoch, run)}{language.aside(language.gettext('best')) if epoch is best else ''}",
            text(epoch.training),
            text(epoch.held_out),
        )
        for epoch in reversed(run.epochs[-_MAX_ROWS:])
    ]
    if run.start is not None:
        rows.append(Row(language.gettext("start"), NO_FIGURE, text(run.start)))
    return rows
