"""What a dataset of the stream begins with."""

import numpy as np

from poetbot.poem import MARKER, Poem
from poetbot.poets.recipe import Recipe
from poetbot.poets.training_run import TrainingRun
from poetbot.training.plan import Plan
from poetbot.training.split import Split
from poetbot.training.stream_dataset import StreamDataset

POEM = Poem("a rose is a rose is a rose\n" * 20)


def dataset(*, counted_bias: bool) -> StreamDataset:
    recipe = Recipe(layers=1, units=4, window=8, batch=2, recurrent_dropout=0.0, counted_bias=counted_bias)
    return StreamDataset(Plan(TrainingRun("tiny", epochs=1), Split((POEM,), (), {}, ""), recipe))


def test_the_softmax_can_begin_with_how_often_each_character_is_used() -> None:
    begun = dataset(counted_bias=True)
    bias = begun.tensors()["dense.bias"]
    shares = dict(zip(begun.vocabulary.characters, np.exp(bias).tolist(), strict=True))
    assert np.isclose(sum(shares.values()), 1)
    total = len(POEM.text) + len(begun.vocabulary)
    for character, share in shares.items():
        assert np.isclose(share, (POEM.text.count(character) + 1) / total), character
    assert set(MARKER) <= set(shares)
    assert not dataset(counted_bias=False).tensors()["dense.bias"].any()
