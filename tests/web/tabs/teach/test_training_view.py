"""A run as HTML: messages and buttons in every state, the learning curve and its table, escaping."""

import dataclasses
import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.locale import Locale, locale
from poetbot.messages import Message
from poetbot.runs.job import State
from poetbot.runs.progress_feed import Bin, Epoch, RunProgress
from poetbot.web.tabs.teach import learning_curve as curve
from poetbot.web.tabs.teach import training_view as view

XSS = "<script>alert(1)</script>"
ENGLISH = locale("en")


def run(epochs: int = 5, **more: object) -> RunProgress:
    bits = math.log(2)
    found = RunProgress(
        start_bits=2.5,
        parent="english",
        symbols=64,
        first_sample="babble",
        poems=9,
        characters=900,
        held_out=2,
        epochs=[Epoch(k, 2.0 * bits, (2.4 - k / 10) * bits, f"verse {k}") for k in range(1, epochs + 1)],
        steps=[Bin(k / 10, 2.2 * bits, 1) for k in range(1, epochs * 10 + 1)],
        doing="training",
        passes=float(epochs),
        length=10.0,
        rate=4321.0,
        memory=512_000_000,
    )
    return dataclasses.replace(found, **more)


def snapshot(state: State = State.RUNNING, **more: object) -> view.Snapshot:
    given = {
        "id": "1",
        "name": "Emily",
        "state": state,
        "progress": run(),
        "parent": "english",
        "has_poet": True,
    }
    return view.Snapshot(**{**given, **more})


def buttons(html: str) -> list[str]:
    return re.findall(r'data-do="(\w+)"', html)


@pytest.mark.parametrize(
    ("state", "says", "offers"),
    [
        (State.RUNNING, "Training.", ["pause", "finish", "discard"]),
        (State.WAITING, "Preparing.", ["discard"]),
        (State.STOPPED, "Paused.", ["resume", "finish", "discard"]),
        (State.FINISHED, "Emily is now one of your poets", ["write", "close"]),
        (State.FAILED, "a sentence", ["resume", "finish", "discard"]),
        (State.DEAD, "a sentence", ["resume", "finish", "discard"]),
    ],
)
def test_every_state_has_a_message_and_buttons(state: State, says: str, offers: list[str]) -> None:
    found = view.run_update(snapshot(state, error="a sentence"), ENGLISH)
    assert says in found["message"] and says in found["parts"]["state"] and found["state"] == state
    assert buttons(found["parts"]["actions"]) == offers


@pytest.mark.parametrize("language", [ENGLISH, locale("zh")], ids=["English", "Chinese"])
def test_stages_are_named_with_the_time_they_have_taken(language: Locale) -> None:
    def state(doing: str, seconds: float, **more: object) -> str:
        found = run(0, doing=doing, since=100.0, last_event_at=100.0, length=None)
        return view.run_update(snapshot(progress=found, now=100.0 + seconds, **more), language)["parts"][
            "state"
        ]

    stages = [
        "reading",
        "loading",
        "splitting",
        "trying",
        "indexing",
        "building",
        "training",
        "measuring",
        "waiting",
        "sending",
        "unheard-of",
    ]
    _ = language.gettext
    measuring_speed = _("Training, and measuring the speed.")

    def so_far(seconds: float) -> str:
        return _("{time} so far.", time=view.duration(seconds, language))

    said = [state(stage, 2) for stage in stages]
    assert len(set(said)) == len(stages) and said[-1] == _("Preparing.")
    assert said[6] == measuring_speed  # how long it will take is not known yet
    assert state("loading", 12).startswith(_("Loading what training needs."))
    assert so_far(10) in state("loading", 12)
    assert state("training", 12) == measuring_speed  # the bar says more
    assert "so-far" not in state("loading", 12, is_stopping=True) + state("loading", 12, state=State.STOPPED)
    # Resumed just now: what it did before the pause is over.
    assert state("training", 60, started=140.0).startswith(_("Reading the poems."))
    assert so_far(20) in state("training", 60, started=140.0)


def test_buttons_without_a_poet_and_while_stopping() -> None:
    assert buttons(view.run_update(snapshot(State.DEAD, has_poet=False), ENGLISH)["parts"]["actions"]) == [
        "resume",
        "discard",
    ]
    stopping = view.run_update(snapshot(is_stopping=True), ENGLISH)
    assert stopping["parts"]["actions"] == "" and "saving" in stopping["message"]
    assert view.run_update(snapshot(State.WAITING, ahead=0), ENGLISH)["message"] == "Preparing."
    assert "3 other runs" in view.run_update(snapshot(State.WAITING, ahead=3), ENGLISH)["message"]


def test_an_epoch_that_is_cut_short_is_named_by_what_was_read() -> None:
    ended = run(4, passes=3.3, length=3.3)
    parts = view.run_update(snapshot(State.FINISHED, progress=ended), ENGLISH)["parts"]
    assert re.findall(r"<dd>(.*?)</dd>", parts["figures"]) == ["3.3 of 3.3", "3.3"]
    assert re.findall(r'<th scope="row">(.*?)</th>', parts["table"])[:2] == ["3.3 (best)", "3"]


def test_facts_figures_and_score() -> None:
    parts = view.run_update(snapshot(), ENGLISH)["parts"]
    assert "starts from english, 9 poems to learn from, 2 kept for testing" in parts["title"]
    left_out = view.run_update(snapshot(progress=run(left_out=2)), ENGLISH)["parts"]["title"]
    assert "2 kept for testing, 2 left out as nearly the same as others" in left_out
    for told in ("5.0 of 10", "4,321", "512 MB"):
        assert told in parts["figures"]
    assert parts["score"] == (
        "On 2 poems it hasn&#39;t read, it wavers between 3.7 characters at each step; english wavered between 5.7 characters."
    )
    worse = [Epoch(1, 2.0, 2.6 * math.log(2), "")]
    assert "no better than english" in view.score(dataclasses.replace(run(), epochs=worse), ENGLISH)
    assert "english wavers between 5.7 characters" in view.score(run(0), ENGLISH)
    assert "pure guessing" in view.score(run(parent=None, start_bits=None), ENGLISH)
    assert "no measure" in view.score(run(held_out=0), ENGLISH)
    assert (
        "words per second"
        in view.run_update(snapshot(progress=run(unit="words")), ENGLISH)["parts"]["figures"]
    )


def test_samples_are_the_first_the_powers_of_two_and_the_latest() -> None:
    assert view.samples(RunProgress(), ENGLISH) == []
    labels = [sample["label"] for sample in view.samples(run(11), ENGLISH)]
    assert labels == ["before", "1", "2", "4", "8", "now"]
    assert view.samples(run(8), ENGLISH)[-1] == {"label": "now", "text": "verse 8"}
    assert [sample["label"] for sample in view.samples(run(8), ENGLISH)] == ["before", "1", "2", "4", "now"]


def test_the_table_has_the_numbers_of_the_curve() -> None:
    found = run(3)
    rows = re.findall(
        r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', curve.curve_and_table(found, ENGLISH)[1]
    )
    assert rows == [
        ("3 (best)", "2.000", "2.100"),
        ("2", "2.000", "2.200"),
        ("1", "2.000", "2.300"),
        ("start", "–", "2.500"),
    ]
    svg, _ = curve.curve_and_table(found, ENGLISH)
    line = re.search(r'<polyline class="held-out" points="(.*?)"', svg)
    assert line
    points = [tuple(map(float, point.split(","))) for point in line[1].split()]
    assert len(points) == 4 and [y for _, y in points] == sorted(
        y for _, y in points
    )  # lower loss is lower down
    assert curve.curve_and_table(RunProgress(), ENGLISH)[0].startswith('<p class="wait">')


@given(
    st.lists(st.tuples(st.floats(0, 50), st.none() | st.floats(0, 50)), max_size=40),
    st.lists(st.floats(0, 50), max_size=300),
    st.none() | st.floats(0.01, 1000),
    st.booleans(),
)
def test_any_run_can_be_drawn(
    epochs: list[tuple[float, float | None]], steps: list[float], length: float | None, chance: bool
) -> None:
    found = RunProgress(
        symbols=50 if chance else None,
        held_out=3,
        epochs=[Epoch(k, *losses, "") for k, losses in enumerate(epochs, 1)],
        steps=[Bin(k / 7, nats, 1) for k, nats in enumerate(steps, 1)],
        passes=len(steps) / 7,
        length=length,
    )
    svg, _ = curve.curve_and_table(found, ENGLISH)
    for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", " ".join(re.findall(r'points="(.*?)"', svg))):
        assert 0 <= float(x) <= curve.WIDTH and 0 <= float(y) <= curve.HEIGHT
    assert "nan" not in svg and svg.count("<polyline") <= 4
    view.run_update(snapshot(progress=found), ENGLISH)


def test_names_and_texts_are_escaped() -> None:
    found = view.run_update(
        snapshot(
            name=XSS,
            parent=XSS,
            state=State.FAILED,
            error=Message(XSS),
            progress=run(parent=XSS, notices=[Message(XSS)]),
            others=[view.OtherRun("2", XSS, State.RUNNING)],
        ),
        ENGLISH,
    )
    assert "<script>" not in "".join(found["parts"].values())
    assert "<script>" not in view.comparison_html([view.ComparedPoem(XSS, XSS, XSS + XSS)], ENGLISH)


def test_durations_are_rounded() -> None:
    told = [view.duration(seconds, ENGLISH) for seconds in (0, 12, 44, 61, 200, 3600, 7300)]
    assert told == [
        "5 seconds",
        "10 seconds",
        "45 seconds",
        "1 minute",
        "3 minutes",
        "60 minutes",
        "2 h 2 min",
    ]


def test_a_full_disk_is_reported() -> None:
    assert "The disk is full" in view.run_update(snapshot(disk_is_full=True), ENGLISH)["parts"]["notices"]
    told = view.run_update(
        snapshot(progress=run(notices=[Message("No checkpoint could be written.")])), ENGLISH
    )["parts"]["notices"]
    assert "No checkpoint" in told
