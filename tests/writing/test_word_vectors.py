"""Words that a poet has read together, as vectors in its folder."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from poetbot.errors import PoetBotError
from poetbot.writing.word_vectors import FILE, LARGEST, WordVectors, save_vectors, stored_vectors, vectors_of

SEA = "the ship sails over the wave and the salt tide"
HOUSE = "the kettle sings in the kitchen by the stove"
POEMS = [f"{a}\n{b}" for a, b in ((SEA, "the tide and the ship"), (HOUSE, "the stove and the kettle"))] * 6


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return vectors_of(POEMS)


def test_words_that_stand_together_are_near(vectors: WordVectors) -> None:
    near = dict(vectors.nearest("ship", 3))
    assert set(near) <= {"sails", "over", "wave", "salt", "tide", "and"}
    assert "ship" not in near and vectors.nearest("ship", 3, least=1.01) == [] == vectors.nearest("zebra", 3)
    same, other = (vectors.similarity(["ship", "wave"], some) for some in (["tide"], ["kitchen", "stove"]))
    assert same is not None and other is not None and same > other + 0.3
    assert vectors.similarity(["ship"], ["zebra"]) is None
    assert vectors_of(POEMS).nearest("ship", 5) == vectors.nearest("ship", 5)


def test_the_file_is_read_as_it_was_written_and_is_bounded(vectors: WordVectors, tmp_path: Path) -> None:
    assert stored_vectors(tmp_path) is None
    save_vectors(tmp_path, vectors)
    again = stored_vectors(tmp_path)
    assert again is not None and again.words == vectors.words and len(again) == len(vectors)
    assert again.nearest("ship", 5) == vectors.nearest("ship", 5)
    assert LARGEST > 10_000 * (64 + 30)
    save_vectors(tmp_path, vectors_of([]))
    assert stored_vectors(tmp_path) is not None and not len(vectors_of([])) and not len(vectors_of(["", "!"]))


@pytest.mark.parametrize(
    "tensors",
    [
        {"vectors": np.zeros((2, 64), np.int8), "words": np.frombuffer(b"a\nb\nc", np.uint8)},
        {"vectors": np.zeros((2, 64), np.int8), "words": np.frombuffer(b"a\na", np.uint8)},
        {"vectors": np.zeros((2, 3), np.int8), "words": np.frombuffer(b"a\nb", np.uint8)},
        {"vectors": np.zeros((1, 64), np.int8), "words": np.frombuffer(b"\xff", np.uint8)},
        {"vectors": np.zeros((1, 64), np.float32), "words": np.frombuffer(b"a", np.uint8)},
        {"vectors": np.zeros((1, 64), np.int8)},
        {"vectors": np.zeros((20_000, 64), np.int8), "words": np.frombuffer(b"a", np.uint8)},
    ],
)
def test_a_damaged_file_is_one_sentence(tensors: dict, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(save(tensors))
    with pytest.raises(PoetBotError, match="damaged"):
        stored_vectors(tmp_path)


def test_no_safetensors_at_all_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\x80\x04pickle")
    with pytest.raises(PoetBotError, match="damaged"):
        stored_vectors(tmp_path)
