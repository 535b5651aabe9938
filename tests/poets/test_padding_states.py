import threading
from typing import Any

import numpy as np
import pytest

from poetbot.poem import MARKER
from poetbot.poets.network import Network, State, tensor_shapes
from poetbot.poets.padding_states import PaddingStates
from poetbot.poets.recipe import Recipe
from poetbot.poets.vocabulary import Vocabulary

VOCABULARY = Vocabulary.of([MARKER, "the rain,\n"])
SEEDS = [("the rain,\n" * 30)[:length] for length in (1, 2, 3, 4, 5, 6, 16, 99, 150, 295, 296, 297, 298, 299)]


def network_of(cell: str, embedding: int = 0) -> Network:
    recipe = Recipe(cell=cell, layers=3, units=24, embedding=embedding)
    rng = np.random.default_rng(1)
    shapes = tensor_shapes(recipe, len(VOCABULARY)).items()
    return Network(recipe, {name: rng.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes})


def read_whole(network: Network, seed: str) -> State:
    state = network.zero_state()
    network.read(VOCABULARY.ids_of((MARKER * 60 + seed)[-300:]), state)
    return state


@pytest.mark.parametrize(("cell", "embedding"), [("lstm", 0), ("lstm", 8), ("gru", 0), ("rnn", 0)])
def test_cached_padding_gives_bit_identical_states(cell: str, embedding: int) -> None:
    network, paddings = network_of(cell, embedding), PaddingStates(VOCABULARY)
    for seed in SEEDS:
        whole, behind = read_whole(network, seed), paddings.primed(network, seed)
        for one, other in zip((*whole.memory, whole.logits), (*behind.memory, behind.logits), strict=True):
            assert one.tobytes() == other.tobytes()


def test_padding_is_computed_with_many_threads_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    network, paddings, read = network_of("lstm"), PaddingStates(VOCABULARY), []
    its_own = network.read
    monkeypatch.setattr(
        network, "read", lambda ids, *more, **also: (read.append(len(ids)), its_own(ids, *more, **also))
    )
    states: list[State] = []
    threads = [
        threading.Thread(target=lambda: states.append(paddings.primed(network, "the rain"))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read)[:7] == [*[len("the rain")] * 6, 300]
    read.clear()
    network.step(np.array([0], np.int32), states[0])  # what is kept does not move on with it
    assert states[0].memory[0].tobytes() != states[1].memory[0].tobytes()
    assert paddings.primed(network, "the rain").logits.tobytes() == states[1].logits.tobytes()
    assert read == [len("the rain")]


def test_nobody_waits_for_a_thread_that_waits_for_a_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one who waits may be using that processor."""
    network, paddings = network_of("lstm"), PaddingStates(VOCABULARY)
    its_own, started, free = network.read, threading.Event(), threading.Event()

    def read(ids: Any, *more: Any, **also: Any) -> None:
        if threading.current_thread() is waiting:
            started.set()
            free.wait()
        its_own(ids, *more, **also)

    monkeypatch.setattr(network, "read", read)
    waiting = threading.Thread(target=lambda: paddings.primed(network, "the rain"))
    waiting.start()
    started.wait()
    here = threading.Thread(target=lambda: paddings.primed(network, "the rain"), daemon=True)
    here.start()
    here.join(20)
    finished = not here.is_alive()
    free.set()
    waiting.join()
    assert finished
