"""Kept poems as the page asks for them, without a browser."""

import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest

from poetbot.library.kept_poems import as_json, poem_of_row, poems_of, poems_of_json
from poetbot.locale import locale
from poetbot.storage import Home
from poetbot.web.components.island import handling
from poetbot.web.serving.access import Access, Kind
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.write.kept_poems import Handlers, Question


@pytest.fixture
def handlers(poetbot_home: Any) -> Handlers:
    return Handlers(Visitors(), locale("en"))


def ask(handlers: Handlers, do: Any, **data: Any) -> dict[str, Any]:
    message = {"id": 3, "do": do, **data}
    answer = handling(handlers.keep, Question, handlers.language)(SimpleNamespace(_data=message), None)
    assert answer.pop("id") == 3
    return answer


def kept(handlers: Handlers, text: str = "one\ntwo", **data: Any) -> dict[str, Any]:
    poem = ask(handlers, "save", text=text, **data)["poem"]
    assert isinstance(poem, dict)
    return poem


def test_what_was_typed_can_be_undone_to_the_empty_page(handlers: Handlers) -> None:
    typed = kept(handlers, "o")
    joined = ask(handlers, "save", poem=typed["id"], version=typed["version"], text="one", join=True)["poem"]
    assert joined["version"] == typed["version"]
    assert "text" not in joined  # what the page has itself does not come back
    assert ask(handlers, "open", poem=typed["id"])["poem"]["text"] == "one"
    undone = ask(handlers, "step", poem=typed["id"], way="undo")["poem"]
    assert (undone["text"], undone["canUndo"], undone["canRedo"]) == ("", False, True)
    assert ask(handlers, "step", poem=typed["id"], way="redo")["poem"]["text"] == "one"


def test_what_the_poet_wrote_is_saved_with_its_receipt(handlers: Handlers) -> None:
    receipt = {"poet": "tiny", "rng": 1}
    poem = kept(handlers, "one two", written=[[4, 7]], receipt=receipt, poet="tiny")
    assert not poem["canUndo"]
    opened = ask(handlers, "open", poem=poem["id"])["poem"]
    assert (opened["written"], opened["receipt"], opened["poet"]) == ([[4, 7]], receipt, "tiny")
    saved = {"poem": poem["id"], "version": poem["version"], "text": "one two three", "poet": "other"}
    ask(handlers, "save", **saved)
    assert ask(handlers, "open", poem=poem["id"])["poem"]["poet"] == "other"


def test_the_later_of_two_windows_gets_a_conflict(handlers: Handlers) -> None:
    poem = kept(handlers)
    ask(handlers, "save", poem=poem["id"], version=poem["version"], text="one")
    late = ask(handlers, "save", poem=poem["id"], version=poem["version"], text="two")
    assert late == {"clash": True}


@pytest.mark.parametrize("written", [[], [[0, 3]]], ids=["typed", "written by a poet"])
def test_a_poem_whose_answer_got_lost_is_saved_once(handlers: Handlers, written: list[list[int]]) -> None:
    new = {"text": "one", "written": written, "touched": not written, "request": "1"}
    first = ask(handlers, "save", **new)
    assert ask(handlers, "save", **new) == first
    # Meanwhile more was typed, which is the same step.
    later = kept(handlers, "one two", written=written, request="1")
    assert (later["id"], later["name"]) == (first["poem"]["id"], "one two")
    # An edit whose answer got lost is no conflict.
    edit = {"poem": later["id"], "version": later["version"], "text": "three", "request": "2"}
    edited = ask(handlers, "save", **edit)
    assert ask(handlers, "save", **edit) == edited
    assert len(ask(handlers, "list")["poems"]) == 1
    # Unless another window has changed the poem in between.
    again = {"poem": later["id"], "version": edited["poem"]["version"], "text": "elsewhere", "request": "3"}
    assert "clash" not in ask(handlers, "save", **again)
    assert ask(handlers, "save", **edit) == {"clash": True}


def test_a_copy_of_a_poem_without_a_request_is_saved(handlers: Handlers) -> None:
    # as a page leaves it that was closed while a poem was being written
    copy = {"text": "one two", "written": [[4, 7]], "receipt": None, "poet": "", "request": None}
    assert kept(handlers, **copy)["name"] == "one two"


def test_stars_titles_and_collections_and_the_list(handlers: Handlers) -> None:
    first, second = kept(handlers, "the sea\nat night"), kept(handlers, "a lamp")
    kept(handlers, " \n")  # a page that was emptied is no poem of the list
    assert ask(handlers, "star", poem=first["id"], line="at night", on=True)["poem"]["lines"] == ["at night"]
    assert ask(handlers, "star", poem=second["id"], on=True)["poem"]["starred"]
    assert ask(handlers, "title", poem=second["id"], title="Lamp")["poem"]["name"] == "Lamp"
    both = ask(handlers, "collect", poem=first["id"], names=["Sea", " Night ", ""])["poem"]
    assert both["collections"] == ["Night", "Sea"]
    assert ask(handlers, "collect", poem=first["id"], names=["Sea"])["poem"]["collections"] == ["Sea"]
    found = ask(handlers, "list", search="", starred=True)
    assert {each["name"] for each in found["poems"]} == {"Lamp", "the sea"}
    assert found["lines"] == [{"text": "at night", "poem": first["id"]}]
    assert found["collections"] == ["Sea"] and not found["more"]
    assert [each["id"] for each in ask(handlers, "list", collection="Sea")["poems"]] == [first["id"]]
    assert [each["id"] for each in ask(handlers, "list", search="NIGHT sea")["poems"]] == [first["id"]]
    assert ask(handlers, "list", search="x" * 500)["poems"] == []


def test_delete_and_restore(handlers: Handlers) -> None:
    first, second, third = (kept(handlers, text)["id"] for text in ("one", "two", "three"))
    assert ask(handlers, "star_all", poems=[first, third], on=True) == {"changed": [first, third]}
    assert ask(handlers, "delete", poems=[first, second]) == {"changed": [first, second]}
    assert [each["id"] for each in ask(handlers, "list")["poems"]] == [third]
    assert ask(handlers, "restore", poems=[first, second, third]) == {"changed": [first, second]}
    assert len(ask(handlers, "list")["poems"]) == 3
    assert ask(handlers, "file", poems=[first, third], format="text")["file"] == "one\n%\nthree\n"


def test_the_list_leaves_out_what_nobody_has_touched(handlers: Handlers) -> None:
    written = {"written": [[0, 3]], "receipt": {"rng": 1}, "poet": "tiny", "touched": False}
    poem = kept(handlers, " one\ntwo", **written)["id"]
    mine = kept(handlers, "mine")["id"]
    found = ask(handlers, "list")
    assert [each["id"] for each in found["poems"]] == [mine] and found["untouched"] == 1
    for all_of_them in ({"untouched": True}, {"search": "two"}, {"poem": poem}):  # or it is on the page
        (row,) = [each for each in ask(handlers, "list", **all_of_them)["poems"] if each["id"] == poem]
        assert (row["name"], row["opening"], row["touched"]) == ("one", "one\ntwo", False)
        assert row["changed"] > 1.7e12  # milliseconds
    assert ask(handlers, "star", poem=poem, on=True)["poem"]["touched"]
    assert len(ask(handlers, "list")["poems"]) == 2


def test_settings_are_saved_with_a_poem_and_leave_with_its_export(handlers: Handlers) -> None:
    poem = kept(handlers, "one", settings={"temperature": 0.5})
    ask(handlers, "save", poem=poem["id"], version=poem["version"], text="two", settings=None)
    assert ask(handlers, "open", poem=poem["id"])["poem"]["settings"] == {"temperature": 0.5}
    (row,) = json.loads(ask(handlers, "file", poem=poem["id"], format="json")["file"])["poems"]
    assert row["settings"] == {"temperature": 0.5}


def test_export_and_import(handlers: Handlers) -> None:
    poem = kept(handlers, "one\ntwo", written=[[0, 3]], receipt={"rng": 1}, poet="tiny")
    kept(handlers, "another")
    ask(handlers, "title", poem=poem["id"], title="A <b> title")
    names = {
        kind: ask(handlers, "file", poem=poem["id"], format=kind)["name"]
        for kind in ("text", "markdown", "page", "json")
    }
    assert names == {
        "text": "a-b-title.txt",
        "markdown": "a-b-title.md",
        "page": "a-b-title.html",
        "json": "a-b-title.json",
    }
    assert "<b>" not in ask(handlers, "file", poem=poem["id"], format="page")["file"]
    picture = ask(handlers, "file", poem=poem["id"], format="card", with_receipt=True)
    assert picture["name"] == "a-b-title.png" and picture["base64"].startswith("iVBORw0KGgo")
    bare = ask(handlers, "file", poem=poem["id"], format="card")
    has_receipt = [b"PoetBot receipt" in base64.b64decode(each["base64"]) for each in (picture, bare)]
    assert has_receipt == [True, False]
    for kind in ("markdown", "page"):
        files = [
            ask(handlers, "file", poem=poem["id"], format=kind, with_receipt=on)["file"]
            for on in (True, False)
        ]
        assert ["rng" in file for file in files] == [True, False]
    everything = ask(handlers, "file", format="json")
    assert everything["name"] == "poems.json"
    assert ask(handlers, "bring", text="\ufeff" + everything["file"]) == {
        "status": "0 poems imported. 2 were saved already.",
        "added": [],
    }
    added = ask(handlers, "bring", text="two\n%\npoems\n%\nanother")
    assert added["status"] == "2 poems imported. 1 was saved already." and len(added["added"]) == 2
    listed = ask(handlers, "list")["poems"]
    assert [each["name"] for each in listed][:2] == ["two", "poems"] and len(listed) == 4
    for poem in added["added"]:  # taken back
        ask(handlers, "delete", poems=[poem])
    assert len(ask(handlers, "list")["poems"]) == 2
    assert ask(handlers, "imported", added=1, of=1) == {"status": "1 poem imported."}


@pytest.mark.parametrize(
    ("do", "data"),
    [
        ("save", {"text": 5}),
        ("save", {"text": "x" * 1_000_001}),
        ("save", {"text": "a", "written": [[0, 9]]}),
        ("save", {"text": "a", "written": "x"}),
        ("save", {"poem": 99, "version": 1, "text": "a"}),
        ("save", {"poem": "../1", "version": 1, "text": "a"}),
        ("open", {"poem": 99}),
        ("open", {}),
        ("star", {"poem": 1, "line": 7}),
        ("title", {"poem": 99, "title": "x" * 300}),
        ("file", {"format": "exe"}),
        ("file", {"format": "json", "rows": "{}"}),
        ("bring", {"text": ""}),
        ("bring", {"text": "{"}),
        ("read", {}),
        ("erase", {}),
        (["save"], {}),
    ],
)
def test_bad_input_gives_one_sentence(handlers: Handlers, do: Any, data: dict[str, Any]) -> None:
    answer = ask(handlers, do, **data)
    assert set(answer) <= {"error", "failed"} and answer["error"].strip()


def test_a_served_app_stores_no_poems_of_its_visitors(poetbot_home: Any) -> None:
    handlers = Handlers(Visitors(Access(Kind.PUBLIC)), locale("en"))
    assert ask(handlers, "save", text="mine") == {
        "error": "Here your browser stores the poems. Reload the page."
    }
    rows = json.dumps({"poetbot_poems": 1, "poems": [{"text": "mine", "lines": ["mine"]}]})
    assert ask(handlers, "file", format="text", rows=rows)["file"] == "mine\n"
    assert ask(handlers, "read", text=rows)["rows"][0]["text"] == "mine"
    assert not list(poetbot_home.rglob("*.sqlite*"))


def test_a_poem_of_a_browser_is_exported_like_one_of_the_data_folder(poetbot_home: Any) -> None:
    poems = poems_of(Home(poetbot_home))
    made = poems.add("one\n雪", title="T", poet="p", written=[(0, 3)], receipt={"rng": 1})
    poems.star_line(made.id, "雪")
    poems.put_into(made.id, "C")
    whole = as_json([poems.star(made.id)])
    assert as_json(map(poem_of_row, poems_of_json(whole))) == whole
