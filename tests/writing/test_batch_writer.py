"""Many poems side by side are the poems that would have been written one by one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.poets.sampling import sample, sample_rows
from poetbot.writing import Request, request_of_receipt, write, write_together


@pytest.fixture(scope="module", params=["integers", "floats"])
def poet(request: pytest.FixtureRequest, tiny_poet: Path) -> Poet:
    found = load(tiny_poet)
    return found if request.param == "integers" else found.in_floats


@pytest.fixture(scope="module")
def english() -> Poet:
    return load(BUNDLED / "english")


@pytest.mark.parametrize(
    "asked",
    [
        {"characters": 60},
        {"seed": "the lamp is", "lines": 3, "temperature": 1.3, "top_p": 0.9},
        {"seed": "The rain\n", "lines": 2, "temperature": 0},
        {"characters": 80, "guard": 2},
    ],
)
def test_together_or_alone_a_poem_is_the_same(poet: Poet, asked: dict) -> None:
    request = Request(**asked, rng=11)
    together = dict(write_together(poet, request, 18))
    assert sorted(together) == list(range(18))
    for number, poem in together.items():
        assert poem.rng == 11 + number and poem.receipt["together"] == (not poet.integers)
        alone = write(poet, replace(request, rng=11 + number))
        assert (alone.text, alone.stopped_by) == (poem.text, poem.stopped_by)
        assert write(poet, request_of_receipt(poem.receipt, poet)) == poem


@pytest.mark.parametrize("temperature", [0.0, 0.3, 0.8])
def test_the_guard_holds_for_each_of_many(copies: Poet, temperature: float) -> None:
    index = OverlapIndex.open(copies.overlap_folder)
    request = Request(temperature=temperature, guard=4, rng=3, characters=90)
    together = dict(write_together(copies, request, 20, index))
    for number, poem in together.items():
        assert report(index, poem.text)["longest"]["words"] < 4
        assert poem.text == write(copies, replace(request, rng=3 + number), index).text


def test_receipts_recreate_their_poems_on_this_machine(english: Poet) -> None:
    """Alone, among others of every length, and after other work: whatever the library's products depend on."""
    english = english.in_floats
    request = Request(lines=1, rng=70)
    alone = write(english, request)
    poems = dict(write_together(english, request, 18))
    assert len({len(poem.receipt["places"]) for poem in poems.values()}) > 1, "no poem moved, no row dropped"
    write(english, Request("The rain", characters=50, rng=5))
    assert write(english, request_of_receipt(alone.receipt, english)) == alone
    for poem in poems.values():
        receipt = json.loads(json.dumps(poem.receipt))
        assert receipt == poem.receipt
        assert write(english, request_of_receipt(receipt, english)) == poem


def test_a_poem_stopped_among_others_is_recreated(poet: Poet) -> None:
    whole = dict(write_together(poet, Request(characters=60, rng=3), 9))[8]
    stopped = write(poet, replace(request_of_receipt(whole.receipt, poet), stop_after=20))
    assert stopped.text == whole.text[:20]


def test_receipts_without_places_still_work(poet: Poet) -> None:
    poem = dict(write_together(poet, Request(characters=60, rng=3), 2))[1]
    receipt = {name: value for name, value in poem.receipt.items() if name != "places"}
    assert write(poet, request_of_receipt(receipt, poet)).text == poem.text


@pytest.mark.parametrize(
    "places",
    [
        None,
        7,
        "0",
        [[0, 4]],
        [[0, 4, 4]],
        [[1, 4, 0]],
        [[0, 4, -1]],
        [[0, 10**9, 0]],
        [[0, 4, 1.0]],
        [[0, True, 0]],
        [[0, 8, 3], [0, 4, 3]],
        [[0, 8, 3], [9, 4, 3], [5, 4, 1]],
        [[k, 4, 0] for k in range(101)],
    ],
)
def test_impossible_places_are_errors(places: Any) -> None:
    with pytest.raises(PoetBotError, match="places") as caught:
        Request(places=places)
    assert "\n" not in str(caught.value)


def test_draws_for_many_rows_are_those_for_each() -> None:
    rng = np.random.default_rng(1)
    logits = (rng.normal(size=(33, 70)) * 4).astype(np.float32)
    logits[rng.random(logits.shape) < 0.2] = -np.inf
    for temperature in (0, 1e-320, 0.2, 1, 2):
        for top_p in (0.5, 1):
            alone = [
                sample(row, temperature, top_p, np.random.default_rng(k)) for k, row in enumerate(logits)
            ]
            rngs = [np.random.default_rng(k) for k in range(len(logits))]
            assert sample_rows(logits, temperature, top_p, rngs) == alone
            alone = [
                sample(row, temperature, top_p, np.random.default_rng(k), exact=True)
                for k, row in enumerate(logits)
            ]
            rngs = [np.random.default_rng(k) for k in range(len(logits))]
            assert sample_rows(logits, temperature, top_p, rngs, exact=True) == alone
