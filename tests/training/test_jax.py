"""Training on JAX: run by `make test-jax` in an environment that holds JAX and no TensorFlow."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from poetbot.cli.main import main
from poetbot.poets.folder import load
from poetbot.poets.network import Network
from poetbot.training import network, reporter
from poetbot.training.worker import train
from poetbot.writing import Request, Writer
from tests.training.worker_to_kill import order

pytestmark = [
    pytest.mark.jax,
    pytest.mark.timeout(600),
    pytest.mark.skipif(keras.backend.backend() != "jax", reason="Keras runs on something else here"),
]
ROOT = Path(__file__).resolve().parents[2]


def test_tensorflow_is_not_installed() -> None:
    train  # noqa: B018 (everything that trains is imported)
    assert "tensorflow" not in sys.modules


def test_a_poet_is_trained_stopped_and_resumed_exactly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = train(order(tmp_path / "whole"))
    history = [json.loads(line) for line in (tmp_path / "whole" / "history.jsonl").read_text().splitlines()]
    assert history[-1]["validation_bits"] < 0.6 * history[0]["validation_bits"] or card["figures"][
        "validation_bits_per_character"
    ] < np.log2(len(load(tmp_path / "whole").vocabulary))
    assert "jax" in card["training"]["libraries"] and "tensorflow" not in card["training"]["libraries"]

    real = reporter.Reporter.__call__

    def stopping(self: reporter.Reporter, event: dict[str, Any]) -> None:
        real(self, event)
        if event.get("step") in (7, 60):
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(reporter.Reporter, "__call__", stopping)
    for _ in range(2):
        assert not train(order(tmp_path / "parts"))["training"]["finished"]
    assert train(order(tmp_path / "parts"))["training"]["finished"]
    for name in ("weights.safetensors", "epochs/0002.safetensors"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_numpy_writes_what_jax_computes() -> None:
    """The same weights give the same logits, so a poet writes the same poem whatever it was trained on."""
    recipe = dataclasses.replace(order(Path("unused")).recipe, window=50, batch=1)
    model = network.build(recipe, 11, 1, 1)
    rng = np.random.default_rng(0)
    weights = network.weights_of(model, recipe)
    for variable in weights.values():
        variable.assign(np.array(variable) + 0.3 * rng.normal(size=variable.shape))
    ids = rng.integers(0, 11, (50, 1)).astype(np.int32)
    expected = np.array(model([ids, np.ones((50, 1, 1), np.float32)]))
    numpy_network = Network(recipe, network.tensors_of(model, recipe))
    state = numpy_network.zero_state()
    for step, logits in zip(ids, expected[:, 0], strict=True):
        numpy_network.step(step, state)
        assert np.abs(state.logits[0] - logits).max() < 1e-4


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_every_cell_learns(cell: str) -> None:
    settings = [f"cell={cell}", "recurrent_dropout=0", "weight_drop=0.2", "window=10", "dropout=0"]
    recipe = order(Path("unused")).recipe.changed(settings)
    model = network.build(recipe, 6, 4, 1)
    ids = np.tile(np.arange(6, dtype=np.int32), 8)[: 4 * 11].reshape(4, 11).T
    inputs = [np.ascontiguousarray(ids[:-1]), np.ones((10, 4, 1), np.float32)]
    losses = [float(model.train_on_batch(inputs, np.ascontiguousarray(ids[1:]))) for _ in range(30)]
    assert losses[-1] < 0.5 * losses[0]


def test_the_poem_is_the_same_in_a_process_that_knows_no_backend(tmp_path: Path) -> None:
    train(order(tmp_path / "poet", epochs=1))
    poet = load(tmp_path / "poet")
    here = "".join(Writer(poet, Request(characters=120, rng=4)))
    program = (
        "import sys; from poetbot.poets.folder import load; from poetbot.writing import Request, Writer;"
        "print(''.join(Writer(load(sys.argv[1]), Request(characters=120, rng=4))), end='');"
        "assert not {'jax', 'keras', 'tensorflow'} & set(sys.modules)"
    )
    there = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "poet")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    assert there.stdout == here and len(here) >= 120


def test_a_poet_is_fine_tuned(tmp_path: Path, tiny_poet: Path) -> None:
    corpus = tmp_path / "poems.jsonl"
    corpus.write_text(
        "".join(json.dumps({"text": poem.text}) + "\n" for poem in order(tmp_path).corpus.poems)
    )
    asked = [
        "train",
        str(corpus),
        "--out",
        str(tmp_path / "child"),
        "--from",
        str(tiny_poet),
        "--epochs",
        "1",
    ]
    assert main([*asked, "--set", "window=20", "--set", "batch=4"]) == 0
    assert json.loads((tmp_path / "child" / "poet.json").read_text())["parent"]["id"] == load(tiny_poet).id
