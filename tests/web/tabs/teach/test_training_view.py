"""A run on the page: what is said of it in every state, the curve and the table of the same numbers, all of it escaped."""

import dataclasses
import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.runs.job import State
from poetbot.runs.progress_feed import Bin, Epoch, Followed
from poetbot.web.chinese.teach_job import CHINESE_JOB
from poetbot.web.tabs.teach import learning_curve as curve
from poetbot.web.tabs.teach import training_view as view
from poetbot.web.tabs.teach import training_words
from poetbot.web.tabs.teach.training import template
from poetbot.web.tabs.teach.training_words import ENGLISH_JOB as WORDS
from poetbot.web.tabs.teach.training_words import JobWords
from poetbot.web.words import ENGLISH

XSS = "<script>alert(1)</script>"
UI = Path(view.__file__).parent


def run(epochs: int = 5, **more: object) -> Followed:
    bits = math.log(2)
    found = Followed(
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


def seen(state: State = State.RUNNING, **more: object) -> view.Seen:
    given = {"id": "1", "name": "Emily", "state": state, "run": run(), "parent": "english", "poet": True}
    return view.Seen(**{**given, **more})


def buttons(html: str) -> list[str]:
    return re.findall(r'data-do="(\w+)"', html)


@pytest.mark.parametrize(
    ("state", "says", "offers"),
    [
        (State.RUNNING, "Learning.", ["pause", "finish", "discard"]),
        (State.WAITING, "another poet is trained first", ["discard"]),
        (State.STOPPED, "Paused.", ["resume", "keep", "discard"]),
        (State.FINISHED, "Emily is among your poets", ["write", "clear"]),
        (State.FAILED, "a sentence", ["resume", "keep", "discard"]),
        (State.DEAD, "a sentence", ["resume", "keep", "discard"]),
    ],
)
def test_every_state_has_a_sentence_and_its_buttons(state: State, says: str, offers: list[str]) -> None:
    found = view.shown(seen(state, error="a sentence"), WORDS)
    assert says in found["said"] and says in found["parts"]["state"] and found["state"] == state
    assert buttons(found["parts"]["actions"]) == offers


@pytest.mark.parametrize("words", [WORDS, CHINESE_JOB], ids=["English", "Chinese"])
def test_while_it_gets_ready_it_says_what_it_does_and_for_how_long(words: JobWords) -> None:
    def state(doing: str, seconds: float, **more: object) -> str:
        found = run(0, doing=doing, since=100.0, heard=100.0, length=None)
        return view.shown(seen(run=found, now=100.0 + seconds, **more), words)["parts"]["state"]

    stages = [
        "reading",
        "loading",
        "splitting",
        "trying",
        "indexing",
        "building",
        "training",
        "measuring",
        "unheard-of",
    ]
    said = [state(stage, 2) for stage in stages]
    assert len(set(said)) == len(stages) and "TensorFlow" in said[1] and said[-1] == words.state_preparing
    assert said[6] == words.state_speed  # how long it will take is not known yet
    assert state("loading", 12).startswith(words.state_loading)
    assert words.so_far.format(time=view.duration(10, words)) in state("loading", 12)
    assert state("training", 12) == words.state_speed  # the bar says more
    assert "so-far" not in state("loading", 12, stopping=True) + state("loading", 12, state=State.STOPPED)
    # Resumed just now: what it did before the pause is over.
    assert state("training", 60, begun=140.0).startswith(words.state_reading)
    assert words.so_far.format(time=view.duration(20, words)) in state("training", 60, begun=140.0)


def test_what_has_no_poet_yet_cannot_be_kept_and_who_stops_is_not_asked_again() -> None:
    assert buttons(view.shown(seen(State.DEAD, poet=False), WORDS)["parts"]["actions"]) == [
        "resume",
        "discard",
    ]
    stopping = view.shown(seen(stopping=True), WORDS)
    assert stopping["parts"]["actions"] == "" and "saving" in stopping["said"]
    assert "3 others" in view.shown(seen(State.WAITING, place=3), WORDS)["said"]


def test_what_is_told_of_a_run() -> None:
    parts = view.shown(seen(), WORDS)["parts"]
    assert "begun as english, learns from 9 poems, 2 held out" in parts["title"]
    for told in ("5.0 of 10", "4,321", "512 MB"):
        assert told in parts["cells"]
    assert parts["against"] == (
        "Measured on 2 poems that it never reads: 1.900 bits a character, 24.0 % better than english, "
        "where it began (2.500)."
    )
    worse = [Epoch(1, 2.0, 2.6 * math.log(2), "")]
    assert "no better than english" in view.against(dataclasses.replace(run(), epochs=worse), WORDS)
    assert "english needs 2.500 bits" in view.against(run(0), WORDS)
    assert "chance" in view.against(run(parent=None, start_bits=None), WORDS)
    assert "nobody can say" in view.against(run(held_out=0), WORDS)
    assert "words a second" in view.shown(seen(run=run(unit="words")), WORDS)["parts"]["cells"]


def test_the_reader_sees_the_first_samples_and_the_newest() -> None:
    assert view.samples(Followed(), WORDS) == []
    labels = [sample["label"] for sample in view.samples(run(11), WORDS)]
    assert labels == ["before", "1", "2", "4", "8", "now"]
    assert view.samples(run(8), WORDS)[-1] == {"label": "now", "text": "verse 8"}
    assert [sample["label"] for sample in view.samples(run(8), WORDS)] == ["before", "1", "2", "4", "now"]


def test_the_table_has_the_numbers_of_the_curve() -> None:
    found = run(3)
    rows = re.findall(
        r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', curve.table_html(found, WORDS)
    )
    assert rows == [
        ("3 (best)", "2.000", "2.100"),
        ("2", "2.000", "2.200"),
        ("1", "2.000", "2.300"),
        ("begin", "–", "2.500"),
    ]
    svg = curve.curve_svg(found, WORDS)
    line = re.search(r'<polyline class="held-out" points="(.*?)"', svg)
    assert line
    points = [tuple(map(float, point.split(","))) for point in line[1].split()]
    assert len(points) == 4 and [y for _, y in points] == sorted(
        y for _, y in points
    )  # lower loss is lower down
    assert curve.curve_svg(Followed(), WORDS).startswith('<p class="wait">')


@given(
    st.lists(st.tuples(st.floats(0, 50), st.none() | st.floats(0, 50)), max_size=40),
    st.lists(st.floats(0, 50), max_size=300),
    st.none() | st.floats(0.01, 1000),
    st.booleans(),
)
def test_any_run_can_be_drawn(
    epochs: list[tuple[float, float | None]], steps: list[float], length: float | None, chance: bool
) -> None:
    found = Followed(
        symbols=50 if chance else None,
        held_out=3,
        epochs=[Epoch(k, *losses, "") for k, losses in enumerate(epochs, 1)],
        steps=[Bin(k / 7, nats, 1) for k, nats in enumerate(steps, 1)],
        passes=len(steps) / 7,
        length=length,
    )
    svg = curve.curve_svg(found, WORDS)
    for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", " ".join(re.findall(r'points="(.*?)"', svg))):
        assert 0 <= float(x) <= curve.WIDTH and 0 <= float(y) <= curve.HEIGHT
    assert "nan" not in svg and svg.count("<polyline") <= 3
    view.shown(seen(run=found), WORDS)


def test_nothing_of_a_name_or_a_text_is_run() -> None:
    found = view.shown(
        seen(
            name=XSS,
            parent=XSS,
            state=State.FAILED,
            error=XSS,
            run=run(parent=XSS, notices=[XSS]),
            others=[view.Other("2", XSS, State.RUNNING)],
        ),
        WORDS,
    )
    assert "<script>" not in "".join(found["parts"].values())
    assert "<script>" not in view.both_html([(XSS, XSS, XSS + XSS)])


def test_a_time_is_told_as_one_thinks_of_it() -> None:
    told = [view.duration(seconds, WORDS) for seconds in (0, 12, 44, 61, 200, 3600, 7300)]
    assert told == [
        "5 seconds",
        "10 seconds",
        "45 seconds",
        "1 minute",
        "3 minutes",
        "60 minutes",
        "2 h 2 min",
    ]


def test_a_full_disk_is_said() -> None:
    assert "The disk is full" in view.shown(seen(full=True), WORDS)["parts"]["notices"]
    told = view.shown(seen(run=run(notices=["No checkpoint could be written."])), WORDS)["parts"]["notices"]
    assert "No checkpoint" in told


def test_every_word_is_used_and_none_is_missing() -> None:
    files = [file for file in UI.glob("*.py") if file.name != Path(training_words.__file__).name]
    code = "".join(file.read_text("utf-8") for file in files)
    names = [field.name for field in dataclasses.fields(JobWords)]
    assert [n for n in names if not re.search(rf"\.{n}\b|\{{{n}\}}", code)] == []
    with pytest.raises(ValueError, match="pause"):
        dataclasses.replace(WORDS, pause="")
    assert "data-part" in template(ENGLISH)
