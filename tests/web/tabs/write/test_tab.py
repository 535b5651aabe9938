"""The handlers of the controls, without a browser."""

import math
import shutil
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from poetbot.corpus.chinese_scripts import in_script
from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.poets.folder import load
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import FinishedPoem, Session
from poetbot.web.tabs.write import streaming
from poetbot.web.tabs.write.form_panel import FormFields
from poetbot.web.tabs.write.openings import CHINESE_OPENINGS, OPENINGS, openings_for, random_opening
from poetbot.web.tabs.write.tab import (
    DRAFTS,
    Handlers,
    PoemSettings,
    WriteRequest,
    WrittenDraft,
    blend_controls,
    build,
    default_settings,
    length_of_receipt,
    poets,
    refreshed_poets,
    settings_of_poet,
    usual_length,
)
from poetbot.writing import (
    RecreatedPoem,
    Request,
    Theme,
    Writer,
    recreate_poem,
    request_of_receipt,
    write,
    write_best_of,
)

SEED, RNG, LINES = "what was in it, and", 7, 4
SETTINGS: dict[str, Any] = {
    "poet": "tiny",
    "seed": SEED,
    "temperature": 0.7,
    "top_p": 1,
    "lines": LINES,
    "rng": RNG,
    "new_seed": False,
    "guard": 0,
    "real_words": False,
}


@pytest.fixture
def handlers(poet_root: Path) -> Handlers:
    return Handlers(PoetRegistry(poet_root), locale("en"))


def written(
    handlers: Handlers, session: Session, form: FormFields | None = None, **changed: Any
) -> list[dict[str, Any]]:
    settings, message = PoemSettings(**SETTINGS | changed), WriteRequest(form or FormFields())
    return [value for value, _ in handlers.write(message, settings, session)]


def ended(handlers: Handlers, session: Session, draft: int, shown: int | None = None) -> dict[str, Any]:
    return handlers.ended(WrittenDraft(draft, shown), session)


def test_a_poem_comes_in_pieces_and_is_kept_when_typing_has_ended(handlers: Handlers) -> None:
    session = Session()
    values = written(handlers, session)
    assert [value["done"] for value in values] == [False] * (len(values) - 1) + [True]
    assert all(values[-1]["text"].startswith(value["text"]) for value in values)
    assert session.kept == []
    final = ended(handlers, session, values[-1]["draft"], len(values[-1]["text"]))
    assert final["text"] == SEED + values[-1]["text"]
    assert "the four-word phrases" in final["overlap_html"] and "tiny" in final["receipt_html"]
    assert (
        "<script" not in final["overlap_html"] + final["receipt_html"] and "<img" not in final["overlap_html"]
    )
    assert [kept.poem.text for kept in session.kept] == [final["text"]]
    assert ended(handlers, session, values[-1]["draft"], 1) == {}  # only once


@pytest.mark.parametrize(
    ("begun", "whole"), [("a\nb\n\nc\n", 4), ("a\nb\nc and", 4), ("a\nb\nc\nd\ne\n", 6), ("a", 4)]
)
def test_the_length_counts_the_lines_that_are_there(handlers: Handlers, begun: str, whole: int) -> None:
    session, settings = Session(), PoemSettings(**SETTINGS)
    *_, (value, _) = handlers.write(WriteRequest(continued=begun), settings, session)
    poem = ended(handlers, session, value["draft"])
    assert (
        poem["text"].startswith(begun)
        and sum(1 for line in poem["text"].split("\n") if line.strip()) == whole
    )
    assert length_of_receipt(poem["receipt"]) == whole


def test_stop_keeps_exactly_what_was_seen(handlers: Handlers) -> None:
    session = Session()
    values = written(handlers, session)
    final = ended(handlers, session, 1, 9)
    assert final["text"] == SEED + values[-1]["text"][:9]
    assert session.kept[0].poem.receipt["stop_after"] == 9
    assert "You stopped after 9 characters" in final["receipt_html"]


def test_a_poem_is_written_in_a_form_and_stopped_in_it(handlers: Handlers) -> None:
    session, form = Session(), FormFields(acrostic="abcd")
    values = written(handlers, session, seed="", form=form)
    assert values[-1]["lines"] == 4 and values[-1]["done"]
    final = ended(handlers, session, 1, 10_000)
    assert "The poem fits its form" in final["overlap_html"] and "--acrostic=abcd" in final["receipt_html"]
    again = list(handlers.another(WrittenDraft(1), session))
    assert session.drafts[2].request.form.acrostic == "abcd" and again[-1][0]["text"] != values[-1]["text"]
    written(handlers, session, seed="", form=form)
    stopped = ended(handlers, session, 3, 9)
    assert stopped["text"] == values[-1]["text"][:9] and "4 lines" in stopped["overlap_html"]
    with pytest.raises(PoetBotError, match="contradicts itself"):
        written(handlers, session, form=FormFields(stanzas="4", acrostic="abc"))
    written(handlers, session, seed="", real_words=True)
    request = session.drafts[4].request
    assert isinstance(request, Request) and request.real_words


def test_a_poem_is_about_its_theme_and_so_is_another(handlers: Handlers) -> None:
    session, settings = Session(), PoemSettings(**SETTINGS)
    asked = WriteRequest(theme=Theme("bird", "rain"))
    values = [value for value, _ in handlers.write(asked, settings, session)]
    assert "no word vectors" in values[0]["notices"][0]
    final = ended(handlers, session, 1, 10_000)
    assert final["receipt"]["theme"] == {"about": "bird", "avoid": "rain", "words": {"bird": 1, "rain": -1}}
    list(handlers.another(WrittenDraft(1), session))
    assert ended(handlers, session, 2, 10_000)["receipt"]["theme"]["about"] == "bird"


def test_a_poem_without_a_theme_is_about_its_first_words(handlers: Handlers) -> None:
    session = Session()
    values = written(handlers, session, seed="the lamp is low and")
    assert not values[0]["notices"]
    theme = ended(handlers, session, 1, 10_000)["receipt"]["theme"]
    assert theme["about"] == "" and theme["from_opening"] and theme["words"]["lamp"] == 1
    written(handlers, session, seed="")
    assert "theme" not in ended(handlers, session, 2, 10_000)["receipt"]


def test_the_best_of_many_drafts_is_shown_and_another_is_the_next_best(handlers: Handlers) -> None:
    session, settings = Session(), PoemSettings(**SETTINGS | {"lines": 2, "guard": 8, "best_of_many": True})
    values = list(handlers.write(WriteRequest(), settings, session))
    counted = [value["drafting"] for value, _ in values[:-1]]
    assert counted == [f"{n} of {DRAFTS} drafts…" for n in range(DRAFTS + 1)]
    assert values[-1][0]["done"] and values[-1][1] == RNG
    cached = handlers.shelf.cached_poet("tiny")
    theme = Theme().or_opening(SEED)
    ranked = write_best_of(cached, Request(SEED, 0.7, 1.0, lines=2, rng=RNG, guard=8, theme=theme), DRAFTS)
    best = ended(handlers, session, 1, 10_000)
    assert best["text"] == ranked[0].poem.text and best["receipt"] == ranked[0].poem.receipt
    ((value, rng),) = handlers.another(WrittenDraft(1), session)
    assert value["done"] and rng == ranked[1].poem.rng
    stopped = ended(handlers, session, 2, 3)
    assert stopped["text"] == ranked[1].poem.text[: len(SEED) + 3]
    again = request_of_receipt(stopped["receipt"], cached.poet)
    assert write(cached.poet, again, cached.index).text == stopped["text"]
    assert len(session.kept[-1].others) == DRAFTS - 2
    for number in range(2, DRAFTS):
        list(handlers.another(WrittenDraft(number), session))
        ended(handlers, session, number + 1)
    more = list(handlers.another(WrittenDraft(DRAFTS), session))  # then there are new drafts
    assert len(more) == DRAFTS + 2 and more[-1][0]["done"]


def test_up_to_three_poets_write_together(poet_root: Path, tmp_path: Path) -> None:
    for name in ("twin", "triplet"):
        shutil.copytree(poet_root / "tiny", tmp_path / name)
    shelf, session = PoetRegistry(poet_root, own=tmp_path), Session()
    handlers = Handlers(shelf, locale("en"))
    handlers.shelf.of = lambda _: shelf  # type: ignore[method-assign]
    both = {"second": "twin", "second_weight": 0.5}
    assert PoemSettings(**SETTINGS | both).poet_or_blend == "tiny:1,twin:0.5"
    assert PoemSettings(**SETTINGS, third="twin").poet_or_blend == "tiny"  # whose place is hidden
    settings = PoemSettings(**SETTINGS | both, third="triplet", third_weight=2.0)
    values = list(handlers.write(WriteRequest(), settings, session))
    assert values[-1][0]["done"]
    final = ended(handlers, session, 1, 10_000)
    assert final["poet"] == "tiny:1,twin:0.5,triplet:2" and len(final["receipt"]["blend"]) == 3
    list(handlers.another(WrittenDraft(1), session))
    assert ended(handlers, session, 2, 5)["receipt"]["blend"] == final["receipt"]["blend"]
    assert settings_of_poet(final["poet"]) == {
        "poet": "tiny",
        "second": "twin",
        "second_weight": 0.5,
        "third": "triplet",
        "third_weight": 2.0,
    }
    assert settings_of_poet("a:b")["poet"] == "a:b" and settings_of_poet("tiny")["second"] == ""


def test_poets_to_blend_with_share_the_vocabulary_of_the_chosen_one(
    poet_root: Path, chinese_poet: Path, tmp_path: Path
) -> None:
    shutil.copytree(poet_root / "tiny", tmp_path / "twin")
    shutil.copytree(chinese_poet, tmp_path / "tang")
    shelf = PoetRegistry(poet_root, own=tmp_path)
    settings = {"poet": "tiny", "second": "twin", "second_weight": 4.0, "third": "tang", "third_weight": 1.0}
    found = blend_controls(shelf, locale("en"), settings)
    assert [value for _, value in found["second"].choices] == ["", "twin"] and found["second"].value == "twin"
    assert found["second_weight"].visible and found["second_weight"].maximum == 4
    assert found["third"].value == "" and not found["third"].visible and not found["third_weight"].visible
    alone = blend_controls(shelf, locale("en"), settings | {"poet": "tang"})
    assert alone["second"].value == "" and not alone["second"].visible
    assert not alone["second_weight"].visible
    assert found["one_each"].visible and not alone["one_each"].visible


def test_drafts_can_be_stopped_and_a_form_needs_none(handlers: Handlers) -> None:
    session, settings = Session(), PoemSettings(**SETTINGS | {"best_of_many": True})
    running = handlers.write(WriteRequest(), settings, session)
    next(running)
    session.going_on = None  # as `cancel` does
    assert list(running) == []
    asked = WriteRequest(FormFields("couplet"))
    formed = [value for value, _ in handlers.write(asked, settings, session)]
    assert formed[-1]["done"] and "one poem" in formed[-1]["notices"][0]


@pytest.mark.parametrize("lines", [2, 40])  # two are written at once behind the first letter
def test_stop_in_the_middle_of_writing_ends_the_event(handlers: Handlers, lines: int) -> None:
    session = Session()
    running = handlers.write(WriteRequest(), PoemSettings(**SETTINGS | {"lines": lines}), session)
    next(running)
    ended(handlers, session, 1, 1)
    assert list(running) == []


def test_stop_before_anything_was_seen_keeps_nothing(handlers: Handlers) -> None:
    session = Session()
    written(handlers, session)
    assert ended(handlers, session, 1, 0) == {"draft": 1, "empty": True}
    assert session.kept == []


def test_another_poem_is_written_with_the_same_settings(handlers: Handlers) -> None:
    session = Session()
    written(handlers, session)
    ended(handlers, session, 1, 5)
    values = list(handlers.another(WrittenDraft(1), session))
    draft = session.drafts[2]
    assert draft.request.rng != RNG and draft.request.seed == SEED and draft.request.stop_after is None
    assert values[0][1] == draft.request.rng and values[-1][0]["done"]
    with pytest.raises(PoetBotError, match="Press Write"):
        list(handlers.another(WrittenDraft(99), session))


@pytest.mark.parametrize(
    "bad",
    [
        {"temperature": math.nan},
        {"temperature": -1},
        {"temperature": None},
        {"top_p": 0},
        {"lines": -4},
        {"lines": 4.5},
        {"rng": None},
        {"rng": -1},
        {"guard": -1},
        {"guard": 2.5},
        {"guard": "8"},
        {"seed": "x" * 20_001},
        {"poet": "../tiny"},
        {"poet": "<b>"},
        {"poet": None},
    ],
)
def test_bad_input_gives_one_sentence(handlers: Handlers, bad: dict[str, Any]) -> None:
    with pytest.raises(PoetBotError) as refused:
        written(handlers, Session(), **bad)
    sentence = handlers.language.say(refused.value)
    assert sentence and sentence.count(". ") <= 1


@pytest.mark.parametrize(
    "seed", ["", "a", "x" * 5_000, "雪 and 🙂", "<script>alert(1)</script>", "+" * 9, "\n\n\n"]
)
def test_any_first_words_are_accepted(handlers: Handlers, seed: str) -> None:
    session = Session()
    values = written(handlers, session, seed=seed, new_seed=True)
    final = ended(handlers, session, 1, 10_000)
    assert final["text"] == values[-1]["seed"] + values[-1]["text"]
    assert "<script" not in final["overlap_html"] + final["receipt_html"]


def longest(session: Session) -> int:
    return int(session.kept[-1].report["longest"]["words"])


def test_the_guard_prevents_long_copied_phrases(handlers: Handlers) -> None:
    session = Session()
    for number, guard in enumerate((0, 4, 6, 8), 1):
        values = written(handlers, session, guard=guard)
        final = ended(handlers, session, 2 * number - 1, 10_000)
        assert final["notices"] == values[-1]["notices"] == ()
        assert (longest(session) < guard) if guard else (longest(session) >= 8)
        assert (f"--guard {guard}" in final["receipt_html"]) == bool(guard)
        # A poem that is stopped is written again with the same guard.
        again = written(handlers, session, guard=guard)
        ended(handlers, session, again[-1]["draft"], 30)
        assert session.kept[-1].poem.text == SEED + values[-1]["text"][:30]


def test_another_poem_keeps_the_guard(handlers: Handlers) -> None:
    session = Session()
    written(handlers, session, guard=4)
    ended(handlers, session, 1, 10_000)
    list(handlers.another(WrittenDraft(1), session))
    assert session.drafts[2].request.guard == session.drafts[2].guarded.guard == 4


def test_marks_only_grow_until_they_are_those_of_the_finished_poem(handlers: Handlers) -> None:
    session = Session()
    values = written(handlers, session)
    final = ended(handlers, session, 1, 10_000)
    assert values[-1]["marks"] and values[-1]["marks"] == final["marks"]
    for earlier, later in pairwise(values):
        assert kinds(earlier).items() <= kinds(later).items()


def kinds(value: dict[str, Any]) -> dict[int, str]:
    return {at: kind for start, end, kind in value["marks"] for at in range(start, end)}


def test_marks_are_found_again_where_the_poem_has_grown_by_a_quarter(
    poet_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a fake clock on which each letter takes long enough for a piece."""
    shelf, clock, lengths = PoetRegistry(poet_root), [1000.0], []

    def found(index: Any, text: str, *asked: Any, **how: Any) -> list[Any]:
        lengths.append(len(text) - len(SEED))
        return []

    def tick() -> float:
        clock[0] += 2.0
        return clock[0]

    monkeypatch.setattr(streaming, "time", SimpleNamespace(monotonic=tick))
    monkeypatch.setattr(streaming, "marks", found)
    writer = Writer(shelf.poet("tiny"), Request(SEED, rng=RNG, lines=40))
    assert len(list(streaming.pieces(writer, shelf.index("tiny"), shelf.engine))) > len(lengths) > 5
    assert all(later >= 1.25 * earlier for earlier, later in pairwise(lengths))


def test_without_an_index_the_page_says_so(poets_without_index: Path) -> None:
    handlers, session = Handlers(PoetRegistry(poets_without_index), locale("en")), Session()
    values = written(handlers, session, guard=8)
    final = ended(handlers, session, 1, 1000)
    assert "its poet came without an index" in final["overlap_html"]
    notices = ("Still training, so copy protection is off.",)
    assert values[0]["notices"] == final["notices"] == notices and values[-1]["marks"] == []
    assert "--guard" not in final["receipt_html"]
    written(handlers, session, guard=0)  # who asks for no guard needs no notice
    assert ended(handlers, session, 2, 1000)["notices"] == ()


def test_a_chinese_poet_copies_fewer_than_seven_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = PoetRegistry(tmp_path)
    signs = SimpleNamespace(vocabulary=SimpleNamespace(symbols=tuple("山中雨未停a")))
    monkeypatch.setattr(shelf, "poet", lambda name: signs)
    monkeypatch.setattr(shelf, "index", lambda name: object())
    assert [shelf.guard("signs", n) for n in (0, 4, 8, 12)] == [0, 4, 7, 7]


def test_without_a_poet_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    handlers = Handlers(PoetRegistry(tmp_path), locale("en"))
    with pytest.raises(PoetBotError, match="poetbot train"):
        written(handlers, Session(), poet=None)
    assert poets(PoetRegistry(tmp_path), None, None, locale("en")).value is None


def test_a_session_drops_its_oldest_poems(handlers: Handlers) -> None:
    session = Session()
    written(handlers, session)
    ended(handlers, session, 1, 1000)
    first = session.kept[0]
    for number in range(2, 200 + 3):
        session.keep(FinishedPoem(number, first.poet, first.request, first.poem, None))
    assert len(session.kept) == 200 and session.find(1) is None
    for _ in range(9):
        session.begin("tiny", first.request)
    assert len(session.drafts) <= 5


def test_a_poet_that_changed_is_loaded_again(poets_without_index: Path) -> None:
    import os

    shelf = PoetRegistry(poets_without_index)
    before = shelf.poet("tiny")
    assert shelf.poet("tiny") is before
    os.utime(poets_without_index / "tiny" / "poet.json", ns=(1, 1))
    assert shelf.poet("tiny") is not before


def test_a_random_opening_differs_from_the_current_one() -> None:
    assert len(set(OPENINGS)) == len(OPENINGS) >= 40
    assert all(line == line.strip() and "\n" not in line and len(line) < 50 for line in OPENINGS)
    assert all(random_opening(OPENINGS[0]) != OPENINGS[0] for _ in range(200))


def test_a_chinese_poet_has_openings_in_its_script(handlers: Handlers, chinese_poet: Path) -> None:
    openings = openings_for(load(chinese_poet).vocabulary.symbols)
    assert "水壺鳴未歇，" in openings and "一燈分兩影，" in openings
    assert len(set(openings)) == len(CHINESE_OPENINGS) >= 20
    assert handlers.random_opening("gone", "") in OPENINGS
    assert (
        handlers.random_opening("tiny", OPENINGS[0]) in OPENINGS[1:]
        and random_opening("", openings) in openings
    )


def test_a_chinese_page_begins_with_the_chinese_poet(
    poet_root: Path, chinese_poet: Path, tmp_path: Path
) -> None:
    shutil.copytree(poet_root / "tiny", tmp_path / "english")
    shutil.copytree(chinese_poet, tmp_path / "tang")
    assert _first_shown(tmp_path, "en") == "english"
    assert _first_shown(tmp_path, "zh") == "tang"
    assert _first_shown(poet_root, "zh") == "tiny"  # where it isn't there


def test_a_simplified_seed_is_answered_in_simplified_unless_another_script_is_chosen(
    chinese_poet: Path, poet_root: Path, tmp_path: Path
) -> None:
    shutil.copytree(chinese_poet, tmp_path / "tang")
    shutil.copytree(poet_root / "tiny", tmp_path / "english")
    handlers, session = Handlers(PoetRegistry(tmp_path), locale("en")), Session()
    cached = handlers.shelf.cached_poet("tang")
    for seed, chosen, form, begins, script in (
        ("钟传古寺声，\n", "", FormFields("五绝"), "钟传古寺声，\n", "simplified"),
        ("钟传古寺声，\n", "", FormFields(), "钟传古寺声，\n", "simplified"),
        ("鐘傳古寺聲，\n", "", FormFields("五绝"), "鐘傳古寺聲，\n", ""),
        ("鐘傳古寺聲，\n", "simplified", FormFields(), "钟传古寺声，\n", "simplified"),
        ("钟传古寺声，\n", "traditional", FormFields(), "鐘傳古寺聲，\n", ""),
        ("山中", "", FormFields(), "山中", ""),
    ):
        values = written(handlers, session, form, poet="tang", seed=seed, script=chosen)
        assert all(values[-1]["text"].startswith(value["text"]) for value in values)
        final = ended(handlers, session, values[-1]["draft"])
        assert final["text"] == values[-1]["seed"] + values[-1]["text"]
        assert final["text"].startswith(begins) and final["receipt"].get("script", "") == script
        written_again = [*recreate_poem(final["receipt"], lambda _: cached)][-1]
        assert isinstance(written_again, RecreatedPoem) and written_again.text == final["text"]
        if script:
            assert in_script(final["text"], "simplified") == final["text"] and final["text"] in final["file"]
    assert handlers.script_shown("tang").visible and not handlers.script_shown("english").visible
    values = written(handlers, session, poet="english", script="simplified")
    assert "script" not in ended(handlers, session, values[-1]["draft"])["receipt"]


def test_the_length_follows_the_poet_unless_another_was_chosen(
    poet_root: Path, chinese_poet: Path, tmp_path: Path
) -> None:
    shutil.copytree(poet_root / "tiny", tmp_path / "english")
    shutil.copytree(chinese_poet, tmp_path / "tang")
    handlers, session = Handlers(PoetRegistry(tmp_path), locale("en")), Session()
    assert [usual_length(handlers.shelf, poet) for poet in ("english", "tang", None, "gone")] == [
        14,
        8,
        14,
        14,
    ]
    assert default_settings(handlers.shelf, locale("zh")).lines == 8
    assert handlers.length("tang", 14, session) == 8 and handlers.length("english", 8, session) == 14
    assert handlers.length("tang", 20, session) == 20 and handlers.length("english", 20, session) == 20
    handlers.length_chosen(session)
    assert handlers.length("english", 8, session) == 8 and handlers.length("tang", 14, session) == 14


def _first_shown(root: Path, language: str) -> Any:
    with gr.Blocks():
        controls = build(PoetRegistry(root), locale(language))
    assert poets(PoetRegistry(root), None, None, locale(language)).value == controls.poet.value
    return controls.poet.value


def test_the_temperature_warns_where_words_break(poet_root: Path, chinese_poet: Path) -> None:
    handlers = Handlers(PoetRegistry(poet_root), locale("en"))
    assert "words may break" in handlers.ends("tiny", 1.0, False)
    for poet, temperature, real_words in (
        ("tiny", 0.9, False),
        ("gone", 1, False),
        (None, 1, False),
        ("tiny", 1.0, True),
    ):
        assert "words may break" not in handlers.ends(poet, temperature, real_words)
    chinese = Handlers(PoetRegistry(chinese_poet.parent), locale("en"))
    assert "words may break" not in chinese.ends(chinese_poet.name, 1.0, False)


def test_a_refreshed_list_of_poets_leaves_the_choice_alone(poet_root: Path) -> None:
    shelf, language = PoetRegistry(poet_root), locale("en")
    kept = refreshed_poets(shelf, "tiny", None, language)
    assert kept.constructor_args == {"choices": ["tiny"]}  # no value: another poet may be chosen meanwhile
    assert refreshed_poets(shelf, "gone", None, language).value == "tiny"
