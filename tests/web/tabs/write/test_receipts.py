"""Recreating a poem from its receipt, without a browser."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from safetensors.numpy import load_file, save_file

from poetbot.errors import PoetBotError
from poetbot.locale import locale
from poetbot.web.components.island import handling
from poetbot.web.serving.poet_registry import PoetRegistry
from poetbot.web.serving.session import Session
from poetbot.web.tabs.write.receipts import Handlers, Recreation
from poetbot.writing import LineRequest, Request, Theme, suggest, write


@pytest.fixture(scope="module")
def handlers(poet_root: Path) -> Handlers:
    return Handlers(PoetRegistry(poet_root), locale("en"))


def recreated(handlers: Handlers, receipt: Any) -> list[tuple[Any, ...]]:
    handle = handling(handlers.recreate, Recreation, handlers.language, others=14)
    return list(handle(SimpleNamespace(_data={"id": 2, "receipt": receipt}), None, Session()))


def test_a_poem_is_recreated_and_the_controls_are_set(handlers: Handlers) -> None:
    cached = handlers.shelf.cached_poet("tiny")
    poem = write(cached.poet, Request("the sea", 1.7, 0.9, rng=5, lines=3, guard=5), cached.index)
    (
        (
            answer,
            poet,
            seed,
            temperature,
            top_p,
            lines,
            rng,
            new_seed,
            guard,
            *blend,
            best_of_many,
            real,
            script,
        ),
    ) = recreated(handlers, json.dumps(poem.receipt))
    assert answer["text"] == poem.text and answer["written"] == [[7, len(poem.text)]]
    assert (poet, seed, top_p, rng, new_seed) == ("tiny", "the sea", 0.9, 5, gr.skip())  # "New seed" stays
    assert real is False
    assert answer["form"]["name"] == "free" and answer["theme"] == {"about": "", "avoid": ""}
    assert [each.visible for each in blend] == [False] * 5 and best_of_many == gr.skip()
    assert (temperature.value, temperature.maximum, lines.value, guard.value) == (1.7, 1.7, 3, 5)
    assert script == ""
    assert 3 in [value for _, value in lines.choices] and 5 in [value for _, value in guard.choices]


def test_a_poem_by_both_is_recreated_part_by_part(handlers: Handlers) -> None:
    line = suggest(handlers.shelf.cached_poet("tiny"), LineRequest("the sea\n", rng=3)).suggestions[0]
    pieces = [{"typed": "the sea\n"}, {"source": 0, "at": 0, "characters": len(line.text)}]
    (first, *_), (answer, poet, *_) = recreated(
        handlers, {"kind": "desk", "sources": [line.receipt], "pieces": pieces}
    )
    assert first["more"] and "1 of 1" in first["status"]
    assert answer["text"] == f"the sea\n{line.text}" and poet == "tiny"


def test_the_theme_of_a_receipt_is_set(handlers: Handlers) -> None:
    cached = handlers.shelf.cached_poet("tiny")
    poem = write(cached.poet, Request(rng=5, lines=2, theme=Theme("lamps, rain", "sun")))
    ((answer, *_),) = recreated(handlers, poem.receipt)
    assert answer["text"] == poem.text and answer["theme"] == {"about": "lamps, rain", "avoid": "sun"}
    untyped = Theme(avoid="sun").or_opening("the sea")
    poem = write(cached.poet, Request("the sea", rng=5, lines=2, theme=untyped))
    ((answer, *_),) = recreated(handlers, poem.receipt)
    assert answer["text"] == poem.text and answer["theme"] == {"about": "", "avoid": "sun"}


def test_a_poet_is_found_by_its_id_and_a_missing_one_is_named(handlers: Handlers) -> None:
    cached = handlers.shelf.cached_poet("tiny")
    poem = write(cached.poet, Request(lines=1), cached.index)
    ((answer, *_),) = recreated(handlers, poem.receipt | {"poet": "as it was called elsewhere"})
    assert answer["poet"] == "tiny"
    ((answer, *_),) = recreated(handlers, poem.receipt | {"poet": "gone", "poet_id": "f" * 64})
    assert "The poet gone (ffffffff)" in answer["error"]


@pytest.mark.parametrize(
    "bad", [None, 5, "", "{", "[" * 100_000, "x" * 300_001, "[]", "{}", {"poet_id": "x"}]
)
def test_anything_but_a_receipt_gives_one_error(handlers: Handlers, bad: Any) -> None:
    ((answer, *_),) = recreated(handlers, bad)
    assert set(answer) == {"id", "error"}


def test_the_blend_of_a_receipt_is_found_and_set(poet_root: Path, tmp_path: Path) -> None:
    shutil.copytree(poet_root / "tiny", tmp_path / "twin")
    path = tmp_path / "twin" / "weights.safetensors"
    save_file({name: tensor * 0.9 for name, tensor in load_file(path).items()}, path)
    shelf = PoetRegistry(poet_root, own=tmp_path)
    handlers = Handlers(shelf, locale("en"))
    shelf.of = lambda _: shelf  # type: ignore[method-assign]
    poem = write(shelf.poet("tiny:2,twin:1"), Request(lines=2, rng=1))
    poem.receipt["blend"][1]["poet"] = "renamed"  # it is found by its id
    ((answer, *controls),) = recreated(handlers, poem.receipt)
    assert answer["text"] == poem.text and answer["poet"] == "tiny:2,twin:1"
    second, weight, third, *_ = controls[-8:]
    assert controls[0] == "tiny" and (second.value, weight.value, third.value) == ("twin", 0.5, "")
    poem.receipt["blend"][1]["poet_id"] = "gone"
    with pytest.raises(PoetBotError, match="renamed"):
        handlers._finder(shelf, {})(poem.receipt)
