"""The network in integers: no sum is rounded, a row's result depends on nothing else, and poems are the same everywhere."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from poetbot.poets.folder import BUNDLED, Poet, load
from poetbot.poets.integer_network import IntegerNetwork, rounded
from poetbot.poets.lookup_tables import exponentials, sigmoid_table, tanh_table
from poetbot.poets.network import Network, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.scoring import score
from poetbot.poets.vocabulary import Vocabulary
from poetbot.writing import (
    CachedPoet,
    LineRequest,
    Request,
    recreate_suggestion,
    suggest,
    write,
    write_together,
)

ROOT = Path(__file__).parents[2]


def made(recipe: Recipe, ids: int, rng: np.random.Generator, spread: float = 0.3) -> IntegerNetwork:
    shapes = tensor_shapes(recipe, ids)
    return IntegerNetwork(
        recipe, {name: rng.normal(0, spread, shape).astype(np.float32) for name, shape in shapes.items()}
    )


@pytest.mark.parametrize("units", [8, 300, 520, 521, 1500])
def test_sums_of_any_size_are_exact(units: int) -> None:
    network = made(Recipe(layers=2, units=units, embedding=40), 5, np.random.default_rng(1))
    largest = network.zero_state().memory[0] + np.float32(round(float(network._layers._h_scaled.max())))
    for product in (*network._layers._products, network._dense):
        size = len(product.weights)
        worst = np.where(product.weights < 0, -1, 1) * largest[0, 0]  # each product has the same sign
        exact = (worst.astype(np.int64) * product.weights.astype(np.int64)).sum(axis=0)
        assert exact.max() < 2**24 and largest[0, 0] >= 1
        rows = np.full((1, size), largest[0, 0], np.float32)
        whole = rows.astype(np.int64) @ product.weights.astype(np.int64)
        assert np.array_equal(rows @ product.weights, whole)


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(layers=3, units=24),
        Recipe(layers=1, units=40, embedding=12),
        Recipe(layers=2, units=30, embedding=30, tied=True),
    ],
)
def test_a_row_is_the_same_alone_among_others_and_read_as_a_whole(recipe: Recipe) -> None:
    rng = np.random.default_rng(3)
    network = made(recipe, 50, rng)
    texts = rng.integers(0, 50, (64, 30)).astype(np.int32)

    def logits(rows: list[int]) -> list[bytes]:
        state = network.zero_state(len(rows))
        for at in range(texts.shape[1]):
            network.step(texts[rows, at], state)
        return [row.tobytes() for row in state.logits]

    together = logits(list(range(64)))
    for rows in ([7], [3, 60, 9], list(range(63, 20, -1))):
        assert logits(rows) == [together[row] for row in rows]
    state = network.zero_state()
    trail = tuple(np.empty((30, each.shape[1]), np.float32) for each in state.memory)
    network.read(texts[9], state, trail=trail)
    assert state.logits[0].tobytes() == together[9]
    assert all(np.array_equal(kept[-1], memory[0]) for kept, memory in zip(trail, state.memory, strict=True))


def test_rounding_costs_next_to_nothing() -> None:
    poet = load(BUNDLED / "english")
    rows = (ROOT / "corpora" / "english.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(row)["text"] for row in rows][:15]
    assert isinstance(poet.vocabulary, Vocabulary)
    bits = [
        score(network(poet.recipe, poet.tensors), poet.vocabulary, texts).bits_per_character  # type: ignore[arg-type]
        for network in (Network, IntegerNetwork)
    ]
    assert bits[0] and bits[1] and abs(bits[1] - bits[0]) < 0.002


def test_a_kernel_is_rounded_to_the_nearest_integers() -> None:
    kernel = np.array([[1.0, 0.0], [-0.5, 0.0]], np.float32)
    weights, scales = rounded(kernel, 127)
    assert weights.tolist() == [[127, 0], [-64, 0]] and scales[0] == np.float32(1) / np.float32(127)


def test_tables_are_those_of_the_functions() -> None:
    at = np.linspace(-10, 10, 10_241)
    np.testing.assert_allclose(tanh_table(), np.tanh(at), atol=1e-7)
    np.testing.assert_allclose(sigmoid_table(), 1 / (1 + np.exp(-2 * at)), atol=1e-7)
    nats = np.array([0.0, -0.3, -7.0, -300.0, -1e9, -np.inf])
    np.testing.assert_allclose(exponentials(nats.copy(), 0.7), np.exp(nats / 0.7), rtol=1e-4)
    tables = tanh_table().tobytes() + sigmoid_table().tobytes()
    assert hashlib.sha256(tables).hexdigest().startswith("7aa551fe38ae0a9a")


SEED = "The kettle sings to nobody at all,"
"""Our own."""


def _hash(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


@pytest.mark.parametrize(("name", "expected"), [("modern", "83cce0a217920311"), ("tang", "35a4f5298cd1f5b3")])
def test_poems_are_the_same_on_every_machine(name: str, expected: str) -> None:
    poet = load(BUNDLED / name)
    seed = "" if name == "tang" else SEED
    poems = dict(write_together(poet, Request(seed, 0.7, 0.95, lines=4, rng=5), 3))
    before = seed + "\n" if seed else "春風\n"
    cached = CachedPoet(poet)
    receipt = suggest(cached, LineRequest(before, temperature=0.7, rng=2, drafts=3)).suggestions[0].receipt
    lines = [
        recreate_suggestion(cached, {**receipt, "draft": number}) for number in range(3)
    ]  # however ranked
    assert _hash(*(poems[k].text for k in range(3)), *lines) == expected
    assert write(poet, Request(seed, 0.7, 0.95, lines=4, rng=6)) == poems[1]


OLDER_PROCESSOR = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3"}
"""Lets OpenBLAS and NumPy use the instructions of 2004, where they can."""


def test_threads_and_instructions_change_nothing() -> None:
    code = (
        "from poetbot.poets.folder import load; from poetbot.writing import Request, write_together;"
        "poems = write_together(load('modern'), Request('The bus was late', lines=2, rng=1), 9);"
        "print([poem.text for _, poem in sorted(poems)])"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": threads} | older,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads, older in (("1", {}), ("2", {}), ("1", OLDER_PROCESSOR))
    }
    assert len(written) == 1


def test_receipts_say_which_network_wrote(tmp_path: Path) -> None:
    poet = load(BUNDLED / "modern")
    now, before = (write(each, Request(SEED, lines=1, rng=4)) for each in (poet, poet.in_floats))
    assert now.receipt["arithmetic"] == "integers" and "arithmetic" not in before.receipt
    assert (
        isinstance(poet, Poet) and poet.in_floats.id == poet.id and poet.in_floats.in_floats is poet.in_floats
    )
