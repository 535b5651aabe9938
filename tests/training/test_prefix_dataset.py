"""Poets of words: their samples, whole small runs, and writing with what comes of them."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from poetbot.cli.main import main
from poetbot.corpus.loading import corpus_of
from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, report
from poetbot.poem import MARKER, Poem
from poetbot.poets.folder import Poet, load
from poetbot.poets.prefix_network import PrefixNetwork
from poetbot.poets.recipes import RECIPES
from poetbot.poets.training_run import TrainingRun
from poetbot.poets.word_scoring import score_words
from poetbot.poets.word_vocabulary import LINE_END, PADDING, POEM_END, STANZA_END, UNKNOWN, Words
from poetbot.training.loop import run
from poetbot.training.plan import Plan
from poetbot.training.prefix_dataset import PrefixDataset, Prefixes
from poetbot.training.split import Split
from poetbot.training.worker import TrainOptions, train
from poetbot.writing import Request, Writer, request_of_receipt, write, write_together

TINY = RECIPES["story"].changed(
    ["embedding=16", "units=16", "last_units=16", "dense=32", "batch=32", "learning_rate=0.02", "dropout=0.1"]
)
LIKE = [
    "old",
    "young",
    "tall",
    "quiet",
    "merry",
    "tired",
    "blue",
    "wooden",
    "broken",
    "little",
    "heavy",
    "golden",
]
WHO = [
    "miller",
    "baker",
    "ferryman",
    "piper",
    "weaver",
    "sailor",
    "goose",
    "fox",
    "widow",
    "king",
    "tailor",
    "cat",
]
DID = ["kept", "sold", "carried", "lost", "painted", "found", "mended"]
WHAT = [
    "lantern",
    "apple",
    "bread",
    "boat",
    "key",
    "kettle",
    "ladder",
    "bridge",
    "drum",
    "coat",
    "bell",
    "barrel",
]


def poems(count: int = 50) -> tuple[Poem, ...]:
    rng = np.random.default_rng(2)

    def line() -> str:
        who, did, what = (str(rng.choice(part)) for part in (WHO, DID, WHAT))
        return f"The {rng.choice(LIKE)} {who} {did} the {rng.choice(LIKE)} {what}"

    return tuple(
        Poem(f"{line()},\n{line()}.\n\n{line()};\n{line()}.", title=str(n), author="PoetBot")
        for n in range(count)
    )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story poet that has read fifty small poems eight times: a few seconds."""
    out = tmp_path_factory.mktemp("poets") / "story"
    train(
        TrainOptions(
            TrainingRun(out.name, epochs=8, rng=1, licence="CC0"), corpus_of(poems(), "lines"), out, TINY
        )
    )
    return out


@pytest.fixture(scope="module")
def poet(story: Path) -> Poet:
    return load(story)


def test_every_beginning_of_a_line_is_a_sample() -> None:
    text = "The sea, the sea\nAnd foam\n\nThe end"
    vocabulary = Words.of([text.replace("foam", "")], min_count=1)
    samples = Prefixes.of([text, "", "End"], vocabulary)
    word = vocabulary.ids
    read = samples.read(np.arange(len(samples)), 4)
    labels = samples.ids[samples.labels]
    the, sea, comma, end = (word[w] for w in ("the", "sea", ",", "end"))
    expected = [
        ([0, 0, 0, POEM_END], the),
        ([0, 0, POEM_END, the], sea),
        ([0, POEM_END, the, sea], comma),
        ([POEM_END, the, sea, comma], the),
        ([the, sea, comma, the], sea),  # cut in front
        ([sea, comma, the, sea], LINE_END),
        ([0, 0, 0, LINE_END], word["and"]),
        # The unknown word is no label, but it is read.
        ([0, LINE_END, word["and"], UNKNOWN], STANZA_END),
        ([0, 0, 0, STANZA_END], the),
        ([0, 0, STANZA_END, the], end),
        ([0, STANZA_END, the, end], POEM_END),
        ([0, 0, 0, POEM_END], end),
        ([0, 0, POEM_END, end], POEM_END),
    ]
    assert read.tolist() == [[PADDING if n == 0 else n for n in line] for line, _ in expected]
    assert labels.tolist() == [label for _, label in expected]
    assert samples.longest == 6


def plan(epochs: float = 2, recipe=TINY, training: tuple[Poem, ...] = poems()[4:]) -> Plan:
    return Plan(
        TrainingRun("tiny", epochs=epochs, rng=3), Split(training, poems()[:4], {}, "by poem"), recipe
    )


def test_an_epoch_has_every_sample_once_in_batches_of_one_shape() -> None:
    dataset = PrefixDataset(plan())
    assert dataset.recipe.window == dataset._samples.longest < TINY.window
    epoch_batches = dataset.epoch_batches(0)
    batches = list(epoch_batches.batches(0))
    assert len(batches) == len(epoch_batches) and {batch.inputs[0].shape for batch in batches} == {
        (32, dataset.recipe.window)
    }
    targets = np.concatenate([batch.targets for batch in batches])
    samples = dataset._samples.ids[dataset._samples.labels]
    assert len(targets) == sum(batch.size for batch in batches) < len(samples) + 32
    assert sorted(targets[: len(samples)]) == sorted(samples)
    assert (targets[len(samples) :] == targets[: len(targets) - len(samples)]).all()
    again = list(dataset.epoch_batches(0).batches(3))
    assert (again[0].inputs[0] == batches[3].inputs[0]).all()
    assert not (next(iter(dataset.epoch_batches(1).batches(0))).inputs[0] == batches[0].inputs[0]).all()


def test_a_story_poet_learns_and_its_folder_is_complete(story: Path, poet: Poet) -> None:
    history = [json.loads(line) for line in (story / "history.jsonl").read_text().splitlines()]
    assert history[-1]["training_nats"] < 0.8 * history[0]["training_nats"]
    assert history[-1]["training_accuracy"] > 1.5 * history[0]["training_accuracy"] > 0
    assert history[-1]["validation_nats"] < history[0]["validation_nats"]
    assert 0.3 < history[-1]["validation_accuracy"] <= 1
    assert all(entry["sample"] and entry["validation_bits"] is None for entry in history)
    assert poet.id == poet.card["id"] and poet.recipe.window < TINY.window
    assert poet.vocabulary.unit == "words" and "miller" in poet.vocabulary.ids
    # Eight epochs are enough for it to write lines of the one kind it knows.
    text = write(poet, Request(rng=1, lines=2, temperature=0.3)).text
    assert any(who in text for who in WHO) and any(did in text for did in DID)


@pytest.mark.slow
def test_a_stopped_run_continues_to_the_same_weights_byte_for_byte(tmp_path: Path) -> None:
    def quiet(event: dict) -> None:
        pass

    def keep(result: object) -> None:
        pass

    whole = run(plan(), tmp_path / "whole", resume=False, report=quiet, keep=keep)

    def stop(event: dict) -> None:
        if event.get("step") == 20:
            os.kill(os.getpid(), 15)

    part = run(plan(), tmp_path / "parts", resume=True, report=stop, keep=keep)
    assert not part.finished and part.progress.step == 20
    resumed = run(plan(), tmp_path / "parts", resume=True, report=quiet, keep=keep)
    assert resumed.finished
    assert all((resumed.tensors[name] == tensor).all() for name, tensor in whole.tensors.items())
    for mine, other in zip(resumed.progress.history, whole.progress.history, strict=True):
        assert {**mine, "minutes": 0} == {**other, "minutes": 0}


def test_any_seed_can_be_continued(poet: Poet) -> None:
    for seed in (
        "",
        "The miller",
        "the miller ",
        "old Anna,",
        "\n",
        "In the\nboat\n",
        "“",
        "中国",
        "zzz",
        " \n\n x\n\n",
    ):
        for rng in range(4):
            writer = Writer(poet, Request(seed, 1.5, 0.95, lines=3, rng=rng))
            pieces = list(writer)
            poem = writer.poem()
            assert poem.text == writer.seed + "".join(pieces)
            assert poem.stopped_by in ("lines", "bound")
            assert MARKER not in poem.text and "\n\n\n" not in poem.text[poem.seed_characters :]
            written = poet.vocabulary.ids_of(poem.text[poem.seed_characters :].lstrip())
            if seed[-1:].isspace() or not seed:
                assert UNKNOWN not in written


def test_unknown_words_are_named_and_read_as_unknown(poet: Poet) -> None:
    (notice,) = Writer(poet, Request("The zebra lost the xylophone")).notices
    assert "zebra, xylophone" in str(notice)
    assert Writer(poet, Request("The miller lost")).notices == ()
    line = [POEM_END, *poet.vocabulary.ids_of("the zebra lost").tolist()]
    assert UNKNOWN in line
    state = poet.network.zero_state()
    poet.network.read(poet.vocabulary.priming("the zebra lost"), state)
    assert state.lines == [line]


def test_open_ends_characters_and_receipts(poet: Poet) -> None:
    ended = [write(poet, Request(rng=rng)) for rng in range(6)]
    assert {poem.stopped_by for poem in ended} == {"marker"}
    assert all(poem.text.strip() and not poem.text.endswith("\n") for poem in ended)
    long = write(poet, Request("The miller", characters=120, rng=3))
    assert long.stopped_by == "characters" and 60 < len(long.text) - long.seed_characters <= 120
    for poem in (long, ended[0]):
        assert write(poet, request_of_receipt(poem.receipt, poet)) == poem
    cold = {write(poet, Request("The old cat", 0, lines=2, rng=rng)).text for rng in range(3)}
    assert len(cold) == 1


def test_the_score_equals_that_of_single_steps(poet: Poet) -> None:
    network, vocabulary = poet.network, poet.vocabulary
    assert isinstance(network, PrefixNetwork) and isinstance(vocabulary, Words)
    texts = [poems()[0].text, "The miller lost the, xylophone.\n", "The key\n\n\nThe old cat"]
    found = score_words(network, vocabulary, texts)
    nats, unknown, tokens = 0.0, 0, 0
    for text in texts:
        state = network.zero_state()
        network.read(vocabulary.priming(""), state)
        for wanted in [*vocabulary.ids_of(text).tolist(), POEM_END]:
            shares = np.exp(state.logits[0].astype(float))
            unknown += wanted == UNKNOWN
            nats -= np.log(1 / (len(vocabulary) + 1) if wanted == UNKNOWN else shares[wanted] / shares.sum())
            tokens += 1
            network.step(np.array([wanted], np.int32), state)
    assert (found.poems, found.tokens, found.unknown_tokens) == (3, tokens, unknown) and unknown == 1
    assert found.nats == pytest.approx(nats, rel=1e-5)
    with pytest.raises(PoetBotError):
        score_words(network, vocabulary, ["\n"])


def test_from_the_command_line(story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("write", str(story), "--seed", "Once upon the boat", "--lines", "4", "--rng", "2")
    assert main(asked) == 0
    streamed = capsys.readouterr()
    assert streamed.out.startswith("Once upon the boat") and "once, upon" in streamed.err
    assert len([line for line in streamed.out.splitlines() if line]) == 4
    assert main([*asked, "--json"]) == 0
    (poem,) = json.loads(capsys.readouterr().out)["poems"]
    assert poem["text"] + "\n" == streamed.out
    assert poem["overlap"]["seed_words"] == 4 and poem["receipt"]["poet_id"] == poem["receipt"]["poet_id"]
    plain = tmp_path / "poems.txt"
    plain.write_text(poems()[0].text)
    assert main(["score", str(story), str(plain), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["bits_per_character"] is None and 0 < facts["nats_per_token"] < 5
    assert main(["score", str(story), str(plain)]) == 0
    assert "nats per word" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("recipe", "training", "said"),
    [
        (dataclasses.replace(TINY, min_count=900), poems(), "min_count"),
        (TINY, (Poem("rain"),), "min_count"),
        (dataclasses.replace(TINY, dense=65_535, units=2048, last_units=2048, embedding=2048), poems(), None),
    ],
)
def test_an_unsuitable_corpus_is_an_error(recipe, training, said: str | None, monkeypatch) -> None:
    if said is None:
        from poetbot.training import prefix_dataset

        monkeypatch.setattr(prefix_dataset, "_MAX_PARAMETERS", 100_000_000)
        said = "max_words"
    with pytest.raises(PoetBotError, match=said) as caught:
        PrefixDataset(plan(recipe=recipe, training=training))
    assert "\n" not in str(caught.value)


def test_a_damaged_vocabulary_is_an_error(story: Path, tmp_path: Path) -> None:
    import shutil

    for damage in ("[]", '["a", "b"]', '{"level": "words"}', "null"):
        copy = Path(shutil.copytree(story, tmp_path / str(len(damage)), dirs_exist_ok=True))
        (copy / "vocabulary.json").write_text(damage)
        with pytest.raises(PoetBotError) as caught:
            load(copy)
        assert "\n" not in str(caught.value)


def test_a_guarded_poem_of_words_copies_no_long_run(poet: Poet) -> None:
    index = OverlapIndex.open(poet.overlap_folder)

    def longest(guard: int) -> list[int]:
        request = Request(temperature=0.5, lines=6, rng=5, guard=guard)
        poems = [write(poet, request, index), *(each for _, each in write_together(poet, request, 8, index))]
        assert all(poem.stopped_by in ("lines", "bound", "guard") for poem in poems)
        return [report(index, poem.text)["longest"]["words"] for poem in poems]

    assert max(longest(0)) >= 4, "it must copy where it may"
    for guard in (3, 4):
        assert max(longest(guard)) < guard
