"""Fine-tuning: the vocabulary grows without touching what the parent knew, and the child says whose it is."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.cli.main import main
from poetbot.corpus.loading import corpus_of
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poem import Poem
from poetbot.poets.folder import load, poet_id, save_network, to_float16
from poetbot.poets.network import Network, tensor_shapes
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES
from poetbot.poets.scoring import score
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.vocabulary import Vocabulary
from poetbot.training import fine_tuning
from poetbot.training.fine_tuning import check_shape, fine_tuning_recipe, grown_tensors, grown_vocabulary
from poetbot.training.split import split
from poetbot.training.worker import TrainOptions, rebuild_index, round_weights, train


def random_tensors(recipe: Recipe, size: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    shapes = tensor_shapes(recipe, size)
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


@given(
    known=st.text(min_size=1, max_size=30),
    texts=st.lists(st.text(max_size=30), max_size=4),
    embedding=st.sampled_from([0, 3]),
)
def test_a_grown_network_reads_and_writes_old_characters_as_before(
    known: str, texts: list[str], embedding: int
) -> None:
    before = Vocabulary.of([known])
    after = grown_vocabulary(before, texts)
    assert after.characters[: len(before)] == before.characters
    assert set(after.characters) == set(known).union(*texts)
    recipe = Recipe(layers=1, units=4, embedding=embedding)
    rng = np.random.default_rng(len(known))
    tensors = random_tensors(recipe, len(before), rng)
    grown = grown_tensors(tensors, recipe, len(after))
    assert {name: tensor.shape for name, tensor in grown.items()} == tensor_shapes(recipe, len(after))
    parent, child = Network(recipe, tensors), Network(recipe, grown)
    old, new = parent.zero_state(), child.zero_state()
    for character in known[:5]:
        parent.step(before.ids_of(character), old)
        child.step(before.ids_of(character), new)
        np.testing.assert_allclose(new.logits[:, : len(before)], old.logits, rtol=1e-5, atol=1e-5)
        # A character that was never seen begins as likely as an average one.
        np.testing.assert_allclose(
            new.logits[:, len(before) :],
            old.logits.mean() * np.ones((1, len(after) - len(before))),
            atol=1e-4,
        )


@pytest.mark.parametrize("parent", [r for r in RECIPES.values() if r.framing == "many-to-many"])
def test_the_rule_keeps_the_network_and_lowers_the_rate(parent: Recipe) -> None:
    for characters in (10_000, 500_000, 5_000_000):
        recipe = fine_tuning_recipe(parent, characters)
        check_shape(recipe, parent)
        assert recipe.learning_rate < parent.learning_rate
        # More dropout than it was trained with makes a network unlearn what it knew.
        assert recipe.dropout == parent.dropout


@pytest.mark.parametrize(("fast", "precision"), [(True, "bfloat16"), (False, "float32")])
def test_a_processor_without_bfloat16_computes_in_float32(
    fast: bool, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fine_tuning, "fast_at_bfloat16", lambda: fast)
    parent = dataclasses.replace(Recipe(), precision="bfloat16")
    assert fine_tuning_recipe(parent, 10_000).precision == precision
    assert fine_tuning_recipe(dataclasses.replace(parent, precision="float32"), 10_000).precision == "float32"


def test_recipes_that_cannot_be_fine_tuned() -> None:
    with pytest.raises(PoetBotError, match="word by word"):
        fine_tuning_recipe(RECIPES["story"], 10_000)
    with pytest.raises(PoetBotError, match="units"):
        check_shape(dataclasses.replace(Recipe(), units=7), Recipe())


def held_out_of(order: TrainOptions) -> list[str]:
    parts = split(order.corpus.poems, np.random.default_rng([order.run.rng, 1]), share=order.run.validation)
    return [poem.text for poem in parts.validation]


def verses(name: str, letters: str) -> list[Poem]:
    rng = np.random.default_rng(len(letters))
    made = ["".join(rng.choice(list(letters), 4)) for _ in range(9)]
    return [
        Poem("\n".join(" ".join(rng.choice(made, 5)) for _ in range(6)), title=f"{name} {n}", author=name)
        for n in range(12)
    ]


def test_a_child_of_the_tiny_poet(
    tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = load(tiny_poet)
    poems = verses("Ada", "äöüxyz")
    corpus = corpus_of(poems, "letters")
    out = tmp_path / "child"
    recipe = fine_tuning_recipe(parent.recipe, 1000).changed(["window=16", "batch=2"])
    order = TrainOptions(TrainingRun("child", epochs=2, validation=0.2), corpus, out, recipe, parent)
    card = train(order)
    child = load(out)
    assert child.vocabulary.characters == (*parent.vocabulary.characters, "x", "z", "ä", "ö", "ü")
    assert child.recipe.units == parent.recipe.units and child.id != parent.id
    assert card["parent"]["id"] == parent.id == json.loads((out / "poet.json").read_text())["parent"]["id"]
    before = card["parent"]["validation_bits_per_character"]
    assert card["figures"]["validation_bits_per_character"] < before
    lines = [json.loads(line) for line in (out / "job" / "progress.jsonl").read_text().splitlines()]
    (begin,) = [line["begin"] for line in lines if "begin" in line]
    assert (begin["parent"], begin["bits"]) == (parent.name, before)
    page = (out / "README.md").read_text()
    assert parent.id in page and "only fingerprints" in page and f"{before:.3f} bits" in page

    index = OverlapIndex.open(child.overlap_folder)
    assert index.poem_count == card["corpus"]["training_poems"] + 3
    assert sum(child.words().values()) == 30 * card["corpus"]["training_poems"] + sum(parent.words().values())
    training = {poem.text for poem in poems if report(index, poem.text)["longest"]["words"] > 10}
    assert len(training) >= card["corpus"]["training_poems"]
    found = report(index, "We kept the apples in the hall,")
    assert {source["of"] for span in found["spans"] for source in span["sources"]} == {"parent"}
    found = report(index, next(poem.text for poem in poems if poem.text in training))
    assert "poet" in {source["of"] for span in found["spans"] for source in span["sources"]}

    # The weights after the first two epochs are there, and write.
    assert load(out, 2).id == child.id != load(out, 1).id
    assert main(["write", str(out), "--epoch", "1", "--lines", "1", "--rng", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["poems"]
    with pytest.raises(PoetBotError, match="one of: 1, 2"):
        load(out, 3)
    with pytest.raises(PoetBotError, match="Leave the epoch out"):
        load(tiny_poet, 1)

    # In 16 bits: trained so from a parent that is so, and a finished poet round_weights afterwards.
    halves = load(shutil.copytree(tiny_poet, tmp_path / "halves"))
    save_network(halves.folder, halves.recipe, halves.vocabulary, to_float16(halves.tensors))
    half = dataclasses.replace(
        order, out=tmp_path / "half", parent=load(halves.folder), half=True, checkpoint_seconds=0
    )
    told = train(half)
    kept = load(half.out)
    assert told["id"] == kept.id and all(
        (tensor == to_float16({"": tensor})[""]).all() for tensor in kept.tensors.values()
    )
    assert (
        kept.id == load(half.out, 2).id
    )  # round_weights at the end of each epoch, not in the next one's training
    measured = score(kept.in_floats.network, kept.vocabulary, held_out_of(order)).nats_per_character
    assert told["figures"]["validation_nats_per_character"] == pytest.approx(measured, abs=1e-5)
    shutil.copytree(out, tmp_path / "round_weights")
    card = round_weights(dataclasses.replace(order, out=tmp_path / "round_weights"))
    again = load(tmp_path / "round_weights")
    assert card["id"] == again.id == again.card["id"] != child.id
    assert again.id == poet_id(child.recipe, child.vocabulary, to_float16(child.tensors))
    assert (again.folder / "weights.safetensors").stat().st_size < 0.6 * (
        out / "weights.safetensors"
    ).stat().st_size
    nats = score(again.in_floats.network, again.vocabulary, held_out_of(order)).nats_per_character
    assert card["figures"]["validation_nats_per_character"] == pytest.approx(nats, abs=1e-5)
    bits = card["figures"]["validation_bits_per_character"]
    assert f"{bits:.3f} bits per character on" in (again.folder / "README.md").read_text()
    with pytest.raises(PoetBotError, match="other poems"):
        changed = TrainingRun("child", epochs=2, validation=0.4)
        round_weights(dataclasses.replace(order, out=tmp_path / "round_weights", run=changed))

    # Beside a bundled parent it keeps its own poems alone, and is what it was.
    whole = [report(index, poem.text) for poem in poems]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("poetbot.training.worker.BUNDLED", tmp_path)
        beside = load(shutil.copytree(tiny_poet, tmp_path / "tiny"))
        rebuild_index(dataclasses.replace(order, parent=beside))
    assert (child.overlap_folder / "places.npy").exists()
    index = OverlapIndex.open(child.overlap_folder)
    assert [report(index, poem.text) for poem in poems] == whole

    # Its index is made anew only with its parent, and nobody goes on with it as if it had none.
    rebuild_index(order)
    assert OverlapIndex.open(child.overlap_folder).poem_count == index.poem_count
    assert not (child.overlap_folder / "places.npy").exists()
    with pytest.raises(PoetBotError, match="--from"):
        rebuild_index(dataclasses.replace(order, parent=None))
    longer = dataclasses.replace(order, run=dataclasses.replace(order.run, epochs=3), resume=True)
    with pytest.raises(PoetBotError, match="--from"):
        train(dataclasses.replace(longer, parent=None))


def test_a_resumed_run_keeps_its_recipe(tiny_poet: Path, tmp_path: Path) -> None:
    corpus, out = tmp_path / "poems.jsonl", tmp_path / "child"
    corpus.write_text("".join(json.dumps({"text": poem.text}) + "\n" for poem in verses("Ada", "abcd")))
    command = ["train", str(corpus), "--out", str(out), "--from", str(tiny_poet)]
    assert main([*command, "--epochs", "1", "--set", "precision=bfloat16"]) == 0
    assert main([*command, "--epochs", "2", "--resume"]) == 0
    card = load(out).card
    assert (card["recipe"]["precision"], card["training"]["epochs"]) == ("bfloat16", 2)
    shutil.rmtree(out / "job" / "checkpoints")  # as if it was killed before the first one
    (out / "poet.json").unlink()
    assert main([*command, "--epochs", "1", "--resume", "--set", "units=8"]) == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "nobody-there"], "no poet"),
        (["--from", "TINY", "--recipe", "classic"], "not both"),
        (["--from", "TINY", "--set", "units=8"], "units"),
        (["--threads", "0"], "--threads"),
    ],
)
def test_invalid_options_are_errors(
    options: list[str], said: str, tiny_poet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "poems.jsonl"
    corpus.write_text("".join(json.dumps({"text": poem.text}) + "\n" for poem in verses("Ada", "abc")))
    asked = [str(tiny_poet) if option == "TINY" else option for option in options]
    assert main(["train", str(corpus), "--out", str(tmp_path / "out"), *asked]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()
