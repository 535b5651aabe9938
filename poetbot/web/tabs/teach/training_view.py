"""A training run as HTML, part by part, and in sentences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypedDict

from markupsafe import Markup

from poetbot.locale import Locale
from poetbot.messages import Message
from poetbot.runs.job import State
from poetbot.runs.progress_feed import RunProgress, current_activity
from poetbot.web.components.island import broken
from poetbot.web.components.templates import render, render_blocks
from poetbot.web.tabs.teach.learning_curve import NO_FIGURE, curve_and_table, epoch_name

_SHOW_ELAPSED_AFTER = 5.0  # seconds


@dataclass(frozen=True)
class OtherRun:
    """A run that is listed below the one that is shown."""

    id: str
    name: str
    state: State


@dataclass(frozen=True)
class Snapshot:
    """A run at the moment `now`; like `started`, when it was started or resumed, that is in seconds of time.time().

    `ahead` is how many runs are trained before it.
    """

    id: str
    name: str
    state: State
    progress: RunProgress
    parent: str | None = None
    is_stopping: bool = False
    ahead: int | None = None
    error: Message | None = None
    has_poet: bool = False
    disk_is_full: bool = False
    others: Sequence[OtherRun] = field(default_factory=tuple)
    started: float | None = None
    now: float = 0.0


class Sample(TypedDict):
    """What the poet wrote at one time of the training."""

    label: str
    text: str


class Update(TypedDict, total=False):
    """What training.js is sent: a run (`job` is "" if there is none) or a comparison."""

    job: str
    name: str
    state: str
    share: float  # of the run that is done
    message: str  # the state in a sentence
    samples: list[Sample]
    parts: dict[str, Markup]
    is_finished: bool
    has_acted: bool  # an earlier error goes
    has_started: bool  # the run is scrolled to
    comparison: str


class ComparedPoem(NamedTuple):
    """A poem before or after training; `text` begins with `seed`."""

    heading: str
    seed: str
    text: str


def run_update(run: Snapshot, language: Locale) -> Update:
    """Return an update that shows a run. Equal runs give equal updates."""
    message = state_message(run, language)
    curve, table = curve_and_table(run.progress, language)
    return {
        "job": run.id,
        "name": run.name,
        "state": "stopping" if run.is_stopping else str(run.state),
        "share": 1.0 if run.state is State.FINISHED else round(run.progress.share, 4),
        "message": message,
        "samples": samples(run.progress, language),
        "parts": render_blocks(
            "tabs/teach/run.html",
            language,
            run=run,
            message=message,
            elapsed=_elapsed(run, language),
            facts=_facts(run, language),
            figures=_figures(run, language),
            notices=_notices(run, language),
            score=score(run.progress, language),
            curve=curve,
            table=table,
            others=[(each.id, _other(each, language)) for each in run.others],
        ),
    }


def state_message(run: Snapshot, language: Locale) -> str:
    """Return the state of a run in a sentence."""
    _ = language.gettext
    if run.is_stopping:
        return _("Finishing the current step and saving.")
    if run.state is State.WAITING:
        if not run.ahead:  # its runner has yet to take its turn
            return _("Preparing.")
        return language.ngettext(
            "Waiting for {n} other run to finish.", "Waiting for {n} other runs to finish.", run.ahead
        )
    if run.state is State.STOPPED:
        return _("Paused. Everything is saved; resume whenever you like.")
    if run.state is State.FINISHED:
        return _("Done. {poet} is now one of your poets.", poet=run.name)
    if run.state in (State.FAILED, State.DEAD):
        return language.say(run.error) if run.error else broken(language)
    stages = {
        "reading": _("Reading the poems."),
        "waiting": _("Waiting for a free machine of the cluster."),
        "sending": _("Sending the poems to the cluster."),
        "loading": _("Loading what training needs."),
        "splitting": _("Looking for near-duplicates."),
        "trying": _("Evaluating the poet it starts from."),
        "indexing": _("Noting the phrases of the poems, to find copies later."),
        "building": _("Building the network."),
        "training": _("Training."),
        "measuring": _("Evaluating what it has learned."),
    }
    stage, _seconds = current_activity(run.progress, run.started, run.now)
    if stage == "training" and run.progress.length is None:
        return _("Training, and measuring the speed.")
    return stages.get(stage, _("Preparing."))


def score(run: RunProgress, language: Locale) -> str:
    """Return how well it predicts the held-out poems, compared with the start, in a sentence; "" if that isn't known."""
    _ = language.gettext
    if run.held_out == 0:
        return _("No poems are kept for testing, so there's no measure of how well it learns.")
    if run.start is None or not run.held_out:
        return ""
    start, best = _choices(run.start, run, language), run.best
    poems = language.ngettext("{n} poem it hasn't read", "{n} poems it hasn't read", run.held_out)
    if best is None or best.held_out is None:
        if not run.parent:
            return ""
        return _(
            "On {poems}, {parent} wavers between {start} at each step, before training.",
            parent=run.parent,
            start=start,
            poems=poems,
        )
    now = _choices(best.held_out, run, language)
    if not run.parent:
        return _(
            "On {poems}, it wavers between {now} at each step; pure guessing wavers between {start}.",
            poems=poems,
            now=now,
            start=start,
        )
    if best.held_out >= run.start:
        return _(
            "On {poems}, it wavers between {now} at each step, so far no better than {parent} with {start}.",
            poems=poems,
            now=now,
            parent=run.parent,
            start=start,
        )
    return _(
        "On {poems}, it wavers between {now} at each step; {parent} wavered between {start}.",
        poems=poems,
        now=now,
        parent=run.parent,
        start=start,
    )


def duration(seconds: float, language: Locale) -> str:
    """Return a time in a fitting unit, rounded."""
    ngettext = language.ngettext
    if seconds < 50:
        return ngettext("{n} second", "{n} seconds", max(5, 5 * round(seconds / 5)))
    minutes = max(1, round(seconds / 60))
    if minutes < 100:
        return ngettext("{n} minute", "{n} minutes", minutes)
    return language.gettext("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def samples(run: RunProgress, language: Locale) -> list[Sample]:
    """Return what it wrote before the first step, after epochs 1, 2, 4, 8 … and after the latest one."""
    found: list[Sample] = []
    if run.first_sample:
        found.append({"label": language.gettext("before"), "text": run.first_sample})
    if run.epochs:
        found += [
            {"label": str(epoch.number), "text": epoch.sample}
            for epoch in run.epochs[:-1]
            if epoch.number & (epoch.number - 1) == 0
        ]
        found.append({"label": language.gettext("now"), "text": run.epochs[-1].sample})
    return found


def comparison_html(poems: Sequence[ComparedPoem], language: Locale) -> Markup:
    """Return poems side by side."""
    return render("tabs/teach/comparison.html", language, poems=poems)


def paragraphs_html(sentences: Sequence[str], language: Locale) -> Markup:
    """Return each sentence as a paragraph."""
    return render("tabs/teach/paragraphs.html", language, sentences=sentences)


def _choices(nats: float, run: RunProgress, language: Locale) -> str:
    """Return between how many equally likely characters or words a choice would be as hard (perplexity)."""
    number = math.exp(min(nats, 20.0))
    n = f"{number:.1f}" if number < 100 else f"{number:,.0f}"
    if run.unit == "characters":
        return language.pgettext("wavers between", "{n} characters", n=n)
    return language.pgettext("wavers between", "{n} words", n=n)


def _notices(run: Snapshot, language: Locale) -> list[str]:
    notices = [language.say(notice) for notice in run.progress.notices] if run.state.alive else []
    if run.disk_is_full:
        full = language.gettext("The disk is full, so nothing can be saved. Free some space.")
        return [full, *notices]
    return notices


def _facts(run: Snapshot, language: Locale) -> str:
    _, ngettext = language.gettext, language.ngettext
    facts = [_("starts from {parent}", parent=run.parent) if run.parent else _("trained from scratch")]
    if (poems := run.progress.poems) is not None:
        facts.append(ngettext("{n} poem to learn from", "{n} poems to learn from", poems))
    if run.progress.held_out:
        facts.append(_("{n} kept for testing", n=f"{run.progress.held_out:,}"))
    if left_out := run.progress.left_out:
        facts.append(
            ngettext(
                "{n} left out as nearly the same as another",
                "{n} left out as nearly the same as others",
                left_out,
            )
        )
    return language.pgettext("between facts", ", ").join(facts)


def _elapsed(run: Snapshot, language: Locale) -> str:
    """Return how long a stage other than training has taken, which the progress bar doesn't show."""
    stage, seconds = current_activity(run.progress, run.started, run.now)
    if run.state is not State.RUNNING or run.is_stopping:
        return ""
    if stage == "training" or seconds < _SHOW_ELAPSED_AFTER:
        return ""
    return language.gettext("{time} so far.", time=duration(seconds, language))


def _figures(run: Snapshot, language: Locale) -> list[tuple[str, str]]:
    """Return figures with their labels."""
    _, progress = language.gettext, run.progress
    epochs = NO_FIGURE
    if progress.passes:
        epochs = _epochs(progress.passes)
        if progress.length:
            epochs = _("{n} of {all}", n=epochs, all=_epochs(progress.length))
    if not run.state.alive:
        best = epoch_name(progress.best, progress) if progress.best else NO_FIGURE
        return [(epochs, _("readings of the poems")), (best, _("best reading"))]
    left = rate = memory = NO_FIGURE
    if run.state is State.RUNNING:
        if progress.seconds_left is not None:
            left = duration(progress.seconds_left, language)
        if progress.rate:
            rate = f"{progress.rate:,.0f}"
        if progress.memory:
            memory = _("{n} MB", n=f"{progress.memory / 1e6:,.0f}")
    per_second = _("characters per second") if progress.unit == "characters" else _("words per second")
    return [
        (epochs, _("readings of the poems")),
        (left, _("time left")),
        (rate, per_second),
        (memory, _("memory")),
    ]


def _epochs(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"


def _other(run: OtherRun, language: Locale) -> str:
    _ = language.gettext
    match run.state:
        case State.WAITING:
            return _("{poet}, waiting", poet=run.name)
        case State.RUNNING:
            return _("{poet}, training", poet=run.name)
        case State.STOPPED:
            return _("{poet}, paused", poet=run.name)
        case State.FINISHED:
            return _("{poet}, done", poet=run.name)
    return _("{poet}, failed", poet=run.name)
