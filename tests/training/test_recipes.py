"""Every recipe, in small: it trains in seconds, its poet loads and writes; and what is cut how is learnt so."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from pathlib import Path

import numpy as np
import pytest

from poetbot.corpus.loading import corpus_of, read_poems
from poetbot.errors import PoetBotError
from poetbot.poem import MARKER, Poem
from poetbot.poets.folder import Poet, load
from poetbot.poets.recipe import Recipe
from poetbot.poets.recipes import RECIPES
from poetbot.poets.scoring import score
from poetbot.poets.training_run import TrainingRun
from poetbot.training.token_stream import lay_out
from poetbot.training.worker import TrainOptions, train
from poetbot.writing import Request, write

SMALL = ["units=24", "layers=2", "window=20", "batch=4", "learning_rate=0.02", "warmup=2"]
WORDS = ["Lamp", "street", "Kettle", "rain", "hall", "apple", "Winter", "bridge"]
STREAMING = [name for name, recipe in RECIPES.items() if recipe.framing == "many-to-many"]
HELD_BY_TANG = ("verse", "char-rnn")  # as small as here: half-precision products, an embedding

CODE = "\n\n\n".join(
    f"def {name}(x):\n    if x:\n\t\treturn {name}\n    return x" for name in "abcdefghijklmnopqrstuvwx"
)
ABC = "\n\n".join(
    f"X:{n}\nK:{'ADG'[n % 3]}\n|: {'ABcd'[n % 4]}2 {'efga'[n % 4]}2 :|\n|: d2 A2 :|" for n in range(30)
)


def poems(count: int = 24) -> list[Poem]:
    rng = np.random.default_rng(0)
    return [Poem("\n".join(" ".join(rng.choice(WORDS, 4)) for _ in range(5))) for _ in range(count)]


def trained(out: Path, recipe: Recipe, text: str | None = None, epochs: float = 2) -> Poet:
    corpus = corpus_of(poems(), "words")
    if text is not None:
        file = out.with_suffix(".txt")
        file.write_text(text, encoding="utf-8")
        corpus = read_poems(file, recipe.pieces)
    train(TrainOptions(TrainingRun(out.name, epochs=epochs, rng=1), corpus, out, recipe))
    return load(out)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        *(
            pytest.param(name, [], marks=[pytest.mark.slow] if name in HELD_BY_TANG else [])
            for name in STREAMING
        ),
        pytest.param("char-rnn", ["cell=gru", "weight_drop=0.2", "layers=1"], marks=pytest.mark.slow),
        pytest.param("char-rnn", ["cell=rnn", "layers=3"], marks=pytest.mark.slow),
    ],
)
def test_a_poet_of_every_recipe_is_trained_loads_and_writes(
    tmp_path: Path, name: str, settings: list[str]
) -> None:
    size = 24 if RECIPES[name].tied else 8  # as many as units, where the softmax shares them
    read = [f"embedding={size}"] if RECIPES[name].embedding else []
    recipe = RECIPES[name].changed([*SMALL, *read, *settings])
    poet = trained(tmp_path / "poet", recipe)
    # The corpus is too small to learn subwords from, so that poet reads characters (see test_subwords.py).
    built = (
        recipe.changed(["level=characters", "subwords=0", "subword_dropout=0"]) if recipe.subwords else recipe
    )
    assert poet.recipe == built and poet.id == poet.card["id"]
    poem = write(poet, Request(seed="Lamp", lines=2, rng=3))
    assert poem.text.count("\n") >= 1 and poem.text == write(poet, Request(seed="Lamp", lines=2, rng=3)).text
    found = score(poet.network, poet.vocabulary, ["Lamp street\n"])
    figures, history = poet.card["figures"], (poet.folder / "history.jsonl").read_text()
    if recipe.fold_case:
        assert poem.text.startswith("lamp") and poem.text == poem.text.lower()
        assert not any(c.isupper() for c in poet.vocabulary.characters)
        assert found.unknown_characters == 0 and found.bits_per_character is None
        assert found.as_json()["nats_per_token"] and found.as_json()["nats_per_character"] is None
        assert figures["validation_nats_per_token"] and figures["validation_bits_per_character"] is None
        assert '"validation_bits": null' in history
    else:
        assert poem.text.startswith("Lamp")
        assert found.bits_per_character and "nats_per_token" not in found.as_json()
        assert figures["validation_bits_per_character"] and "validation_nats_per_token" not in figures


def test_source_code_keeps_its_indentation_all_the_way(tmp_path: Path) -> None:
    recipe = Recipe(layers=1, units=64, dropout=0.0, recurrent_dropout=0.0, pieces="sections").changed(
        ["window=32", "batch=4", "learning_rate=0.02", "warmup=2"]
    )
    poet = trained(tmp_path / "code", recipe, CODE, epochs=20)
    assert "\t" in poet.vocabulary.ids
    assert "def a(x):\n    if x:\n\t\treturn a\n    return x\n" + MARKER in _stream(CODE, recipe)
    written = write(poet, Request(temperature=0.1, rng=1)).text
    lines = written.split("\n")
    assert lines[0].startswith("def ") and lines[1].startswith("    if") and lines[2].startswith("\t\tret")


@pytest.mark.slow  # as source code, which is learnt always
def test_music_in_abc_notation_keeps_its_markup_all_the_way(tmp_path: Path) -> None:
    recipe = Recipe(layers=1, units=64, dropout=0.0, recurrent_dropout=0.0, pieces="sections").changed(
        ["window=32", "batch=4", "learning_rate=0.02", "warmup=2"]
    )
    poet = trained(tmp_path / "abc", recipe, ABC, epochs=15)
    assert set("|:X") <= set(poet.vocabulary.characters)
    assert "K:A\n|: A2 e2 :|\n|: d2 A2 :|\n" + MARKER in _stream(ABC, recipe)
    written = write(poet, Request(temperature=0.1, rng=1)).text.split("\n")
    assert written[0].startswith("X:") and written[1].startswith("K:") and written[2].startswith("|: ")


def test_names_are_learnt_line_by_line(tmp_path: Path) -> None:
    recipe = Recipe(layers=1, units=24, dropout=0.0, recurrent_dropout=0.0, pieces="lines").changed(
        ["window=16", "batch=4", "learning_rate=0.02", "warmup=2"]
    )
    names = [f"{a}{b}" for a in ("Ma", "Lo", "Ti", "Re", "So") for b in ("rian", "la", "bert", "na", "mund")]
    poet = trained(tmp_path / "names", recipe, "\n".join(names), epochs=8)
    assert poet.card["corpus"]["training_poems"] + poet.card["split"]["validation_poems"] == len(names)
    assert len(write(poet, Request(temperature=0.3, rng=2)).text.strip()) < 30


def _stream(text: str, recipe: Recipe) -> str:
    from poetbot.corpus.loading import cut_into_pieces
    from poetbot.poets.vocabulary import Vocabulary

    texts = [piece.text + "\n" for piece in cut_into_pieces(text, recipe.pieces)]
    vocabulary = Vocabulary.of([*texts, MARKER])
    epoch = lay_out(texts, vocabulary, recipe, 1, np.random.default_rng(0))
    return vocabulary.text_of(epoch.ids[0])


def _laid_out(pieces: str, fresh: float) -> tuple[str, np.ndarray]:
    from poetbot.poets.vocabulary import Vocabulary

    texts = [f"piece {n}\n" for n in range(200)]
    vocabulary = Vocabulary.of([*texts, MARKER])
    recipe = Recipe(window=16, pieces=pieces, fresh_starts=fresh)
    epoch = lay_out(texts, vocabulary, recipe, 1, np.random.default_rng(0))
    return vocabulary.text_of(epoch.ids[0]), epoch.keep[0]


@pytest.mark.parametrize(("pieces", "resets"), [("poems", 1), ("sections", 200), ("lines", 200)])
def test_sections_and_lines_each_begin_from_a_zero_state(pieces: str, resets: int) -> None:
    text, keep = _laid_out(pieces, fresh=0.0)
    begins = [at for at in range(len(text)) if text.startswith(MARKER + "piece", at)]
    assert len(begins) == 200
    assert np.flatnonzero(keep == 0).tolist() == begins[:resets]


def test_lines_are_not_drowned_in_padding() -> None:
    padded = {pieces: _laid_out(pieces, fresh=1.0)[0].count(MARKER) for pieces in ("sections", "lines")}
    assert 200 < padded["lines"] < 0.2 * padded["sections"]


def test_one_poem_alone_and_a_short_corpus_say_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = Recipe().changed([*SMALL, "batch=512"])
    with pytest.raises(PoetBotError, match="only one poem") as caught:
        train(
            TrainOptions(TrainingRun("one", epochs=1), corpus_of(poems(1), "one"), tmp_path / "one", recipe)
        )
    assert "\n" not in str(caught.value)
    train(
        TrainOptions(
            TrainingRun("short", epochs=0.1), corpus_of(poems(), "words"), tmp_path / "short", recipe
        )
    )
    assert "too short for a batch of 512" in capsys.readouterr().err
