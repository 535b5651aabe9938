"""A training run as HTML, piece by piece: pure functions, everything escaped. training.js puts each piece in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from poetbot.runs.job import State
from poetbot.runs.progress_feed import Followed, doing_now
from poetbot.web.tabs.teach.learning_curve import curve_svg, in_unit, stages, table_html
from poetbot.web.tabs.teach.training_words import JobWords

Value = dict[str, Any]

_NOTICED = 5.0  # seconds


@dataclass(frozen=True)
class Other:
    """Another run, to be named beside the one that is shown."""

    id: str
    name: str
    state: State


@dataclass(frozen=True)
class Seen:
    """A run as it is found. `place` is how many are trained before it; `poet` says whether it has one yet. It was begun
    or resumed at `begun`, and is seen `now`, by time.time().
    """

    id: str
    name: str
    state: State
    run: Followed
    parent: str | None = None
    stopping: bool = False
    place: int | None = None
    error: str | None = None
    poet: bool = False
    full: bool = False
    others: Sequence[Other] = field(default_factory=tuple)
    begun: float | None = None
    now: float = 0.0


def shown(seen: Seen, words: JobWords) -> Value:
    """Return what the page shows of a run. Equal runs give equal values."""
    run = seen.run
    state = state_sentence(seen, words)
    return {
        "job": seen.id,
        "name": seen.name,
        "state": "stopping" if seen.stopping else str(seen.state),
        "share": 1.0 if seen.state is State.FINISHED else round(run.share, 4),
        "said": state,
        "samples": samples(run, words),
        "parts": {
            "notices": _notices(seen, words),
            "title": _title(seen, words),
            "state": escape(state) + _so_far(seen, words),
            "cells": _cells(seen, words),
            "actions": _actions(seen, words),
            "against": escape(against(run, words)),
            "curve": curve_svg(run, words),
            "table": table_html(run, words),
            "others": _others(seen.others, words),
        },
    }


def state_sentence(seen: Seen, words: JobWords) -> str:
    """Return in a sentence where the run stands."""
    if seen.stopping:
        return words.state_stopping
    if seen.state is State.WAITING:
        return words.state_waiting_next if (seen.place or 1) < 2 else words.state_waiting.format(n=seen.place)
    if seen.state is State.STOPPED:
        return words.state_stopped
    if seen.state is State.FINISHED:
        return words.state_kept.format(name=seen.name)
    if seen.state in (State.FAILED, State.DEAD):
        return words.tongue.said(seen.error) if seen.error else words.job_broken
    sentences = {
        "reading": words.state_reading,
        "loading": words.state_loading,
        "splitting": words.state_splitting,
        "trying": words.state_trying,
        "indexing": words.state_indexing,
        "building": words.state_building,
        "training": words.state_speed if seen.run.length is None else words.state_training,
        "measuring": words.state_measuring,
    }
    doing, _ = doing_now(seen.run, seen.begun, seen.now)
    return sentences.get(doing, words.state_preparing)


def against(run: Followed, words: JobWords) -> str:
    """Return in a sentence how well it predicts the poems held out, beside where it began."""
    if run.held_out == 0:
        return words.against_none
    if run.start is None or not run.held_out:
        return ""
    poems = words.poems.format(n=f"{run.held_out:,}") if run.held_out > 1 else words.one_poem
    best = run.best
    start = f"{in_unit(run.start, run):.3f}" if best else figure(run.start, run, words)
    parent = run.parent or ""
    if best is None or best.held_out is None:
        return words.against_so_far.format(parent=parent, start=start, poems=poems) if parent else ""
    said = {"poems": poems, "start": start, "parent": parent, "best": figure(best.held_out, run, words)}
    if not parent:
        return words.against_chance.format(**said)
    better = 100 * (1 - best.held_out / run.start) if run.start else 0.0
    if better <= 0:
        return words.against_worse.format(**said)
    return words.against.format(**said, share=f"{better:.1f}")


def figure(nats: float, run: Followed, words: JobWords) -> str:
    """Return a loss in bits a character, or in nats a word."""
    form = words.bits if run.unit == "characters" else words.nats
    return form.format(n=f"{in_unit(nats, run):.3f}")


def duration(seconds: float, words: JobWords) -> str:
    """Return a time in the unit one thinks of it in, not exacter than it is known."""
    if seconds < 50:
        n = max(5, 5 * round(seconds / 5))
        return words.seconds.format(n=n)
    minutes = round(seconds / 60)
    if minutes < 100:
        return words.minute if minutes <= 1 else words.minutes_left.format(n=minutes)
    return words.hours_left.format(h=minutes // 60, m=minutes % 60)


def samples(run: Followed, words: JobWords) -> list[dict[str, str]]:
    """Return what it wrote before the first step, after 1, 2, 4, 8 … epochs, and last of all now."""
    found = []
    if run.first_sample:
        found.append({"label": words.sample_start, "text": run.first_sample})
    if not run.epochs:
        return found
    newest = run.epochs[-1]
    found += [
        {"label": str(each.number), "text": each.sample} for each in stages(run.epochs) if each is not newest
    ]
    return [*found, {"label": words.sample_now, "text": newest.sample}]


def both_html(texts: Sequence[tuple[str, str, str]]) -> str:
    """Return poems beside one another, each with its heading and the seed that it begins with."""
    columns = []
    for heading, seed, text in texts:
        written = escape(text.removeprefix(seed))
        columns.append(
            f'<div><h4>{escape(heading)}</h4><p class="verse"><span class="given">{escape(seed)}</span>{written}</p></div>'
        )
    return "".join(columns)


def sentence_html(*sentences: str) -> str:
    """Return sentences, each as a paragraph."""
    return "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences if sentence)


def _notices(seen: Seen, words: JobWords) -> str:
    full = words.disk_full if seen.full else ""
    notices = seen.run.notices if seen.state.alive else ()
    return sentence_html(full, *map(words.tongue.said, notices))


def _title(seen: Seen, words: JobWords) -> str:
    run = seen.run
    facts = [words.begun_as.format(parent=seen.parent) if seen.parent else words.begun_from_nothing]
    if run.poems is not None:
        facts.append(words.poems_of.format(n=f"{run.poems:,}"))
    if run.held_out:
        facts.append(words.poems_held.format(n=f"{run.held_out:,}"))
    return f"<h2>{escape(seen.name)}</h2><p>{escape(words.tongue.comma.join(facts))}</p>"


def _so_far(seen: Seen, words: JobWords) -> str:
    """Return how long it has been getting ready or measuring, which the bar does not show."""
    doing, seconds = doing_now(seen.run, seen.begun, seen.now)
    if seen.state is not State.RUNNING or seen.stopping or doing == "training" or seconds < _NOTICED:
        return ""
    time = words.so_far.format(time=duration(seconds, words))
    return f'{words.tongue.gap}<span class="so-far">{escape(time)}</span>'


def _cells(seen: Seen, words: JobWords) -> str:
    run, none = seen.run, words.no_figure
    read = f"{run.passes:.1f}" if run.passes < 10 else f"{run.passes:.0f}"
    if run.length:
        read = words.epoch_of.format(
            n=read, all=f"{run.length:.1f}" if run.length < 10 else f"{run.length:.0f}"
        )
    cells = [(read if run.passes else none, words.epoch)]
    if not seen.state.alive:
        best = run.best
        kept = (str(best.number) if best else none, words.best_at)
        return _cells_html([*cells, kept])
    live = seen.state is State.RUNNING
    left = run.seconds_left if live else None
    cells += [
        (none if left is None else duration(left, words), words.left),
        (
            f"{run.rate:,.0f}" if run.rate and live else none,
            words.speed if run.unit == "characters" else words.speed_words,
        ),
        (words.megabytes.format(n=f"{run.memory / 1e6:,.0f}") if run.memory and live else none, words.memory),
    ]
    return _cells_html(cells)


def _cells_html(cells: Sequence[tuple[str, str]]) -> str:
    return "".join(f"<div><dd>{escape(value)}</dd><dt>{escape(name)}</dt></div>" for value, name in cells)


def _actions(seen: Seen, words: JobWords) -> str:
    """Return the buttons. They change with the state alone, so that the focus stays where it is."""
    if seen.stopping:
        return ""
    if seen.state is State.FINISHED:
        return _button("write", words.write_with, first=True) + _button("clear", words.clear)
    discard = _button("discard", words.discard)
    if seen.state is State.WAITING:
        return discard
    if seen.state is State.RUNNING:
        return _button("pause", words.pause) + _button("finish", words.finish) + discard
    keep = _button("keep", words.keep) if seen.poet else ""
    return _button("resume", words.resume, first=True) + keep + discard


def _button(do: str, text: str, job: str = "", *, first: bool = False) -> str:
    kind = ' class="first"' if first else ""
    which = f' data-job="{escape(job)}"' if job else ""
    return f'<button type="button" data-do="{do}"{which}{kind}>{escape(text)}</button>'


def _others(others: Sequence[Other], words: JobWords) -> str:
    if not others:
        return ""
    said = {
        State.WAITING: words.other_waiting,
        State.RUNNING: words.other_running,
        State.STOPPED: words.other_stopped,
        State.FINISHED: words.other_finished,
    }
    rows = "".join(
        f"<li>{_button('show', said.get(o.state, words.other_failed).format(name=o.name), o.id)}</li>"
        for o in others
    )
    return f"<h3>{escape(words.others)}</h3><ul>{rows}</ul>"
