"""The Study tab's handlers, as Gradio calls them, without a browser."""

import base64
import csv
import io
import json
import re
import shutil
from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from poetbot.poets.folder import as_json, load, save_epoch
from poetbot.study import count_words
from poetbot.study.chinese_words import count_chinese_words, keep_chinese_words
from poetbot.study.stored_verse_shares import keep_shares
from poetbot.verse.metre import FEET
from poetbot.web.serving.poet_registry import Shelf
from poetbot.web.serving.session import Kept, Session
from poetbot.web.tabs.study import handlers as study_handlers
from poetbot.web.tabs.study import sources
from poetbot.web.tabs.study import surprise as study_surprise
from poetbot.web.tabs.study.handlers import Handlers
from poetbot.web.tabs.study.page import PARTS, page_html
from poetbot.web.tabs.study.words import StudyWords
from poetbot.web.words import ENGLISH
from poetbot.writing import Request, write

OWN = ENGLISH.study
XSS = "<script>lamp</script> & \"lamp\" 'song' long"
POEM = f"The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\n{XSS}\nTo sing, to sing a song"
CHOICES = {
    "poet": "tiny",
    "by": "count",
    "common": "none",
    "unit": "characters",
    "poem": "own",
    "text": POEM,
    "people": "english-poems",
    "histories": ["poet:mine"],
    "figure": "losses",
    "along": "epoch",
    "seed": "the <b>",
    "lines": "2",
    "rng": "3",
    "temperature": "0.5",
    "for": 7,
}
NAMES = ("draw_words", "write", "hear", "compare", "draw_curves", "grow", "look", "keep")


def event(**data: Any) -> Any:
    return SimpleNamespace(_data={**CHOICES, **data})


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
    monkeypatch.setattr(study_handlers, "WRITTEN", 2)
    return Handlers(Shelf(poet_root), ENGLISH)


@pytest.fixture
def session(poet_root: Path) -> Session:
    session, request = Session(), Request("the lamp", rng=7, lines=6)
    session.keep(Kept(1, "tiny", request, write(load(poet_root / "tiny"), request), None))
    return session


def answer(handlers: Handlers, name: str, session: Session, asked: Any) -> dict[str, Any]:
    """What stands on the page in the end."""
    does = getattr(handlers, name)
    found = does(asked) if name in ("draw_curves", "grow") else does(session, asked)
    value = found if isinstance(found, dict) else list(found)[-1]
    assert value.get("for", 7) == 7
    said = json.dumps({k: v for k, v in value.items() if k not in ("points", "units")})
    assert "Traceback" not in said and "<script" not in said and "<b>lamp" not in said
    return value


def rows_of(value: dict[str, Any]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(base64.b64decode(value["file"]).decode("utf-8-sig"))))


def test_the_page_offers_poets_poems_and_histories(
    handlers: Handlers, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = handlers.open(session, "mine@1")
    offered = [(each["id"], each["chosen"]) for each in value["histories"]]
    assert offered == [*((f"layers:{k}", True) for k in range(6)), ("poet:mine", False)]
    monkeypatch.setattr(sources, "layers_compared", lambda: None)  # where they were not compared
    value = handlers.open(session, "mine@1")
    assert value["poets"] == ["tiny", "mine", "mine@1"] and value["chosen"] == "mine@1"
    assert [each["id"] for each in value["poems"]] == ["1"]
    assert {"id": "poet:mine", "name": "mine", "chosen": True} in value["histories"]
    assert handlers.open(session, "../tiny")["chosen"] == "tiny"


def test_both_clouds_stand_side_by_side_with_their_tables(handlers: Handlers, session: Session) -> None:
    light = answer(handlers, "draw_words", session, event())["html"]
    assert light.count("data:image/png;base64,") == 2 == light.count("<table>")
    assert light != answer(handlers, "draw_words", session, event(dark=True))["html"]
    by_key = answer(handlers, "draw_words", session, event(by="key"))["html"]
    assert OWN.says_more in by_key and OWN.keyness in by_key
    assert (
        OWN.left_out.format(language="German")
        in answer(handlers, "draw_words", session, event(common="de"))["html"]
    )


def test_what_was_not_written_is_written_when_asked_for(handlers: Handlers) -> None:
    session = Session()
    html = answer(handlers, "draw_words", session, event())["html"]
    assert html.count("<img") == 1 and OWN.nothing_wrote in html and 'data-do="write"' in html
    steps = list(handlers.write(session, event()))
    assert [step.get("share") for step in steps] == [0.0, 0.5, 1.0, None] and steps[-1]["then"] == "words"
    html = answer(handlers, "draw_words", session, event())["html"]
    assert html.count("<img") == 2 and OWN.it_wrote.format(n=2) in html


def test_a_poet_without_word_counts_says_so(poets_without_index: Path) -> None:
    html = answer(Handlers(Shelf(poets_without_index), ENGLISH), "draw_words", Session(), event())["html"]
    assert OWN.nothing_read in html and "<img" not in html


def test_chinese_is_counted_by_character_and_by_word(handlers: Handlers, mine: Path) -> None:
    poems = ["末站灯全亮，\n车厢剩几人。", "黑窗邻座客，\n车厢剩几人。"]
    (mine / "words.json").write_bytes(as_json(count_words(poems, common=True)))
    session = Session()
    session.studied.keep(load(mine).id, poems)
    asked = {"poet": "mine", "unit": "words"}
    assert answer(handlers, "draw_words", session, event(**asked))["error"] == OWN.no_text_by_word
    (mine / "poems.jsonl").write_text(
        "".join(json.dumps({"text": poem}) + "\n" for poem in poems), encoding="utf-8"
    )
    found = {
        unit: {
            row[0]
            for row in rows_of(
                answer(handlers, "keep", session, event(**asked | {"unit": unit}, of="words", kind="csv"))
            )
        }
        for unit in ("characters", "words")
    }
    assert "车厢" in found["words"] and "车" in found["characters"] and "车厢" not in found["characters"]
    assert answer(handlers, "draw_words", session, event(**asked))["chinese"] is True
    # without the poems themselves, from counts that were kept
    (mine / "poems.jsonl").unlink()
    keep_chinese_words(mine, count_chinese_words(poems))
    assert "车厢" in answer(handlers, "draw_words", session, event(**asked))["html"]


def test_a_poem_is_marked(handlers: Handlers, session: Session) -> None:
    html = answer(handlers, "hear", session, event())["html"]
    assert "Rhyme scheme: AA" in html and '<span class="rhyme">' in html and "<sup>A</sup>" in html
    assert '<span class="alliteration">' in html and "&lt;" in html
    text = re.sub(r"<sup>.*?</sup>|<[^>]+>", "", html)
    assert "A kettle sings its kitchen song;" in text  # marks change no letter
    assert rows_of(answer(handlers, "keep", session, event(of="marks", kind="csv")))[0][4] == "mark"
    assert answer(handlers, "keep", session, event(of="marks", kind="png"))["name"] == "poetbot-marks.png"
    kept = session.kept[0]
    session.keep(replace(kept, number=2, poem=replace(kept.poem, text="We lit the lamp\nin the damp")))
    assert "<b>l</b>amp" in answer(handlers, "hear", session, event(poem="2"))["html"]


def test_shares_stand_beside_peoples_and_chance(handlers: Handlers, mine: Path) -> None:
    session = Session()
    session.studied.keep(load(handlers.shelf.root / "tiny").id, [POEM, POEM])
    steps = list(handlers.compare(session, event()))
    shares = [step["share"] for step in steps if "share" in step]
    assert shares == sorted(shares) and shares[-1] <= 1
    html = steps[-1]["html"]
    assert html.count('class="track"') == 6 and html.count('class="people"') >= 6
    rows = rows_of(answer(handlers, "keep", session, event(of="shares", kind="csv")))
    assert rows[0] == ["share of", "poet", "poet by chance", "human", "human by chance"] and len(rows) == 7
    said = answer(handlers, "compare", session, event(people="own"))
    assert said["error"] == OWN.no_corpus_kept
    assert session.studied.shares
    keep_shares(load(mine), session.studied.shares[1], "2026-11-22")
    (told,) = handlers.compare(session, event(people="own", poet="mine"))
    assert OWN.kept_shares.format(when="2026-11-22") in told["html"]


def test_comparing_can_be_let_go_at_every_step(handlers: Handlers) -> None:
    session = Session()
    comparing = handlers.compare(session, event())
    next(comparing)
    comparing.close()  # type: ignore[attr-defined]
    assert session.studied.shares is None


def test_curves_have_points_that_say_what_they_are(handlers: Handlers, mine: Path) -> None:
    value = answer(handlers, "draw_curves", Session(), event())
    assert [point["head"] for point in value["points"]] == ["mine, epoch 1", "mine, epoch 2", "mine, epoch 3"]
    assert value["points"][0]["sample"] == XSS  # put on the page as text
    assert value["html"].count("<polyline") == 2 and "3.1" in value["html"]
    by_minutes = answer(handlers, "draw_curves", Session(), event(along="minutes"))
    assert by_minutes["points"][0]["x"] == value["points"][0]["x"]
    assert (
        "learning rate" in answer(handlers, "draw_curves", Session(), event(figure="learning_rate"))["error"]
    )
    for kind, head in (("png", b"\x89PNG"), ("csv", b"\xef\xbb\xbfpoet,")):
        kept = answer(handlers, "keep", Session(), event(of="curves", kind=kind))
        assert base64.b64decode(kept["file"]).startswith(head)
    (mine / "history.jsonl").write_text("{", encoding="utf-8")
    assert "damaged" in answer(handlers, "draw_curves", Session(), event())["error"]


def test_growth_goes_through_epochs_and_temperatures(handlers: Handlers) -> None:
    html = answer(handlers, "grow", Session(), event(poet="mine"))["html"]
    assert html.count("<li>") == 2 + 6 and "After epoch 1" in html and "Temperature 1.2" in html
    assert html.count('<span class="given">the ') == 8 or html.count('class="written') == 8
    html = answer(handlers, "grow", Session(), event())["html"]
    assert OWN.no_epochs.format(poet="tiny") in html and html.count("<li>") == 6


def test_a_poem_is_shaded(handlers: Handlers) -> None:
    value = answer(handlers, "look", Session(), event(text="the lamp\n蓮"))
    assert len(value["units"]) == 11 and value["html"].count("data-k=") == 11
    assert value["units"][0]["unit"] == "t" and len(value["units"][0]["best"]) == 5
    assert value["units"][9]["figures"] == OWN.unit_unknown
    rows = rows_of(answer(handlers, "keep", Session(), event(of="surprise", kind="csv")))
    assert rows[0][:5] == ["line", "characters", "probability", "nats", "rank"]
    kept = answer(handlers, "keep", Session(), event(of="surprise", kind="png", text="the lamp"))
    assert base64.b64decode(kept["file"]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "bad", "sentence"),
    [
        ("hear", {"text": " \n"}, OWN.no_poem_yet),
        ("hear", {"text": "—"}, "no words"),
        ("hear", {"text": "lamp\n" * 10_001}, "too many for this page"),
        ("hear", {"text": "огонь и вода и снег"}, "another script"),
        ("hear", {"poem": "99"}, OWN.no_such_choice),
        ("look", {"text": ""}, OWN.no_poem_yet),
        ("look", {"text": "x" * (study_surprise.MOST + 1)}, "too many for this page"),
        ("look", {"poet": "nobody"}, "no poet"),
        ("draw_words", {"poet": "<b>"}, "&lt;b&gt;"),
        ("draw_words", {"poet": ""}, OWN.choose_poet),
        ("draw_words", {"common": "xx"}, OWN.no_such_choice),
        ("draw_curves", {"histories": []}, OWN.choose_one),
        ("draw_curves", {"histories": ["poet:tiny"]}, "no history"),
        ("draw_curves", {"histories": ["layers:9", "poet:mine"]}, OWN.no_such_choice),
        ("draw_curves", {"histories": [f"poet:{k}" for k in range(11)]}, "at most 10"),
        ("draw_curves", {"figure": "nothing"}, OWN.no_such_choice),
        ("grow", {"temperature": "nan"}, "Give numbers"),
        ("grow", {"lines": "10000"}, "Give numbers"),
        ("grow", {"rng": "1.5"}, "Give numbers"),
        ("keep", {"of": "__class__", "kind": "csv"}, OWN.no_such_choice),
        ("keep", {"of": "shares", "kind": "csv"}, OWN.no_such_choice),
    ],
)
def test_bad_input_gives_a_sentence_in_place_of_a_picture(
    handlers: Handlers, name: str, bad: dict[str, Any], sentence: str
) -> None:
    said = answer(handlers, name, Session(), event(**bad))["error"]
    assert sentence in said and said.count("\n") == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("junk", [None, 7, ["a"], {"a": 1}, float("nan"), "\ud800", "x" * 100_000, True])
def test_whatever_the_page_sends_there_is_an_answer(handlers: Handlers, name: str, junk: Any) -> None:
    value = answer(
        handlers, name, Session(), SimpleNamespace(_data={**dict.fromkeys(CHOICES, junk), "for": 7})
    )
    assert value["error"]
    does = getattr(handlers, name)
    asked = SimpleNamespace(_data=junk)
    found = does(asked) if name in ("draw_curves", "grow") else does(Session(), asked)
    assert (found if isinstance(found, dict) else list(found)[-1])["error"]


def test_every_word_is_used_and_the_page_has_every_part() -> None:
    folder = Path(study_handlers.__file__).parent
    code = "".join(
        file.read_text("utf-8") for file in folder.glob("*.py") if not file.name.endswith("words.py")
    )
    code += (folder.parents[1] / "app.py").read_text("utf-8")
    built = {f"part_{part}" for part in PARTS}
    built |= {
        name
        for name in (f.name for f in fields(StudyWords))
        if name.startswith(("share_", "heard_")) or name in FEET
    }
    names = [f.name for f in fields(StudyWords) if f.name not in built]
    assert [n for n in names if not re.search(rf"(?:own|words|study)\.{n}\b", code)] == []
    html = page_html(OWN)
    assert all(f'id="st-{part}"' in html for part in PARTS)
