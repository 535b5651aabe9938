"""The Poets tab's handlers, as Gradio calls them, without a browser."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.poets.folder import BUNDLED, load, save_epoch
from poetbot.storage import Home
from poetbot.web.components.island import handling
from poetbot.web.serving.poet_registry import PoetRegistry, at_epoch, of_epoch
from poetbot.web.serving.session import Session
from poetbot.web.serving.visitors import Visitors
from poetbot.web.tabs.poets.handlers import Deleted, Handlers, ListedName, NewName, Packing, Version
from poetbot.web.tabs.write.tab import CHINESE_LENGTH, DEFAULT_LENGTH
from tests.web.tabs.poets.hostile_values import harmless, json_values

MESSAGES = {
    "details": ListedName,
    "rename": NewName,
    "remove": ListedName,
    "restore": Deleted,
    "pack": Packing,
}


def ask(handlers: Handlers, event: str, visitor: Any = None, /, **data: Any) -> Any:
    """Return the answer to an event with these data."""
    handle = handling(getattr(handlers, event), MESSAGES[event], handlers.language)
    return handle(SimpleNamespace(_data=json.loads(json.dumps(data))), visitor)


def use(
    handlers: Handlers, session: Session | None = None, lines: int = DEFAULT_LENGTH, **data: Any
) -> tuple[Any, ...]:
    """Return the answer to "Write with this poet": the update, the tab, the length and the two lists of poets."""
    handle = handling(handlers.use, Version, handlers.language, others=4)
    return handle(SimpleNamespace(_data=data), None, lines, session or Session())


@pytest.fixture
def handlers(poet_root: Path) -> Handlers:
    return Handlers(PoetRegistry(poet_root), locale("en"))


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
    value = ask(handlers, "rename", poet="mine", name="ours")
    assert "Renamed to ours" in value["message"] and value["focus"] == "ours"
    value = ask(handlers, "remove", poet="ours")
    assert 'data-poet="ours"' not in value["list"] and "Trash (1)" in value["list"]
    receipt = value["message"].split('data-receipt="')[1].split('"')[0]
    value = ask(handlers, "restore", receipt=receipt)
    assert 'data-poet="ours"' in value["list"] and "Trash" not in value["list"]


@pytest.mark.parametrize("name", ["tiny", "nobody", "../poets/mine", None, 7, ["mine"], {"a": 1}, "x" * 5000])
def test_poets_of_others_are_left_alone(handlers: Handlers, own: Path, name: Any) -> None:
    for value in (
        ask(handlers, "rename", poet=name, name="new"),
        ask(handlers, "remove", poet=name),
        ask(handlers, "restore", receipt=name),
    ):
        assert value["error"].count(".") in (1, 2) and "<" not in value["error"]
    assert own.is_dir() and ask(handlers, "pack", poet="nobody")["error"]
    assert ask(handlers, "rename", poet="mine", name=["new"])["error"]
    assert handling(handlers.details, ListedName, handlers.language)(SimpleNamespace(_data=name), None)[
        "error"
    ]


def test_download_and_import_a_poet(handlers: Handlers, own: Path, tmp_path: Path) -> None:
    value = ask(handlers, "pack", poet="mine", poems=True)
    path = value["file"]
    assert "Downloading mine" in value["message"] and Path(path).name == "mine.zip"
    sent = Path(shutil.copy(path, tmp_path / "sent.zip"))
    value = handlers.import_poet(str(sent))
    assert value["focus"] == "mine 2" and sent.exists()
    assert load(Home.default().poets / "mine 2", epoch=1)
    sent.write_bytes(b"no zip")
    for file, sentence in ((str(sent), "be imported"), (None, "Upload it again")):
        with pytest.raises(PoetBotError, match=sentence):
            handlers.import_poet(file)
    assert sent.exists()


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
    update = ask(handlers, "details", poet="mine")
    assert "error" not in update
    harmless(update["details"])


def test_write_with_an_early_epoch(handlers: Handlers, own: Path) -> None:
    _, tabs, length, *choices = use(handlers, poet="mine", epoch=1)
    assert tabs.selected == "write" and length == DEFAULT_LENGTH
    for choice in choices:
        assert choice.value == "mine@1" and ("mine, after epoch 1", "mine@1") in choice.choices
    shelf = handlers.shelf.of(None)
    then, now = shelf.poet("mine@1"), shelf.poet("mine")
    assert then.id != now.id and then.epoch == 1 and shelf.index("mine@1") is not None
    assert use(handlers, poet="mine", epoch=7)[3].value == "tiny"  # not kept
    assert use(handlers, poet="nobody", epoch=None)[3].value == "tiny"


def test_a_poet_to_write_with_sets_the_length_that_suits_it() -> None:
    handlers, session = Handlers(PoetRegistry(BUNDLED), locale("en")), Session()
    assert use(handlers, session, poet="tang")[2] == CHINESE_LENGTH
    assert use(handlers, session, lines=40, poet="tang")[2] == 40
    session.has_chosen_length = True
    assert use(handlers, session, poet="tang")[2] == DEFAULT_LENGTH  # a person chose it


@pytest.mark.parametrize("name", ["a", "a@", "@1", "a@b", "a@1@x", "a@²", "a@1234567", "@"])
def test_a_name_without_an_epoch(name: str) -> None:
    assert of_epoch(name) == (name, None) or name == "@1"
    assert of_epoch(at_epoch(name, 3)) == (name, 3)


def test_two_visitors_have_two_shelves(poet_root: Path, own: Path, tmp_path: Path) -> None:
    class Two(Visitors):
        def home(self, request: Any) -> Home:
            return Home(tmp_path / request.username)

    handlers = Handlers(PoetRegistry(poet_root, Two()), locale("en"))
    ann, ben = (SimpleNamespace(username=name) for name in ("ann", "ben"))
    shutil.copytree(own, tmp_path / "ann" / "poets" / "secret")
    assert 'data-poet="secret"' in handlers.show(ann)["list"]
    assert "secret" not in handlers.show(ben)["list"]
    receipt = ask(handlers, "remove", ann, poet="secret")["message"].split('data-receipt="')[1].split('"')[0]
    for value in (
        ask(handlers, "details", ben, poet="secret"),
        ask(handlers, "pack", ben, poet="secret"),
        ask(handlers, "restore", ben, receipt=receipt),
    ):
        assert value["error"]
    assert "message" in ask(handlers, "restore", ann, receipt=receipt)
