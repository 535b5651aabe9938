"""Curves in the Study tab: how poets learned, over each other, with a card for each point and a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.study.curves import LOSSES, curves, figure_of, thinned
from poetbot.study.history import Epoch, History
from poetbot.study.line_chart import Point
from poetbot.web.components.templates import render
from poetbot.web.tabs.study.requests import CurvesRequest, one_of

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


def curves_html(
    histories: Sequence[History], request: CurvesRequest, language: Locale, note: str = ""
) -> DrawnCurves:
    """Return the curves of these poets. Raises PoetBotError if there is nothing to draw, or no such figure."""
    _ = language.gettext
    figures = FIGURES[one_of(request.figure, FIGURES)]
    along = one_of(request.along, ALONG)
    if not histories:
        raise PoetBotError(_("Choose at least one poet."))
    drawn = curves(histories, by=along, figures=figures, say=language.say)
    epochs = [(history.name, epoch) for history in histories for epoch in history.epochs]
    columns = {
        name: title
        for name, title in column_names(language).items()
        if any(getattr(epoch, name) is not None for _name, epoch in epochs)
    }
    html = render(
        "tabs/study/curves.html",
        language,
        chart=drawn.chart,
        lines=drawn.lines,
        legend_lines=drawn.legend,
        note=note,
        in_bits=set(figures) <= set(LOSSES),
        total=len(epochs),
        columns=[(_("Poet"), False), (_("Epoch"), True), *((title, True) for title in columns.values())],
        rows=[
            (
                poet,
                epoch.epoch,
                *("–" if (n := figure_of(epoch, name)) is None else _figure(n) for name in columns),
            )
            for poet, epoch in epochs[:_MAX_ROWS]
        ],
    )
    points = [
        (number, history.name, epoch, (float(x), float(y)))
        for number, history in enumerate(histories)
        for epoch in thinned(history.epochs)
        if (x := getattr(epoch, along)) is not None and (y := _last_value(epoch, figures)) is not None
    ]
    cards = [
        _card(number, name, epoch, drawn.chart.place(point), language)
        for number, name, epoch, point in points
    ]
    return DrawnCurves(html, cards)


def column_names(language: Locale) -> dict[str, str]:
    """Return the figures of an epoch and what they are called."""
    _ = language.gettext
    return {
        "minutes": _("Minutes"),
        "training_nats": _("Training loss (bits)"),
        "validation_nats": _("Held-out loss (bits)"),
        "training_accuracy": _("Training accuracy"),
        "validation_accuracy": _("Held-out accuracy"),
        "learning_rate": _("Learning rate"),
    }


def _last_value(epoch: Epoch, figures: Sequence[str]) -> float | None:
    """Return the last of these figures that an epoch has."""
    values = [value for name in figures if (value := figure_of(epoch, name)) is not None]
    return values[-1] if values else None


def _card(number: int, name: str, epoch: Epoch, place: Point, language: Locale) -> PointCard:
    _ = language.gettext
    return {
        "line": number,
        "x": round(place[0], 1),
        "y": round(place[1], 1),
        "head": _("{poet}, epoch {n}", poet=name, n=epoch.epoch),
        "figures": [
            (title, _figure(figure))
            for field, title in column_names(language).items()
            if (figure := figure_of(epoch, field)) is not None
        ],
        "under": _("Sample") if epoch.sample.strip() else _("No sample was kept of this epoch."),
        "sample": epoch.sample.strip("\n")[:_MAX_SAMPLE],
    }


def _figure(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1e6 else f"{value:.3e}"
