"""The learning curve of a poet on the Poets tab."""

import math
from collections.abc import Sequence

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.study.history import Epoch
from poetbot.study.line_chart import Chart, Series, round_numbers
from poetbot.web.components.templates import render

_MAX_POINTS = 400  # of a line


def curve_html(history: Sequence[Epoch], unit: str, language: Locale) -> Markup:
    """Return the losses by epoch in bits per `unit`, and what the lines mean; empty if fewer than two epochs have any."""
    _ = language.gettext
    units = {
        "character": _("bits per character"),
        "letter": _("bits per lowercase letter"),
        "word": _("bits per word"),
    }

    def series(kind: str, label: str, field: str) -> Series:
        losses = [(float(epoch.epoch), getattr(epoch, field)) for epoch in history[:_MAX_POINTS]]
        return Series(kind, label, [(x, nats / math.log(2)) for x, nats in losses if nats is not None])

    lines = [
        series("training", _("training poems"), "training_nats"),
        series("held-out", _("held-out poems"), "validation_nats"),
    ]
    points = [point for line in lines for point in line.points]
    if len({x for x, _y in points}) < 2:
        return Markup("")
    xs, ys = zip(*points, strict=True)
    ticks = round_numbers(min(ys), max(ys), 4)
    chart = Chart(
        width=420,
        height=206,
        left=40,
        right=408,
        top=36,
        bottom=150,
        x=(min(xs), max(xs)),
        y=(ticks[0], ticks[-1]),
        x_label=_("epoch"),
        y_label=units[unit],
        x_ticks=(min(xs), max(xs)),
        y_ticks=ticks,
    )
    return render(
        "tabs/poets/learning_curve.html", language, chart=chart, lines=[line for line in lines if line.points]
    )
