"""Writing line by line: the handlers, without a browser."""

import shutil
import threading
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poetbot.corpus.chinese_scripts import in_script
from poetbot.errors import PoetBotError
from poetbot.library.poets.names import write_name
from poetbot.locale import locale
from poetbot.web.components.island import handling
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.form_panel import FormFields, fields_of, form_of
from poetbot.web.tabs.write.line_by_line import (
    MAX_COMPARED,
    Comparison,
    GoOn,
    Handlers,
    LineQuestion,
    RhymeQuestion,
    TitleQuestion,
    note,
)
from poetbot.web.tabs.write.tab import PoemSettings, no_poets, with_settings
from poetbot.writing import CachedPoet, Form, Theme, form_named, recreate_suggestion
from poetbot.writing.form_fit import form_report
from poetbot.writing.next_line import ends_with

SEED = "the lamp is low and"
SETTINGS = PoemSettings("tiny", "", 0.7, 1.0, lines=4, rng=7, new_seed=False, guard=0, real_words=False)
EN = locale("en")


@pytest.fixture(scope="module")
def handlers(poet_root: Path) -> Handlers:
    return Handlers(PoetRegistry(poet_root), EN)


def continued(handlers: Handlers, session: Session, **data: Any) -> list[dict[str, Any]]:
    return list(handlers.go_on(GoOn(**data), SETTINGS, session))


def lines_of(handlers: Handlers, **data: Any) -> dict[str, Any]:
    return handlers.suggest(LineQuestion(**data), SETTINGS)


def compared(handlers: Handlers, chosen: str | None = "tiny", **data: Any) -> dict[str, Any]:
    return handlers.compare(Comparison(**data), chosen, 14)


def test_three_lines_are_suggested_and_then_three_different_ones(handlers: Handlers) -> None:
    first = lines_of(handlers, before="the sea\n", after="")
    assert first["poet"] == "tiny" and len(first["lines"]) == 3
    assert len({line["line"] for line in first["lines"]}) == 3
    cached = handlers.shelf.cached_poet("tiny")
    assert [recreate_suggestion(cached, line["receipt"]) for line in first["lines"]] == [
        line["text"] for line in first["lines"]
    ]
    assert lines_of(handlers, before="the sea\n", after="") == first
    others = lines_of(handlers, before="the sea\n", after="", turn=1)
    assert {line["line"] for line in others["lines"]} != {line["line"] for line in first["lines"]}


def test_each_poet_of_a_blend_suggests_alone(poet_root: Path, tmp_path: Path) -> None:
    write_name(shutil.copytree(poet_root / "tiny", tmp_path / "twin"), "twin")
    shelf = PoetRegistry(poet_root, own=tmp_path)
    handlers = Handlers(shelf, EN)
    shelf.of = lambda _: shelf  # type: ignore[method-assign]
    blend = replace(SETTINGS, second="twin", second_weight=2.0, one_each=True)
    found = handlers.suggest(LineQuestion("the sea\n"), blend)
    assert [line["by"] for line in found["lines"]] == ["twin", "tiny", "twin"]
    assert [line["receipt"]["poet"] for line in found["lines"]] == ["twin", "tiny", "twin"]
    alone = handlers.suggest(LineQuestion("the sea\n"), replace(blend, second=""))
    assert [line["by"] for line in alone["lines"]] == ["", "", ""]  # the control is hidden


def test_a_line_that_misses_its_form_has_a_note(handlers: Handlers) -> None:
    wanted = FormFields(stanzas="2", acrostic="tb", syllables="2")
    for line in lines_of(handlers, before="the sea\n", form=wanted)["lines"]:
        form = line["receipt"]["form"]
        assert (
            form == {"stanzas": [2], "syllables": [2], "acrostic": "tb"} and line["line"].strip()[0] in "bB"
        )
    missing = {"syllables": 7, "syllables_wanted": 8, "rhymes": False, "letter": False}
    said = note({"form": missing, "copied_words": 5}, EN)
    assert said == "7 of 8 syllables, no rhyme, wrong first letter, 5 words in a row from a training poem"
    met = {"syllables": 8, "syllables_wanted": 8, "rhymes": True, "letter": True}
    assert note({"form": met, "copied_words": 3}, EN) == note({"copied_words": None}, EN) == ""


def test_four_more_lines(handlers: Handlers) -> None:
    (more,) = continued(handlers, Session(), before="the sea\n")
    assert len([line for line in more["text"].split("\n") if line.strip()]) == 4


@pytest.mark.parametrize(("before", "one_stanza"), [("the sea\n", True), ("the\n\nsea\n", False)])
def test_a_poem_of_one_stanza_stays_one(handlers: Handlers, before: str, one_stanza: bool) -> None:
    (more,) = continued(handlers, Session(), before=before)
    assert more["one_stanza"] == one_stanza


def test_four_more_lines_follow_the_form_or_an_error_says_why_not(handlers: Handlers) -> None:
    form = FormFields(stanzas="6", acrostic="tabcde")
    *_, last = continued(handlers, Session(), before="the sea\n", form=form)
    assert [line.lstrip(" '+,.<>=\"/()")[0].lower() for line in last["text"].split("\n")] == [*"abcd"]
    assert last["receipt"]["kind"] == "form" and last["receipt"]["most_lines"] == 4
    *_, rest = continued(handlers, Session(), before="the\na\nb\nc\n", form=form)
    assert len(rest["text"].split("\n")) == 2
    with pytest.raises(PoetBotError, match="already has all 2 lines"):
        continued(handlers, Session(), before="the\na\n", form=FormFields(acrostic="ta"))
    with pytest.raises(PoetBotError, match="Set how many lines"):
        list(handlers.go_on(GoOn("the\n", FormFields(refrain="last")), replace(SETTINGS, lines=0), Session()))


@pytest.mark.parametrize("length", [4, 40, 0])
def test_an_ending_comes_line_by_line_whatever_the_length_is(handlers: Handlers, length: int) -> None:
    asked = GoOn("the sea\nand\n", finish=True)
    answers = list(handlers.go_on(asked, replace(SETTINGS, lines=length), Session()))
    texts = [answer["text"].split("\n") for answer in answers]
    assert [len(lines) for lines in texts] == [*range(1, len(texts)), len(texts) - 1] and 2 <= len(texts) <= 5
    assert all(answer["receipt"]["kind"] == "ending" for answer in answers)
    session = Session()
    running = handlers.go_on(asked, SETTINGS, session)
    next(running)
    handlers.cancel(session)
    assert list(running) == []


def test_the_rest_of_a_form_comes_line_by_line_and_can_be_cancelled(handlers: Handlers) -> None:
    asked: dict[str, Any] = {
        "before": "the sea\n",
        "finish": True,
        "form": FormFields(stanzas="4", acrostic="tabc"),
    }
    answers = continued(handlers, Session(), **asked)
    assert [answer.get("more", False) for answer in answers] == [True, True, True, False]
    assert answers[-1]["text"] == answers[-2]["text"] and answers[-1]["receipt"]["kind"] == "form"
    assert [line.lstrip(" '+,.<>=\"/()")[0].lower() for line in answers[-1]["text"].split("\n")] == [*"abc"]
    session = Session()
    running = handlers.go_on(GoOn(**asked), SETTINGS, session)
    next(running)
    handlers.cancel(session)
    assert list(running) == []


@pytest.mark.parametrize("form", [FormFields("couplet"), FormFields()])
def test_the_rest_is_prepared_before_the_engine_writes_it(
    poet_root: Path, form: FormFields, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers, threads, prepare = Handlers(PoetRegistry(poet_root), EN), [], CachedPoet.prepare

    def prepared(cached: CachedPoet, *form: Any, **how: Any) -> None:
        threads.append(threading.current_thread().name)
        prepare(cached, *form, **how)

    monkeypatch.setattr(CachedPoet, "prepare", prepared)
    asked = GoOn("the sea\n", form, finish=True)
    assert list(handlers.go_on(asked, replace(SETTINGS, lines=0), Session()))
    assert threads[0] != "writing"


def test_lines_endings_and_titles_are_about_the_theme(handlers: Handlers) -> None:
    theme = Theme("lamp", "rain")
    found = lines_of(handlers, before="the sea\n", theme=theme)
    assert "no word vectors" in found["notice"]
    receipts = [line["receipt"] for line in found["lines"]]
    for finish in (False, True):
        last = continued(handlers, Session(), before="the sea\n", finish=finish, theme=theme)[-1]
        assert "no word vectors" in last["notice"]
        receipts.append(last["receipt"])
    assert {(each["theme"]["about"], each["theme"]["avoid"]) for each in receipts} == {("lamp", "rain")}
    asked = TitleQuestion("The rain is low,\nthe lamp is long.\n", theme=theme)
    titles = handlers.suggest_titles(asked, "tiny")["titles"]
    assert titles and not any("Rain" in title for title in titles)


def test_rhymes_are_found_and_lines_end_in_one(handlers: Handlers) -> None:
    found = handlers.rhymes(RhymeQuestion("stay", "And no one asks the rain to stay,\n"), "tiny")
    assert "grey" in found["perfect"] and found["status"]
    avoiding = handlers.rhymes(RhymeQuestion("stay", theme=Theme(avoid="grey")), "tiny")
    assert "grey" not in avoiding["perfect"]
    with pytest.raises(PoetBotError, match="rhymes with wasp"):
        handlers.rhymes(RhymeQuestion("wasp"), "tiny")
    lines = lines_of(handlers, before="And no one asks the rain to stay,\n", ends_in="grey")["lines"]
    assert {line["receipt"]["ends_in"] for line in lines} == {"grey"}
    assert [line["line"] for line in lines if not ends_with(line["line"], "grey")] == []
    with pytest.raises(PoetBotError, match="Give an English word"):
        handlers.rhymes(RhymeQuestion("雨"), "tiny")


def test_a_comparison_has_marks_and_a_sentence_and_says_how_near_the_form_is(handlers: Handlers) -> None:
    seen = compared(handlers, text="one small grey bird\nupon the shore", form=FormFields("couplet"))
    assert [(start, end) for start, end, _ in seen["marks"]] == [(0, 28)]
    assert (
        "the four-word phrases" in seen["overlap_html"]
        and "0 of 1 pairs of lines that rhyme" in seen["overlap_html"]
    )
    seen = compared(
        handlers,
        text="the lamp is low\nbutterflies beneath",
        form=FormFields(metre="iambic", syllables="4", stanzas="2"),
    )
    assert "1 of 2 lines that scan" in seen["overlap_html"]
    assert "<script" not in compared(handlers, text="<script>alert(1)</script>")["overlap_html"]
    assert compared(handlers, text=" \n")["overlap_html"] == ""
    gone = compared(handlers, text="one small grey bird", poet="who has gone")
    assert "the four-word phrases" in gone["overlap_html"]
    with pytest.raises(PoetBotError, match="Use the Overlap tab"):
        compared(handlers, text="a " * MAX_COMPARED)


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
    asked = SimpleNamespace(_data={"id": 5, "before": "", "finish": True, **bad})
    suggesting = handling(with_settings(handlers.suggest), LineQuestion, EN)
    going_on = handling(with_settings(handlers.go_on), GoOn, EN)
    values = [getattr(SETTINGS, each.name) for each in fields(SETTINGS)]
    for answer in (suggesting(asked, None, *values), *going_on(asked, None, *values, Session())):
        assert set(answer) == {"id", "error"} and answer["error"].count(". ") <= 1, answer


@pytest.mark.parametrize(
    "text", ["line\n" * 10_000, "x" * 5_000 + "\n", "雪 Schnee снег ثلج\n", "\n\n\n", "\ud800\n"]
)
def test_unusual_poems_get_suggestions_too(handlers: Handlers, text: str) -> None:
    assert len(lines_of(handlers, before=text, after=text)["lines"]) == 3
    assert "overlap_html" in compared(handlers, text=text, typed=[[0, 3]])


def test_a_poem_that_is_all_typed_is_compared_with_nothing(handlers: Handlers) -> None:
    text = "one small grey bird\nupon the sill"  # a training poem
    assert (
        compared(handlers, text=text)["marks"] and "phrases" in compared(handlers, text=text)["overlap_html"]
    )
    answer = compared(handlers, text=text, typed=[[0, len(text)]], form=FormFields("couplet"))
    assert answer["marks"] == [] and answer["lines"] == 2
    assert "phrase" not in answer["overlap_html"] and "own" not in answer["overlap_html"]


def test_without_a_poet_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    handlers = Handlers(PoetRegistry(tmp_path), EN)
    with pytest.raises(PoetBotError) as refused:
        handlers.suggest(LineQuestion(""), replace(SETTINGS, poet=None))
    assert str(refused.value) == no_poets(EN)
    with pytest.raises(PoetBotError) as refused:
        compared(handlers, None, text="a")
    assert str(refused.value) == no_poets(EN)


def test_the_fields_of_the_panel_become_a_form() -> None:
    assert form_of(FormFields()) == Form()
    assert form_of(FormFields(syllables="5, 7 5", acrostic=" ")) == Form(syllables=(5, 7, 5))
    assert form_of(FormFields(rhyme="A1"), quietly=True) == Form()
    assert form_of(FormFields(syllables="8"), 14) == Form(stanzas=(14,), syllables=(8,))
    assert form_of(FormFields(syllables="8", rhyme="AABB"), 14).lines == 4
    in_metre = Form(stanzas=(14,), syllables=(10,), metre="iambic")
    assert form_of(FormFields(metre="iambic"), 14) == in_metre
    assert form_of(FormFields(metre="iambic", syllables="8,6"), 14).lines == 2
    assert form_of(FormFields("sonnet")) == form_of(FormFields("sonnet", metre="iambic"))
    assert form_of(FormFields("sonnet", metre="none")) == Form(rhyme="ABAB CDCD EFEF GG")
    assert form_of(FormFields(metre="none"), 14) == Form()


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["name", "rhyme", "syllables", "stanzas", "acrostic", "refrain", "metre"]),
        st.text(max_size=20),
    )
)
def test_no_fields_of_the_panel_raise_when_read_quietly(data: dict[str, str]) -> None:
    assert isinstance(form_of(FormFields(**data), quietly=True), Form)


@pytest.mark.parametrize(
    "form",
    [
        *(form_of(FormFields(name)) for name in ("haiku", "sonnet", "ballad", "free")),
        form_named("sonnet", metre="none"),
        Form(rhyme="AABB", metre="anapaestic"),
        Form(stanzas=(3, 3), refrain="last"),
        Form(acrostic="lamp", syllables=(8,)),
        Form(stanzas=(2, 2), rhyme="AABB"),
        Form(stanzas=(5,), syllables=(7,)),
        form_named("五绝"),
        form_named("七律", rhyme_book="xinyun"),
        form_named("七绝", rhyme_book="none", acrostic="春夏秋冬", rhyme="AA-A"),
    ],
)
def test_a_form_of_a_receipt_is_shown_as_it_was_chosen(form: Form) -> None:
    shown = fields_of(form)
    assert form_of(shown) == form
    if form.syllables == (5, 7, 5):
        assert shown == FormFields("haiku")
    if form.rhyme.startswith("ABAB"):
        assert shown.name == "sonnet"


def test_the_rhyme_book_of_the_panel_is_for_the_chinese_forms() -> None:
    assert form_of(FormFields("五绝", rhyme_book="xinyun")) == form_named("五绝", rhyme_book="xinyun")
    assert form_of(FormFields("五绝")).rhyme_book == "pingshui"
    assert form_of(FormFields("五绝", rhyme_book="none")).rhyme_book == ""
    assert form_of(FormFields("haiku", rhyme_book="pingshui")) == form_named("haiku")
    before = {"stanzas": [4], "syllables": [5], "rhyme": "-A-A", "couplets": True}
    assert fields_of(Form.from_json(before)) == FormFields("五绝", rhyme_book="none")


def test_lines_come_in_the_script_of_the_poem(chinese_poet: Path, tmp_path: Path) -> None:
    shutil.copytree(chinese_poet, tmp_path / "tang")
    handlers, settings = Handlers(PoetRegistry(tmp_path), EN), replace(SETTINGS, poet="tang")
    before, form = "钟传古寺声，\n门前一", FormFields("五绝")
    for each in handlers.suggest(LineQuestion(before, form=form), settings)["lines"]:
        assert each["line"].startswith("门前一") and each["receipt"]["script"] == "simplified"
        assert in_script(each["line"], "simplified") == each["line"]
        assert recreate_suggestion(handlers.shelf.cached_poet("tang"), each["receipt"]) == each["text"]
    for finish in (False, True):
        *_, last = handlers.go_on(GoOn(before, form, finish), settings, Session())
        assert in_script(last["text"], "simplified") == last["text"]
        assert last["receipt"] is not None and last["receipt"]["script"] == "simplified"
    chosen = handlers.suggest(LineQuestion("", form=form), replace(settings, script="simplified"))
    assert all(in_script(each["line"], "simplified") == each["line"] for each in chosen["lines"])
    rhymes = handlers.rhymes(RhymeQuestion("声", before), "tang")
    assert "轻" in rhymes["perfect"] and "轻" not in handlers.rhymes(RhymeQuestion("聲"), "tang")["perfect"]


def test_lines_that_are_too_many_are_counted(handlers: Handlers) -> None:
    found = compared(handlers, text="the sea\n" * 8, form=FormFields(stanzas="5"))
    assert "3 lines too many" in found["overlap_html"] and "8 of 5" not in found["overlap_html"]
    report = form_report("a\n" * 8, Form(stanzas=(5,)), handlers.shelf.cached_poet("tiny").sounds)
    assert report.sentence() == "The poem has 3 lines too many."


def test_a_comparison_has_the_sounds_of_the_lines_if_they_are_asked_for(
    handlers: Handlers, chinese_poet: Path, poet_root: Path, tmp_path: Path
) -> None:
    text = "The small grey bird sings in the tree\nand no one listens\n\nto it but the sea"
    assert "sounds" not in compared(handlers, text=text)
    assert compared(handlers, text=text, sounds=True)["sounds"] == [
        {"syllables": 8, "letter": "A"},
        {"syllables": 5, "letter": ""},
        None,
        {"syllables": 5, "letter": "A"},
    ]
    shutil.copytree(chinese_poet, tmp_path / "tang")
    shutil.copytree(poet_root / "tiny", tmp_path / "german")
    (tmp_path / "german" / "words.json").write_text('{"wäre": 400, "blühn": 300}', encoding="utf-8")
    others = Handlers(PoetRegistry(tmp_path), EN)
    assert compared(others, "tang", text="日出东，\n雪满冬。", sounds=True)["sounds"] == [
        {"syllables": 3, "letter": "A"},
        {"syllables": 3, "letter": "A"},
    ]
    by_pingshui = compared(others, "tang", text="日出东，\n雪满冬。", form=FormFields("五绝"), sounds=True)
    assert {each["letter"] for each in by_pingshui["sounds"]} == {""}
    assert compared(others, "german", text="Der Mond ist blass", sounds=True)["sounds"] is None


def test_titles_are_suggested(handlers: Handlers) -> None:
    poem = "one small grey bird\nupon the sill\nthe bird, the small grey bird"
    assert 0 < len(handlers.suggest_titles(TitleQuestion(poem), "tiny")["titles"]) <= 3
    with pytest.raises(PoetBotError, match="no poem"):
        handlers.suggest_titles(TitleQuestion(""), "tiny")
