"""What happens when the controls of the teaching are used: plain functions of the core, tested without a browser."""

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
from poetbot.poets.recipe import Recipe
from poetbot.runs import time_estimate
from poetbot.runs.completion import discard, settle
from poetbot.runs.job import Job, State, began, find, jobs
from poetbot.runs.progress_feed import Followed, follow
from poetbot.runs.queue import place
from poetbot.runs.start import finish, resume, start, stop
from poetbot.runs.training_run import Order
from poetbot.storage import Home
from poetbot.web.gradio_compat import event_data
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.tabs.teach import training_view as view
from poetbot.web.tabs.teach.before_after import before_and_after
from poetbot.web.tabs.teach.time_estimate import Material, Wish, brought_poems, sentences
from poetbot.web.words import Words

USUAL_PARENT = "english"
_MOST_OTHERS = 8
_MOST_FOLLOWED = 32

Value = dict[str, Any]


def parents(shelf: Shelf, words: Words) -> list[tuple[str, str]]:
    """Return what a poet can begin as: each poet of the shelf, or nothing."""
    return [*((name, name) for name in shelf.names()), (words.job.from_scratch, "")]


def usual_parent(shelf: Shelf) -> str:
    """Return what a poet begins as where nobody has chosen."""
    known = shelf.names()
    return USUAL_PARENT if USUAL_PARENT in known else next(iter(known), "")


class Following:
    """The runs that pages look at, each read on from where it was, whoever looks."""

    def __init__(self) -> None:
        self._runs: dict[str, Followed] = {}
        self._kept: dict[str, float] = {}
        self._lock = threading.Lock()

    def of(self, job: Job) -> Followed:
        """Return what is known of a run now."""
        with self._lock:
            try:
                folder = job.poet() or job.out()
            except PoetBotError:  # a damaged order; the job's state says so
                return Followed()
            run = follow(self._runs.pop(str(job.folder), Followed()), folder)
            self._runs[str(job.folder)] = run
            self._keep_rate(job, folder, run)
            for old in list(self._runs)[:-_MOST_FOLLOWED]:
                del self._runs[old]
            return run

    def _keep_rate(self, job: Job, folder: Path, run: Followed) -> None:
        """Note how fast this machine really was, for the next estimate: early, and again in the middle of the run."""
        done = next((share for share in (0.5, 0.05) if run.share >= share), 0.0)
        if not done or run.rate is None or run.symbols is None or self._kept.get(job.id, 0.0) >= done:
            return
        self._kept[job.id] = done
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError, PoetBotError):
            order = job.order()
            recipe = Recipe.from_json(json.loads((folder / "job" / "job.json").read_bytes())["recipe"])
            parent = recipe if order.parent else None
            kind = time_estimate.Kind(run.symbols, order.minutes or 1.0, parent, recipe=order.recipe)
            time_estimate.keep(job.home, kind, run.rate)


@dataclass(frozen=True)
class Handlers:
    """What the events call.

    `material` gives the poems that were brought, from the home of whoever asks, what the page says of them, and whether
    to read anew what has changed since they were read.
    """

    shelf: Shelf
    words: Words
    material: Callable[[Home, Any, bool], Material | None] = brought_poems
    following: Following = field(default_factory=Following)
    measuring: time_estimate.Measuring = field(default_factory=time_estimate.Measuring)

    def look(self, chosen: str, request: gr.Request | None = None) -> tuple[Value, Any]:
        """Return the run to show, and whether the clock is to go on ticking."""
        try:
            home = self.shelf.visitors.home(request)
        except PoetBotError:  # nobody knows who looks: there is nothing to see
            return {"job": ""}, gr.Timer(active=False)
        job = _to_show(home, chosen)
        if job is None:
            return {"job": ""}, gr.Timer(active=False)
        value = view.shown(self._seen(home, job), self.words.job)
        poet = job.poet()
        over = value["state"] == State.FINISHED and poet is not None and poet.parent == home.poets
        ticking = not over or any(each.state().alive for each in jobs(home))
        return {**value, "shelved": over}, gr.Timer(active=ticking)

    def arrive(self, chosen: str, request: gr.Request | None = None) -> tuple[Value, Any]:
        """Look for the first time: what was left half done is done, then the run that goes on is shown."""
        with contextlib.suppress(PoetBotError):
            settle(self.shelf.visitors.home(request))
        return self.look(chosen, request)

    def teach(
        self,
        brought: Any,
        parent: str | None,
        name: str | None,
        minutes: float | None,
        recipe: str | None,
        share: float,
        rng: int | None,
        request: gr.Request | None = None,
    ) -> tuple[Value, Any, Any]:
        """Begin a run with these settings."""
        try:
            home = self.shelf.visitors.home(request)
            material = self.material(home, brought, True)
            if material is None or not material.poems:
                raise PoetBotError(self.words.job.nothing_brought)
            wish = Wish(parent or None, recipe if not parent and recipe else None, minutes or 0.0, share)
            wish.kind(self.shelf.of(request), 1)  # says now what the worker would say in a minute
            order = Order(
                name=name or "",
                parent=wish.parent,
                recipe=wish.recipe,
                minutes=wish.minutes,
                rng=rng or 0,
                validation=wish.share,
                licence=material.licence,
            )
            job = start(home, order, material.poems)
        except PoetBotError as error:
            return self.refused(self.words.tongue.said(error)), gr.skip(), gr.skip()
        value, timer = self.look(job.id, request)
        return {**value, "acted": True, "started": True}, timer, job.id

    def ask(
        self, chosen: str, event: gr.EventData, request: gr.Request | None = None
    ) -> tuple[Value, Any, Any]:
        """Do what a button of the run says."""
        data = event_data(event)
        do = str(data.get("do"))
        try:
            job = find(self.shelf.visitors.home(request), _text(data, "job"))
            if do == "both":
                return self._both(job, _text(data, "seed"), request), gr.skip(), gr.skip()
            if do == "show":
                chosen = job.id
            if do in _ACTS:
                _ACTS[do](job)
        except PoetBotError as error:
            return self.refused(self.words.tongue.said(error)), gr.skip(), gr.skip()
        value, timer = self.look(chosen, request)
        return {**value, "acted": True}, timer, chosen

    def estimate(
        self,
        brought: Any,
        parent: str | None,
        minutes: float | None,
        recipe: str | None,
        share: float,
        request: gr.Request | None = None,
    ) -> Iterator[str]:
        """Say what the time buys, as soon as that is known."""
        try:
            home = self.shelf.visitors.home(request)
            material = self.material(home, brought, False)
            wish = Wish(parent or None, recipe if not parent and recipe else None, minutes or 0.0, share)
            shelf = self.shelf.of(request)
            for found in sentences(wish, material, shelf, home, self.measuring, self.words.job):
                yield view.sentence_html(*found)
        except PoetBotError as error:
            yield view.sentence_html(self.words.tongue.said(error))

    def write_with(self, event: gr.EventData, request: gr.Request | None = None) -> tuple[Any, Any, Any]:
        """Lead to the page for writing, with the new poet chosen; or say why it cannot be."""
        try:
            poet = find(self.shelf.visitors.home(request), _text(event_data(event), "job")).poet()
            known = self.shelf.of(request).names()
            if poet is None or poet.name not in known:
                raise PoetBotError(self.words.job.poet_gone)
        except PoetBotError as error:
            return self.refused(self.words.tongue.said(error)), gr.skip(), gr.skip()
        return gr.skip(), gr.Tabs(selected="write"), gr.Dropdown(known, value=poet.name)

    def parents(self, chosen: str | None, request: gr.Request | None = None) -> Any:
        """Return the list of poets to begin as anew, for a page that is opened."""
        shelf = self.shelf.of(request)
        known = parents(shelf, self.words)
        return gr.Dropdown(known, value=chosen if chosen in dict(known).values() else usual_parent(shelf))

    def refused(self, sentence: str) -> Value:
        """Return a sentence for what could not be done."""
        # Two equal values in a row would be one to the browser, and the second sentence would not be seen.
        return {"error": view.sentence_html(sentence), "at": time.monotonic_ns()}

    def broken(self) -> Value:
        """Say that something failed that should not have; the log has the rest."""
        return self.refused(self.words.job.job_broken)

    def _both(self, job: Job, seed: str, request: gr.Request | None) -> Value:
        texts = before_and_after(self.shelf.of(request), job, seed, self.words.job)
        return {"both": view.both_html(texts), "at": time.monotonic_ns()}

    def _seen(self, home: Home, job: Job) -> view.Seen:
        state, run, poet = job.state(), self.following.of(job), job.poet()
        if state is State.FINISHED and poet and poet.parent != home.poets:
            settle(home)  # its runner was killed before it could
            poet = job.poet()
        try:
            order = job.order()
            parent, name = order.parent, order.name
        except PoetBotError:
            parent, name = None, job.id
        others = [view.Other(each.id, _name(each), each.state()) for each in jobs(home) if each != job]
        return view.Seen(
            id=job.id,
            name=poet.name if poet else name,
            state=state,
            run=run,
            parent=parent,
            stopping=job.stopping(),
            place=place(home, job),
            error=job.error(),
            poet=poet is not None,
            full=home.full(),
            others=others[-_MOST_OTHERS:],
            begun=began(job.read("run.json")),
            now=time.time(),
        )


_ACTS: dict[str, Callable[[Job], Any]] = {
    "pause": stop,
    "finish": finish,
    "keep": finish,
    "resume": resume,
    "discard": discard,
    "clear": discard,
}


def _to_show(home: Home, chosen: str) -> Job | None:
    """Return the run that was chosen, or else the one that is being trained, waits, or was begun last."""
    known = jobs(home)
    if found := next((job for job in known if job.id == chosen), None):
        return found
    states = [job.state() for job in known]
    for wanted in (State.RUNNING, State.WAITING):
        if wanted in states:
            return known[states.index(wanted)]
    return known[-1] if known else None


def _name(job: Job) -> str:
    try:
        return job.order().name
    except PoetBotError:
        return job.id


def _text(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
