"""The poets that come with PoetBot: they write, they say where they come from, and the docs say of them what is true."""

import json

import pytest

from poetbot.overlap import OverlapIndex
from poetbot.poets.folder import BUNDLED, CURIOSITIES, DEFAULT_POET, load, poet_folders
from poetbot.writing import Request, write

ROOT = BUNDLED.parent
NAMES = [folder.name for folder in poet_folders()]
MOST_BYTES = 100_000_000
KEPT = {"README.md", "history.jsonl", "overlap", "poet.json", "verse.json", "vocabulary.json", "words.json"}
KEPT |= {"word_vectors.safetensors"}
EARLIER_RUNS = {"english": {9}}
"""The last epochs of earlier runs, after which the steps in history.jsonl continue."""


def test_the_bundled_poets_are_complete_and_small() -> None:
    assert NAMES[0] == DEFAULT_POET and {"dickinson", "sonnets", "tang"} < set(NAMES)
    assert tuple(NAMES[-2:]) == CURIOSITIES
    files = [path for path in BUNDLED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MOST_BYTES


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_poet_writes_with_the_guard_and_reproducibly(name: str) -> None:
    poet = load(name)
    request = Request(lines=3, guard=8, rng=1, temperature=0.5)
    index = OverlapIndex.open(poet.overlap_folder)
    poem = write(poet, request, index).text
    assert len(poem.strip()) > 10
    assert write(load(name), request, index).text == poem


@pytest.mark.parametrize("name", NAMES)
def test_a_bundled_poet_has_a_complete_model_card(name: str) -> None:
    folder = BUNDLED / name
    poet = load(name)
    assert {path.name for path in folder.iterdir()} <= KEPT | {"weights.safetensors"}
    corpus, training = poet.card["corpus"], poet.card["training"]
    assert "public domain" in corpus["licence"] and corpus["training_poems"] > 0
    assert training["minutes"] > 0 and training["steps"] > 0
    rows = [json.loads(row) for row in (folder / "history.jsonl").read_text("utf-8").splitlines()]
    steps = training["steps"] + sum(row["step"] for row in rows if row["epoch"] in EARLIER_RUNS.get(name, ()))
    assert rows and rows[-1]["step"] == steps and all(row["sample"] for row in rows)
    page = (folder / "README.md").read_text("utf-8")
    assert f"# The poet {name}" in page and corpus["licence"] in page
    for heading in ("What it read", "How it was trained", "What it is not for", "A sample, unedited"):
        assert f"## {heading}" in page


@pytest.mark.parametrize("name", [name for name in NAMES if name not in CURIOSITIES])
def test_the_figures_of_a_bundled_poet_are_those_in_the_docs(name: str) -> None:
    poet = load(name)
    bits = poet.card["figures"]["validation_bits_per_character"]
    assert f"{bits:.3f}" in (ROOT / "docs" / "figures.md").read_text("utf-8")
    assert f"{bits:.3f}" in (BUNDLED / name / "README.md").read_text("utf-8")
    heard = json.loads((BUNDLED / name / "verse.json").read_text("utf-8"))
    assert heard["poet_id"] == poet.id
