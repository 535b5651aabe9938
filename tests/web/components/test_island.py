"""Messages of the page: what is read from them, and what is answered."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.web.components import island as islands
from poetbot.web.components.island import handling, island, parse

ENGLISH = locale("en")


@dataclass(frozen=True)
class Order:
    name: str
    kind: Literal["png", "csv"] = "png"
    epoch: int | None = None
    dark: bool = False
    poets: list[str] = field(default_factory=list)


def event(data: Any) -> Any:
    return SimpleNamespace(_data=data)


def test_a_message_is_read_as_its_dataclass() -> None:
    data = {"name": "a", "kind": "csv", "epoch": 3, "dark": True, "poets": ["b"], "unknown": object()}
    assert parse(Order, event(data), ENGLISH) == Order("a", "csv", 3, True, ["b"])
    assert parse(Order, event({"name": "a", "epoch": None}), ENGLISH) == Order("a")


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        *({"name": name} for name in (None, 1, True, ["a"], {"a": 1}, "a" * (islands.MAX_LENGTH + 1))),
        *({"name": "a", "kind": kind} for kind in ("exe", None, 1, ["png"])),
        *({"name": "a", "epoch": epoch} for epoch in ("1", 1.0, True, float("nan"), 10**40)),
        *({"name": "a", "dark": dark} for dark in (None, 0, 1, "true")),
        *({"name": "a", "poets": poets} for poets in ("ab", [1], [["a"]], ["a"] * (islands.MAX_ITEMS + 1))),
    ],
    ids=lambda data: str(data)[:40],
)
def test_a_message_of_other_types_is_refused(data: Any) -> None:
    with pytest.raises(PoetBotError, match="Reload the page"):
        parse(Order, event(data), ENGLISH)


def test_errors_are_answered_with_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    def steps(order: Order, session: str, visitor: Any) -> Iterator[Any]:
        yield {"name": order.name, "session": session}
        raise PoetBotError("{name} is gone.", name=order.name) if order.dark else ZeroDivisionError

    handle = handling(steps, Order, ENGLISH)
    with caplog.at_level(logging.ERROR):
        first, last = handle(event({"name": "a", "dark": True, "id": 7}), None, "mine")
        assert first == {"id": 7, "name": "a", "session": "mine"} and last == {"id": 7, "error": "a is gone."}
        assert not caplog.records
        _, last = handle(event({"name": "a", "id": "7"}), None, "mine")
    assert "Something went wrong" in last["error"] and last["failed"] and "id" not in last
    assert "ZeroDivisionError" in caplog.text


def test_the_other_outputs_stay_after_an_error() -> None:
    def work(order: Order, visitor: Any) -> Any:
        return {"done": True}, order.name

    handle = handling(work, Order, ENGLISH, others=1)
    assert handle(event({"name": "a"}), None) == ({"done": True}, "a")
    answer, other = handle(event({"name": 1}), None)
    assert "Reload" in answer["error"] and other["__type__"] == "update" and "value" not in other


def test_equal_answers_differ_for_the_browser() -> None:
    html = island(ENGLISH, "tabs/poets/page.html", "tabs/poets/poets.js", ["use"], "an-id").html
    first, second = (json.loads(html.postprocess({"error": "no"})) for _ in range(2))
    assert first != second and first["error"] == second["error"] and html.postprocess(None) is None
