import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from poetbot.errors import PoetBotError
from poetbot.poets.folder import load, poet_folders, poet_id, save_network, to_float16


@pytest.fixture
def copy(tiny_poet: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_poet, tmp_path / "copy"))


def test_a_poet_is_what_was_saved(tiny_poet: Path) -> None:
    poet = load(tiny_poet)
    assert poet.name == "tiny"
    assert poet.id == poet.card["id"]
    assert poet.words()["the"] == 9
    assert poet_folders(tiny_poet.parent) == [tiny_poet]


def test_the_same_weights_give_the_same_bytes(copy: Path) -> None:
    poet = load(copy)
    before = (copy / "weights.safetensors").read_bytes()
    backwards = dict(reversed(list(poet.tensors.items())))
    save_network(copy, poet.recipe, poet.vocabulary, backwards)
    assert (copy / "weights.safetensors").read_bytes() == before


def test_weights_of_16_bits_stay_exact(copy: Path) -> None:
    poet = load(copy)
    file = copy / "weights.safetensors"
    whole = file.stat().st_size
    halves = to_float16(poet.tensors | {"dense.bias": poet.tensors["dense.bias"] * 1e9})
    assert all(np.isfinite(tensor).all() and tensor.dtype == np.float32 for tensor in halves.values())
    save_network(copy, poet.recipe, poet.vocabulary, halves)
    assert {str(tensor.dtype) for tensor in load_file(file).values()} == {"float16"}
    assert file.stat().st_size < 0.6 * whole
    again = load(copy)
    assert again.id == poet_id(poet.recipe, poet.vocabulary, halves) != poet.id
    for name, tensor in again.tensors.items():
        assert tensor.dtype == np.float32 and (tensor == halves[name]).all()
    data = file.read_bytes()
    save_network(copy, again.recipe, again.vocabulary, again.tensors)
    assert file.read_bytes() == data
    # One number that 16 bits do not hold, and all are kept in 32.
    halves["dense.bias"][0] = 0.1
    save_network(copy, poet.recipe, poet.vocabulary, halves)
    assert {str(tensor.dtype) for tensor in load_file(file).values()} == {"float32"}
    save_file({name: tensor.astype(np.float64) for name, tensor in halves.items()}, file)
    with pytest.raises(PoetBotError, match="damaged or don't fit"):
        load(copy)


def change(name: str, key: str, value: object):
    def apply(folder: Path) -> None:
        data = json.loads((folder / name).read_text())
        data[key] = value
        (folder / name).write_text(json.dumps(data))

    return apply


def another_shape(folder: Path) -> None:
    tensors = load_file(folder / "weights.safetensors")
    tensors["dense.bias"] = np.zeros(3, np.float32)
    save_file(tensors, folder / "weights.safetensors")


def no_number(folder: Path) -> None:
    tensors = load_file(folder / "weights.safetensors")
    tensors["dense.bias"][0] = np.nan
    save_file(tensors, folder / "weights.safetensors")


def truncated(folder: Path) -> None:
    data = (folder / "weights.safetensors").read_bytes()
    (folder / "weights.safetensors").write_bytes(data[: len(data) // 2])


@pytest.mark.parametrize(
    "damage",
    [
        change("poet.json", "format", 99),
        change("poet.json", "recipe", {"layers": 0}),
        change("poet.json", "recipe", {"layers": 3, "units": 2048}),
        change("poet.json", "recipe", None),
        lambda folder: (folder / "vocabulary.json").write_text('["a", "a"]'),
        lambda folder: (folder / "vocabulary.json").write_text('["a", "b"]'),
        lambda folder: (folder / "vocabulary.json").write_text("[" * 100_000),
        lambda folder: (folder / "vocabulary.json").unlink(),
        lambda folder: (folder / "weights.safetensors").unlink(),
        lambda folder: (folder / "weights.safetensors").write_bytes(b"\x80\x04."),
        another_shape,
        no_number,
        truncated,
    ],
)
def test_damage_is_an_error(copy: Path, damage) -> None:
    damage(copy)
    with pytest.raises(PoetBotError) as caught:
        load(copy)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "nobody", "../..", "a\0b", "x" * 5000, "."])
def test_a_missing_poet_is_an_error(name: str) -> None:
    with pytest.raises(PoetBotError):
        load(name)
