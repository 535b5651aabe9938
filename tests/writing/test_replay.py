"""A poem is written again from its receipt, whoever wrote which part of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import load
from poetbot.writing import (
    CachedPoet,
    FormRequest,
    LineRequest,
    RecreatedPoem,
    Request,
    continuations,
    form_named,
    recreate_poem,
    suggest,
    write,
    write_in_form,
)
from poetbot.writing.poem_request import write_requested


@pytest.fixture(scope="module")
def cached(tiny_poet: Path) -> CachedPoet:
    poet = load(tiny_poet)
    return CachedPoet(poet, OverlapIndex.open(poet.overlap_folder))


def again(receipt: Any, cached: CachedPoet) -> RecreatedPoem:
    *told, made = recreate_poem(receipt, lambda source: cached)
    assert isinstance(made, RecreatedPoem)
    assert told == [(k, len(told)) for k in range(len(told))]
    return made


def test_poems_forms_and_lines_are_recreated(cached: CachedPoet) -> None:
    poem = write(cached.poet, Request("the sea", rng=3, lines=3), cached.index)
    assert again(poem.receipt, cached) == RecreatedPoem(poem.text, ((7, len(poem.text)),))
    formed, _ = write_in_form(cached, FormRequest(form_named("couplet"), "the sea\n", rng=3, drafts=4))
    assert again(formed.receipt, cached).text == formed.text
    line = suggest(cached, LineRequest("the sea\n", rng=3, drafts=8)).suggestions[2]
    assert again(line.receipt, cached) == RecreatedPoem(line.text, ((0, len(line.text)),))
    with pytest.raises(PoetBotError, match="isn't a receipt"):
        again({**poem.receipt, "kind": "of a later version"}, cached)


def test_an_index_that_no_guard_needs_is_not_opened(cached: CachedPoet) -> None:
    closed = CachedPoet(cached.poet, lambda: pytest.fail("opened"))
    poem, _ = write_requested(closed, Request("the sea", rng=3, lines=2))
    assert again(poem.receipt, closed).text == poem.text and closed.guard(0) is None
    guarded, _ = write_requested(cached, Request("the sea", rng=3, lines=2, guard=4))
    with pytest.raises(pytest.fail.Exception):
        again(guarded.receipt, closed)


def test_a_joint_poem_is_recreated(cached: CachedPoet) -> None:
    poem = write(cached.poet, Request("the sea", rng=3, lines=2), cached.index)
    line = suggest(cached, LineRequest(poem.text + "\n", rng=3, drafts=8)).suggestions[0]
    (rest,) = continuations(cached, poem.text + "\n", Request(lines=2, rng=4), drafts=4)
    written = poem.text[7:]
    pieces = [
        {"typed": "the sea"},
        {"source": 0, "at": 0, "characters": 4},
        {"typed": "🙂"},
        {"source": 0, "at": 6, "characters": len(written) - 6},
        {"typed": "\n"},
        {"source": 1, "at": 0, "characters": len(line.text)},
        {"typed": "\n"},
        {"source": 2, "at": 0, "characters": len(rest.text)},
        {"written": " whose receipt was lost"},
    ]
    receipt = {"kind": "desk", "sources": [poem.receipt, line.receipt, rest.receipt], "pieces": pieces}
    made = again(receipt, cached)
    assert made.text == (
        f"the sea{written[:4]}🙂{written[6:]}\n{line.text}\n{rest.text} whose receipt was lost"
    )
    assert [made.text[start:end] for start, end in made.written] == [
        written[:4],
        written[6:],
        line.text,
        rest.text,
        " whose receipt was lost",
    ]


def test_a_missing_poet_is_reported_before_anything_is_written(cached: CachedPoet) -> None:
    def missing(source: Mapping[str, Any]) -> CachedPoet:
        raise PoetBotError("missing")

    poem = write(cached.poet, Request(lines=1), cached.index)
    with pytest.raises(PoetBotError, match="missing"):
        next(recreate_poem({"kind": "desk", "sources": [poem.receipt], "pieces": []}, missing))


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        "receipt",
        {},
        {"kind": "desk"},
        {"kind": "desk", "sources": [{}], "pieces": []},
        {"kind": "desk", "sources": 3, "pieces": []},
        {"kind": "desk", "sources": [], "pieces": {}},
        {"kind": "desk", "sources": [], "pieces": [{"typed": 1}]},
        {"kind": "desk", "sources": [], "pieces": [{"typed": "a", "written": "b"}]},
        {"kind": "desk", "sources": [], "pieces": [{"source": 0, "at": 0, "characters": 1}]},
        {"kind": "desk", "sources": [], "pieces": [{}]},
        {"kind": "desk", "sources": [], "pieces": [{"typed": "x" * 1_000_001}]},
        {"kind": "line", "poet_id": "x"},
        {"kind": "form", "poet_id": "x"},
        {"poet_id": "x", "rng": -1},
    ],
)
def test_anything_but_a_receipt_is_an_error(cached: CachedPoet, bad: Any) -> None:
    with pytest.raises(PoetBotError):
        list(recreate_poem(bad, lambda source: cached))
