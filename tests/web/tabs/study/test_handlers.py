"""The Study tab's handlers, as Gradio calls them, without a browser."""

import base64
import csv
import io
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_type_hints

import pytest

from poetbot.locale import locale
from poetbot.poets.folder import load, save_epoch
from poetbot.storage import json_bytes
from poetbot.study import count_words
from poetbot.study.chinese_words import count_chinese_words, store_chinese_words
from poetbot.study.stored_verse_shares import store_shares
from poetbot.web.components.island import handling
from poetbot.web.components.templates import gradio_template
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import FinishedPoem, Session
from poetbot.web.tabs.study import handlers as study_handlers
from poetbot.web.tabs.study import sources, word_clouds
from poetbot.web.tabs.study import surprise as study_surprise
from poetbot.web.tabs.study.handlers import Handlers
from poetbot.web.tabs.study.page import page_values
from poetbot.writing import Request, write

ENGLISH = locale("en")
NO_SUCH_CHOICE = "This choice no longer exists"
NO_POEM = "There is no poem yet"
XSS = "<script>lamp</script> & \"lamp\" 'song' long"
POEM = f"The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\n{XSS}\nTo sing, to sing a song"
CHOICES = {
    "poet": "tiny",
    "by": "count",
    "common": "none",
    "unit": "characters",
    "poem": "other",
    "text": POEM,
    "people": "english-poems",
    "histories": ["poet:mine"],
    "figure": "losses",
    "along": "epoch",
    "seed": "the <b>",
    "lines": "2",
    "rng": "3",
    "temperature": "0.5",
    "id": 7,
}
NAMES = (
    "draw_clouds",
    "write_poems",
    "mark_sounds",
    "compare_sounds",
    "draw_curves",
    "show_growth",
    "show_surprise",
    "save",
)


def event(**data: Any) -> Any:
    return SimpleNamespace(_data={**CHOICES, **data})


def saving(of: str, kind: str, **data: Any) -> Any:
    return event(of=of, kind=kind, request={**CHOICES, **data})


@pytest.fixture
def mine(poet_root: Path, poetbot_home: Path) -> Path:
    """A poet of one's own, with a history and an early epoch."""
    folder = Path(shutil.copytree(poet_root / "tiny", poetbot_home / "poets" / "mine"))
    rows = [
        {"epoch": k, "minutes": k / 2, "training_nats": 3 / k, "validation_nats": 3.1 / k, "sample": XSS}
        for k in (1, 2, 3)
    ]
    (folder / "history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    save_epoch(folder, 1, {name: tensor * 0.5 for name, tensor in load(folder).tensors.items()})
    return folder


@pytest.fixture
def handlers(poet_root: Path, mine: Path, monkeypatch: pytest.MonkeyPatch) -> Handlers:
    monkeypatch.setattr(study_handlers, "POEMS", 2)
    monkeypatch.setattr(word_clouds, "MIN_POEMS", 1)
    return Handlers(PoetRegistry(poet_root), ENGLISH)


@pytest.fixture
def session(poet_root: Path) -> Session:
    session, request = Session(), Request("the lamp", rng=7, lines=6)
    session.keep(FinishedPoem(1, "tiny", request, write(load(poet_root / "tiny"), request), None))
    return session


def answers(handlers: Handlers, name: str, session: Session, asked: Any) -> Any:
    """Return the answer as Gradio gets it: a generator of answers if it takes long."""
    handler = getattr(handlers, name)
    handle = handling(handler, get_type_hints(handler)["request"], ENGLISH)
    return handle(asked, None, *([] if name in ("draw_curves", "show_growth") else [session]))


def answer(handlers: Handlers, name: str, session: Session, asked: Any) -> dict[str, Any]:
    """Return the last answer."""
    found = answers(handlers, name, session, asked)
    value = found if isinstance(found, dict) else list(found)[-1]
    assert value.get("id", 7) == 7
    said = json.dumps({k: v for k, v in value.items() if k not in ("points", "units", "error")})
    assert "Traceback" not in said and "<script" not in said and "<b>lamp" not in said
    return value


def rows_of(value: dict[str, Any]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(base64.b64decode(value["file"]).decode("utf-8-sig"))))


def test_the_page_offers_poets_poems_and_histories(
    handlers: Handlers, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = handlers.show_choices(session, "mine@1")
    assert value["choices"]["histories"] == [("poet:mine", "mine", True)]
    assert [(key, is_chosen) for key, _, is_chosen in value["choices"]["compared"]] == [
        (f"layers:{k}", False) for k in range(6)
    ]
    monkeypatch.setattr(sources, "read_layer_comparison", lambda: None)  # where they were not compared
    value = handlers.show_choices(session, "mine@1")["choices"]
    assert value["poets"] == ["tiny", "mine", "mine@1"] and value["poet"] == "mine@1"
    assert [number for number, _ in value["poems"]] == ["1"]
    assert value["compared"] == []
    assert handlers.show_choices(session, "../tiny")["choices"]["poet"] == "tiny"


def test_the_curves_of_the_poet_in_use_are_shown_first(
    handlers: Handlers, session: Session, mine: Path
) -> None:
    shutil.copytree(mine, mine.parent / "another")
    value = handlers.show_choices(session, "mine")["choices"]
    assert value["histories"] == [("poet:another", "another", False), ("poet:mine", "mine", True)]


def test_two_clouds_with_their_tables(handlers: Handlers, session: Session) -> None:
    light = answer(handlers, "draw_clouds", session, event())["html"]
    assert light.count("data:image/png;base64,") == 2 == light.count("<table>")
    assert light != answer(handlers, "draw_clouds", session, event(dark=True))["html"]
    by_key = answer(handlers, "draw_clouds", session, event(by="key"))["html"]
    assert "Written more often than read" in by_key and "Keyness" in by_key
    assert (
        "Common words are hidden (German)."
        in answer(handlers, "draw_clouds", session, event(common="de"))["html"]
    )


def test_poems_are_written_on_request(handlers: Handlers) -> None:
    session = Session()
    html = answer(handlers, "draw_clouds", session, event())["html"]
    assert html.count("<img") == 1 and "Let it write 2 poems" in html and 'data-do="write"' in html
    steps = list(answers(handlers, "write_poems", session, event()))
    assert [step.get("share") for step in steps] == [0.0, 0.5, 1.0, None] and steps[-1]["then"] == "words"
    html = answer(handlers, "draw_clouds", session, event())["html"]
    assert html.count("<img") == 2 and "What it wrote: 2 poems" in html


@pytest.mark.parametrize("by", ["count", "key"])
def test_a_cloud_needs_some_poems(
    handlers: Handlers, session: Session, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_clouds, "MIN_POEMS", 5)
    html = answer(handlers, "draw_clouds", session, event(by=by))["html"]
    assert html.count("<img") == (by == "count") and 'data-do="write"' in html
    assert "A cloud needs at least 5 poems, and it has written 1 in this session." in html
    assert 'data-save="csv"' in html or by == "key"


def test_a_poet_without_word_counts(poets_without_index: Path) -> None:
    html = answer(Handlers(PoetRegistry(poets_without_index), ENGLISH), "draw_clouds", Session(), event())[
        "html"
    ]
    assert "no record of the words it read" in html and "<img" not in html


def test_chinese_is_counted_by_character_and_by_word(handlers: Handlers, mine: Path) -> None:
    poems = ["末站灯全亮，\n车厢剩几人。", "黑窗邻座客，\n车厢剩几人。"]
    (mine / "words.json").write_bytes(json_bytes(count_words(poems, common=True)))
    session = Session()
    session.studied.keep(load(mine).id, poems)
    asked = {"poet": "mine", "unit": "words"}
    assert answer(handlers, "draw_clouds", session, event(**asked))["error"].startswith(
        "Chinese words can't be counted"
    )
    (mine / "poems.jsonl").write_text(
        "".join(json.dumps({"text": poem}) + "\n" for poem in poems), encoding="utf-8"
    )
    found = {
        unit: {
            row[0]
            for row in rows_of(
                answer(handlers, "save", session, saving("words", "csv", **asked | {"unit": unit}))
            )
        }
        for unit in ("characters", "words")
    }
    assert "车厢" in found["words"] and "车" in found["characters"] and "车厢" not in found["characters"]
    assert answer(handlers, "draw_clouds", session, event(**asked))["is_chinese"] is True
    # without the poems themselves, from counts that were kept
    (mine / "poems.jsonl").unlink()
    store_chinese_words(mine, count_chinese_words(poems))
    assert "车厢" in answer(handlers, "draw_clouds", session, event(**asked))["html"]


def test_a_poem_is_marked(handlers: Handlers, session: Session) -> None:
    html = answer(handlers, "mark_sounds", session, event())["html"]
    assert "Rhyme scheme: AA" in html and '<span class="rhyme">' in html and "<sup>A</sup>" in html
    assert '<span class="alliteration">' in html and "&lt;" in html
    text = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", html)
    assert "A kettle sings its kitchen song;" in text  # marks change no letter
    assert rows_of(answer(handlers, "save", session, saving("marks", "csv")))[0][4] == "mark"
    assert answer(handlers, "save", session, saving("marks", "png"))["name"] == "poetbot-marks.png"
    kept = session.kept[0]
    session.keep(replace(kept, number=2, poem=replace(kept.poem, text="We lit the lamp\nin the damp")))
    assert "<b>l</b>amp" in answer(handlers, "mark_sounds", session, event(poem="2"))["html"]


def test_shares_of_the_poet_of_people_and_of_chance(handlers: Handlers, mine: Path) -> None:
    session = Session()
    session.studied.keep(load(handlers.shelf.root / "tiny").id, [POEM, POEM])
    steps = list(answers(handlers, "compare_sounds", session, event()))
    shares = [step["share"] for step in steps if "share" in step]
    assert shares == sorted(shares) and shares[-1] <= 1
    html = steps[-1]["html"]
    assert html.count('class="track"') == 6 and html.count('class="people"') >= 6
    rows = rows_of(answer(handlers, "save", session, saving("shares", "csv")))
    assert rows[0] == ["share of", "poet", "poet by chance", "human", "human by chance"] and len(rows) == 7
    said = answer(handlers, "compare_sounds", session, event(people="own"))
    assert "doesn't include its training poems" in said["error"]
    assert session.studied.shares
    store_shares(load(mine), session.studied.shares[1], "2026-11-22")
    (told,) = answers(handlers, "compare_sounds", session, event(people="own", poet="mine"))
    assert "Measured on 2026-11-22." in told["html"] and "tiny: 2 poems, 8 lines." in html
    sides = {who: replace(side, given=1000) for who, side in session.studied.shares[1].items()}
    store_shares(load(mine), sides, "2026-11-22")
    (told,) = answers(handlers, "compare_sounds", session, event(people="own", poet="mine"))
    assert "mine: a random sample of 2 of 1,000 poems" in told["html"]


def test_a_comparison_can_be_stopped_at_every_step(handlers: Handlers) -> None:
    session = Session()
    comparing = answers(handlers, "compare_sounds", session, event())
    next(comparing)
    comparing.close()
    assert session.studied.shares is None


def test_curves_have_a_card_for_each_point(handlers: Handlers, mine: Path) -> None:
    value = answer(handlers, "draw_curves", Session(), event())
    assert [point["head"] for point in value["points"]] == ["mine, epoch 1", "mine, epoch 2", "mine, epoch 3"]
    assert value["points"][0]["sample"] == XSS  # put on the page as text
    assert value["html"].count("<polyline") == 2 and "4.472" in value["html"]  # 3.1 nats
    by_minutes = answer(handlers, "draw_curves", Session(), event(along="minutes"))
    assert by_minutes["points"][0]["x"] == value["points"][0]["x"]
    assert (
        "learning rate" in answer(handlers, "draw_curves", Session(), event(figure="learning_rate"))["error"]
    )
    for kind, head in (("png", b"\x89PNG"), ("csv", b"\xef\xbb\xbfpoet,")):
        kept = answer(handlers, "save", Session(), saving("curves", kind))
        assert base64.b64decode(kept["file"]).startswith(head)
    (mine / "history.jsonl").write_text("{", encoding="utf-8")
    assert "damaged" in answer(handlers, "draw_curves", Session(), event())["error"]


def test_growth_through_epochs_and_temperatures(handlers: Handlers) -> None:
    html = answer(handlers, "show_growth", Session(), event(poet="mine"))["html"]
    assert (
        html.count("<li>") == 2 + 6 and "After 1 reading of its poems" in html and "Temperature 1.2" in html
    )
    assert html.count('<span class="given">the ') == 8 or html.count('class="written') == 8
    html = answer(handlers, "show_growth", Session(), event())["html"]
    assert "tiny has no earlier versions" in html and html.count("<li>") == 6


def test_a_poem_is_shaded(handlers: Handlers) -> None:
    value = answer(handlers, "show_surprise", Session(), event(text="the lamp\n蓮"))
    assert len(value["units"]) == 11 and value["html"].count("data-k=") == 11
    assert value["units"][0]["unit"] == "t" and len(value["units"][0]["best"]) == 5
    assert value["units"][9]["figures"] == "unknown to this poet"
    rows = rows_of(answer(handlers, "save", Session(), saving("surprise", "csv")))
    assert rows[0][:5] == ["line", "characters", "probability", "nats", "rank"]
    kept = answer(handlers, "save", Session(), saving("surprise", "png", text="the lamp"))
    assert base64.b64decode(kept["file"]).startswith(b"\x89PNG")
    assert handlers.shelf.engine._thread is None  # so writing isn't delayed


@pytest.mark.parametrize(
    ("name", "bad", "sentence"),
    [
        ("mark_sounds", {"text": " \n"}, NO_POEM),
        ("mark_sounds", {"text": "—"}, "no words"),
        ("mark_sounds", {"text": "lamp\n" * 10_001}, "Shorten it"),
        ("mark_sounds", {"text": "огонь и вода и снег"}, "another script"),
        ("mark_sounds", {"poem": "99"}, NO_SUCH_CHOICE),
        ("show_surprise", {"text": ""}, NO_POEM),
        ("show_surprise", {"text": "x" * (study_surprise.MAX_CHARACTERS + 1)}, "Shorten it"),
        ("show_surprise", {"poet": "nobody"}, "no poet"),
        ("draw_clouds", {"poet": "<b>"}, "<b>"),
        ("draw_clouds", {"poet": ""}, "There are no poets yet"),
        ("draw_clouds", {"common": "xx"}, NO_SUCH_CHOICE),
        ("draw_curves", {"histories": []}, "Choose at least one poet"),
        ("draw_curves", {"histories": ["poet:tiny"]}, "no training history"),
        ("draw_curves", {"histories": ["layers:9", "poet:mine"]}, NO_SUCH_CHOICE),
        ("draw_curves", {"histories": [f"poet:{k}" for k in range(11)]}, "at most 10"),
        ("draw_curves", {"figure": "nothing"}, NO_SUCH_CHOICE),
        ("show_growth", {"temperature": "nan"}, "Enter 1 to 24 lines"),
        ("show_growth", {"lines": "10000"}, "Enter 1 to 24 lines"),
        ("show_growth", {"rng": "1.5"}, "Enter 1 to 24 lines"),
        ("save", {"of": "__class__", "kind": "csv", "request": {}}, NO_SUCH_CHOICE),
        ("save", {"of": "shares", "kind": "csv", "request": {}}, NO_SUCH_CHOICE),
        ("save", {"of": "words", "kind": "csv", "request": {"poet": 1}}, "Reload the page"),
    ],
)
def test_bad_input_gives_an_error(handlers: Handlers, name: str, bad: dict[str, Any], sentence: str) -> None:
    said = answer(handlers, name, Session(), event(**bad))["error"]
    assert sentence in said and said.count("\n") == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("junk", [None, 7, ["a"], {"a": 1}, float("nan"), "\ud800", "x" * 100_000, True])
def test_any_request_gets_an_answer(handlers: Handlers, name: str, junk: Any) -> None:
    value = answer(
        handlers, name, Session(), SimpleNamespace(_data={**dict.fromkeys(CHOICES, junk), "id": 7})
    )
    assert value["error"]
    assert answer(handlers, name, Session(), SimpleNamespace(_data=junk))["error"]


def test_the_page_has_every_part() -> None:
    html = gradio_template("tabs/study/page.html", ENGLISH, **page_values(ENGLISH))
    assert all(f'id="st-{part}"' in html for part in ("words", "sound", "curves", "growth", "surprise"))


def test_spaces_have_a_name() -> None:
    names = [study_surprise.unit_name(text, locale("en")) for text in (" ", "   ", "\n", " the", "\u2003")]
    assert names == ["space", "3 spaces", "line break", " the", "\\u2003"]
