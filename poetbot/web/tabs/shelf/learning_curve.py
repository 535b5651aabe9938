"""How a poet learned, as a picture: one inline SVG, coloured by shelf.css."""

import math
from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.study.history import Epoch
from poetbot.web.components.line_chart import Graph, round_numbers

WIDTH, HEIGHT = 420, 206
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 408, 36, 150  # of the plotting area
_MAX_POINTS = 400  # of a line


def curve_html(history: Sequence[Epoch], in_bits: bool, language: Locale) -> Markup:
    """Return the losses by epoch and what the lines mean; empty if fewer than two epochs have any."""
    _ = language.gettext
    scale = math.log(2) if in_bits else 1.0
    lines = {
        kind: [
            (float(epoch.epoch), nats / scale)
            for epoch in history[:_MAX_POINTS]
            if (nats := getattr(epoch, field)) is not None
        ]
        for kind, field in (("training", "training_nats"), ("held-out", "validation_nats"))
    }
    points = [point for line in lines.values() for point in line]
    if len({x for x, y in points}) < 2:
        return Markup("")
    xs, ys = zip(*points, strict=True)
    rules = round_numbers(min(ys), max(ys), 4)
    ends = (min(xs), max(xs))
    graph = Graph(_LEFT, _RIGHT, _TOP, _BOTTOM, ends, (rules[0], rules[-1]))
    unit = _("bits per character") if in_bits else _("loss (nats)")
    shapes = [graph.frame(unit, _("epoch"), rules, ends)]
    shapes += [graph.line(kind, line) for kind, line in lines.items() if line]
    named = {"training": _("training poems"), "held-out": _("held-out poems")}
    key = "".join(
        f'<li><svg class="curve" viewBox="0 0 28 12" aria-hidden="true"><path class="{kind}" d="M1 6H27"/></svg>'
        f"{escape(named[kind])}</li>"
        for kind, line in lines.items()
        if line
    )
    label = _("Learning curve")
    return Markup(
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
        f'{"".join(shapes)}</svg><ul class="key">{key}</ul>'
    )
