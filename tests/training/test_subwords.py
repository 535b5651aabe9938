"""Subwords are learnt from a corpus, trained with, and grow with the poems that a poet goes on with."""

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest

from poetbot.corpus.loading import corpus_of
from poetbot.errors import PoetBotError
from poetbot.poem import MARKER, Poem
from poetbot.poets.recipe import Recipe
from poetbot.poets.subword_vocabulary import FEWEST_CHARACTERS, Subwords
from poetbot.poets.training_run import TrainingRun
from poetbot.training.plan import Parent, Plan
from poetbot.training.split import Split
from poetbot.training.stream_dataset import StreamDataset
from poetbot.training.subwords import learn
from poetbot.training.worker import TrainOptions, train

WORDS = [
    "the",
    "lamp",
    "is",
    "low",
    "and",
    "rain",
    "comes",
    "over",
    "our",
    "bridge",
    "while",
    "apples",
    "sleep",
    "in",
    "a",
    "quiet",
    "hall",
    "of",
    "gold",
]
RECIPE = Recipe(
    layers=1,
    units=4,
    window=8,
    batch=2,
    recurrent_dropout=0.0,
    dropout=0.0,
    level="subwords",
    subwords=100,
    subword_dropout=0.1,
    counted_bias=True,
)


def poems(characters: int) -> tuple[Poem, ...]:
    """Return poems of words drawn by chance, of so many characters in all or a few more."""
    rng = random.Random(3)
    made, size = [], 0
    while size < characters:
        lines = [" ".join(rng.choices(WORDS, k=6)).capitalize() for _ in range(40)]
        made.append(Poem("\n".join(lines) + "\n"))
        size += len(made[-1].text)
    return tuple(made)


def dataset(read: tuple[Poem, ...], recipe: Recipe = RECIPE, parent: Parent | None = None) -> StreamDataset:
    return StreamDataset(Plan(TrainingRun("tiny", epochs=1), Split(read, read[:1], {}, ""), recipe, parent))


def test_the_commonest_words_become_units_and_every_character_stays_one() -> None:
    texts = [poem.text for poem in poems(20_000)]
    known = learn(texts, 100)
    assert len(known) == 100 and set("".join(texts)) <= set(known.characters)
    assert {" bridge", " apples", "\n", MARKER} <= set(known.units)
    assert not any("\n" in unit for unit in known.units if unit not in ("\n", MARKER))
    assert learn(texts, 100).as_json() == known.as_json()
    assert known.text_of(known.ids_of(texts[0])) == texts[0]
    few = learn(texts, 2)
    assert not few.merges and set(few.units) == {*"".join(texts), *MARKER, MARKER}
    plus = learn(["1+1 ++ ++++ +++" + text for text in texts], 150)
    assert [unit for unit in plus.units if "+" in unit] == ["+", MARKER]


def test_an_epoch_of_subwords_counts_characters() -> None:
    begun = dataset(poems(FEWEST_CHARACTERS))
    assert isinstance(begun.vocabulary, Subwords) and len(begun.vocabulary) == 100
    assert begun.unit == "characters" and not begun.notices
    epoch_batches = begun.epoch_batches(0)
    first = next(epoch_batches.batches(0))
    assert first.size == int(begun.vocabulary.lengths[first.inputs[0]].sum()) > first.inputs[0].size
    again = next(dataset(poems(FEWEST_CHARACTERS)).epoch_batches(0).batches(0))
    assert (again.inputs[0] == first.inputs[0]).all()
    figures = begun.figures(begun.tensors(), {"loss": 3.0})
    assert figures["training_nats"] is not None and 0 < figures["training_nats"] < 3.0
    assert figures["validation_bits"] is not None
    assert isinstance(begun.sample(begun.tensors(), np.random.default_rng(1)), str)


def test_a_corpus_too_small_for_subwords_uses_characters_with_a_notice() -> None:
    begun = dataset(poems(3_000))
    assert begun.recipe.level == "characters" and not isinstance(begun.vocabulary, Subwords)
    assert begun.recipe.subwords == 0 and "single characters instead" in begun.notices[0]


def test_a_poet_of_subwords_can_be_fine_tuned_with_new_characters() -> None:
    parent = dataset(poems(FEWEST_CHARACTERS))
    assert isinstance(parent.vocabulary, Subwords)
    few = (Poem("The lamp & the café: it's low; a bridge, a bridge.\n" * 20),)
    known = Parent("parent", "0" * 64, parent.vocabulary, parent.tensors(), 3.0)
    begun = dataset(few, parent.recipe, known)
    assert isinstance(begun.vocabulary, Subwords) and begun.recipe.level == "subwords"
    assert begun.vocabulary.units[:100] == parent.vocabulary.units
    assert set(begun.vocabulary.units[100:]) == set("&é:';,." + "f") - set(parent.vocabulary.units)
    assert (begun.tensors()["dense.bias"][:100] == parent.tensors()["dense.bias"]).all()


@pytest.mark.parametrize(
    "fields",
    [
        {"level": "subwords", "recurrent_dropout": 0.0},
        {"subwords": 3000},
        {"subword_dropout": 0.1},
        {"level": "subwords", "subwords": 3000, "framing": "prefixes"},
    ],
)
def test_fields_that_do_not_go_together_are_refused(fields: dict[str, object]) -> None:
    with pytest.raises(PoetBotError):
        Recipe.from_json(fields)


def test_numpy_writes_what_keras_computes(tmp_path: Path) -> None:
    from poetbot.poets.network import Network

    begun = dataset(poems(FEWEST_CHARACTERS))
    window = next(begun.epoch_batches(0).batches(0))
    ids, keep = window.inputs
    logits = np.asarray(begun.model.predict_on_batch([ids, keep]))
    network = Network(begun.recipe, begun.tensors())
    state = network.zero_state(ids.shape[1])
    for at in range(len(ids)):
        if (keep[at] == 0).any():
            fresh = network.zero_state(ids.shape[1])
            for row in np.flatnonzero(keep[at, :, 0] == 0):
                state.put(int(row), fresh.take([int(row)]))
        network.step(ids[at], state)
        assert np.abs(state.logits - logits[at]).max() < 1e-4


def test_the_loss_of_a_step_is_per_character(tmp_path: Path) -> None:
    corpus = corpus_of(list(poems(FEWEST_CHARACTERS * 6 // 5)), "words")
    run = TrainingRun("tiny", epochs=0.005, validation=0.05)
    train(TrainOptions(run, corpus, tmp_path / "poet", RECIPE))
    lines = (tmp_path / "poet" / "job" / "progress.jsonl").read_text("utf-8").splitlines()
    losses = [event["loss"] for event in map(json.loads, lines) if "step" in event and "loss" in event]
    # By chance each of 100 units costs ln 100 nats, and a unit has about three characters.
    assert losses and all(0.2 * math.log(100) < loss < 0.6 * math.log(100) for loss in losses)
