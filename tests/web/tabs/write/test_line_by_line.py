"""Writing line by line: what the page asks and is answered, without a browser."""

from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.form_panel import form_of
from poetbot.web.tabs.write.line_by_line import MOST_FOLLOWED, Handlers, note
from poetbot.web.words import ENGLISH
from poetbot.writing import Form, suggested_again

SEED = "the lamp is low and"
DRAWN = ("tiny", 0.7, 1.0, 0, 7, False, 4)  # poet, temperature, top-p, guard, rng, a new one each time, lines


@pytest.fixture(scope="module")
def handlers(poet_root: Path) -> Handlers:
    return Handlers(Shelf(poet_root), ENGLISH)


def event(**data: Any) -> gr.EventData:
    return gr.EventData(None, {"ask": 5, **data})


def gone_on(handlers: Handlers, session: Session, **data: Any) -> list[dict[str, Any]]:
    return list(handlers.go_on(session, *DRAWN, event(**data)))


def test_three_lines_are_suggested_and_others_are_others(handlers: Handlers) -> None:
    first = handlers.suggest(*DRAWN, event(before="the sea\n", after=""))
    assert first["ask"] == 5 and first["poet"] == "tiny" and len(first["lines"]) == 3
    assert len({line["line"] for line in first["lines"]}) == 3
    desk = handlers.shelf.desk("tiny")
    assert [suggested_again(desk, line["receipt"]) for line in first["lines"]] == [
        line["text"] for line in first["lines"]
    ]
    assert handlers.suggest(*DRAWN, event(before="the sea\n", after="")) == first
    others = handlers.suggest(*DRAWN, event(before="the sea\n", after="", turn=1))
    assert {line["line"] for line in others["lines"]} != {line["line"] for line in first["lines"]}


def test_a_line_that_misses_its_form_says_so(handlers: Handlers) -> None:
    asked = event(before="the sea\n", after="", form={"stanzas": "2", "acrostic": "tb", "syllables": "2"})
    for line in handlers.suggest(*DRAWN, asked)["lines"]:
        form = line["receipt"]["form"]
        assert (
            form == {"stanzas": [2], "syllables": [2], "acrostic": "tb"} and line["line"].strip()[0] in "bB"
        )
    missing = {"syllables": 7, "syllables_wanted": 8, "rhymes": False, "letter": False}
    said = note({"form": missing, "copied_words": 5}, ENGLISH.desk)
    assert said == "7 of 8 syllables, no rhyme, another first letter, 5 words as read"
    met = {"syllables": 8, "syllables_wanted": 8, "rhymes": True, "letter": True}
    assert (
        note({"form": met, "copied_words": 3}, ENGLISH.desk)
        == note({"copied_words": None}, ENGLISH.desk)
        == ""
    )


def test_going_on_and_finishing(handlers: Handlers) -> None:
    (more,) = gone_on(handlers, Session(), before="the sea\n")
    assert len([line for line in more["text"].split("\n") if line.strip()]) == 4
    (rest,) = gone_on(handlers, Session(), before="the sea\nand\n", finish=True)
    assert len([line for line in rest["text"].split("\n") if line.strip()]) == 2  # of four


def test_a_form_is_finished_line_by_line_and_can_be_hushed(handlers: Handlers) -> None:
    asked: dict[str, Any] = {
        "before": "the sea\n",
        "finish": True,
        "form": {"stanzas": "4", "acrostic": "tabc"},
    }
    answers = gone_on(handlers, Session(), **asked)
    assert [answer.get("more", False) for answer in answers] == [True, True, True, False]
    assert answers[-1]["text"] == answers[-2]["text"] and answers[-1]["receipt"]["kind"] == "form"
    assert [line.lstrip(" '+,.<>=\"/()")[0].lower() for line in answers[-1]["text"].split("\n")] == [*"abc"]
    session = Session()
    running = handlers.go_on(session, *DRAWN, event(**asked))
    next(running)
    handlers.hush(session)
    assert list(running) == []


def test_the_look_has_marks_and_a_sentence_and_says_how_near_the_form_is(handlers: Handlers) -> None:
    seen = handlers.look(
        "tiny", 14, event(text="one small grey bird\nsings", given=0, form={"name": "couplet"})
    )
    assert [(start, end) for start, end, _ in seen["marks"]] == [(0, 19)]
    assert "Longest run shared" in seen["overlap"] and "0 of 1 pairs of lines that rhyme" in seen["overlap"]
    assert "<script" not in handlers.look("tiny", 14, event(text="<script>alert(1)</script>"))["overlap"]
    assert handlers.look("tiny", 14, event(text=" \n"))["overlap"] == ""
    gone = handlers.look("tiny", 14, event(text="one small grey bird", poet="who has gone"))
    assert "Longest run shared" in gone["overlap"]
    long = handlers.look("tiny", 14, event(text="a " * MOST_FOLLOWED))
    assert ENGLISH.desk.too_long in long["overlap"]


@pytest.mark.parametrize(
    "bad",
    [
        {"before": 7},
        {"before": "x" * 2_000_001},
        {"form": {"stanzas": "4", "acrostic": "abc"}},
        {"form": {"rhyme": "A1"}},
        {"form": {"syllables": "many"}},
        {"form": {"syllables": "9" * 5_000}},
        {"form": {"name": "<b>"}},
        {"form": {"name": "couplet"}, "before": "a\nb\n"},
    ],
)
def test_bad_input_gives_one_sentence(handlers: Handlers, bad: dict[str, Any]) -> None:
    asked = {"before": "", "after": "", **bad}
    answers = [handlers.suggest(*DRAWN, event(**asked)), *gone_on(handlers, Session(), **asked, finish=True)]
    for answer in answers:
        assert set(answer) == {"ask", "error"} and answer["error"].count(". ") == 0, answer


@pytest.mark.parametrize(
    "text", ["line\n" * 10_000, "x" * 5_000 + "\n", "雪 Schnee снег ثلج\n", "\n\n\n", "\ud800\n"]
)
def test_odd_poems_are_gone_on_with(handlers: Handlers, text: str) -> None:
    assert len(handlers.suggest(*DRAWN, event(before=text, after=text))["lines"]) == 3
    assert "overlap" in handlers.look("tiny", 14, event(text=text, given=3))


def test_without_a_poet_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    handlers = Handlers(Shelf(tmp_path), ENGLISH)
    assert handlers.suggest(None, *DRAWN[1:], event(before=""))["error"] == ENGLISH.no_poets
    assert handlers.look(None, 14, event(text="a"))["error"] == ENGLISH.no_poets


def test_a_form_of_the_page() -> None:
    assert form_of(None) == form_of("x") == form_of({}) == (Form(), False)
    asked = {
        "name": "free",
        "syllables": "5, 7 5",
        "real_words": True,
        "rhyme": "",
        "acrostic": " ",
        "refrain": "",
    }
    assert form_of(asked) == (Form(syllables=(5, 7, 5)), True)
    assert form_of({"rhyme": "A1"}, quietly=True) == (Form(), False)
    assert form_of({"syllables": "8"}, 14) == (Form(stanzas=(14,), syllables=(8,)), False)
    assert form_of({"syllables": "8", "rhyme": "AABB"}, 14)[0].lines == 4


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["name", "rhyme", "syllables", "stanzas", "acrostic", "refrain"]),
        st.text(max_size=20),
    )
)
def test_no_form_breaks_the_page(data: dict[str, str]) -> None:
    form, real = form_of(data, quietly=True)
    assert isinstance(form, Form) and not real


def test_titles_are_proposed(handlers: Handlers) -> None:
    poem = "one small grey bird\nupon the sill\nthe bird, the small grey bird"
    assert 0 < len(handlers.entitle("tiny", event(text=poem))["titles"]) <= 3
    assert handlers.entitle("tiny", event(text=""))["error"]
    assert handlers.entitle("tiny", event(text=3))["error"]
