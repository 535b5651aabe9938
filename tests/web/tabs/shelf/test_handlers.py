"""The Shelf tab's handlers, as Gradio calls them, without a browser."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poetbot.locale import locale
from poetbot.poets.folder import load, save_epoch
from poetbot.storage import Home
from poetbot.web.serving.poet_registry import Shelf, at_epoch, of_epoch
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.shelf.handlers import Handlers
from tests.web.tabs.shelf.hostile_values import harmless, json_values


def event(**data: Any) -> Any:
    return SimpleNamespace(_data=data)


@pytest.fixture
def handlers(poet_root: Path) -> Handlers:
    return Handlers(Shelf(poet_root), locale("en"))


@pytest.fixture
def own(poet_root: Path, poetbot_home: Path) -> Path:
    """A poet of the visitor's own with the weights of an early epoch."""
    folder = Path(shutil.copytree(poet_root / "tiny", poetbot_home / "poets" / "mine"))
    tensors = {name: tensor * 0.5 for name, tensor in load(folder).tensors.items()}
    save_epoch(folder, 1, tensors)
    return folder


def test_included_poets_come_first(handlers: Handlers, own: Path) -> None:
    html = handlers.show()["list"]
    assert html.index('data-poet="tiny"') < html.index('data-poet="mine"')
    assert "included with PoetBot" in html and "yours" in html


def test_rename_delete_and_restore_a_poet(handlers: Handlers, own: Path) -> None:
    value = handlers.rename(event(poet="mine", name="ours"))
    assert "Renamed to ours" in value["message"] and value["focus"] == "ours"
    value = handlers.remove(event(poet="ours"))
    assert 'data-poet="ours"' not in value["list"] and "Trash (1)" in value["list"]
    receipt = value["message"].split('data-receipt="')[1].split('"')[0]
    value = handlers.restore(event(receipt=receipt))
    assert 'data-poet="ours"' in value["list"] and "Trash" not in value["list"]


@pytest.mark.parametrize("name", ["tiny", "nobody", "../poets/mine", None, 7, ["mine"], {"a": 1}, "x" * 5000])
def test_poets_of_others_are_left_alone(handlers: Handlers, own: Path, name: Any) -> None:
    for value in (
        handlers.rename(event(poet=name, name="new")),
        handlers.remove(event(poet=name)),
        handlers.restore(event(receipt=name)),
    ):
        assert value["error"].count("<p>") == 1
    assert own.is_dir() and handlers.pack(event(poet="nobody"))[0]["error"]
    assert handlers.rename(event(poet="mine", name=["new"]))["error"]
    assert handlers.details(SimpleNamespace(_data=name))["error"]


def test_download_and_import_a_poet(handlers: Handlers, own: Path, tmp_path: Path) -> None:
    value, path = handlers.pack(event(poet="mine", poems=True))
    assert "Downloading mine" in value["message"] and Path(path).name == "mine.zip"
    sent = Path(shutil.copy(path, tmp_path / "sent.zip"))
    value = handlers.import_poet(str(sent))
    assert value["focus"] == "mine 2" and sent.exists()
    assert load(Home.default().poets / "mine 2", epoch=1)
    sent.write_bytes(b"no zip")
    assert "be imported" in handlers.import_poet(str(sent))["error"] and sent.exists()
    assert handlers.import_poet(None)["error"]


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["epoch", "training_nats", "validation_nats", "sample"]), json_values, max_size=5
        ),
        max_size=5,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_history_gives_harmless_details(
    handlers: Handlers, own: Path, history: list[dict[str, Any]]
) -> None:
    (own / "history.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in history))
    update = handlers.details(event(poet="mine"))
    assert "error" not in update
    harmless(update["details"])


def test_write_with_an_early_epoch(handlers: Handlers, own: Path) -> None:
    tabs, *choices = handlers.use(event(poet="mine", epoch=1))
    assert tabs.selected == "write"
    for choice in choices:
        assert choice.value == "mine@1" and ("mine, after epoch 1", "mine@1") in choice.choices
    shelf = handlers.shelf.of(None)
    then, now = shelf.poet("mine@1"), shelf.poet("mine")
    assert then.id != now.id and then.epoch == 1 and shelf.index("mine@1") is not None
    assert handlers.use(event(poet="mine", epoch=7))[1].value == "tiny"  # not kept
    assert handlers.use(event(poet="nobody", epoch=None))[1].value == "tiny"


@pytest.mark.parametrize("name", ["a", "a@", "@1", "a@b", "a@1@x", "a@²", "a@1234567", "@"])
def test_a_name_without_an_epoch(name: str) -> None:
    assert of_epoch(name) == (name, None) or name == "@1"
    assert of_epoch(at_epoch(name, 3)) == (name, 3)


def test_two_visitors_have_two_shelves(poet_root: Path, own: Path, tmp_path: Path) -> None:
    class Two(Visitors):
        def home(self, request: Any) -> Home:
            return Home(tmp_path / request.username)

    handlers = Handlers(Shelf(poet_root, Two()), locale("en"))
    ann, ben = (SimpleNamespace(username=name) for name in ("ann", "ben"))
    shutil.copytree(own, tmp_path / "ann" / "poets" / "secret")
    assert 'data-poet="secret"' in handlers.show(ann)["list"]
    assert "secret" not in handlers.show(ben)["list"]
    receipt = handlers.remove(event(poet="secret"), ann)["message"].split('data-receipt="')[1].split('"')[0]
    for value in (
        handlers.details(event(poet="secret"), ben),
        handlers.pack(event(poet="secret"), ben)[0],
        handlers.restore(event(receipt=receipt), ben),
    ):
        assert value["error"]
    assert "message" in handlers.restore(event(receipt=receipt), ann)
