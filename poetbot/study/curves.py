"""Curves of training, several poets over each other, by epoch or by minutes."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from poetbot.errors import PoetBotError
from poetbot.study.clouds import INKS, PAPER
from poetbot.study.history import FIGURES, History

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_POETS = 10
LABELS = {
    "training_nats": "training loss (nats)",
    "validation_nats": "validation loss (nats)",
    "training_accuracy": "training accuracy",
    "validation_accuracy": "validation accuracy",
    "learning_rate": "learning rate",
}
LOSSES = ("training_nats", "validation_nats")
_MARKERS = "os^DvPX*<>"  # with the ink, so that nothing is told by colour alone
_DASHES = ("--", "-")


def curves(
    histories: Sequence[History],
    *,
    by: str = "epoch",
    figures: Sequence[str] = LOSSES,
    dark: bool = False,
) -> "Figure":
    """Draw the figures of each poet by `epoch` or by `minutes`: the first dashed, the second in a whole line.

    Raises PoetBotError for an axis or figure there is not, too many poets, and where no poet has any of the figures.
    """
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    if by not in ("epoch", "minutes"):
        raise PoetBotError("Curves run by epoch or by minutes. Choose one of the two.")
    if not figures or len(figures) > 2 or any(name not in FIGURES for name in figures):
        raise PoetBotError("Curves show one or two of these figures: {figures}.", figures=", ".join(FIGURES))
    if not 1 <= len(histories) <= MOST_POETS:
        raise PoetBotError("Curves can compare 1 to {most} poets. Choose fewer.", most=MOST_POETS)
    paper, inks = PAPER[dark], INKS[dark]
    page = Figure(figsize=(9, 5.4), dpi=120, facecolor=paper, layout="constrained")
    axes = page.add_subplot(facecolor=paper)
    drawn = 0
    for k, history in enumerate(histories):
        for dash, name in zip(_DASHES[-len(figures) :], figures, strict=True):
            points = points_of(history, by, name)
            if not points:
                continue
            drawn += 1
            axes.plot(
                *zip(*points, strict=True),
                dash,
                color=inks[k % len(inks)],
                marker=_MARKERS[k % len(_MARKERS)],
                markersize=4,
                markevery=max(1, len(points) // 40),
                label=f"{_shown(history.name)}: {LABELS[name]}",
            )
    if not drawn:
        raise PoetBotError(
            "None of these poets has values for {figures}.",
            figures=" or ".join(LABELS[name] for name in figures),
        )
    ink = inks[0]
    axes.set_xlabel("epoch" if by == "epoch" else "minutes of training", color=ink)
    axes.set_ylabel(
        LABELS[figures[-1]] if len(figures) == 1 else "loss (nats)" if set(figures) <= set(LOSSES) else "",
        color=ink,
    )
    if by == "epoch":
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(colors=ink)
    axes.grid(color=ink, alpha=0.15)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(ink)
    axes.legend(facecolor=paper, edgecolor="none", labelcolor=ink, fontsize="small")
    return page


def points_of(history: History, by: str, figure: str) -> list[tuple[float, float]]:
    """Return the points of one curve, leaving out epochs where either coordinate was not measured."""
    pairs = [(getattr(epoch, by), getattr(epoch, figure)) for epoch in history.epochs]
    return [(float(x), float(y)) for x, y in pairs if x is not None and y is not None]


def picture_of(page: Any, form: str) -> bytes:
    """Return a drawn page as the bytes of a `png` or an `svg`, the same for the same page."""
    if form not in ("png", "svg"):
        raise PoetBotError("A picture can be saved as .png or .svg. Choose one of the two.")
    import matplotlib

    buffer = io.BytesIO()
    # Without a salt and a date, an SVG would be another file each time.
    with matplotlib.rc_context({"svg.hashsalt": "poetbot", "svg.fonttype": "path"}):
        page.savefig(buffer, format=form, metadata={"Date": None} if form == "svg" else {"Software": None})
    return buffer.getvalue()


def _shown(name: str) -> str:
    """Return a name as a legend can show it: short, and no formula between dollar signs."""
    short = name if len(name) <= 40 else f"{name[:39]}…"
    return short.lstrip("_").replace("$", "\\$")
