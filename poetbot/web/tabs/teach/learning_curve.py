"""The learning curve of a run as a picture, one inline SVG coloured by training.css, and as a table of the same numbers."""

import itertools
import math
from collections.abc import Sequence
from html import escape

from poetbot.runs.progress_feed import Epoch, Followed
from poetbot.web.tabs.teach.training_words import JobWords

WIDTH, HEIGHT = 320, 268
_LEFT, _RIGHT, _TOP, _BOTTOM = 32, 312, 32, 220  # of the plotting area
_MOST_POINTS = 60  # of the line of steps; more would be noise
_MOST_DOTS = 16
_STEP = 0.5  # the frame grows by half a unit, so that it stands still while the numbers move
_MOST_ROWS = 200

Point = tuple[float, float]


def in_unit(nats: float, run: Followed) -> float:
    """Return bits a character, or nats a word."""
    return nats / math.log(2) if run.unit == "characters" else nats


def curve_svg(run: Followed, words: JobWords) -> str:
    """Return the losses over the passes: as it reads, the mean of each pass, on the poems held out, and where it began."""
    step_line = _means(run)
    training = [(float(epoch.number), in_unit(epoch.training, run)) for epoch in run.epochs]
    held_out = [(float(e.number), in_unit(e.held_out, run)) for e in run.epochs if e.held_out is not None]
    start = None if run.start is None else in_unit(run.start, run)
    if not step_line and not training:
        return f'<p class="wait">{escape(words.curve_wait)}</p>'
    if start is not None and run.held_out:
        held_out = [(0.0, start), *held_out]
    width = max(run.length or 0.0, run.passes, float(len(run.epochs)), 1.0)
    heights = [value for _, value in (*step_line, *training, *held_out)] + ([start] if start else [])
    low = math.floor(min(heights) / _STEP) * _STEP
    high = max(math.ceil(max(heights) / _STEP) * _STEP, low + _STEP)

    def place(points: Sequence[Point]) -> list[Point]:
        return [
            (
                _LEFT + min(x / width, 1.0) * (_RIGHT - _LEFT),
                _BOTTOM - (y - low) / (high - low) * (_BOTTOM - _TOP),
            )
            for x, y in points
        ]

    shapes = [
        _frame(low, high, width, words.curve_bits if run.unit == "characters" else words.curve_nats, words)
    ]
    if start is not None:
        ((_, y),) = place([(0.0, start)])
        shapes.append(f'<path class="began" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>')
    for name, points in (("steps", step_line), ("training", training), ("held-out", held_out)):
        shapes.append(_line(name, place(points)))
    return (
        f'<svg class="learning" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(words.curve_job_label)}">{"".join(shapes)}</svg>{_key(words, start is not None)}'
    )


def table_html(run: Followed, words: JobWords) -> str:
    """Return the numbers of the curve, the newest pass first; empty while there are none."""
    best = run.best
    rows = []
    for epoch in reversed(run.epochs[-_MOST_ROWS:]):
        mark = f" ({escape(words.number_best)})" if epoch is best and epoch.held_out is not None else ""
        rows.append(_row(f"{epoch.number}{mark}", epoch.training, epoch.held_out, run, words))
    if run.start is not None:
        rows.append(_row(escape(words.number_start), None, run.start, run, words))
    if not rows:
        return ""
    heads = (words.number_epoch, words.number_training, words.number_held_out)
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return (
        f'<div class="table"><table class="numbers"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        f'<p class="note">{escape(words.curve_job_note)}</p>'
    )


def _row(name: str, training: float | None, held_out: float | None, run: Followed, words: JobWords) -> str:
    cells = "".join(
        f"<td>{words.no_figure if nats is None else f'{in_unit(nats, run):.3f}'}</td>"
        for nats in (training, held_out)
    )
    return f'<tr><th scope="row">{name}</th>{cells}</tr>'


def _line(name: str, points: Sequence[Point]) -> str:
    if not points:
        return ""
    line = f'<polyline class="{name}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
    if name == "steps" or len(points) > _MOST_DOTS:
        points = () if name == "steps" else points[-1:]
    return line + "".join(f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points)


def _frame(low: float, high: float, width: float, unit: str, words: JobWords) -> str:
    rules = []
    count = round((high - low) / _STEP)
    every = max(1, math.ceil(count / 5))
    for k in range(0, count + 1, every):
        y = _BOTTOM - k / count * (_BOTTOM - _TOP)
        rules.append(
            f'<path class="rule" d="M{_LEFT} {y:.1f}H{_RIGHT}"/>'
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{low + k * _STEP:.1f}</text>'
        )
    for share in (0.0, 0.5, 1.0):
        at = width * share
        shown = f"{at:.0f}" if at >= 10 or at == round(at) else f"{at:.1f}"
        rules.append(
            f'<text x="{_LEFT + share * (_RIGHT - _LEFT):.1f}" y="{_BOTTOM + 20}" text-anchor="middle">{shown}</text>'
        )
    middle = (_LEFT + _RIGHT) / 2
    below = f'<text x="{middle:g}" y="{HEIGHT - 6}" text-anchor="middle">{escape(words.curve_passes)}</text>'
    above = f'<text x="0" y="14">{escape(unit)}</text>'
    return "".join(rules) + above + below


def _means(run: Followed) -> list[Point]:
    """Return the losses of the steps, as many together as make a line that can be read."""
    wide = run.passes / _MOST_POINTS or 1.0
    points: list[Point] = []
    for _, group in itertools.groupby(run.steps, lambda each: int(each.passes / wide)):
        some = list(group)
        steps = sum(each.steps for each in some)
        points.append((some[-1].passes, in_unit(sum(each.nats * each.steps for each in some) / steps, run)))
    return points


def _key(words: JobWords, began: bool) -> str:
    lines = [
        ("held-out", words.curve_held_out),
        ("training", words.curve_training),
        ("steps", words.curve_steps),
    ]
    lines += [("began", words.curve_start)] if began else []
    items = "".join(
        '<li><svg class="learning piece" viewBox="0 0 28 16" aria-hidden="true">'
        f'<path class="{name}" d="M1 8H27"/></svg>{escape(text)}</li>'
        for name, text in lines
    )
    return f'<ul class="key">{items}</ul>'


def stages(epochs: Sequence[Epoch]) -> list[Epoch]:
    """Return the epochs whose samples are shown beside the newest: 1, 2, 4, 8 and so on."""
    return [epoch for epoch in epochs if epoch.number & (epoch.number - 1) == 0]
