"""Figures of human poems, and where a text stands among them, against the report of each passage."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import HumanPoems, OverlapIndex, build_index, report, with_human_poems, words
from poetbot.poem import Poem

RNG = np.random.default_rng(2)


def verses(poems: int, size: int, kinds: int = 6) -> list[Poem]:
    return [Poem(" ".join(f"w{k}" for k in RNG.integers(kinds, size=size))) for _ in range(poems)]


def cut(poems: list[Poem], size: int) -> list[str]:
    """The passages of this many words, poem by poem, as texts."""
    found = [words(poem.text).strings() for poem in poems]
    return [" ".join(run[k : k + size]) for run in found for k in range(0, len(run) - size + 1, size)]


@pytest.fixture(scope="module")
def poet() -> tuple[OverlapIndex, list[Poem]]:
    held_out = verses(40, 30) + verses(10, 55)
    return build_index(verses(30, 40), held_out), held_out


FIGURES = {
    "longest": lambda report: report["longest"]["words"],
    "share_novel": lambda report: report["fourgrams"]["share_novel"],
    "novelty 2": lambda report: report["novelty"]["2"],
    "novelty 6": lambda report: report["novelty"]["6"],
    "coverage 5": lambda report: report["coverage"]["5"],
    "coverage 12": lambda report: report["coverage"]["12"],
}


@pytest.mark.parametrize("size", [4, 7, 18, 30])
def test_percentiles_equal_those_of_counted_reports(poet: tuple[OverlapIndex, list[Poem]], size: int) -> None:
    index, held_out = poet
    passages = cut(held_out, size)
    reports = [report(index, passage) for passage in passages]
    for text in [*passages[:3], " ".join(["x"] * size)]:
        made = report(index, text)
        standing = made["percentiles"]
        assert (standing["words"], standing["passages"], standing["joined"]) == (size, len(passages), False)
        for name, take in FIGURES.items():
            first, *rest = name.split()
            place = standing[first][rest[0]] if rest else standing[first]
            own, others = take(made), [take(each) for each in reports]
            if own is None:
                assert place is None
                continue
            assert place["lower"] == sum(other < own for other in others) / len(others)
            assert place["higher"] == sum(other > own for other in others) / len(others)
            assert place["quantiles"]["50"] == sorted(others)[round((len(others) - 1) / 2)]


def test_poems_are_joined_if_too_few_are_long_enough(poet: tuple[OverlapIndex, list[Poem]]) -> None:
    index, held_out = poet
    total = sum(len(words(poem.text)) for poem in held_out)
    standing = report(index, " ".join(["w1"] * 60))["percentiles"]
    assert standing["joined"] and standing["passages"] == total // 60
    assert report(index, " ".join(["w1"] * (total // 19)))["percentiles"] is None
    assert report(index, "w1 w2 w3")["percentiles"] is None


def test_without_held_out_poems_nothing_is_compared() -> None:
    for held_out in ([], [Poem("— …")]):
        index = build_index(verses(3, 20), held_out)
        assert index.human is None
        assert report(index, "w1 w2 w3 w4 w5")["percentiles"] is None


def test_training_poems_are_not_used_as_human_poems() -> None:
    read, unread = verses(5, 40, kinds=50), verses(5, 40, kinds=50)
    index = build_index(verses(5, 40, kinds=50), [*read, *unread], parent=OverlapIndex.build(read))
    assert index.human is not None and len(index.human.counts) == 5
    assert {source["of"] for source in report(index, read[0].text)["longest"]["sources"]} == {"parent"}


def test_the_limit_is_the_rarity_of_the_rarest_five_percent() -> None:
    common, rare = [f"c{k}" for k in range(4)], [f"r{k}" for k in range(400)]

    def draw() -> str:
        return str(RNG.choice(common) if RNG.random() < 0.9 else RNG.choice(rare))

    training, held_out = ([Poem(" ".join(draw() for _ in range(200))) for _ in range(60)] for _ in range(2))
    index = build_index(training, held_out)
    spans = [span for poem in held_out for span in report(index, poem.text)["spans"]]
    assert index.human is not None and index.human.shared == len(spans) >= 100
    assert 0.03 < np.mean([span["distinctive"] for span in spans]) < 0.06
    assert with_human_poems(index, held_out[:1]).human is not None


@given(st.lists(st.integers(1, 30), min_size=1, max_size=30), st.integers(4, 40))
def test_matches_are_cut_at_the_end_of_a_passage(counts: list[int], size: int) -> None:
    runs = np.concatenate([np.arange(n, 0, -1) for n in counts]).astype(np.uint8)
    made = HumanPoems(runs, np.array(counts), 0, None).passages(size)
    whole = sum(n // size for n in counts)
    if whole < 50:
        if sum(counts) // size < 20:
            assert made is None
            return
        whole = sum(counts) // size
    assert made is not None and made[0].shape == (whole, size)
    assert (made[0] <= np.arange(size, 0, -1)).all() and (made[0] >= 1).all()


def test_saving_and_opening_changes_nothing_and_a_new_index_deletes_it(
    poet: tuple[OverlapIndex, list[Poem]], tmp_path: Path
) -> None:
    index, held_out = poet
    index.save(tmp_path)
    again = OverlapIndex.open(tmp_path)
    assert report(again, held_out[0].text) == report(index, held_out[0].text)
    before = (tmp_path / "human.json").read_bytes(), (tmp_path / "human.npy").read_bytes()
    again.save(tmp_path)
    assert before == ((tmp_path / "human.json").read_bytes(), (tmp_path / "human.npy").read_bytes())
    OverlapIndex.build([]).save(tmp_path)
    assert OverlapIndex.open(tmp_path).human is None


HEADER = {"format": 1, "counts": [3, 2], "shared": 0, "limit_bits": None}


@pytest.mark.parametrize(
    "header",
    [
        "",
        "{",
        [],
        {},
        {**HEADER, "format": 2},
        {**HEADER, "counts": [3, 3]},
        {**HEADER, "counts": [6, -1]},
        {**HEADER, "counts": [True, 4]},
        {**HEADER, "counts": "32"},
        {**HEADER, "shared": "many"},
        {**HEADER, "limit_bits": float("nan")},
        {**HEADER, "limit_bits": "20"},
        "[" * 100_000,
    ],
)
def test_damage_is_an_error(tmp_path: Path, header: Any) -> None:
    OverlapIndex.build([Poem("one two")]).save(tmp_path)
    np.save(tmp_path / "human.npy", np.array([3, 2, 1, 2, 1], np.uint8))
    (tmp_path / "human.json").write_text(json.dumps(HEADER))
    assert OverlapIndex.open(tmp_path).human is not None
    (tmp_path / "human.json").write_text(header if isinstance(header, str) else json.dumps(header))
    with pytest.raises(PoetBotError, match="damaged or from another version") as caught:
        OverlapIndex.open(tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("harm", ["missing", "cut", "type", "pickle"])
def test_damaged_runs_are_errors(tmp_path: Path, harm: str) -> None:
    OverlapIndex.build([Poem("one two")]).save(tmp_path)
    path = tmp_path / "human.npy"
    (tmp_path / "human.json").write_text(json.dumps(HEADER))
    np.save(path, np.array([3, 2, 1, 2, 1], np.float64 if harm == "type" else np.uint8))
    if harm == "missing":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[:-2])
    elif harm == "pickle":
        np.save(path, np.array([{}], object), allow_pickle=True)
    with pytest.raises(PoetBotError, match="damaged"):
        OverlapIndex.open(tmp_path)


def test_a_poem_that_the_parent_has_read_is_indexed_once() -> None:
    read = verses(6, 40, kinds=50)
    new = Poem("a gull goes over the harbour wall at five", title="Gull")
    index = build_index([*read[:3], new], [], parent=OverlapIndex.build(read))
    assert index.poem_count == len(read) + 1
    assert report(index, read[0].text)["longest"]["count"] == 1
    assert report(index, new.text)["longest"]["words"] == 9
