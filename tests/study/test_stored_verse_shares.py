"""Shares that are kept with a poet."""

import json
import shutil

import numpy as np
import pytest

from poetbot.poets.folder import load, save_network
from poetbot.study.stored_verse_shares import FILE, store_shares, stored_shares
from poetbot.study.verse_shares import SHARES, compared

POEMS = [
    "The lamp is low, the street is long,\nA kettle sings its kitchen song",
    "rain, rain\nrain on the lane",
]


@pytest.fixture
def poet(tiny_poet, tmp_path):
    return load(shutil.copytree(tiny_poet, tmp_path / "tiny"))


@pytest.fixture
def sides():
    return {who: compared(POEMS, np.random.default_rng(k)) for k, who in enumerate(("poet", "human"))}


def test_stored_figures_are_read_as_they_were_written(poet, sides):
    assert stored_shares(poet) is None
    store_shares(poet, sides, "2026-11-22")
    found = stored_shares(poet)
    assert found and found.when == "2026-11-22"
    for who, side in sides.items():
        assert found.sides[who].heard == side.heard
        assert [getattr(found.sides[who].chance, n) for n in SHARES] == [
            getattr(side.chance, n) for n in SHARES
        ]


def test_other_weights_have_no_stored_figures(poet, sides):
    store_shares(poet, sides, "2026-11-22")
    tensors = {name: tensor + 1 for name, tensor in poet.tensors.items()}
    save_network(poet.folder, poet.recipe, poet.vocabulary, tensors)
    assert stored_shares(load(poet.folder)) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["human"]["heard"].update(rhyming=2),
        lambda data: data["poet"]["heard"].update(lines=-1),
        lambda data: data["poet"]["heard"].update(syllables=[1]),
        lambda data: data["poet"]["chance"].pop("refrain"),
        lambda data: data.pop("human"),
    ],
)
def test_damaged_figures_are_ignored(poet, sides, change):
    store_shares(poet, sides, "2026-11-22")
    data = json.loads((poet.folder / FILE).read_text("utf-8"))
    change(data)
    (poet.folder / FILE).write_text(json.dumps(data), encoding="utf-8")
    assert stored_shares(poet) is None
