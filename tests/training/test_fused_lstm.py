"""What becomes of an LSTM on a GPU with JAX, read from the program that is lowered for CUDA: no GPU is needed for that.

docs/scaling.md tells it. Without a GPU there is no cuDNN to ask how much memory it wants, so that question is answered here.
"""

import re
import sys
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import keras
import pytest

if keras.backend.backend() != "jax":
    pytest.skip("Keras runs on something else here.", allow_module_level=True)

import jax
import jax.numpy as jnp
from jax import export
from jax.experimental import rnn
from jax.interpreters import mlir
from jaxlib import gpu_rnn

from poetbot.training.stateful import StatefulLSTM

pytestmark = pytest.mark.jax
_TIME, _ROWS, _FEATURES, _UNITS = 16, 4, 12, 8
_FUSED = {"cudnn_rnn_ffi", "cudnn_rnn_bwd_ffi"}


@pytest.fixture(autouse=True)
def _as_with_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = SimpleNamespace(build_rnn_descriptor=lambda *_: b"descriptor")
    monkeypatch.setattr(
        gpu_rnn, "compute_rnn_workspace_reserve_space_sizes", lambda *_: (1024, 1024), raising=False
    )
    monkeypatch.setattr(sys.modules["keras.src.backend.jax.rnn"], "_is_gpu_available", lambda: True)
    for primitive, lowering in (
        (rnn.rnn_fwd_p, gpu_rnn._rnn_fwd_lowering),
        (rnn.rnn_bwd_p, gpu_rnn._rnn_bwd_lowering),
    ):
        mlir.register_lowering(primitive, partial(lowering, plugin, "cu"), platform="cuda")


def lowered(function: Callable[..., Any], *values: Any) -> tuple[set[str], bool]:
    """Return the calls of cuDNN's LSTM in the program of the gradient, and whether it has a loop."""
    allowed = [export.DisabledSafetyCheck.custom_call(name) for name in _FUSED]
    program = export.export(jax.jit(jax.grad(function)), platforms=["cuda"], disabled_checks=allowed)(*values)
    text = program.mlir_module()
    return set(re.findall(r"custom_call @(cudnn_rnn\w*)", text)), "stablehlo.while" in text


def test_keras_lstm_is_fused_unless_it_has_a_mask() -> None:
    layer = keras.layers.LSTM(_UNITS, return_sequences=True)
    layer.build((_ROWS, _TIME, _FEATURES))
    weights = [each.value for each in layer.trainable_variables]
    rest = [each.value for each in layer.non_trainable_variables]

    def loss(weights: Any, inputs: Any, mask: Any = None) -> Any:
        return (layer.stateless_call(weights, rest, inputs, mask=mask)[0] ** 2).sum()

    inputs = jnp.ones((_ROWS, _TIME, _FEATURES))
    assert lowered(loss, weights, inputs) == (_FUSED, False)
    assert lowered(loss, weights, inputs, jnp.ones((_ROWS, _TIME), bool)) == (set(), True)


def test_the_lstm_that_resets_its_state_where_a_poem_begins_is_a_loop() -> None:
    layer = StatefulLSTM(_UNITS, _ROWS)
    inputs, keep = jnp.ones((_TIME, _ROWS, _FEATURES)), jnp.ones((_TIME, _ROWS, 1))
    layer(inputs, keep=keep)
    weights = [each.value for each in layer.trainable_variables]
    rest = [each.value for each in layer.non_trainable_variables]

    def loss(weights: Any) -> Any:
        return (layer.stateless_call(weights, rest, inputs, keep=keep, training=True)[0] ** 2).sum()

    assert lowered(loss, weights) == (set(), True)
