"""The comparison of layers that the study opens with."""

import json

import pytest

from benchmarks import layers as making
from poetbot.errors import PoetBotError
from poetbot.study.layer_comparison import CARD, file_of, name_of, read_layer_comparison

ROWS = [
    {
        "epoch": k,
        "step": k,
        "minutes": k / 3,
        "training_nats": 3 / k,
        "validation_nats": None,
        "sample": "\nlamp " * 99,
    }
    for k in range(1, 101)
]


@pytest.fixture
def folder(tmp_path):
    networks = [{"layers": n, "dropout": d, "parameters": 9} for n in (1, 2) for d in (0.0, 0.2)]
    for each in networks:
        rows = making.small(ROWS)
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / file_of(each["layers"], each["dropout"])).write_text(lines, encoding="utf-8")
    card = {"corpus": "poems", "characters": 500_000, "minutes": 20.0, "units": 300, "networks": networks}
    (tmp_path / CARD).write_text(json.dumps(card), encoding="utf-8")
    return tmp_path


def test_a_comparison_is_read_as_it_was_written(folder):
    found = read_layer_comparison(folder)
    assert found and [network.history.name for network in found.networks] == [
        "1 layer",
        "1 layer, dropout 0.2",
        "2 layers",
        "2 layers, dropout 0.2",
    ]
    assert len(found.networks[0].history.epochs) == 100 and found.minutes == 20


def test_only_some_samples_are_kept_and_they_are_short():
    samples = [row["sample"] for row in making.small(ROWS) if "sample" in row]
    assert len(samples) == making.SAMPLES and max(map(len, samples)) <= making.SAMPLE
    assert "sample" in making.small(ROWS)[0] and "sample" in making.small(ROWS)[-1]
    assert making.small([]) == []


def test_a_missing_comparison_is_none(tmp_path):
    assert read_layer_comparison(tmp_path) is None


@pytest.mark.parametrize("card", ["", "[]", "{}", '{"networks": 7}', '{"networks": [{"layers": "x"}]}'])
def test_a_damaged_comparison_is_an_error(folder, card):
    (folder / CARD).write_text(card, encoding="utf-8")
    with pytest.raises(PoetBotError, match=r"python -m benchmarks\.layers"):
        read_layer_comparison(folder)


def test_names_and_files_are_all_different():
    assert len({name_of(*network) for network in making.NETWORKS}) == len(making.NETWORKS)
    assert len({file_of(*network) for network in making.NETWORKS}) == len(making.NETWORKS)


def test_the_corpus_is_drawn_once_and_for_all(tmp_path):
    characters = making.corpus_of("english-poems", 3_000, tmp_path / "poems.jsonl")
    first = (tmp_path / "poems.jsonl").read_bytes()
    assert 3_000 <= characters < 9_000
    assert making.corpus_of("english-poems", 3_000, tmp_path / "poems.jsonl") == characters
    assert (tmp_path / "poems.jsonl").read_bytes() == first


@pytest.mark.slow
def test_networks_are_trained_piece_by_piece(tmp_path, capsys):
    arguments = ["english-poems", "--characters", "3000", "--minutes", "0.02", "--set", "units=8"]
    arguments += ["--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    arguments += ["--at-once", "2"]
    making.main([*arguments, "--most", "1"])
    making.main([*arguments, "--most", "2"])
    found = read_layer_comparison(tmp_path / "out")
    assert found and [(each.layers, each.dropout) for each in found.networks] == [
        (1, 0.0),
        (1, 0.2),
        (2, 0.0),
    ]
    assert "3 of 6 networks are left" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="compares something else"):
        making.main([*arguments, "--minutes", "5"])
