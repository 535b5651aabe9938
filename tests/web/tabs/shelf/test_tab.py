"""The Shelf tab's handlers, as Gradio calls them, without a browser."""

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from poetbot.poets.folder import load, save_epoch
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import Shelf, at_epoch, of_epoch
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.shelf.tab import Handlers
from poetbot.web.words import ENGLISH


def event(**data: Any) -> Any:
    return SimpleNamespace(_data=data)


@pytest.fixture
def handlers(poet_root: Path) -> Handlers:
    return Handlers(Shelf(poet_root), ENGLISH)


@pytest.fixture
def own(poet_root: Path, poetbot_home: Path) -> Path:
    """A poet of one's own, that has kept an early epoch."""
    folder = Path(shutil.copytree(poet_root / "tiny", poetbot_home / "poets" / "mine"))
    tensors = {name: tensor * 0.5 for name, tensor in load(folder).tensors.items()}
    save_epoch(folder, 1, tensors)
    return folder


def test_everybodys_poets_come_first_then_ones_own(handlers: Handlers, own: Path) -> None:
    html = handlers.look()["list"]
    assert html.index('data-poet="tiny"') < html.index('data-poet="mine"')
    assert "came with PoetBot" in html and "your own" in html


def test_a_poet_is_renamed_deleted_and_had_back(handlers: Handlers, own: Path) -> None:
    value = handlers.rename(event(poet="mine", name="ours"))
    assert "It is called ours now" in value["said"] and value["open"] == "ours"
    value = handlers.remove(event(poet="ours"))
    assert 'data-poet="ours"' not in value["list"] and "Trash (1)" in value["list"]
    receipt = value["said"].split('data-receipt="')[1].split('"')[0]
    value = handlers.back(event(receipt=receipt))
    assert 'data-poet="ours"' in value["list"] and "Trash" not in value["list"]


@pytest.mark.parametrize("name", ["tiny", "nobody", "../poets/mine", None, 7, ["mine"], {"a": 1}, "x" * 5000])
def test_what_is_not_ones_own_is_left_alone(handlers: Handlers, own: Path, name: Any) -> None:
    for value in (
        handlers.rename(event(poet=name, name="new")),
        handlers.remove(event(poet=name)),
        handlers.back(event(receipt=name)),
    ):
        assert value["error"].count("<p>") == 1
    assert own.is_dir() and handlers.pack(event(poet="nobody"))[0]["error"]
    assert handlers.rename(event(poet="mine", name=["new"]))["error"]
    assert handlers.whole(SimpleNamespace(_data=name))["error"]


def test_a_poet_is_packed_and_taken_in(handlers: Handlers, own: Path, tmp_path: Path) -> None:
    value, path = handlers.pack(event(poet="mine", poems=True))
    assert "mine is packed" in value["said"] and Path(path).name == "mine.zip"
    sent = Path(shutil.copy(path, tmp_path / "sent.zip"))
    value = handlers.take_in(str(sent))
    assert value["open"] == "mine 2" and sent.exists()
    assert load(Home.of_this_person().poets / "mine 2", epoch=1)
    sent.write_bytes(b"no zip")
    assert "no poet that can be taken in" in handlers.take_in(str(sent))["error"] and sent.exists()
    assert handlers.take_in(None)["error"]


def test_writing_with_an_epoch(handlers: Handlers, own: Path) -> None:
    tabs, *choices = handlers.use(event(poet="mine", epoch=1))
    assert tabs.selected == "write"
    for choice in choices:
        assert choice.value == "mine@1" and ("mine, after pass 1", "mine@1") in choice.choices
    shelf = handlers.shelf.of(None)
    then, now = shelf.poet("mine@1"), shelf.poet("mine")
    assert then.id != now.id and then.epoch == 1 and shelf.index("mine@1") is not None
    assert handlers.use(event(poet="mine", epoch=7))[1].value == "tiny"  # not kept
    assert handlers.use(event(poet="nobody", epoch=None))[1].value == "tiny"


@pytest.mark.parametrize("name", ["a", "a@", "@1", "a@b", "a@1@x", "a@²", "a@1234567", "@"])
def test_what_names_no_epoch_is_a_name(name: str) -> None:
    assert of_epoch(name) == (name, None) or name == "@1"
    assert of_epoch(at_epoch(name, 3)) == (name, 3)


def test_two_visitors_have_two_shelves(poet_root: Path, own: Path, tmp_path: Path) -> None:
    class Two(Visitors):
        def home(self, request: Any) -> Home:
            return Home(tmp_path / request.username)

    handlers = Handlers(Shelf(poet_root, Two()), ENGLISH)
    ann, ben = (SimpleNamespace(username=name) for name in ("ann", "ben"))
    shutil.copytree(own, tmp_path / "ann" / "poets" / "secret")
    assert 'data-poet="secret"' in handlers.look(ann)["list"]
    assert "secret" not in handlers.look(ben)["list"]
    receipt = handlers.remove(event(poet="secret"), ann)["said"].split('data-receipt="')[1].split('"')[0]
    for value in (
        handlers.whole(event(poet="secret"), ben),
        handlers.pack(event(poet="secret"), ben)[0],
        handlers.back(event(receipt=receipt), ben),
    ):
        assert value["error"]
    assert "said" in handlers.back(event(receipt=receipt), ann)
