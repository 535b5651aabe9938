"""Event handlers of the training section, tested without a browser."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr

from poetbot.errors import PoetBotError
from poetbot.locale import Locale
from poetbot.poets.recipe import Recipe
from poetbot.poets.training_run import TrainingRun
from poetbot.runs import time_estimate
from poetbot.runs.cluster import check_can_start
from poetbot.runs.completion import discard, recover_runs
from poetbot.runs.job import Job, State, find_job, list_jobs, started_at
from poetbot.runs.progress_feed import RunProgress, update_progress
from poetbot.runs.queue import queue_position
from poetbot.runs.start import finish, resume, start, stop
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.teach import training_view as view
from poetbot.web.tabs.teach.before_after import compare
from poetbot.web.tabs.teach.time_estimate import Estimator, TrainingPoems, speed_key, training_poems
from poetbot.web.tabs.write.tab import length_with

DEFAULT_PARENT = "english"
_MAX_OTHERS = 8
_MAX_FOLLOWED = 32


def parent_choices(shelf: PoetRegistry, language: Locale) -> list[tuple[str, str]]:
    """Return what a poet can start from: each of the poets, or nothing."""
    return [*((name, name) for name in shelf.names()), (language.gettext("scratch"), "")]


def default_parent(shelf: PoetRegistry) -> str:
    """Return what a poet starts from if nothing else is chosen."""
    known = shelf.names()
    return DEFAULT_PARENT if DEFAULT_PARENT in known else next(iter(known), "")


class RunFollower:
    """Reads the progress of the runs that are shown, each from where it was last read, for all pages together."""

    def __init__(self) -> None:
        self._runs: dict[str, RunProgress] = {}
        self._rate_kept_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def progress(self, job: Job) -> RunProgress:
        """Return the progress of a run."""
        with self._lock:
            try:
                folder = job.poet() or job.out()
            except PoetBotError:  # a damaged order; the job's state says so
                return RunProgress()
            run = update_progress(self._runs.pop(str(job.folder), RunProgress()), folder)
            self._runs[str(job.folder)] = run
            self._keep_rate(job, folder, run)
            for old in list(self._runs)[:-_MAX_FOLLOWED]:
                del self._runs[old]
            return run

    def _keep_rate(self, job: Job, folder: Path, run: RunProgress) -> None:
        """Keep the real speed for later estimates, early in the run and again in the middle of it."""
        done = next((share for share in (0.5, 0.05) if run.share >= share), 0.0)
        if not done or run.rate is None or run.symbols is None or self._rate_kept_at.get(job.id, 0.0) >= done:
            return
        self._rate_kept_at[job.id] = done
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError, PoetBotError):
            order = job.training_run()
            recipe = Recipe.from_json(json.loads((folder / "job" / "job.json").read_bytes())["recipe"])
            parent = recipe if order.parent else None
            kind = time_estimate.SpeedKey(run.symbols, order.minutes or 1.0, parent, recipe=order.recipe)
            time_estimate.store_rate(job.home, kind, run.rate)


@dataclass(frozen=True)
class RunForm:
    """The form as a browser sends it."""

    parent: str | None
    name: str | None
    minutes: float | None
    recipe: str | None
    held_out: float
    rng: int | None

    def training_run(self, licence: str | None = None) -> TrainingRun:
        """Return the training run that the form asks for. Raises PoetBotError if it is impossible."""
        return TrainingRun(
            name=self.name or "",
            parent=self.parent or None,
            recipe=None if self.parent else self.recipe or None,  # a fine-tuned poet keeps its parent's
            minutes=self.minutes or 0.0,
            rng=self.rng or 0,
            validation=self.held_out,
            licence=licence,
        )


@dataclass(frozen=True)
class RunChoice:
    """A run of the page."""

    job: str


@dataclass(frozen=True)
class RunAction(RunChoice):
    """A button of a run: "compare" (what both poets write from `seed`), "show", or one of `_ACTIONS`."""

    do: str
    seed: str = ""


@dataclass(frozen=True)
class Handlers:
    """The event handlers. `poems` returns the poems of a corpus, see `training_poems`."""

    shelf: PoetRegistry
    language: Locale
    poems: Callable[[Home, Any, bool], TrainingPoems | None] = training_poems
    follower: RunFollower = field(default_factory=RunFollower)
    measuring: time_estimate.SpeedMeasurer = field(default_factory=time_estimate.SpeedMeasurer)

    def poll(self, selected: str, request: gr.Request | None = None) -> tuple[view.Update, Any]:
        """Return the run to show, and whether to poll again."""
        try:
            home = self.shelf.visitors.home(request)
        except PoetBotError:  # an unknown visitor has no runs
            return {"job": ""}, gr.Timer(active=False)
        job = _run_to_show(home, selected)
        if job is None:
            return {"job": ""}, gr.Timer(active=False)
        update = view.run_update(self._snapshot(home, job), self.language)
        poet = job.poet()
        is_over = update["state"] == State.FINISHED and poet is not None and poet.parent == home.poets
        update["is_finished"] = is_over
        return update, gr.Timer(active=not is_over or any(each.state().alive for each in list_jobs(home)))

    def open_page(self, selected: str, request: gr.Request | None = None) -> tuple[view.Update, Any]:
        """Complete what an earlier app left unfinished, then return the run to show."""
        with contextlib.suppress(PoetBotError):
            recover_runs(self.shelf.visitors.home(request))
        return self.poll(selected, request)

    def start_training(
        self, corpus_id: Any, form: RunForm, request: gr.Request | None = None
    ) -> tuple[view.Update, Any, Any]:
        """Start a run on the poems of a corpus."""
        home = self.shelf.visitors.home(request)
        data = self.poems(home, corpus_id, True)
        if data is None or not data.poems:
            raise PoetBotError("Upload some poems first.")
        run = form.training_run(data.licence)
        speed_key(run, self.shelf.of(request), 1)  # raises now what the worker would raise in a minute
        job = start(home, run, data.poems)
        update, timer = self.poll(job.id, request)
        return {**update, "has_acted": True, "has_started": True}, timer, job.id

    def act(
        self, message: RunAction, selected: str, request: gr.Request | None = None
    ) -> tuple[view.Update, Any, Any]:
        """Do what a button of the run says."""
        job = find_job(self.shelf.visitors.home(request), message.job)
        if message.do == "compare":
            poems = compare(self.shelf.of(request), job, message.seed, self.language)
            return {"comparison": view.comparison_html(poems, self.language)}, gr.skip(), gr.skip()
        if message.do == "show":
            selected = job.id
        if message.do in _ACTIONS:
            _ACTIONS[message.do](job)
        update, timer = self.poll(selected, request)
        return {**update, "has_acted": True}, timer, selected

    def estimate(self, corpus_id: Any, form: RunForm, request: gr.Request | None = None) -> Iterator[str]:
        """Yield the estimate for this form as HTML."""
        try:
            check_can_start()
            home = self.shelf.visitors.home(request)
            data = self.poems(home, corpus_id, False)
            estimator = Estimator(self.shelf.of(request), home, self.measuring, self.language)
            for sentences in estimator.sentences(form.training_run(), data):
                yield view.paragraphs_html(sentences, self.language)
        except PoetBotError as error:
            yield view.paragraphs_html([self.language.say(error)], self.language)

    def write_with_poet(
        self, message: RunChoice, lines: int, session: Session, request: gr.Request | None = None
    ) -> tuple[view.Update, Any, Any, int]:
        """Open the Write tab with the new poet, and the length that suits it."""
        poet = find_job(self.shelf.visitors.home(request), message.job).poet()
        known = self.shelf.of(request).names()
        if poet is None or poet.name not in known:
            raise PoetBotError("This poet no longer exists. The Poets tab lists your poets.")
        length = length_with(self.shelf.of(request), poet.name, lines, session)
        return {"has_acted": True}, gr.Tabs(selected="write"), gr.Dropdown(known, value=poet.name), length

    def update_parents(self, selected: str | None, request: gr.Request | None = None) -> Any:
        """Return the current list of poets to start from."""
        shelf = self.shelf.of(request)
        choices = parent_choices(shelf, self.language)
        known = selected in dict(choices).values()
        return gr.Dropdown(choices, value=selected if known else default_parent(shelf))

    def _snapshot(self, home: Home, job: Job) -> view.Snapshot:
        state, progress, poet = job.state(), self.follower.progress(job), job.poet()
        if state is State.FINISHED and poet and poet.parent != home.poets:
            recover_runs(home)  # its runner was killed before it could do that
            poet = job.poet()
        try:
            order = job.training_run()
            parent, name = order.parent, order.name
        except PoetBotError:
            parent, name = None, job.id
        others = [
            view.OtherRun(each.id, _name(each), each.state()) for each in list_jobs(home) if each != job
        ]
        return view.Snapshot(
            id=job.id,
            name=poet.name if poet else name,
            state=state,
            progress=progress,
            parent=parent,
            is_stopping=job.stopping(),
            ahead=queue_position(home, job),
            error=job.error(),
            has_poet=poet is not None,
            disk_is_full=home.is_full(),
            others=others[-_MAX_OTHERS:],
            started=started_at(job.read("run.json")),
            now=time.time(),
        )


_ACTIONS: dict[str, Callable[[Job], Any]] = {
    "pause": stop,
    "finish": finish,
    "resume": resume,
    "discard": discard,
    "close": discard,
}


def _run_to_show(home: Home, selected: str) -> Job | None:
    """Return the selected run, or else the one that is running, waiting, or was started last."""
    known = list_jobs(home)
    if found := next((job for job in known if job.id == selected), None):
        return found
    states = [job.state() for job in known]
    for wanted in (State.RUNNING, State.WAITING):
        if wanted in states:
            return known[states.index(wanted)]
    return known[-1] if known else None


def _name(job: Job) -> str:
    try:
        return job.training_run().name
    except PoetBotError:
        return job.id
