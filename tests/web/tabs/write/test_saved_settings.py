"""The settings that come back with a poem, without a browser."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio.context import LocalContext

from poetbot.locale import locale
from poetbot.web.components.island import handling
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.tabs.write.saved_settings import Handlers, OpenedPoem
from poetbot.writing import FormRequest, Request, Theme, form_named
from poetbot.writing.form_writer import FORM
from poetbot.writing.request import receipt

SAVED = {
    "poet": "tiny",
    "seed": "the sea",
    "temperature": 1.8,
    "top_p": 0.5,
    "lines": 9,
    "rng": 5,
    "new_seed": False,
    "guard": 0,
    "second": "",
    "second_weight": 2.0,
    "one_each": True,
    "best_of_many": True,
    "script": "simplified",
    "form": {"name": "haiku", "acrostic": "SEA"},
    "theme": {"about": "the sea", "avoid": "sky"},
}
NO_BLEND = ("", 1.0, "", 1.0, False)
DEFAULTS = ("tiny", 0.6, 1.0, 14, 0, True, 8, *NO_BLEND, False, True, "")


@pytest.fixture(scope="module")
def handlers(poet_root: Path) -> Handlers:
    return Handlers(PoetRegistry(poet_root), locale("en"))


def restored(handlers: Handlers, **message: Any) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """Return the answer, and the values of the controls without the first words, which the page sets.

    As in an event of the app, where Gradio makes components without attributes.
    """
    handle = handling(handlers.restore, OpenedPoem, handlers.language, others=15)
    token = LocalContext.in_event_listener.set(True)
    try:
        answer, *controls = handle(SimpleNamespace(_data=message), None)
    finally:
        LocalContext.in_event_listener.reset(token)
    assert controls.pop(1) == gr.skip()
    return answer, tuple(
        each.constructor_args["value"] if isinstance(each, gr.components.Component) else each
        for each in controls
    )


def test_saved_settings_come_back(handlers: Handlers) -> None:
    answer, controls = restored(handlers, settings=SAVED, receipt={"poet_id": "x"}, poet="other")
    assert controls == ("tiny", 1.8, 0.5, 9, 5, False, 0, "", 2.0, "", 1.0, True, True, True, "simplified")
    assert answer["form"]["name"] == "haiku" and answer["form"]["acrostic"] == "SEA"
    assert answer["theme"] == SAVED["theme"]
    assert "notice" not in answer


def test_real_words_come_back_from_settings_from_a_form_saved_before_and_from_a_receipt(
    handlers: Handlers,
) -> None:
    cached = handlers.shelf.cached_poet("tiny")
    asked = FORM.receipt(cached.poet, FormRequest(form_named("couplet"), real_words=True))
    form = {"name": "haiku", "real_words": True}
    assert restored(handlers, settings=SAVED | {"real_words": True})[1][-2] is True
    assert restored(handlers, settings=SAVED | {"form": form})[1][-2] is True
    assert restored(handlers, settings=SAVED | {"form": form, "real_words": False})[1][-2] is False
    assert restored(handlers, receipt=asked, poet="tiny")[1][-2] is True


def test_a_new_page_has_the_defaults(handlers: Handlers) -> None:
    answer, controls = restored(handlers)
    assert controls == DEFAULTS and answer["form"]["name"] == "free" and "notice" not in answer


def test_a_poem_saved_without_settings_has_those_of_its_receipt(handlers: Handlers) -> None:
    cached = handlers.shelf.cached_poet("tiny")
    whole = receipt(cached.poet, Request("the sea", 0.4, 0.9, rng=3, lines=8, guard=6))
    asked = FormRequest(form_named("couplet"), temperature=1.1, rng=4)
    in_form = FORM.receipt(cached.poet, replace(asked, theme=Theme("lamps", words=(("lamp", 1.0),))))
    assert restored(handlers, receipt=whole, poet="tiny")[1] == (
        "tiny",
        0.4,
        0.9,
        8,
        3,
        True,
        6,
        *NO_BLEND,
        False,
        False,
        "",
    )
    both = {"kind": "desk", "sources": [whole, in_form], "pieces": []}
    answer, controls = restored(handlers, receipt=both)
    assert (
        controls == ("tiny", 1.1, 1.0, 8, 4, True, 0, *NO_BLEND, False, False, "")
        and answer["form"]["name"] == "couplet"
    )
    assert answer["theme"] == {"about": "lamps", "avoid": ""}
    assert restored(handlers, poet="tiny")[1] == DEFAULTS


def test_a_poet_that_is_gone_is_named(handlers: Handlers) -> None:
    answer, controls = restored(handlers, settings=SAVED | {"poet": "gone"})
    assert controls[:2] == ("tiny", 1.8)
    assert answer["notice"] == "gone, the poet of this poem, no longer exists here. tiny is set instead."


@pytest.mark.parametrize(
    "bad",
    [
        {
            "temperature": "hot",
            "top_p": 7,
            "lines": 1.5,
            "rng": -1,
            "guard": True,
            "new_seed": 1,
            "script": "x",
            "form": 3,
        },
        {"poet": 5, "temperature": float("nan"), "top_p": None, "form": {"name": "epic", "rhyme": 3}},
        {"form": {"rhyme": ["A"], "real_words": "yes", "other": 1}, "theme": {"about": 3}},
    ],
)
def test_unsound_settings_of_a_file_are_the_defaults(handlers: Handlers, bad: dict[str, Any]) -> None:
    answer, controls = restored(handlers, settings=bad)
    assert controls == DEFAULTS and answer["form"]["name"] == "free" and not answer["form"]["rhyme"]
    assert answer["theme"] == {"about": "", "avoid": ""}


@pytest.mark.parametrize("bad", [{"sources": 5, "kind": "desk"}, {}, {"poet_id": "x", "form": {"lines": 1}}])
def test_an_unsound_receipt_gives_the_defaults(handlers: Handlers, bad: dict[str, Any]) -> None:
    assert restored(handlers, receipt=bad, poet="tiny")[1] == DEFAULTS
