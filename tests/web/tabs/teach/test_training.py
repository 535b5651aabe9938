"""Training without a browser: the handlers start real jobs, with a small script as their worker."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.poem import Poem
from poetbot.poets.folder import BUNDLED, load
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.vocabulary import Vocabulary
from poetbot.runs import start as starting
from poetbot.runs import time_estimate
from poetbot.runs.job import Job, State, list_jobs
from poetbot.storage import Home
from poetbot.web.components.island import handling
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.teach import training_handlers
from poetbot.web.tabs.teach.time_estimate import TrainingPoems, speed_key
from poetbot.web.tabs.teach.training_handlers import Handlers, RunAction, RunChoice, RunForm
from tests.conftest import STANZAS
from tests.runs.conftest import SCRIPT
from tests.runs.conftest import until as until_then

pytestmark = pytest.mark.timeout(300)


def until(true: Callable[[], object]) -> None:
    until_then(true, 100)  # seconds; a busy machine is no failure


POEMS = tuple(
    Poem(f"The {word} is red,\nthe {word} is gone to bed.", title=word)
    for word in (
        "fox",
        "sun",
        "cat",
        "rose",
        "leaf",
        "brick",
        "coal",
        "robin",
        "berry",
        "wine",
        "flag",
        "dawn",
        "rust",
    )
)


@pytest.fixture
def home(poetbot_home: Path, tiny_poet: Path) -> Iterator[Home]:
    """A home with the poet `tiny`, in which nothing needs to be measured."""
    home = Home.default()
    shutil.copytree(tiny_poet, home.create(home.poets) / "tiny")
    yield home
    for job in list_jobs(home):
        starting.stop(job)
    until(lambda: not any(job.state().alive for job in list_jobs(home)))


@pytest.fixture
def worker(tmp_path: Path, tiny_poet: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the next jobs be done by the script of tests/jobs instead of by training."""
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)

    def does(what: str) -> None:
        import sys

        command = [sys.executable, str(path), what, str(tiny_poet)]
        real_start, real_resume = starting.start, starting.resume
        monkeypatch.setattr(training_handlers, "start", lambda h, o, p: real_start(h, o, p, command))
        monkeypatch.setitem(training_handlers._ACTIONS, "resume", lambda job: real_resume(job, command))

    return does


@pytest.fixture
def handlers(home: Home, tmp_path: Path) -> Handlers:
    never = time_estimate.SpeedMeasurer(["false"])
    return Handlers(
        PoetRegistry(tmp_path / "none"), locale("en"), lambda home, brought, read: brought, measuring=never
    )


ENGLISH = locale("en")
BROUGHT = TrainingPoems(POEMS, "mine")


def teach(handlers: Handlers, *, material: Any = BROUGHT, **more: Any) -> dict[str, Any]:
    asked = {
        "parent": "tiny",
        "name": "Emily",
        "minutes": 1.0,
        "recipe": "",
        "held_out": 0.1,
        "rng": 0,
        **more,
    }
    handle = handling(
        lambda visitor: handlers.start_training(material, RunForm(**asked)), None, ENGLISH, others=2
    )
    return handle(gr.EventData(None, None), None)[0]


def ask(handlers: Handlers, do: str, job: str, **more: Any) -> dict[str, Any]:
    return send(handlers.act, RunAction, {"do": do, "job": job, **more}, "")[0]


def send(handler: Callable[..., Any], message: type, data: Any, *inputs: Any) -> Any:
    """Return what an event with these data answers."""
    return handling(handler, message, ENGLISH, others=2)(gr.EventData(None, data), None, *inputs)


def state(handlers: Handlers) -> str:
    return handlers.poll("")[0].get("state", "none")


def test_a_run_is_started_paused_resumed_and_finished(
    handlers: Handlers, home: Home, worker: Callable[[str], None]
) -> None:
    worker("long")
    value = teach(handlers)
    assert value["has_started"] and value["name"] == "Emily", value
    (job,) = list_jobs(home)
    assert (job.training_run().parent, job.training_run().minutes, job.training_run().licence) == (
        "tiny",
        1.0,
        "mine",
    )
    until(lambda: (job.folder / "starts").exists() and state(handlers) == "running")
    value, timer = handlers.poll("")
    assert value["job"] == job.id and timer.active
    assert ask(handlers, "pause", job.id)["state"] in ("stopping", "stopped")
    until(lambda: state(handlers) == "stopped")
    value, timer = handlers.poll("")
    assert "resume" in value["parts"]["actions"] and timer.active
    assert ask(handlers, "resume", job.id)["state"] in ("running", "waiting")
    until(lambda: (job.folder / "starts").read_text().count("--resume") == 2)
    ask(handlers, "finish", job.id)
    until(lambda: state(handlers) == "finished")
    until(lambda: handlers.poll("")[0]["is_finished"])
    value, timer = handlers.poll("")
    assert "Emily is now one of your poets" in value["message"] and not timer.active
    comparison = ask(handlers, "compare", job.id, seed="the lamp")["comparison"]
    assert "Before: tiny" in comparison and "After: Emily" in comparison and comparison.count("the lamp") == 2
    _, tabs, poet, length = send(handlers.write_with_poet, RunChoice, {"job": job.id}, 8, Session())
    assert tabs.selected == "write" and poet.value == "Emily" and "Emily" in dict(poet.choices)
    assert length == 14  # eight is that of Chinese poems
    assert ask(handlers, "close", job.id) == {"job": "", "has_acted": True}
    assert load("Emily").name == "Emily"


def test_a_failed_run_is_found_by_another_app_and_resumed(
    handlers: Handlers, home: Home, worker: Callable[[str], None]
) -> None:
    worker("breaks")
    teach(handlers)
    until(lambda: state(handlers) == "failed")
    another = Handlers(handlers.shelf, locale("en"), handlers.poems)  # the app was closed and started again
    value, timer = another.open_page("")
    assert "resume it to try again" in value["message"] and timer.active
    worker("long")
    (job,) = list_jobs(home)
    ask(another, "resume", job.id)
    until(lambda: another.poll("")[0]["state"] == "running")
    ask(another, "discard", job.id)
    until(lambda: state(another) == "none")
    assert list_jobs(home) == [] and not (home.poets / "Emily").exists()


def test_waiting_runs_show_their_place(handlers: Handlers, home: Home, worker: Callable[[str], None]) -> None:
    worker("long")
    teach(handlers)
    until(lambda: state(handlers) == "running")
    for name in ("Walt", "William"):
        teach(handlers, name=name)
    first, _, third = list_jobs(home)
    until(lambda: "for 2 other runs to finish" in handlers.poll(third.id)[0]["message"])
    assert handlers.poll(third.id)[0]["state"] == "waiting"
    value = handlers.poll("")[0]
    assert value["job"] == first.id and "William, waiting" in value["parts"]["others"]
    assert ask(handlers, "show", third.id)["job"] == third.id
    for job in list_jobs(home):
        ask(handlers, "discard", job.id)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"material": None}, "Upload some poems first"),
        ({"material": TrainingPoems(())}, "Upload some poems first"),
        ({"minutes": None}, "greater than 0"),
        ({"minutes": float("nan")}, "greater than 0"),
        ({"minutes": -1}, "greater than 0"),
        ({"minutes": "3"}, "greater than 0"),
        ({"held_out": float("nan")}, "less than 1"),
        ({"held_out": None}, "less than 1"),
        ({"name": ""}, "a name"),
        ({"name": "../up"}, "Remove"),
        ({"name": "tiny"}, "already"),
        ({"parent": "nobody"}, "no poet"),
        ({"parent": ["tiny"]}, "from the lists"),
        ({"parent": "", "recipe": "nobody"}, "recipe"),
        ({"rng": -1}, "must be an integer"),
        ({"rng": 1.5}, "must be an integer"),
    ],
)
def test_bad_settings_are_errors(handlers: Handlers, home: Home, more: dict[str, Any], says: str) -> None:
    value = teach(handlers, **more)
    assert says in value["error"], value
    assert list_jobs(home) == []


def test_a_run_id_is_never_a_path(handlers: Handlers, home: Home) -> None:
    for number in ("../poets/tiny", "", None, 7, "20261122-084000-0123abcd"):
        sentence = "no longer exists" if isinstance(number, str) else "Reload the page"
        assert sentence in ask(handlers, "discard", number)["error"]  # type: ignore[arg-type]
        assert (
            sentence in send(handlers.write_with_poet, RunChoice, {"job": number}, 8, Session())[0]["error"]
        )
    assert send(handlers.act, RunAction, None, "")[0]["error"]
    assert (home.poets / "tiny" / "poet.json").exists()


def test_fine_tuning_on_familiar_poems_needs_few_epochs(home: Home) -> None:
    handlers = Handlers(PoetRegistry(BUNDLED), locale("en"), lambda home, brought, read: brought)
    verse = [Poem(text) for text in STANZAS]
    vocabulary = handlers.shelf.of(None).poet("english").vocabulary
    assert isinstance(vocabulary, Vocabulary)
    symbols = len(vocabulary.characters)
    time_estimate.store_rate(
        home, speed_key(TrainingRun("", "english", minutes=30), handlers.shelf.of(None), symbols), 1_000.0
    )
    told = list(handlers.estimate(TrainingPoems(verse), RunForm("english", "", 30.0, "", 0.0, 0)))[-1]
    assert "about 3 times" in told and "memorise" in told


def test_without_tensorflow_the_tab_says_which_command_installs_it(
    handlers: Handlers, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poetbot.installation.can_train", lambda: False)
    form, sentence = RunForm("tiny", "Mine", 3.0, "", 0.0, 0), "install TensorFlow with `pip install "
    assert sentence in next(handlers.estimate(None, form))
    with pytest.raises(PoetBotError, match=sentence):
        handlers.start_training(TrainingPoems(POEMS), form)
    assert not list_jobs(home)


def test_the_estimate(handlers: Handlers, home: Home) -> None:
    def told(**more: Any) -> str:
        poems = more.pop("material", TrainingPoems(POEMS))
        form = {"parent": "tiny", "name": "", "minutes": 3.0, "recipe": "", "held_out": 0.0, "rng": 0, **more}
        return list(handlers.estimate(poems, RunForm(**form)))[-1]

    characters = sum(len(poem.text) for poem in POEMS)
    assert "Upload some poems" in told(material=None)
    assert "known once training starts" in told()
    kind = speed_key(TrainingRun("", "tiny", minutes=3), handlers.shelf.of(None), 60)
    time_estimate.store_rate(home, kind, characters * 8 / 180)
    assert f"In 3 minutes, your poet reads your 13 poems ({characters} characters) about 8 times." in told()
    assert "about 5 times" in told(minutes=1.875)
    assert "gets through only 80% of your 13 poems" in told(minutes=0.3) and "Give it more minutes" in told(
        minutes=0.3
    )
    long = told(minutes=30.0)
    assert "In 4 minutes" in long and "about 10 times" in long and "memorise" in long
    assert "Getting ready takes" in told() and "none are kept for testing" not in told()
    assert "none are kept for testing" in told(held_out=0.1, material=TrainingPoems(POEMS[:3]))
    assert "a tone" not in told() and "about twenty" in told(material=TrainingPoems(POEMS[:3]))
    strange = (*POEMS, *(Poem("廚房燈未滅，水壺自低鳴。") for _ in range(20)))
    assert "new to tiny. Training from scratch" in told(material=TrainingPoems(strange))
    assert "greater than 0" in told(minutes=None)
    assert "once training starts" in told(parent="") and "from the list" in told(parent="", recipe="nobody")


def test_the_speed_of_a_run_is_kept_for_later_estimates(
    handlers: Handlers, home: Home, worker: Callable[[str], None]
) -> None:
    worker("long")
    teach(handlers)
    until(lambda: state(handlers) == "running")
    (job,) = list_jobs(home)
    recipe = load("tiny").recipe
    steps = {
        "step": 9,
        "passes": 2.0,
        "epochs": 3.0,
        "loss": 2.0,
        "unit": "characters",
        "characters_per_second": 777.0,
    }
    until(lambda: (job.out() / "job").is_dir())
    (job.out() / "job" / "job.json").write_text(json.dumps({"recipe": recipe.as_json()}))
    events = [{"begin": {}}, {"start": {"symbols": 60, "sample": ""}}, steps]
    (job.out() / "job" / "progress.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    handlers.poll("")
    assert time_estimate.known_rate(home, time_estimate.SpeedKey(60, 1.0, recipe)) == 777.0


def test_a_damaged_order_is_an_error(handlers: Handlers, home: Home) -> None:
    folder = home.create(home.jobs) / "20261122-084000-0123abcd"
    folder.mkdir()
    (folder / "order.json").write_text("{")
    assert Job(folder).state() is State.FAILED
    value = handlers.poll("")[0]
    assert "damaged. Discard it" in value["message"]
    assert ask(handlers, "discard", folder.name)["job"] == "" and not folder.exists()
