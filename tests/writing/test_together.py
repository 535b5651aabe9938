"""Many poems side by side are the poems that would have been written one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from poetbot.overlap import OverlapIndex, report
from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.poets.sampling import sample, sample_rows
from poetbot.writing import Request, request_of_receipt, write, write_together


@pytest.fixture(scope="module")
def poet(tiny_poet: Path) -> Poet:
    return load(tiny_poet)


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
        assert poem.rng == 11 + number and poem.receipt["together"]
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


def test_receipts_of_a_trained_poet_write_its_poems_again() -> None:
    """What a receipt promises, on whatever processor this is; how a matrix library rounds is no promise of ours."""
    english = load(BUNDLED / "english")
    request = Request(seed="The lamp", characters=120, temperature=0.8, rng=5)
    for _, poem in write_together(english, request, 24):
        assert write(english, request_of_receipt(poem.receipt, english)).text == poem.text


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
