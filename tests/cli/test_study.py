"""`study …` as a person uses it."""

import csv
import io
import json
import shutil

import numpy as np
import pytest

from poetbot.cli.main import main, parser
from poetbot.poets.folder import load, save_epoch

POEM = "The lamp is low, the street is long,\nA kettle sings its kitchen song;\n\nAnd no one asks the rain to stay,\nYet here it sits, and here, all day.\n"


@pytest.fixture
def poem(tmp_path):
    path = tmp_path / "poem.txt"
    path.write_text(POEM, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def poet(tiny_poet, tmp_path_factory):
    """The tiny poet with a history and two kept epochs."""
    folder = tmp_path_factory.mktemp("poets") / "tiny"
    shutil.copytree(tiny_poet, folder)
    rows = [
        {"epoch": k, "minutes": k / 2, "training_nats": 3 / k, "validation_nats": 3.1 / k} for k in (1, 2)
    ]
    (folder / "history.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    tensors = load(folder).tensors
    for epoch in (1, 2):
        save_epoch(folder, epoch, {name: np.float32(epoch / 4) * tensor for name, tensor in tensors.items()})
    return folder


def said(capsys, *arguments):
    assert main(["study", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def answer(capsys, *arguments):
    return json.loads(said(capsys, *arguments, "--json"))


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("what", ["words", "curves", "growth", "surprise", "marks", "verse"])
def test_everything_that_can_be_studied_has_help_with_an_example(what, capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["study", what, "--help"])
    assert ended.value.code == 0
    assert f"Example: python -m poetbot study {what}" in " ".join(capsys.readouterr().out.split())


def test_words_read_and_wrote(poet, poem, tmp_path, capsys):
    found = answer(capsys, "words", poet, "--wrote", poem, "--common", "none", "--top", "1")
    assert found["common_words_of"] is None
    assert found["read"] == [{"word": "the", "count": 9, "share": 9 / 13}]
    assert [row["word"] for row in found["wrote"]] == ["the"]
    out = tmp_path / "words.png"
    assert "lamp" in said(capsys, "words", poet, "--wrote", poem, "--common", "en", "--out", out)
    assert out.read_bytes().startswith(b"\x89PNG")


def test_keyness_lists_more_and_less_frequent_words(poet, poem, tmp_path, capsys):
    out = tmp_path / "words.csv"
    found = answer(capsys, "words", poet, "--wrote", poem, "--key", "--common", "en", "--out", out)
    assert "apples" in [row["word"] for row in found["less"]] and "kettle" in [
        row["word"] for row in found["more"]
    ]
    assert "the" not in [row["word"] for row in found["less"] + found["more"]]
    rows = {row["word"]: row for row in table(out)}
    assert (rows["lamp"]["wrote"], rows["lamp"]["read"]) == ("1", "1")
    assert float(rows["lamp"]["read_share"]) == pytest.approx(1 / 13)


def test_the_poet_writes_if_no_poems_are_given(poet, capsys):
    arguments = ("words", poet, "--count", "2", "--rng", "4", "--common", "none")
    assert answer(capsys, *arguments) == answer(capsys, *arguments)


def test_chinese_is_counted_by_character_or_by_word(poet, tmp_path, capsys):
    poems = tmp_path / "poems.jsonl"
    poems.write_text(
        json.dumps({"text": "我喜欢明月，\n明月不说话。"}, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    words = answer(capsys, "words", poet, "--wrote", poems, "--read", poems)
    assert words["wrote"][0] == {"word": "明月", "count": 2, "share": words["wrote"][0]["share"]}
    characters = answer(capsys, "words", poet, "--wrote", poems, "--read", poems, "--by", "characters")
    assert {row["word"] for row in characters["wrote"][:2]} == {"明", "月"}


def test_curves_are_printed_and_drawn(poet, tmp_path, capsys):
    for form, begins in (("png", b"\x89PNG"), ("svg", b"<?xml"), ("csv", b"\xef\xbb\xbfpoet,")):
        out = tmp_path / f"curves.{form}"
        printed = said(capsys, "curves", poet, "english", "--by", "minutes", "--out", out)
        assert out.read_bytes().startswith(begins)
    assert printed.count("english") > 1 and printed.count("tiny") == 2
    found = answer(capsys, "curves", poet)
    assert [epoch["training_nats"] for epoch in found["poets"][0]["epochs"]] == [3.0, 1.5]


def test_growth_shows_epochs_and_temperatures(poet, capsys):
    arguments = ("growth", poet, "--seed", "The", "--lines", "1", "--temperatures", "0", "1")
    found = answer(capsys, *arguments)
    assert [stage["epoch"] for stage in found["epochs"]] == [1, 2, None]
    assert [stage["temperature"] for stage in found["temperatures"]] == [0.0, 1.0]
    printed = said(capsys, *arguments)
    assert "after epoch 2" in printed and "now" in printed and "temperature 1" in printed


def test_growth_of_a_poet_without_epochs_says_so_and_shows_temperatures(tiny_poet, capsys):
    printed = said(capsys, "growth", tiny_poet, "--lines", "1", "--temperatures", "0")
    assert "kept no weights from earlier epochs" in printed and "temperature 0" in printed


def test_surprise_by_line_and_by_character(poet, poem, tmp_path, capsys):
    out = tmp_path / "poem.csv"
    found = answer(capsys, "surprise", poet, poem, "--out", out)
    assert "".join(unit["text"] for unit in found["units"]) == POEM
    assert [line["line"] for line in found["lines"]] == [1, 2, 3, 4, 5]
    rows = table(out)
    assert len(rows) == len(POEM) and rows[0]["characters"] == "T" and rows[0]["best_5"]
    assert "Perplexity" in said(capsys, "surprise", poet, poem)


def test_marks_of_a_poem(poem, capsys):
    found = answer(capsys, "marks", poem)
    assert found["scheme"] == "AA BB" and found["metre"]["foot"] == "iambic"
    assert [line["syllables"] for line in found["lines"]] == [8, 8, 8, 8]
    assert {mark["label"] for mark in found["marks"]} == {"rhyme", "alliteration"}
    for out in (poem.with_suffix(".png"), poem.with_suffix(".csv")):
        said(capsys, "marks", poem, "--out", out)
    assert poem.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert "lamp" in {row["text"] for row in table(poem.with_suffix(".csv"))}
    printed = said(capsys, "marks", poem)
    assert "Rhyme scheme: AA BB" in printed and "alliteration: kettle / kitchen" in printed


def test_verse_of_a_poet_and_of_people(poet, poem, tmp_path, capsys):
    out = tmp_path / "verse.csv"
    found = answer(capsys, "verse", poet, "--wrote", poem, "--human", "english-poems", "--out", out)
    assert found["poet"]["heard"]["rhyming"] == 1.0
    assert found["human"]["heard"]["rhyming"] > found["human"]["chance"]["rhyming"]
    assert table(out)[0]["share of"] == "lines that rhyme" and float(table(out)[0]["poet"]) == 1.0
    printed = said(capsys, "verse", poet, "--wrote", poem)
    assert "1 of 1 poems" in printed and "AA 2" in printed


@pytest.mark.parametrize(
    "arguments",
    [
        ["words", "nope"],
        ["words", "TINY", "--wrote", "EMPTY"],
        ["words", "TINY", "--wrote", "POEM", "--common", "xx"],
        ["words", "TINY", "--wrote", "POEM", "--top", "0"],
        ["words", "TINY", "--wrote", "POEM", "--out", "words.gif"],
        ["words", "TINY", "--wrote", "POEM", "--out", "nowhere/words.png"],
        ["words", "TINY", "--wrote", "nowhere.txt"],
        ["words", "TINY", "--count", "0"],
        ["curves", "TINY"],
        ["curves", "english", "--by", "moon"],
        ["curves", "english", "--figure", "training_accuracy", "--out", "OUT.png"],
        ["growth", "TINY", "--epochs", "3"],
        ["growth", "TINY", "--temperatures", "9"],
        ["growth", "TINY", "--lines", "0"],
        ["surprise", "TINY", "EMPTY"],
        ["surprise", "TINY", "BINARY"],
        ["surprise", "TINY", "LONG"],
        ["marks", "EMPTY"],
        ["marks", "THAI"],
        ["marks", "FRENCH"],
        ["marks", "nowhere.txt"],
        ["verse", "TINY", "--wrote", "THAI"],
        ["verse", "TINY", "--wrote", "POEM", "--human", "nowhere"],
        ["moon", "TINY"],
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, tiny_poet, poem, tmp_path, capsys):
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "long.txt").write_text("The lamp\n" * 10_000, encoding="utf-8")
    (tmp_path / "thai.txt").write_text("ฉันรักเธอ\nฉันรักเธอ\n", encoding="utf-8")
    (tmp_path / "french.txt").write_text("La lampe est dans la rue\net il ne pleut pas\n", encoding="utf-8")
    names = {"TINY": tiny_poet, "POEM": poem, "OUT.png": tmp_path / "out.png"}
    names |= {
        name.upper(): tmp_path / f"{name}.txt" for name in ("empty", "binary", "long", "thai", "french")
    }
    assert main(["study", *(str(names.get(a, a)) for a in arguments)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("\n") and printed.err.count("\n") == 1


def test_a_poem_is_shaded(poet, poem, tmp_path, capsys):
    out = tmp_path / "poem.png"
    said(capsys, "surprise", poet, poem, "--out", out, "--dark")
    assert out.read_bytes().startswith(b"\x89PNG")
