"""How a poet learned, as a picture: one inline SVG, coloured by shelf.css."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from poetbot.finite import is_finite
from poetbot.web.components.line_chart import Graph, round_numbers
from poetbot.web.tabs.shelf.words import ShelfWords

WIDTH, HEIGHT = 420, 206
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 408, 36, 150  # of the plotting area
_MOST = 400  # points of a line


def number(value: Any) -> float | None:
    """Return a finite number of a file, None where something else stands there."""
    return float(value) if is_finite(value) else None


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
    xs, ys = zip(*points, strict=True)
    rules = round_numbers(min(ys), max(ys), 4)
    ends = (min(xs), max(xs))
    graph = Graph(_LEFT, _RIGHT, _TOP, _BOTTOM, ends, (rules[0], rules[-1]))
    unit = words.curve_nats if of_words else words.curve_bits
    shapes = [graph.frame(unit, words.curve_epochs, rules, ends)]
    shapes += [graph.line(kind, line) for kind, line in lines.items() if line]
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
