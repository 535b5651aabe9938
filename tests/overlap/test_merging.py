"""A poet's index that holds its own poems alone and is joined with its parent's, beside it."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poetbot.errors import PoetBotError
from poetbot.overlap import OverlapIndex, merge, report, save_fine_tuned_index, storage, words
from poetbot.overlap.insertion import places_among, with_parent
from poetbot.overlap.merging import distinct, places_of
from poetbot.overlap.packed_integers import Steps
from poetbot.poem import Poem
from tests.overlap.older_formats import PLAIN_FROM, as_format

ARRAYS = ["vocabulary", "buckets", "suffixes", "ranks", "guides", "lines"]
LITTLE = st.lists(
    st.builds(
        Poem, st.text(st.sampled_from("abcd \n"), max_size=30), st.sampled_from([None, "One", "Two", "Three"])
    ),
    max_size=5,
)
PARENTS = [Poem("I fold the day in half for tea\nand fold it once again", "Kettle", "A. Tester"), Poem("")]
OWN = [Poem("we fold the day in half by hand\nand say that it is done", "Laundry", "B. Tester")]
HELD_OUT = [
    Poem(f"the day in half, said {name}, and fold the day in half again, " * 9)
    for name in ("Ann", "Ben", "Cy")
]


def saved(shelf: Path, own: list[Poem], parents: list[Poem], parent: str = "parent") -> OverlapIndex:
    """Save both beside one another and return the child's as it is merged."""
    OverlapIndex.build(parents).save(shelf / parent / "overlap")
    mine = OverlapIndex.build(own)
    whole = merge([mine, OverlapIndex.open(shelf / parent / "overlap")], of=["poet", "parent"])
    whole.save_beside(shelf / "child" / "overlap", mine, shelf / parent / "overlap")
    return whole


def same(index: OverlapIndex, whole: OverlapIndex) -> None:
    for name in ARRAYS:
        mine, its = getattr(index, name), getattr(whole, name)
        assert mine.dtype == its.dtype and mine.tolist() == its.tolist(), name
    for name in ("names", "ends", "poems"):
        assert getattr(index.catalogue, name).tolist() == getattr(whole.catalogue, name).tolist(), name


def unread(poems: list[Poem], others: list[Poem]) -> list[Poem]:
    """Return the poems whose words don't stand in a row in any of the others."""

    def row(poem: Poem) -> str:
        return "".join(f"{word} " for word in words(poem.text).strings())

    return [
        poem for poem in poems if not row(poem) or not any(f" {row(poem)}" in f" {row(o)}" for o in others)
    ]


@given(LITTLE, LITTLE, LITTLE, st.text(st.sampled_from("abcd \n"), max_size=60))
def test_joined_again_it_equals_the_merged_index(
    tmp_path_factory: pytest.TempPathFactory,
    own: list[Poem],
    parents: list[Poem],
    grandparents: list[Poem],
    text: str,
) -> None:
    shelf = tmp_path_factory.mktemp("shelf")
    whole = saved(shelf, own, parents)
    index = OverlapIndex.open(shelf / "child" / "overlap")
    same(index, whole)
    assert report(index, text) == report(whole, text)  # the sieve is another, the answers are not
    # The parent may itself be one that points to its own.
    OverlapIndex.build(grandparents).save(shelf / "grandparent" / "overlap")
    save_fine_tuned_index(
        shelf / "parent" / "overlap", parents, [], shelf / "grandparent" / "overlap", beside=True
    )
    save_fine_tuned_index(shelf / "child" / "overlap", own, [], shelf / "parent" / "overlap", beside=True)
    # What an ancestor has read word for word is indexed once, as the ancestor's.
    kept = [unread(own, [*parents, *grandparents]), unread(parents, grandparents), grandparents]
    parts = [OverlapIndex.build(part) for part in kept]
    whole = merge(parts, of=["poet", "parent", "parent"])
    index = OverlapIndex.open(shelf / "child" / "overlap")
    same(index, whole)
    assert report(index, text) == report(whole, text)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    OverlapIndex.build(PARENTS).save(tmp_path / "parent" / "overlap")
    save_fine_tuned_index(
        tmp_path / "child" / "overlap", OWN, HELD_OUT, tmp_path / "parent" / "overlap", beside=True
    )
    return tmp_path


def test_sources_and_percentiles_survive_merging(shelf: Path, tmp_path: Path) -> None:
    child = shelf / "child" / "overlap"
    found = report(OverlapIndex.open(child), "fold the day in half")
    assert [(s["of"], s["title"]) for s in found["longest"]["sources"]] == [
        ("poet", "Laundry"),
        ("parent", "Kettle"),
    ]
    save_fine_tuned_index(tmp_path / "whole", OWN, HELD_OUT, shelf / "parent" / "overlap", beside=False)
    text = "The day in half is folded, and said so. " * 3
    assert report(OverlapIndex.open(child), text) == report(OverlapIndex.open(tmp_path / "whole"), text)
    assert (child / "human.npy").read_bytes() == (tmp_path / "whole" / "human.npy").read_bytes()
    assert np.load(child / "suffixes.npy").shape == (len(OWN[0].text.split()) + 1,)


def test_the_folder_can_be_moved_and_a_complete_save_leaves_no_reference(shelf: Path, tmp_path: Path) -> None:
    before = report(OverlapIndex.open(shelf / "child" / "overlap"), "fold the day in half")
    moved = tmp_path / "elsewhere"
    for name in ("parent", "child"):
        shutil.move(shelf / name, moved / name)
    child = moved / "child" / "overlap"
    assert report(OverlapIndex.open(child), "fold the day in half") == before
    OverlapIndex.open(child).save(child)
    shutil.rmtree(moved / "parent")
    assert report(OverlapIndex.open(child), "fold the day in half") == before
    assert not (child / "places.npy").exists()


def refused(folder: Path, says: str) -> None:
    with pytest.raises(PoetBotError, match=says) as caught:
        OverlapIndex.open(folder)
    assert "\n" not in str(caught.value)


def test_a_missing_or_changed_parent_is_an_error(shelf: Path) -> None:
    child, parent = shelf / "child" / "overlap", shelf / "parent" / "overlap"
    OverlapIndex.build(OWN).save(parent)
    refused(child, "has changed. Put the earlier one back")
    header = json.loads((parent / "index.json").read_text())
    del header["digest"]
    (parent / "index.json").write_text(json.dumps(header))
    refused(child, "has changed")
    with pytest.raises(PoetBotError, match="older format"):
        save_fine_tuned_index(child, OWN, [], parent, beside=True)
    shutil.rmtree(parent)
    refused(child, "isn't in .*parent. Put it back")


def test_only_poets_in_one_folder_can_share_an_index(shelf: Path) -> None:
    for folder in (shelf / "child", shelf / "deep" / "child" / "overlap", shelf / "parent" / "overlap"):
        with pytest.raises(PoetBotError, match="in the same folder"):
            save_fine_tuned_index(folder, OWN, [], shelf / "parent" / "overlap", beside=True)


@pytest.mark.parametrize(
    "said", [7, [], {}, {"name": 7}, *({"name": n} for n in ("", "..", ".", "child", "a/b", "a\\b", "\0"))]
)
def test_an_impossible_parent_is_refused(shelf: Path, said: object) -> None:
    path = shelf / "child" / "overlap" / "index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"parent": said}))
    refused(path.parent, "damaged")


@pytest.mark.parametrize("child", [3, 4])
@pytest.mark.parametrize("parent", PLAIN_FROM[1:])
def test_a_poet_and_its_parent_may_be_of_different_formats(shelf: Path, child: int, parent: int) -> None:
    text = "we fold the day in half for tea and fold it"
    own, others = shelf / "child" / "overlap", shelf / "parent" / "overlap"
    before = OverlapIndex.open(own)
    files = {file: file.read_bytes() for file in (*own.iterdir(), *others.iterdir())}
    as_format(others, parent)
    if child == 3:
        as_format(own, 3)
    index = OverlapIndex.open(own)
    same(index, before)
    assert report(index, text) == report(before, text)
    for folder in (others, own):  # rewritten without the poems' text, one after the other
        storage.write(folder, *storage.read(folder))
        same(OverlapIndex.open(own), before)
    assert {file: file.read_bytes() for file in (*own.iterdir(), *others.iterdir())} == files


@pytest.mark.parametrize("steps", [[255], [0, 0, 255], [255] * 100, []])
def test_impossible_steps_are_refused(shelf: Path, steps: list[int]) -> None:
    path = shelf / "child" / "overlap" / "places.npy"
    np.save(path, np.array(steps, np.uint8))
    refused(path.parent, "damaged")
    np.save(path, np.append(np.load(shelf / "child" / "overlap" / "lines.npy"), np.array(steps, np.uint8)))
    refused(path.parent, "damaged")


@pytest.mark.parametrize("number", [3, 4])
@pytest.mark.parametrize("places", ["missing", "few", "many", "high", "early", "end", "falling", "square"])
def test_impossible_places_are_refused(shelf: Path, places: str, number: int) -> None:
    path = shelf / "child" / "overlap" / "places.npy"
    right = Steps(np.load(path)).unpacked()
    if number == 3:
        as_format(path.parent, 3)
    wrong = right.copy()
    if places == "missing":
        path.unlink()
        return refused(path.parent, "damaged")
    if places in ("few", "many", "square"):
        wrong = {"few": right[:-1], "many": np.append(right, right[-1:]), "square": right[None]}[places]
    elif places == "falling":
        wrong[1:] = wrong[:0:-1]
    else:
        at, value = {"high": (-1, 99), "early": (1, 1), "end": (0, 1)}[places]
        wrong[at] = value
    np.save(path, wrong if number == 3 or wrong.ndim > 1 or places == "falling" else Steps.of(wrong).steps)
    return refused(path.parent, "damaged")


@given(LITTLE, LITTLE)
def test_suffixes_are_inserted_where_sorting_puts_them(own: list[Poem], parents: list[Poem]) -> None:
    mine, theirs = OverlapIndex.build(own), OverlapIndex.build(parents)
    whole = merge([mine, theirs], of=["poet", "parent"])
    places = places_among(mine, theirs)
    assert places.dtype == np.uint32
    assert places.tolist() == places_of(whole.suffixes, len(mine.suffixes)).tolist()
    same(mine.before(theirs, places), whole)


@pytest.mark.parametrize("times", [1, 12])
def test_a_small_index_is_added_to_a_large_one_as_if_all_were_sorted(times: int) -> None:
    mine, theirs = OverlapIndex.build(OWN), OverlapIndex.build(PARENTS * times)
    whole = merge([mine, theirs], of=["poet", "parent"])
    index = with_parent(mine, theirs)
    same(index, whole)
    assert len(index.sieve) == (len(whole.sieve) if times == 1 else len(theirs.sieve))
    assert report(index, "so we fold the day in half") == report(whole, "so we fold the day in half")


@pytest.mark.parametrize("different", [1, 300, 40_000])
def test_distinct_keys_are_those_of_a_set(different: int) -> None:
    rng = np.random.default_rng(different)
    keys = rng.integers(2**64, size=different, dtype=np.uint64)[rng.integers(different, size=50_000)]
    keys[:2] = 0, 2**64 - 1
    assert distinct(keys).tolist() == sorted(set(keys.tolist()))
